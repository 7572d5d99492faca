#pragma once

#include "platform/postgres/connection.h"
#include "sync/hub/registry.h"
#include "sync/hub/rollup_rows.h"

#include <functional>

namespace listenpost::sync {

/// Where a statement goes: a session, or a connection of one's own.
using RunStatement
    = std::function<Result<postgres::Rows>(postgres::Statement const&, postgres::Parameters const&)>;

/// Writes rollups within the transaction that writes what they count. The caller has locked the counters
/// of all their partitions, so nobody else writes these rows meanwhile. What is damaged stays so, as in
/// SqliteRollupWriter::add(). Errors: the connection's own.
Result<> add_rollups(RunStatement const& run, RollupBatch const& batch);

/// See StorageReader::read_rollups().
Result<> read_rollups(RunStatement const& run, std::span<RollupRange const> ranges,
    std::vector<std::string> const* stores, TakeRollup const& take);

/// Counts the log into the rollups, which must be empty. Within the caller's transaction; ingests wait for
/// its end.
Result<RollupScan> fill_rollups(postgres::Connection& connection);
/// Holds the rollups against the log. Within the caller's transaction, which sees one moment
/// (REPEATABLE READ) and may only read.
Result<RollupScan> compare_rollups(postgres::Connection& connection);

/// compare_rollups() on the database of `conninfo`, of one moment, beside whatever hubs serve.
Result<RollupScan> check_rollups(std::string const& conninfo);
/// Throws the rollups away and counts the log anew, all or nothing, with its line in the audit log. Hubs that
/// serve wait, and tell boxes to come later. The role must be allowed to DELETE.
Result<RollupScan> rebuild_rollups(std::string const& conninfo, Act const& act);

}
