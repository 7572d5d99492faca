#pragma once

#include "platform/base/result.h"

#include <span>

namespace listenpost::postgres {
class Connection;
}

namespace listenpost::sync {

/// From one version of the tables to the next: SQL without parameters, and what is to be done after it in the
/// same transaction. A released step is never edited: a change is a further step.
struct PostgresMigrationStep {
    constexpr PostgresMigrationStep(char const* sql, Result<> (*fill)(postgres::Connection&) = nullptr)
        : sql(sql)
        , fill(fill)
    {
    }
    char const* sql;
    Result<> (*fill)(postgres::Connection&); ///< may be null
};
using PostgresMigrationSteps = std::span<PostgresMigrationStep const>;

/// All of this hub.
PostgresMigrationSteps postgres_migration_steps();

/// For commands that do not migrate. Errors: Invalid (the tables are of an older or newer version, or not
/// there), and the connection's own.
Result<> check_postgres_version(postgres::Connection& connection);

/// Brings the tables to version steps.size(), all in one transaction. Hubs that start at once take
/// turns. Gives the database its identity.
/// Errors: Invalid (the database is of a newer hub, or not in UTF-8), and the connection's own.
Result<> migrate(postgres::Connection& connection, PostgresMigrationSteps steps);

}
