#include "sync/agent/delivery_schema.h"

#include "platform/sqlite/file_check.h"
#include "platform/sqlite/migration.h"

#include <array>

namespace listenpost::sync {
namespace {

// Columns: FORMAT.md.
constexpr std::array steps = {
    sqlite::MigrationStep {R"sql(
        CREATE TABLE enrolment (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            hub TEXT NOT NULL,
            device TEXT NOT NULL,
            token TEXT NOT NULL,
            ca_file TEXT NOT NULL,
            store_id TEXT NOT NULL,
            store_name TEXT NOT NULL,
            store_timezone TEXT NOT NULL,
            enrolled_ms INTEGER NOT NULL
        );
        CREATE TABLE delivered (
            install TEXT PRIMARY KEY,
            mark INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE quarantine (
            install TEXT NOT NULL,
            seq INTEGER NOT NULL,
            code TEXT NOT NULL,
            detail TEXT NOT NULL,
            at_ms INTEGER NOT NULL,
            PRIMARY KEY (install, seq)
        ) WITHOUT ROWID;
        CREATE TABLE contact (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            last_contact_ms INTEGER,
            error_code TEXT NOT NULL,
            error_detail TEXT NOT NULL,
            error_ms INTEGER,
            next_attempt_ms INTEGER
        );
        INSERT INTO contact (one, error_code, error_detail) VALUES (1, '', '');
    )sql"},
    // Seqs had no gaps then, and all up to the mark was either acknowledged or quarantined.
    sqlite::MigrationStep {R"sql(
        ALTER TABLE enrolment ADD COLUMN pin TEXT NOT NULL DEFAULT '';
        ALTER TABLE delivered ADD COLUMN acknowledged INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE delivered ADD COLUMN proof_seq INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE delivered ADD COLUMN proof_digest INTEGER NOT NULL DEFAULT 0;
        UPDATE delivered SET acknowledged = max(0, mark
            - (SELECT count(*) FROM quarantine WHERE quarantine.install = delivered.install));
        ALTER TABLE quarantine ADD COLUMN digest INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE quarantine ADD COLUMN retry INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE moved (
            install TEXT NOT NULL,
            seq INTEGER NOT NULL,
            digest INTEGER NOT NULL,
            at_ms INTEGER NOT NULL,
            up_to INTEGER,
            PRIMARY KEY (install, seq, digest)
        ) WITHOUT ROWID;
        ALTER TABLE contact ADD COLUMN heartbeat_ms INTEGER;
        ALTER TABLE contact ADD COLUMN heartbeat_code TEXT NOT NULL DEFAULT '';
    )sql"},
    sqlite::MigrationStep {R"sql(
        ALTER TABLE enrolment ADD COLUMN row_check INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE delivered ADD COLUMN row_check INTEGER NOT NULL DEFAULT 0;
        UPDATE enrolment SET row_check = )sql" LISTENPOST_ENROLMENT_CHECK R"sql(;
        UPDATE delivered SET row_check = )sql" LISTENPOST_DELIVERED_CHECK},
};

static_assert(steps.size() == delivery_format);

constexpr char file_name[] = "delivery.db";

Result<> check_rows(sqlite::Database& database)
{
    // A byte of the schema's text may be another too: then a statement fails only when it is needed.
    for (auto const* columns : {"SELECT install, seq, code, detail, at_ms, digest, retry FROM quarantine",
             "SELECT install, seq, digest, at_ms, up_to FROM moved",
             "SELECT last_contact_ms, error_code, error_detail, error_ms, next_attempt_ms, heartbeat_ms, "
             "heartbeat_code FROM contact"})
        if (auto const known = database.prepare(columns); !known)
            return fail(known.error());
    auto const wrong = database.query_integer(
        "SELECT (SELECT count(*) FROM enrolment WHERE row_check IS NOT " LISTENPOST_ENROLMENT_CHECK
        ") + (SELECT count(*) FROM delivered WHERE row_check IS NOT " LISTENPOST_DELIVERED_CHECK ")");
    if (!wrong)
        return fail(wrong.error());
    if (*wrong > 0)
        return fail(Errc::Corrupt, "delivery.db has rows that are not what was written");
    return {};
}

}

Result<> check_and_migrate_delivery(sqlite::Database& database)
{
    LISTENPOST_TRY(sqlite::quick_check(database));
    LISTENPOST_TRY(database.settle_wal());
    LISTENPOST_TRY(sqlite::migrate(database, steps, file_name));
    return check_rows(database);
}

Result<> check_delivery_format(sqlite::Database& database)
{
    auto const version = sqlite::format_version(database, steps.size(), file_name);
    if (!version)
        return fail(version.error());
    if (*version == 0)
        return fail(Errc::NotFound, "the agent has not finished creating delivery.db");
    if (*version != static_cast<std::int64_t>(steps.size()))
        return fail(
            Errc::Invalid, "delivery.db is still of an older version: the agent brings it up to date");
    return {};
}

}
