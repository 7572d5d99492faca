#pragma once

#include "sync/hub/postgres_session.h"
#include "sync/hub/registry.h"

namespace listenpost::sync {

/// Registry in PostgreSQL. Private to PostgresStorage.
class PostgresRegistry final : public Registry {
public:
    /// `session` must outlive it.
    explicit PostgresRegistry(PostgresSession& session)
        : session_(session)
    {
    }

    Result<> add_store(Store const& store, std::int64_t now_ms) override;
    Result<std::vector<Store>> stores() override;
    Result<> add_invite(std::string_view code_hash, std::string_view store, std::string_view name,
        std::int64_t expires_ms) override;
    Result<EnrolledDevice> enrol(std::string_view code_hash, std::string_view device,
        std::string_view token_hash, std::string_view name, std::int64_t now_ms) override;
    Result<std::vector<Device>> devices() override;
    Result<> revoke_device(std::string_view device, std::int64_t now_ms) override;
    Result<> add_token(
        std::string_view name, Role role, std::string_view token_hash, std::int64_t now_ms) override;

private:
    PostgresSession& session_;
};

}
