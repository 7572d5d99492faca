#pragma once

#include "platform/base/result.h"

namespace listenpost::sqlite {
class Database;
}

namespace listenpost::sync {

/// Brings the hub's SQLite file to the newest version, one transaction for each step.
/// Errors: Invalid (the file is of a newer hub), and the database's own.
Result<> migrate(sqlite::Database& database);

}
