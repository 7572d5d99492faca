#include "sync/hub/schema.h"

#include "platform/base/log.h"
#include "platform/base/random_id.h"
#include "platform/sqlite/migration.h"
#include "sync/hub/sqlite_box_erasures.h"
#include "sync/hub/sqlite_rollups.h"

#include <array>
#include <string>

namespace listenpost::sync {
namespace {

// Version 1. Two kinds of table, as in a distributed PostgreSQL:
//  - small ones that every node holds whole (hub, stores, devices, invites, tokens, installs);
//  - those spread by `part` (partitions, log, dedup): every key of theirs begins with it.
// No triggers, no sequences: an offset comes from the counter row of its partition, within
// the transaction that writes the rows, so a commit can neither leave a gap nor show late.
constexpr char const* version_1 = R"sql(
CREATE TABLE hub (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    id       INTEGER NOT NULL);         -- which database a cursor belongs to

CREATE TABLE stores (
    store      TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    region     TEXT NOT NULL,
    city       TEXT NOT NULL,
    timezone   TEXT NOT NULL,
    created_ms INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE devices (
    device      TEXT PRIMARY KEY,
    store       TEXT NOT NULL,
    name        TEXT NOT NULL,
    token_hash  BLOB NOT NULL UNIQUE,
    enrolled_ms INTEGER NOT NULL,
    revoked_ms  INTEGER) WITHOUT ROWID;

CREATE TABLE invites (
    code_hash  BLOB PRIMARY KEY,
    store      TEXT NOT NULL,
    name       TEXT NOT NULL,
    expires_ms INTEGER NOT NULL,
    device     TEXT) WITHOUT ROWID;     -- who used it up

CREATE TABLE tokens (
    name       TEXT PRIMARY KEY,
    role       TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    created_ms INTEGER NOT NULL) WITHOUT ROWID;

-- An install keeps the partition of its first appearance: its dedup rows are there, even
-- when its box moves to another store.
CREATE TABLE installs (
    install  BLOB PRIMARY KEY,
    part     INTEGER NOT NULL,
    first_ms INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE partitions (
    part     INTEGER PRIMARY KEY,
    next_off INTEGER NOT NULL);

CREATE TABLE log (
    part        INTEGER NOT NULL,
    off         INTEGER NOT NULL,
    store       TEXT NOT NULL,
    device      TEXT NOT NULL,
    install     BLOB NOT NULL,
    seq         INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    at_ms       INTEGER NOT NULL,
    raw         TEXT NOT NULL,
    PRIMARY KEY (part, off)) WITHOUT ROWID;

CREATE TABLE dedup (
    part    INTEGER NOT NULL,
    install BLOB NOT NULL,
    seq     INTEGER NOT NULL,
    digest  INTEGER NOT NULL,           -- 64 bits, as a signed number
    PRIMARY KEY (part, install, seq)) WITHOUT ROWID;

WITH RECURSIVE parts(part) AS (SELECT 0 UNION ALL SELECT part + 1 FROM parts WHERE part < 63)
INSERT INTO partitions (part, next_off) SELECT part, 0 FROM parts;
)sql";

// Version 2: what each box last said of itself. Small, and every node holds it whole.
constexpr char const* version_2 = R"sql(
CREATE TABLE heartbeats (
    device      TEXT PRIMARY KEY,
    received_ms INTEGER NOT NULL,
    version     TEXT NOT NULL,
    waiting     INTEGER NOT NULL,
    raw         TEXT NOT NULL) WITHOUT ROWID;
)sql";

// Version 3: each row of the log, and each install, says whether it is what was written.
constexpr char const* version_3 = "ALTER TABLE log ADD COLUMN row_check INTEGER NOT NULL DEFAULT 0;"
                                  "UPDATE log SET row_check = " LISTENPOST_LOG_CHECK ";"
                                  "ALTER TABLE installs ADD COLUMN row_check INTEGER NOT NULL DEFAULT 0;"
                                  "UPDATE installs SET row_check = " LISTENPOST_INSTALL_CHECK;

// Version 4: tokens that end and see a part of the chain, what admins did, and a number that every change of
// a store's place raises (small, and every node holds them whole); erased texts.
constexpr char const* version_4 = R"sql(
ALTER TABLE tokens ADD COLUMN scope TEXT NOT NULL DEFAULT '';  -- see to_text(Scope)
ALTER TABLE tokens ADD COLUMN expires_ms INTEGER;
ALTER TABLE tokens ADD COLUMN revoked_ms INTEGER;

ALTER TABLE hub ADD COLUMN places_version INTEGER NOT NULL DEFAULT 0;

CREATE TABLE audit (
    at_ms  INTEGER NOT NULL,
    id     TEXT NOT NULL,               -- random: tells apart what was done in one millisecond
    who    TEXT NOT NULL,
    what   TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (at_ms, id)) WITHOUT ROWID;

-- Responses whose text was erased: their boxes may still bring it, or come without it. Spread by part.
CREATE TABLE erasures (
    part      INTEGER NOT NULL,
    install   BLOB NOT NULL,
    seq       INTEGER NOT NULL,
    erased_ms INTEGER NOT NULL,
    digest    INTEGER NOT NULL,         -- of the response without its text
    PRIMARY KEY (part, install, seq)) WITHOUT ROWID;
)sql";

// Version 5: what is counted of the responses, spread by `part` (of the store's id, wherever the log has
// them), and the surveys that say what their questions mean, which every node holds whole.
constexpr char const* version_5 = R"sql(
CREATE TABLE rollups (
    part       INTEGER NOT NULL,
    span       INTEGER NOT NULL,         -- so many days
    day        INTEGER NOT NULL,         -- from this one, UTC, since 1970
    store      TEXT NOT NULL,
    touchpoint TEXT NOT NULL,
    survey     TEXT NOT NULL,
    is_flagged INTEGER NOT NULL,         -- 1: of responses that broke a misuse rule
    totals     BLOB NOT NULL,
    quarters   BLOB NOT NULL,            -- of one day: the same by the quarter of an hour
    PRIMARY KEY (part, span, day, store, touchpoint, survey, is_flagged)) WITHOUT ROWID;
CREATE INDEX rollups_of_store ON rollups (part, store, span, day);

CREATE TABLE surveys (
    survey   TEXT PRIMARY KEY,
    version  INTEGER NOT NULL,
    added_ms INTEGER NOT NULL,
    raw      TEXT NOT NULL) WITHOUT ROWID;
)sql";

