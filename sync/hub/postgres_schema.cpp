#include "sync/hub/postgres_schema.h"

#include "platform/base/log.h"
#include "platform/base/random_id.h"
#include "platform/postgres/connection.h"
#include "sync/hub/postgres_box_erasures.h"
#include "sync/hub/postgres_rollups.h"

#include <array>
#include <string>

namespace listenpost::sync {
namespace {

// Version 1. Two kinds of table, as each one's comment says; postgres_schema_test.cpp holds the
// catalog against it:
//  - small ones that every node of a distributed PostgreSQL holds whole;
//  - those spread by `part`: every key of theirs begins with it.
// No triggers, no sequences, no foreign keys: an offset comes from the counter row of its
// partition, within the transaction that writes the rows, so that a commit can neither leave a
// gap nor show late.
constexpr char const* version_1 = R"sql(
COMMENT ON TABLE schema_version IS 'on every node';

CREATE TABLE hub (
    only_row integer PRIMARY KEY CHECK (only_row = 1),
    id       bigint NOT NULL);          -- which database a cursor belongs to
COMMENT ON TABLE hub IS 'on every node';

CREATE TABLE stores (
    store      text COLLATE "C" PRIMARY KEY,
    name       text NOT NULL,
    region     text NOT NULL,
    city       text NOT NULL,
    timezone   text NOT NULL,
    created_ms bigint NOT NULL);
COMMENT ON TABLE stores IS 'on every node';

CREATE TABLE devices (
    device      text COLLATE "C" PRIMARY KEY,
    store       text COLLATE "C" NOT NULL,
    name        text NOT NULL,
    token_hash  bytea NOT NULL UNIQUE,
    enrolled_ms bigint NOT NULL,
    revoked_ms  bigint);
COMMENT ON TABLE devices IS 'on every node';

-- What each box last said of itself.
CREATE TABLE heartbeats (
    device      text COLLATE "C" PRIMARY KEY,
    received_ms bigint NOT NULL,
    version     text NOT NULL,
    waiting     bigint NOT NULL,
    raw         text NOT NULL);
COMMENT ON TABLE heartbeats IS 'on every node';

CREATE TABLE invites (
    code_hash  bytea PRIMARY KEY,
    store      text COLLATE "C" NOT NULL,
    name       text NOT NULL,
    expires_ms bigint NOT NULL,
    device     text);                   -- who used it up
COMMENT ON TABLE invites IS 'on every node';

CREATE TABLE tokens (
    name       text COLLATE "C" PRIMARY KEY,
    role       text NOT NULL,
    token_hash bytea NOT NULL UNIQUE,
    created_ms bigint NOT NULL);
COMMENT ON TABLE tokens IS 'on every node';

-- An install keeps the partition of its first appearance: its dedup rows are there, even
-- when its box moves to another store.
CREATE TABLE installs (
    install  bytea PRIMARY KEY,
    part     integer NOT NULL,
    first_ms bigint NOT NULL);
COMMENT ON TABLE installs IS 'on every node';

-- Room on each page for the next versions of its rows: a counter moves at every commit.
CREATE TABLE partitions (
    part     integer PRIMARY KEY,
    next_off bigint NOT NULL) WITH (fillfactor = 20);
COMMENT ON TABLE partitions IS 'distributed by part';

CREATE TABLE log (
    part        integer NOT NULL,
    off         bigint NOT NULL,
    store       text COLLATE "C" NOT NULL,
    device      text COLLATE "C" NOT NULL,
    install     bytea NOT NULL,
    seq         bigint NOT NULL,
    received_ms bigint NOT NULL,
    at_ms       bigint NOT NULL,
    raw         text NOT NULL,
    PRIMARY KEY (part, off));
COMMENT ON TABLE log IS 'distributed by part';

CREATE TABLE dedup (
    part    integer NOT NULL,
    install bytea NOT NULL,
    seq     bigint NOT NULL,
    digest  bigint NOT NULL,            -- 64 bits, as a signed number
    PRIMARY KEY (part, install, seq));
COMMENT ON TABLE dedup IS 'distributed by part';

INSERT INTO partitions (part, next_off) SELECT part, 0 FROM generate_series(0, 63) AS part;
)sql";

// Version 2: as schema.cpp has it in its version 4.
constexpr char const* version_2 = R"sql(
ALTER TABLE tokens
    ADD scope      text NOT NULL DEFAULT '',
    ADD expires_ms bigint,
    ADD revoked_ms bigint;

ALTER TABLE hub ADD places_version bigint NOT NULL DEFAULT 0;

CREATE TABLE audit (
    at_ms  bigint NOT NULL,
    id     text COLLATE "C" NOT NULL,   -- random: tells apart what was done in one millisecond
    who    text NOT NULL,
    what   text NOT NULL,
    object text NOT NULL,
    detail text NOT NULL,
    PRIMARY KEY (at_ms, id));
COMMENT ON TABLE audit IS 'on every node';

CREATE TABLE erasures (
    part      integer NOT NULL,
    install   bytea NOT NULL,
    seq       bigint NOT NULL,
    erased_ms bigint NOT NULL,
    digest    bigint NOT NULL,          -- of the response without its text
    PRIMARY KEY (part, install, seq));
COMMENT ON TABLE erasures IS 'distributed by part';
)sql";

