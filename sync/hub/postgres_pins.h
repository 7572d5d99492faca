#pragma once

#include "sync/hub/postgres_session.h"
#include "sync/hub/storage.h"

namespace listenpost::sync {

// The manager's PIN of stores, in PostgreSQL. Private to PostgresStorage.

/// See Registry.
Result<> set_pin(
    PostgresSession& session, std::span<std::string const> stores, std::string_view hash, Act const& act);
Result<> clear_pin(PostgresSession& session, std::span<std::string const> stores, Act const& act);
Result<std::vector<StorePin>> pins(PostgresSession& session);

/// Puts into each of `replies`, which are to `requests`, what HeartbeatReply::pin_hash says.
Result<> add_pins(
    PostgresSession& session, std::span<HeartbeatRequest const> requests, std::span<HeartbeatReply> replies);

}
