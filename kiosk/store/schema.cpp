#include "kiosk/store/schema.h"

#include "platform/base/random_id.h"
#include "platform/sqlite/migration.h"

#include <array>
#include <string>

namespace listenpost::kiosk {
namespace {

Result<> give_identity(sqlite::Database& database)
{
    auto insert = database.prepare("INSERT INTO identity (one, install) VALUES (1, ?)");
    if (!insert)
        return fail(insert.error());
    std::string const install = random_hex(16);
    return insert->bind(1, install).run();
}

// Columns and their meaning: FORMAT.md.
constexpr std::array<sqlite::MigrationStep, store_schema_version> steps = {{
    {R"sql(
        CREATE TABLE identity (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            install TEXT NOT NULL
        );
        CREATE TABLE draft (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            opened_ms INTEGER NOT NULL,
            steady_ms INTEGER NOT NULL,
            touched_steady_ms INTEGER NOT NULL,
            clock_set INTEGER NOT NULL,
            boot TEXT NOT NULL,
            survey TEXT NOT NULL,
            survey_version INTEGER NOT NULL,
            touchpoint TEXT NOT NULL,
            lang TEXT NOT NULL,
            outcome TEXT NOT NULL,
            answers TEXT NOT NULL,
            comment TEXT NOT NULL
        );
        CREATE TABLE response (
            seq INTEGER PRIMARY KEY,
            opened_ms INTEGER NOT NULL,
            took_ms INTEGER NOT NULL,
            steady_ms INTEGER NOT NULL,
            clock_set INTEGER NOT NULL,
            boot TEXT NOT NULL,
            survey TEXT NOT NULL,
            survey_version INTEGER NOT NULL,
            touchpoint TEXT NOT NULL,
            lang TEXT NOT NULL,
            outcome TEXT NOT NULL,
            closed_by TEXT NOT NULL,
            answers TEXT NOT NULL,
            comment TEXT NOT NULL
        );
    )sql",
        give_identity},
    {R"sql(
        ALTER TABLE draft ADD COLUMN flags TEXT NOT NULL DEFAULT '';
        ALTER TABLE response ADD COLUMN flags TEXT NOT NULL DEFAULT '';
    )sql"},
}};

}

Result<> migrate_store(sqlite::Database& database) { return sqlite::migrate(database, steps, "store.db"); }

}
