#pragma once

#include "platform/base/result.h"

namespace listenpost::sqlite {
class Database;
}

namespace listenpost::sync {

// For SQL: what a row's `row_check` must be. SQLite's pages carry no checksum: without it a byte that the
// disk has changed would reach head office as another answer.
#define LISTENPOST_LOG_CHECK                                                                                 \
    "row_checksum(part, off, store, device, hex(install), seq, received_ms, at_ms, raw)"

/// Brings the hub's SQLite file to the newest version, one transaction for each step.
/// Errors: Invalid (the file is of a newer hub), and the database's own.
Result<> migrate(sqlite::Database& database);

}
