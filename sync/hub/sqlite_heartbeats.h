#pragma once

#include "platform/sqlite/database.h"
#include "sync/hub/storage.h"

namespace listenpost::sync {

/// Storage::keep_heartbeats for SQLite. Private to SqliteStorage.
Result<std::vector<HeartbeatReply>> keep_heartbeats(
    sqlite::Database& database, std::span<HeartbeatRequest const> heartbeats);

}
