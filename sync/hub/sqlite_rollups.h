#pragma once

#include "platform/sqlite/database.h"
#include "sync/hub/registry.h"
#include "sync/hub/rollup_rows.h"

#include <filesystem>

namespace listenpost::sync {

/// Writes rollups within the transaction that writes what they count.
class SqliteRollupWriter {
public:
    static Result<SqliteRollupWriter> create(sqlite::Database& database);

    /// A row that is damaged stays as it is, so that whoever reads it learns of it; the log says so. What
    /// is counted is in the log of responses anyway. Errors: the database's own.
    Result<> add(RollupBatch const& batch);

private:
    SqliteRollupWriter(sqlite::Statement find, sqlite::Statement write)
        : find_(std::move(find))
        , write_(std::move(write))
    {
    }
    Result<> add(RollupKey const& key, RollupBatch::Row const& row);

    sqlite::Statement find_;
    sqlite::Statement write_;
};

/// See StorageReader::read_rollups().
Result<> read_rollups(sqlite::Database& database, std::span<RollupRange const> ranges,
    std::vector<std::string> const* stores, TakeRollup const& take);

/// Counts the log into the rollups, which must be empty. Within the caller's transaction.
Result<RollupScan> fill_rollups(sqlite::Database& database);
/// Holds the rollups against the log. Within the caller's transaction, which may only read.
Result<RollupScan> compare_rollups(sqlite::Database& database);

/// compare_rollups() on a hub's file, of one moment, beside a hub that serves.
Result<RollupScan> check_rollups(std::filesystem::path const& path);
/// Throws the rollups away and counts the log anew, all or nothing, with its line in the audit log; the file
/// is of this hub's version. No hub may have the file. Errors: Invalid (another version), and the database's
/// own.
Result<RollupScan> rebuild_rollups(std::filesystem::path const& path, Act const& act);

}