// Version 6: what boxes are to erase too, and which have done so. Small, and every node holds them whole.
// What was erased before is asked for as well; its response is found in the log of its partition.
constexpr char const* version_6 = R"sql(
CREATE TABLE box_erasures (
    install   BLOB NOT NULL,
    seq       INTEGER NOT NULL,
    device    TEXT NOT NULL,            -- that brought it
    boot      TEXT NOT NULL,            -- its first tap, by which a box knows it
    steady_ms INTEGER NOT NULL,
    asked_ms  INTEGER NOT NULL,
    PRIMARY KEY (install, seq)) WITHOUT ROWID;
CREATE INDEX box_erasures_of_device ON box_erasures (device);

CREATE TABLE box_erasures_done (
    install BLOB NOT NULL,
    seq     INTEGER NOT NULL,
    device  TEXT NOT NULL,
    done_ms INTEGER NOT NULL,
    PRIMARY KEY (install, seq, device)) WITHOUT ROWID;
)sql";

// Version 7: the manager's PIN of a store's boxes, and which each box has. Small, and every node holds them
// whole.
constexpr char const* version_7 = R"sql(
CREATE TABLE pins (
    store       TEXT PRIMARY KEY,
    hash        TEXT NOT NULL,           -- Argon2id, for boxes of this store alone; '': cleared
    fingerprint TEXT NOT NULL,           -- SHA-256 of the hash, in hex
    set_ms      INTEGER NOT NULL) WITHOUT ROWID;

ALTER TABLE heartbeats ADD COLUMN pin TEXT NOT NULL DEFAULT '';  -- see pin_to_text()
ALTER TABLE heartbeats ADD COLUMN pin_in_force INTEGER NOT NULL DEFAULT 0;
ALTER TABLE heartbeats ADD COLUMN pin_ms INTEGER NOT NULL DEFAULT 0; -- since when it says so
)sql";

Result<> count_log(sqlite::Database& database)
{
    auto const scan = fill_rollups(database);
    if (!scan)
        return fail(scan.error());
    if (scan->responses > 0)
        log(LogLevel::Info, "rollups_counted",
            {{"responses", scan->responses}, {"damaged", scan->damaged}, {"rollups", scan->rollups}});
    return {};
}

constexpr std::array steps = {sqlite::MigrationStep {version_1, renew_identity},
    sqlite::MigrationStep {version_2}, sqlite::MigrationStep {version_3}, sqlite::MigrationStep {version_4},
    sqlite::MigrationStep {version_5, count_log}, sqlite::MigrationStep {version_6, fill_box_erasures},
    sqlite::MigrationStep {version_7}};

}

Result<> renew_identity(sqlite::Database& database)
{
    auto replace = database.prepare("INSERT OR REPLACE INTO hub (only_row, id) VALUES (1, ?)");
    if (!replace)
        return fail(std::move(replace).error());
    // Never 0, which is a cursor's word for "no database yet".
    std::int64_t const id = std::stoll("1" + random_hex(6), nullptr, 16);
    return replace->bind(1, id).run();
}

Result<> migrate(sqlite::Database& database) { return sqlite::migrate(database, steps, "hub.db"); }

std::int64_t newest_hub_format() { return static_cast<std::int64_t>(steps.size()); }

}
