#pragma once

#include "platform/sqlite/database.h"
#include "sync/hub/storage.h"

namespace listenpost::sync {

// What boxes are asked to erase, in SQLite. Private to SqliteStorage.

/// Within the transaction that erases it at the hub. `device`: that brought it. Errors: the database's own.
Result<> ask_box_to_erase(sqlite::Database& database, kiosk::ResponseRef const& response,
    std::string_view device, std::int64_t now_ms);

/// Takes down what the box says to have erased, and says what is left for it.
Result<HeartbeatReply> settle_erasures(sqlite::Database& database, HeartbeatRequest const& request);

/// Storage::box_erasures().
Result<std::vector<BoxErasure>> box_erasures(sqlite::Database& database);

/// Asks for what was erased before boxes could be asked; by our own reader, as the log may hold what the
/// database's JSON does not take (\u0000). What cannot be read is passed over. Errors: the database's own.
Result<> fill_box_erasures(sqlite::Database& database);

}
