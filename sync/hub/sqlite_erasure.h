#pragma once

#include "platform/sqlite/database.h"
#include "sync/hub/storage.h"

namespace listenpost::sync {

/// Storage::erase_text for SQLite. Private to SqliteStorage.
Result<> erase_text(sqlite::Database& database, std::string_view install, std::int64_t seq, Act const& act);

}