// Version 3: what is counted of the responses (part: of the store's id, wherever the log has them), and the
// surveys that say what their questions mean. Room on each page for the next versions of its rows: today's
// row of a store changes with each response.
constexpr char const* version_3 = R"sql(
CREATE TABLE rollups (
    part       integer NOT NULL,
    span       integer NOT NULL,        -- so many days
    day        bigint NOT NULL,         -- from this one, UTC, since 1970
    store      text COLLATE "C" NOT NULL,
    touchpoint text COLLATE "C" NOT NULL,
    survey     text COLLATE "C" NOT NULL,
    is_flagged integer NOT NULL,        -- 1: of responses that broke a misuse rule
    totals     bytea NOT NULL,
    quarters   bytea NOT NULL,          -- of one day: the same by the quarter of an hour
    PRIMARY KEY (part, span, day, store, touchpoint, survey, is_flagged)) WITH (fillfactor = 70);
CREATE INDEX rollups_of_store ON rollups (part, store, span, day);
COMMENT ON TABLE rollups IS 'distributed by part';

CREATE TABLE surveys (
    survey   text COLLATE "C" PRIMARY KEY,
    version  bigint NOT NULL,
    added_ms bigint NOT NULL,
    raw      text NOT NULL);
COMMENT ON TABLE surveys IS 'on every node';
)sql";

// Version 4: as schema.cpp has it in its version 6.
constexpr char const* version_4 = R"sql(
CREATE TABLE box_erasures (
    install   bytea NOT NULL,
    seq       bigint NOT NULL,
    device    text COLLATE "C" NOT NULL, -- that brought it
    boot      text NOT NULL,             -- its first tap, by which a box knows it
    steady_ms bigint NOT NULL,
    asked_ms  bigint NOT NULL,
    PRIMARY KEY (install, seq));
CREATE INDEX box_erasures_of_device ON box_erasures (device);
COMMENT ON TABLE box_erasures IS 'on every node';

CREATE TABLE box_erasures_done (
    install bytea NOT NULL,
    seq     bigint NOT NULL,
    device  text COLLATE "C" NOT NULL,
    done_ms bigint NOT NULL,
    PRIMARY KEY (install, seq, device));
COMMENT ON TABLE box_erasures_done IS 'on every node';
)sql";

// Version 5: as schema.cpp has it in its version 7.
constexpr char const* version_5 = R"sql(
CREATE TABLE pins (
    store       text COLLATE "C" PRIMARY KEY,
    hash        text NOT NULL,           -- Argon2id, for boxes of this store alone; '': cleared
    fingerprint text COLLATE "C" NOT NULL, -- SHA-256 of the hash, in hex
    set_ms      bigint NOT NULL);
COMMENT ON TABLE pins IS 'on every node';

ALTER TABLE heartbeats
    ADD pin          text COLLATE "C" NOT NULL DEFAULT '', -- see pin_to_text()
    ADD pin_in_force bigint NOT NULL DEFAULT 0,
    ADD pin_ms       bigint NOT NULL DEFAULT 0;            -- since when it says so
)sql";

Result<> count_log(postgres::Connection& connection)
{
    auto const scan = fill_rollups(connection);
    if (!scan)
        return fail(scan.error());
    if (scan->responses > 0)
        log(LogLevel::Info, "rollups_counted",
            {{"responses", scan->responses}, {"damaged", scan->damaged}, {"rollups", scan->rollups}});
    return {};
}

constexpr std::array steps {PostgresMigrationStep {version_1}, PostgresMigrationStep {version_2},
    PostgresMigrationStep {version_3, count_log}, PostgresMigrationStep {version_4, fill_box_erasures},
    PostgresMigrationStep {version_5}};

constexpr char const* version_table = R"sql(
CREATE TABLE IF NOT EXISTS schema_version (
    only_row integer PRIMARY KEY CHECK (only_row = 1),
    version  integer NOT NULL);
INSERT INTO schema_version VALUES (1, 0) ON CONFLICT DO NOTHING;
)sql";

