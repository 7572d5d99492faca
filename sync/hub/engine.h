#pragma once

#include "platform/base/result.h"
#include "sync/hub/data_folder.h"

namespace listenpost::sync {

/// What the hub of a data folder stores in.
enum class Engine { Sqlite, Postgres };

/// A folder keeps the engine it began with: forgetting `--postgres` once must not begin a second,
/// empty hub beside the real one. The caller holds hub.lock.
/// Errors: Invalid (the folder is of the other engine: says what to do).
Result<> check_engine(DataFolder const& data, Engine engine);
/// Once its storage has been opened. Errors: Io, Full.
Result<> note_engine(DataFolder const& data, Engine engine);

}
