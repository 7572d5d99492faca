#pragma once

#include "platform/sqlite/database.h"
#include "sync/hub/registry.h"

namespace listenpost::sync {

/// Of a row that begins with the columns of LISTENPOST_GRANT. Errors: Corrupt: it grants nothing.
Result<Grant> grant_of(sqlite::Statement const& row);

/// Registry in SQLite: seldom used, so statements are prepared when needed. Private to SqliteStorage.
class SqliteRegistry final : public Registry {
public:
    explicit SqliteRegistry(sqlite::Database& database)
        : database_(database)
    {
    }

    Result<> add_store(Store const& store, Act const& act) override;
    Result<> change_store(std::string_view store, StoreChange const& change, Act const& act) override;
    Result<std::vector<Store>> stores() override;
    Result<> add_invite(std::string_view code_hash, std::string_view store, std::string_view name,
        std::int64_t expires_ms, Act const& act) override;
    Result<EnrolledDevice> enrol(std::string_view code_hash, std::string_view device,
        std::string_view token_hash, std::string_view name, std::int64_t now_ms) override;
    Result<std::vector<Device>> devices() override;
    Result<> revoke_device(std::string_view device, Act const& act) override;
    Result<> set_pin(std::span<std::string const> stores, std::string_view hash, Act const& act) override;
    Result<> clear_pin(std::span<std::string const> stores, Act const& act) override;
    Result<std::vector<StorePin>> pins() override;
    Result<> add_token(Grant const& grant, std::string_view token_hash, Act const& act) override;
    Result<> revoke_token(std::string_view name, Act const& act) override;
    Result<std::vector<Grant>> tokens() override;
    Result<std::vector<AuditLine>> audit(std::int64_t since_ms) override;

private:
    Result<Store> find_store(std::string_view id);
    /// Runs the one change of an act, writes its line and commits. `unchanged`: where there was no such row.
    Result<> commit(
        sqlite::Transaction& transaction, sqlite::Statement& change, AuditLine const& line, Error unchanged);

    sqlite::Database& database_;
};

}
