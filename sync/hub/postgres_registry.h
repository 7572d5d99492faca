#pragma once

#include "sync/hub/postgres_session.h"
#include "sync/hub/storage.h"

namespace listenpost::sync {

/// Stores, invites, devices with their heartbeats, and tokens in PostgreSQL.
/// Contracts: the functions of Storage with the same names. Private to PostgresStorage.
class PostgresRegistry {
public:
    /// `session` must outlive it.
    explicit PostgresRegistry(PostgresSession& session)
        : session_(session)
    {
    }

    Result<> keep_heartbeats(std::span<HeartbeatRequest const> heartbeats);
    Result<> add_store(Store const& store, std::int64_t now_ms);
    Result<std::vector<Store>> stores();
    Result<> add_invite(
        std::string_view code_hash, std::string_view store, std::string_view name, std::int64_t expires_ms);
    Result<EnrolledDevice> enrol(std::string_view code_hash, std::string_view device,
        std::string_view token_hash, std::string_view name, std::int64_t now_ms);
    Result<std::vector<Device>> devices();
    Result<> revoke_device(std::string_view device, std::int64_t now_ms);
    Result<> add_token(std::string_view name, Role role, std::string_view token_hash, std::int64_t now_ms);

private:
    /// One statement, durable; returns how many rows it changed.
    Result<std::int64_t> write(postgres::Statement const& statement, postgres::Parameters const& parameters);

    PostgresSession& session_;
};

}
