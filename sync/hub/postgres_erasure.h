#pragma once

#include "sync/hub/postgres_session.h"
#include "sync/hub/storage.h"

namespace listenpost::sync {

/// Storage::erase_text for PostgreSQL. The old row goes when PostgreSQL vacuums: see POSTGRES.md. Private to
/// PostgresStorage.
Result<> erase_text(PostgresSession& session, std::string_view install, std::int64_t seq, Act const& act);

}
