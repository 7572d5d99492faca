#pragma once

#include "platform/base/result.h"
#include "platform/sqlite/database.h"

namespace listenpost::kiosk {

/// The version of store.db this program writes; kept in PRAGMA user_version.
inline constexpr int store_schema_version = 4;

/// The columns of `response` without seq and row_check, as SQL, in their order.
#define LISTENPOST_RESPONSE_COLUMNS                                                                          \
    "opened_ms, took_ms, steady_ms, clock_set, boot, survey, survey_version, touchpoint, lang, outcome, "    \
    "closed_by, answers, comment, flags"

/// What `response`.row_check says: the checksum of all that a row holds besides it.
#define LISTENPOST_RESPONSE_CHECK "row_checksum(seq, " LISTENPOST_RESPONSE_COLUMNS ")"

/// The same for `identity` and `removed`.
#define LISTENPOST_IDENTITY_CHECK "row_checksum(first_seq, install, made_for)"
#define LISTENPOST_REMOVED_CHECK "row_checksum(up_to)"

/// Brings store.db to store_schema_version, one step a transaction, from an empty
/// file or any earlier version.
/// Errors: Invalid (a newer program wrote it), Full, Io, Corrupt.
Result<> migrate_store(sqlite::Database& database);

}
