#pragma once

#include "sync/hub/storage.h"

namespace listenpost::sync {

class PostgresSession;

/// Storage::ingest for PostgreSQL: the hub's hot path. Private to PostgresStorage.
///
/// Other ingests may run meanwhile, of this hub and of others. They meet in two places, and always
/// in the same order, so that none waits for one that waits for it: at an install's first batch, and
/// at the counters of their partitions, and of those of their stores' rollups, which stay locked until the
/// commit. So the rows of a partition are written by one transaction after another, without a gap, and so
/// are its rollups.
Result<std::vector<IngestReply>> ingest(PostgresSession& session, std::span<IngestRequest const> batches);

}