Result<> check_server(postgres::Connection& connection)
{
    auto const setting = connection.run({"server_settings",
        "SELECT current_setting('server_encoding'), current_setting('fsync'), "
        "current_setting('full_page_writes'), "
        "current_setting('server_version'), "
        "current_setting('synchronous_standby_names') = '' AND EXISTS (SELECT FROM pg_stat_replication)"});
    if (!setting)
        return fail(setting.error());
    if (setting->text(0, 0) != "UTF8")
        return fail(Errc::Invalid,
            "the database's encoding is " + std::string(setting->text(0, 0))
                + ": make it with CREATE DATABASE … ENCODING 'UTF8'");
    if (setting->text(0, 1) != "on" || setting->text(0, 2) != "on")
        log(LogLevel::Warn, "postgres_not_durable",
            {{"detail", "the server's fsync or full_page_writes is off: a power cut may lose responses"}});
    if (setting->text(0, 4) == std::string_view("\1", 1))
        log(LogLevel::Warn, "postgres_standby_not_waited_for",
            {{"detail",
                "the server has a standby and does not wait for it (synchronous_standby_names is empty): "
                "what is acknowledged may be lost with the server"}});
    return {};
}

Result<> make_version_table(postgres::Connection& connection)
{
    for (int tries_left = 5;; --tries_left) {
        // Looked for first: a role that may not create tables can run a hub whose tables are there.
        auto const found
            = connection.run({"find_version_table", "SELECT to_regclass('schema_version') IS NULL"});
        if (!found)
            return fail(found.error());
        if (found->text(0, 0) == std::string_view("\0", 1))
            return {};
        auto made = connection.execute(version_table);
        // Two hubs at the same moment: IF NOT EXISTS looks before it waits, and the loser meets one of
        // several errors.
        if (made || !connection.is_usable() || tries_left == 0)
            return made;
    }
}

/// The version, whose row stays locked until the transaction ends. Another hub that migrates has it for as
/// long as its steps take; the server ends its transaction if it hangs.
Result<std::size_t> lock_version(postgres::Connection& connection)
{
    auto const usual = connection.run({"lock_timeout", "SELECT current_setting('lock_timeout')"});
    if (!usual)
        return fail(usual.error());
    std::string const timeout(usual->text(0, 0));
    LISTENPOST_TRY(connection.execute("SET LOCAL lock_timeout = 0"));
    auto const row = connection.run({"lock_version", "SELECT version FROM schema_version FOR UPDATE"});
    if (!row)
        return fail(row.error());
    if (row->size() != 1)
        return fail(Errc::Corrupt, "the table schema_version is empty");
    LISTENPOST_TRY(connection.execute("SET LOCAL lock_timeout = '" + timeout + "'"));
    return static_cast<std::size_t>(row->integer(0, 0));
}

/// `version`: where the steps begin.
Result<> take_steps(postgres::Connection& connection, std::size_t version, PostgresMigrationSteps todo)
{
    for (auto const& step : todo.subspan(version)) {
        LISTENPOST_TRY(connection.execute(step.sql));
        if (step.fill != nullptr)
            LISTENPOST_TRY(step.fill(connection));
    }
    LISTENPOST_TRY(connection.execute("UPDATE schema_version SET version = " + std::to_string(todo.size())));
    // Never 0, which is a cursor's word for "no database yet".
    std::int64_t const id = std::stoll("1" + random_hex(6), nullptr, 16);
    auto const identity
        = connection.run({"give_identity", "INSERT INTO hub VALUES (1, $1) ON CONFLICT DO NOTHING"},
            postgres::Parameters().add(id));
    if (!identity)
        return fail(identity.error());
    return {};
}

}

PostgresMigrationSteps postgres_migration_steps() { return steps; }

Result<> check_postgres_version(postgres::Connection& connection)
{
    auto const found = connection.run({"find_version_table", "SELECT to_regclass('schema_version') IS NULL"});
    if (!found)
        return fail(found.error());
    std::int64_t version = 0;
    if (found->text(0, 0) == std::string_view("\0", 1)) {
        auto const row = connection.run({"read_version", "SELECT max(version) FROM schema_version"});
        if (!row)
            return fail(row.error());
        version = row->integer(0, 0);
    }
    if (version != static_cast<std::int64_t>(steps.size()))
        return fail(Errc::Invalid,
            "the PostgreSQL database has format " + std::to_string(version) + ", this program "
                + std::to_string(steps.size())
                + ": start this version's hub on it first, or use that of the hub");
    return {};
}

Result<> migrate(postgres::Connection& connection, PostgresMigrationSteps todo)
{
    LISTENPOST_TRY(check_server(connection));
    LISTENPOST_TRY(make_version_table(connection));
    auto transaction = postgres::Transaction::begin(connection);
    if (!transaction)
        return fail(std::move(transaction).error());
    auto const version = lock_version(connection);
    if (!version)
        return fail(version.error());
    if (*version > todo.size())
        return fail(Errc::Invalid,
            "the PostgreSQL database has format " + std::to_string(*version) + ", this program knows up to "
                + std::to_string(todo.size()) + ": install a newer ListenPost");
    if (*version < todo.size())
        LISTENPOST_TRY(take_steps(connection, *version, todo));
    return transaction->commit();
}

}
