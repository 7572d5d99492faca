#pragma once

#include "platform/sqlite/database.h"
#include "sync/hub/postgres_session.h"
#include "sync/hub/storage.h"

namespace listenpost::sync {

// What readers know of stores and surveys, on either engine: StorageReader's and Storage's functions of
// these names. Private to them.

Result<std::vector<Store>> read_stores(sqlite::Database& database);
Result<std::vector<Store>> read_stores(PostgresSession& session);

Result<std::vector<RegisteredSurvey>> read_surveys(sqlite::Database& database);
Result<std::vector<RegisteredSurvey>> read_surveys(PostgresSession& session);

Result<> put_survey(sqlite::Database& database, RegisteredSurvey const& survey, Act const& act);
Result<> put_survey(PostgresSession& session, RegisteredSurvey const& survey, Act const& act);

}
