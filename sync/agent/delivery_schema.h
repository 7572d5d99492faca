#pragma once

#include "platform/sqlite/database.h"

namespace listenpost::sync {

/// What this program writes.
inline constexpr std::int64_t delivery_format = 3;

// For SQL: what `row_check` must be. A changed byte in a mark would pass over responses that the hub has
// never got; one in the token would silence the box.
#define LISTENPOST_DELIVERED_CHECK "row_checksum(install, mark, acknowledged, proof_seq, proof_digest)"
#define LISTENPOST_ENROLMENT_CHECK                                                                           \
    "row_checksum(hub, device, token, ca_file, store_id, store_name, store_timezone, enrolled_ms, pin)"

/// Creates or brings up to date, and looks whether all is as it was written.
/// Errors: Invalid (a newer version wrote it), Corrupt, Full, Busy, Io.
Result<> check_and_migrate_delivery(sqlite::Database& database);

/// For a reader, which cannot migrate. Errors: NotFound (not yet created), Invalid (another
/// version's), Corrupt, Io.
Result<> check_delivery_format(sqlite::Database& database);

}
