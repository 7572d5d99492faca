#pragma once

#include "platform/base/result.h"

#include <cstdint>

namespace listenpost::sqlite {
class Database;
}

namespace listenpost::sync {

// For SQL: what a row's `row_check` must be. SQLite's pages carry no checksum: without it a byte that the
// disk has changed would reach head office as another answer.
#define LISTENPOST_LOG_CHECK                                                                                 \
    "row_checksum(part, off, store, device, hex(install), seq, received_ms, at_ms, raw)"

// The same of an install: under another partition its responses would be new once more.
#define LISTENPOST_INSTALL_CHECK "row_checksum(hex(install), part, first_ms)"

/// Brings the hub's SQLite file to the newest version, one transaction for each step.
/// Errors: Invalid (the file is of a newer hub), and the database's own.
Result<> migrate(sqlite::Database& database);

/// The version that migrate() brings it to.
std::int64_t newest_hub_format();

/// From now on it is another database to every cursor: pulls begin anew. Errors: the database's own.
Result<> renew_identity(sqlite::Database& database);

}
