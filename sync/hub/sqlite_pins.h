#pragma once

#include "platform/sqlite/database.h"
#include "sync/hub/storage.h"

namespace listenpost::sync {

// The manager's PIN of stores, in SQLite. Private to SqliteStorage.

/// See Registry.
Result<> set_pin(
    sqlite::Database& database, std::span<std::string const> stores, std::string_view hash, Act const& act);
Result<> clear_pin(sqlite::Database& database, std::span<std::string const> stores, Act const& act);
Result<std::vector<StorePin>> pins(sqlite::Database& database);

/// See HeartbeatReply::pin_hash.
Result<std::string> pin_for(sqlite::Database& database, HeartbeatRequest const& request);

}
