#pragma once

#include "sync/hub/postgres_session.h"
#include "sync/hub/storage.h"

namespace listenpost::sync {

/// Storage::keep_heartbeats for PostgreSQL. Private to PostgresStorage.
Result<std::vector<HeartbeatReply>> keep_heartbeats(
    PostgresSession& session, std::span<HeartbeatRequest const> heartbeats);

}
