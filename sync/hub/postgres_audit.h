#pragma once

#include "sync/hub/postgres_rollups.h"
#include "sync/hub/postgres_session.h"
#include "sync/hub/registry.h"

namespace listenpost::sync {

/// Within the transaction of what the line tells. Errors: the session's (the connection's) own.
Result<> write_audit(PostgresSession& session, AuditLine const& line);
Result<> write_audit(RunStatement const& run, AuditLine const& line);

/// See Registry::audit.
Result<std::vector<AuditLine>> read_audit(PostgresSession& session, std::int64_t since_ms);

}
