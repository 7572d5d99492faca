#include "kiosk/store/schema.h"

#include "kiosk/model/install_id.h"
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
    std::string const install = new_install_id();
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
    {R"sql(
        ALTER TABLE identity RENAME TO identity_before_3;
        CREATE TABLE identity (
            first_seq INTEGER PRIMARY KEY,
            install TEXT NOT NULL UNIQUE,
            made_for TEXT NOT NULL
        );
        INSERT INTO identity (first_seq, install, made_for) SELECT 1, install, 'first' FROM identity_before_3;
        DROP TABLE identity_before_3;
        CREATE TABLE removed (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            up_to INTEGER NOT NULL
        );
        INSERT INTO removed (one, up_to) VALUES (1, 0);
        CREATE VIEW last_given (seq) AS SELECT max(
            coalesce((SELECT max(seq) FROM response), 0),
            coalesce((SELECT max(first_seq) FROM identity), 1) - 1,
            coalesce((SELECT up_to FROM removed), 0));
        CREATE TABLE boot_clock (
            boot TEXT PRIMARY KEY,
            steady_ms INTEGER NOT NULL,
            wall_ms INTEGER NOT NULL
        );
        CREATE TABLE lived_day (
            number INTEGER PRIMARY KEY,
            wall_ms INTEGER NOT NULL,
            boot TEXT NOT NULL,
            steady_ms INTEGER NOT NULL,
            last_seq INTEGER NOT NULL
        );
        CREATE TABLE filler (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            bytes BLOB NOT NULL
        );
        CREATE TABLE salvage (
            number INTEGER PRIMARY KEY,
            at_ms INTEGER NOT NULL,
            kept_as TEXT NOT NULL,
            reason TEXT NOT NULL,
            recovered INTEGER NOT NULL,
            missing INTEGER NOT NULL,
            undelivered INTEGER
        );
        ALTER TABLE response ADD COLUMN row_check INTEGER NOT NULL DEFAULT 0;
        UPDATE response SET row_check = )sql" LISTENPOST_RESPONSE_CHECK},
    {R"sql(
        ALTER TABLE identity ADD COLUMN row_check INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE removed ADD COLUMN row_check INTEGER NOT NULL DEFAULT 0;
        UPDATE identity SET row_check = )sql" LISTENPOST_IDENTITY_CHECK R"sql(;
        UPDATE removed SET row_check = )sql" LISTENPOST_REMOVED_CHECK},
    // Neither statement writes a row anew: a million responses are no work, and a full disk no obstacle.
    {R"sql(
        ALTER TABLE response ADD COLUMN event TEXT NOT NULL DEFAULT '';
        CREATE INDEX response_event ON response (seq) WHERE event <> '';
    )sql"},
    // Without a rowid: who salvages tells a row of a table by its shape, and would take one for a boot's
    // clock.
    {R"sql(
        ALTER TABLE response ADD COLUMN comment_erased INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE erasure (
            install TEXT NOT NULL,
            seq INTEGER NOT NULL,
            is_wiped INTEGER NOT NULL,
            PRIMARY KEY (install, seq)
        ) WITHOUT ROWID;
    )sql"},
}};

}

Result<> migrate_store(sqlite::Database& database) { return sqlite::migrate(database, steps, "store.db"); }

}
