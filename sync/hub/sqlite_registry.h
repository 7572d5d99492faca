#pragma once

#include "platform/sqlite/database.h"
#include "sync/hub/registry.h"

namespace listenpost::sync {

/// Registry in SQLite: seldom used, so statements are prepared when needed. Private to SqliteStorage.
class SqliteRegistry final : public Registry {
public:
    explicit SqliteRegistry(sqlite::Database& database)
        : database_(database)
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
    Result<Store> find_store(std::string_view id);

    sqlite::Database& database_;
};

}
