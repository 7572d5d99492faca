#pragma once

#include "platform/sqlite/database.h"
#include "sync/hub/registry.h"

namespace listenpost::sync {

/// Within the transaction of what the line tells. Errors: the database's own.
Result<> write_audit(sqlite::Database& database, AuditLine const& line);

/// See Registry::audit.
Result<std::vector<AuditLine>> read_audit(sqlite::Database& database, std::int64_t since_ms);

}
