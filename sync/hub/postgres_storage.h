#pragma once

#include "sync/hub/storage.h"

#include <memory>
#include <string>

namespace listenpost::sync {

/// The hub's storage in a PostgreSQL database (version 15 or later, UTF-8), whose tables are made or
/// migrated as needed. Several hubs may share it: what one hub knows alone decides nothing, and rows
/// are locked where two could meet. See POSTGRES.md.
///
/// Connections: one for each lane's ingests, one for the rest, one for each reader. A lost one is
/// made again at the next call, which fails with Unreachable as long as the server is away.
/// `conninfo`: libpq's; what it does not say comes from the environment.
/// Errors: Invalid (conninfo, not UTF-8, or of a newer hub), Unauthorized, and the storage's own.
Result<std::unique_ptr<Storage>> open_postgres_storage(std::string const& conninfo);

}
