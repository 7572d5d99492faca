#pragma once

#include "platform/sqlite/database.h"

namespace listenpost::sync {

/// Creates or brings up to date. Errors: Invalid (a newer version wrote it), Corrupt, Full, Busy, Io.
Result<> migrate_delivery(sqlite::Database& database);

/// For a reader, which cannot migrate. Errors: NotFound (not yet created), Invalid (another
/// version's), Corrupt, Io.
Result<> check_delivery_format(sqlite::Database& database);

}
