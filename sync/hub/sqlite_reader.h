#pragma once

#include "platform/sqlite/database.h"
#include "sync/hub/storage.h"

namespace listenpost::sync {

/// StorageReader on a read-only connection of its own.
class SqliteReader final : public StorageReader {
public:
    /// Errors: NotFound (no database yet), and the database's own.
    static Result<std::unique_ptr<StorageReader>> open(std::filesystem::path const& path);

    Result<std::optional<Sender>> find_sender(std::string_view token_hash) override;
    Result<std::optional<Grant>> find_grant(std::string_view token_hash) override;
    Result<std::shared_ptr<StorePlaces const>> places() override;
    Result<Cursor> read_page(
        Cursor const& from, PageLimits limits, std::function<void(LogRow const&)> const& row) override;
    Result<> read_rollups(std::span<RollupRange const> ranges, std::vector<std::string> const* stores,
        TakeRollup const& take) override;
    Result<std::vector<Store>> stores() override;
    Result<std::vector<RegisteredSurvey>> surveys() override;

private:
    struct Statements {
        sqlite::Statement find_sender;
        sqlite::Statement find_grant;
        sqlite::Statement read_places_version;
        sqlite::Statement read_places;
        sqlite::Statement read_counters;
        sqlite::Statement read_rows;
    };

    SqliteReader(sqlite::Database database, Statements statements, std::uint64_t hub)
        : database_(std::move(database))
        , statements_(std::move(statements))
        , hub_(hub)
    {
    }

    Result<Cursor> read_snapshot(
        Cursor const& from, PageLimits limits, std::function<void(LogRow const&)> const& row);

    sqlite::Database database_;
    Statements statements_;
    std::uint64_t hub_;
    std::shared_ptr<StorePlaces const> places_;
    std::int64_t places_version_ = 0; ///< of places_, or an older one
};

}
