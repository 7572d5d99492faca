#pragma once

#include "platform/base/result.h"

#include <span>

namespace listenpost::postgres {
class Connection;
}

namespace listenpost::sync {

/// From one version of the tables to the next: SQL without parameters. A released step is never
/// edited: a change is a further step.
using PostgresMigrationSteps = std::span<char const* const>;

/// All of this hub.
PostgresMigrationSteps postgres_migration_steps();

/// Brings the tables to version steps.size(), all in one transaction. Hubs that start at once take
/// turns. Gives the database its identity.
/// Errors: Invalid (the database is of a newer hub, or not in UTF-8), and the connection's own.
Result<> migrate(postgres::Connection& connection, PostgresMigrationSteps steps);

}
