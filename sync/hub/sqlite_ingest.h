#pragma once

#include "platform/sqlite/database.h"
#include "sync/hub/sqlite_rollups.h"
#include "sync/hub/storage.h"

#include <array>

namespace listenpost::sync {

/// Storage::ingest for SQLite: the hub's hot path. Private to SqliteStorage.
class SqliteIngest {
public:
    static Result<SqliteIngest> create(sqlite::Database& database);

    /// See Storage::ingest.
    Result<std::vector<IngestReply>> ingest(
        sqlite::Database& database, std::span<IngestRequest const> batches);

private:
    /// The offsets this transaction has given out; -1: not looked up yet.
    using NextOffsets = std::array<std::int64_t, partition_count>;

    SqliteIngest(sqlite::Statement find_install, sqlite::Statement add_install,
        sqlite::Statement read_counter, sqlite::Statement write_counter, sqlite::Statement add_digest,
        sqlite::Statement find_digest, sqlite::Statement find_erasure, sqlite::Statement add_row,
        SqliteRollupWriter rollups);

    Result<IngestReply> take(sqlite::Database& database, IngestRequest const& request, NextOffsets& next);
    /// Whether a number that is taken is taken by this very response.
    Result<bool> is_same(int part, std::string_view install, std::int64_t seq, std::int64_t digest);
    Result<bool> is_erased(int part, std::string_view install, std::int64_t seq, std::int64_t digest);
    Result<int> partition_of_install(std::string_view install, IngestRequest const& request);
    Result<> load_counter(int part, NextOffsets& next);

    sqlite::Statement find_install_;
    sqlite::Statement add_install_;
    sqlite::Statement read_counter_;
    sqlite::Statement write_counter_;
    sqlite::Statement add_digest_;
    sqlite::Statement find_digest_;
    sqlite::Statement find_erasure_;
    sqlite::Statement add_row_;
    SqliteRollupWriter rollups_;
    RollupBatch counted_; ///< of this transaction
};

}
