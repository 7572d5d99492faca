#pragma once

#include "sync/hub/postgres_session.h"
#include "sync/hub/storage.h"

namespace listenpost::sync {

// What boxes are asked to erase, in PostgreSQL. Private to PostgresStorage.

/// Within the transaction that erases it at the hub. `device`: that brought it. Errors: the database's own.
Result<> ask_box_to_erase(PostgresSession& session, kiosk::ResponseRef const& response,
    std::string_view device, std::int64_t now_ms);

/// Takes down what boxes say to have erased, and says what is left for each.
Result<std::vector<HeartbeatReply>> settle_erasures(
    PostgresSession& session, std::span<HeartbeatRequest const> requests);

/// Storage::box_erasures().
Result<std::vector<BoxErasure>> box_erasures(PostgresSession& session);

/// Asks for what was erased before boxes could be asked; by our own reader, as the log may hold what the
/// database's JSON does not take (\u0000). What cannot be read is passed over. Errors: the database's own.
Result<> fill_box_erasures(postgres::Connection& connection);

}
