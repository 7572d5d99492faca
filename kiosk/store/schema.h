#pragma once

#include "platform/base/result.h"
#include "platform/sqlite/database.h"

namespace listenpost::kiosk {

/// The version of store.db this program writes; kept in PRAGMA user_version.
inline constexpr int store_schema_version = 3;

/// Brings store.db to store_schema_version, one step a transaction, from an empty
/// file or any earlier version.
/// Errors: Invalid (a newer program wrote it), Full, Io, Corrupt.
Result<> migrate_store(sqlite::Database& database);

}
