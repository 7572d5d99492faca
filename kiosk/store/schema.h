#pragma once

#include "platform/base/result.h"
#include "platform/sqlite/database.h"

namespace listenpost::kiosk {

/// The version of store.db this program writes; kept in PRAGMA user_version.
inline constexpr int store_schema_version = 6;

/// The columns of `response` that a response fills, without seq and row_check, as SQL, in their order. A row
/// has `event` besides, empty in a response, and `comment_erased`.
#define LISTENPOST_RESPONSE_COLUMNS                                                                          \
    "opened_ms, took_ms, steady_ms, clock_set, boot, survey, survey_version, touchpoint, lang, outcome, "    \
    "closed_by, answers, comment, flags"

/// What `response`.row_check says where the row is a response: the checksum of all that it holds besides it.
#define LISTENPOST_RESPONSE_CHECK "row_checksum(seq, " LISTENPOST_RESPONSE_COLUMNS ")"

/// What it says of any row. `event` counts where there is one, and not as an empty text, `comment_erased`
/// where it is 1, so that the formats that brought them did not have to write anew every row that was there.
#define LISTENPOST_ROW_CHECK LISTENPOST_ROW_CHECK_AS("seq")
/// Of the row as it would be with another seq.
#define LISTENPOST_ROW_CHECK_AS(seq)                                                                         \
    "(CASE WHEN comment_erased THEN row_checksum(" seq ", " LISTENPOST_RESPONSE_COLUMNS                      \
    ", event, comment_erased) ELSE " LISTENPOST_ROW_CHECK_OF_5(seq) " END)"
/// In format 5, before `comment_erased`.
#define LISTENPOST_ROW_CHECK_OF_5(seq)                                                                       \
    "(CASE event WHEN '' THEN row_checksum(" seq ", " LISTENPOST_RESPONSE_COLUMNS ") ELSE row_checksum(" seq \
    ", " LISTENPOST_RESPONSE_COLUMNS ", event) END)"

/// The same for `identity` and `removed`.
#define LISTENPOST_IDENTITY_CHECK "row_checksum(first_seq, install, made_for)"
#define LISTENPOST_REMOVED_CHECK "row_checksum(up_to)"

/// The last seq that was given, 0 before the first.
inline constexpr char last_seq_sql[] = "SELECT seq FROM last_given";

/// Brings store.db to store_schema_version, one step a transaction, from an empty
/// file or any earlier version.
/// Errors: Invalid (a newer program wrote it), Full, Io, Corrupt.
Result<> migrate_store(sqlite::Database& database);

}
