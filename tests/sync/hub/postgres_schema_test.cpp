#include "sync/hub/postgres_schema.h"

#include "platform/postgres/connection.h"
#include "sync/hub/postgres_storage.h"
#include "tests/support/hub_acts.h"
#include "tests/support/old_hub_formats.h"
#include "tests/support/postgres_server.h"
#include "tests/sync/hub/storage_contract.h"

#include <array>
#include <catch2/catch.hpp>
#include <set>
#include <sstream>

using namespace listenpost;
using namespace listenpost::test;

namespace {

/// DESIGN's rules of portability, asked of the catalog: each row is one violation of a table of ours.
/// A distributed PostgreSQL takes a schema that keeps them as it is.
constexpr postgres::Statement violations_of_the_catalog {"violations", R"sql(
WITH tables AS (
    SELECT c.oid, c.relname::text AS name, coalesce(obj_description(c.oid, 'pg_class'), '') AS place
    FROM pg_class AS c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')),
keys AS (
    SELECT i.indrelid, x.relname::text AS name, i.indnkeyatts,
           (SELECT a.attname FROM pg_attribute AS a
            WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[0])::text AS first_column
    FROM pg_index AS i JOIN pg_class AS x ON x.oid = i.indexrelid
    WHERE i.indisunique OR i.indisprimary OR i.indisexclusion)
SELECT t.name || ' does not say where it lies' FROM tables AS t
    WHERE t.place NOT IN ('on every node', 'distributed by part')
UNION ALL
SELECT t.name || ' has no primary key' FROM tables AS t
    WHERE NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = t.oid AND i.indisprimary)
UNION ALL
SELECT t.name || ': the key ' || k.name || ' does not begin with part' FROM tables AS t
    JOIN keys AS k ON k.indrelid = t.oid
    WHERE t.place = 'distributed by part' AND k.first_column IS DISTINCT FROM 'part'
UNION ALL
SELECT 'sequence ' || s.sequencename FROM pg_sequences AS s WHERE s.schemaname = current_schema()
UNION ALL
SELECT t.name || ': trigger ' || g.tgname FROM tables AS t JOIN pg_trigger AS g ON g.tgrelid = t.oid
    WHERE NOT g.tgisinternal
UNION ALL
SELECT t.name || ': constraint ' || c.conname FROM tables AS t JOIN pg_constraint AS c ON c.conrelid = t.oid
    WHERE c.contype NOT IN ('p', 'u', 'c')
UNION ALL
SELECT 'function ' || p.proname FROM pg_proc AS p WHERE p.pronamespace = current_schema()::regnamespace
UNION ALL
SELECT t.name || ': rule ' || r.rulename FROM tables AS t JOIN pg_rewrite AS r ON r.ev_class = t.oid
)sql"};

std::vector<std::string> violations(postgres::Connection& connection)
{
    auto const rows = connection.run(violations_of_the_catalog);
    REQUIRE(rows);
    std::vector<std::string> found;
    for (std::size_t row = 0; row < rows->size(); ++row)
        found.emplace_back(rows->text(row, 0));
    std::ranges::sort(found);
    return found;
}

postgres::Connection connect(std::string const& conninfo)
{
    return std::move(postgres::Connection::open(conninfo).value());
}

}

TEST_CASE("PostgreSQL: the schema keeps the rules of portability", "[sync][hub][storage]")
{
    auto const conninfo = PostgresServer::shared().make_database();
    REQUIRE(sync::open_postgres_storage(conninfo));
    auto connection = connect(conninfo);
    CHECK(violations(connection).empty());
    // It looked at something.
    auto const tables
        = connection.run({"count", "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"});
    CHECK(tables->integer(0, 0) == 18);
}

TEST_CASE("PostgreSQL: the test of the schema's rules finds each violation", "[sync][hub][storage]")
{
    auto const conninfo = PostgresServer::shared().make_database();
    REQUIRE(sync::open_postgres_storage(conninfo));
    auto connection = connect(conninfo);
    auto const found_after = [&](char const* planted) {
        REQUIRE(connection.execute(planted));
        return violations(connection);
    };
    using Found = std::vector<std::string>;
    SECTION("a unique key without the distribution column")
    {
        CHECK(found_after("CREATE UNIQUE INDEX planted ON log (install, seq)")
            == Found {"log: the key planted does not begin with part"});
    }
    SECTION("a primary key without it")
    {
        CHECK(found_after("CREATE TABLE planted (part integer, id integer PRIMARY KEY);"
                          "COMMENT ON TABLE planted IS 'distributed by part'")
            == Found {"planted: the key planted_pkey does not begin with part"});
    }
    SECTION("a unique key over an expression")
    {
        CHECK(found_after("CREATE UNIQUE INDEX planted ON dedup ((part + 0), install, seq)")
            == Found {"dedup: the key planted does not begin with part"});
    }
    SECTION("a table that nobody decided about, without a key")
    {
        CHECK(found_after("CREATE TABLE planted (part integer)")
            == Found {"planted does not say where it lies", "planted has no primary key"});
    }
    SECTION("a sequence, of an identity too")
    {
        CHECK(found_after("ALTER TABLE tokens ADD number integer GENERATED ALWAYS AS IDENTITY")
            == Found {"sequence tokens_number_seq"});
    }
    SECTION("a trigger and its function")
    {
        CHECK(
            found_after("CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS "
                        "$$ BEGIN RETURN NULL; END $$;"
                        "CREATE TRIGGER planted AFTER INSERT ON log FOR EACH ROW EXECUTE FUNCTION planted()")
            == Found {"function planted", "log: trigger planted"});
    }
    SECTION("a foreign key")
    {
        CHECK(found_after("ALTER TABLE log ADD CONSTRAINT planted FOREIGN KEY (store) REFERENCES stores")
            == Found {"log: constraint planted"});
    }
    SECTION("a rule")
    {
        CHECK(found_after("CREATE RULE planted AS ON DELETE TO log DO INSTEAD NOTHING")
            == Found {"log: rule planted"});
    }
}

// What the catalog cannot tell: the statements. The test's server writes down all of them.
TEST_CASE("PostgreSQL: no statement needs what a distributed PostgreSQL has not", "[sync][hub][storage]")
{
    auto& server = PostgresServer::shared();
    auto const before = server.log().size();
    int operations = 0;
    auto const make = [&] {
        ++operations;
        return std::move(sync::open_postgres_storage(server.make_database()).value());
    };
    two_boxes_with_one_install_conflict_response_by_response(make);
    the_last_heartbeat_of_a_device_is_kept(make);
    an_invite_works_once_and_expires(make);
    a_token_is_found_by_its_hash_with_what_it_may(make);
    an_erased_text_is_gone_and_the_rest_stays(make);
    a_box_is_asked_to_erase_what_hq_has_erased(make);
    a_store_that_moves_is_seen_at_its_new_place_at_once(make);
    a_pin_reaches_the_boxes_of_its_store_until_they_have_it(make);
    what_admins_do_is_written_down_with_it(make);
    CHECK(operations == 9);
    auto const log = server.log().substr(before);
    for (char const* asked : {"INSERT INTO log", "INSERT INTO dedup", "FOR UPDATE", "INSERT INTO heartbeats",
             "UPDATE invites", "FROM tokens", "INSERT INTO audit", "INSERT INTO erasures",
             "INSERT INTO box_erasures_done", "INSERT INTO pins", "UPDATE pins"})
        CHECK_THAT(log, Catch::Contains(asked));
    for (char const* word : {"advisory", "nextval", "LISTEN ", "NOTIFY ", "txid_", "pg_snapshot", "xmin",
             "LOCK TABLE", "PREPARE TRANSACTION", "ctid"})
        CHECK_THAT(log, !Catch::Contains(word, Catch::CaseSensitive::No));
}

// A prepared statement keeps its plan: one that was made while a table was empty is used when it is large.
TEST_CASE("PostgreSQL: no statement reads a table whole, though it was planned for an empty one",
    "[sync][hub][storage]")
{
    PostgresServer server(in_memory(),
        {"log_statement=none", "session_preload_libraries=auto_explain", "auto_explain.log_min_duration=0",
            "autovacuum=off"});
    auto const make = [&] { return std::move(sync::open_postgres_storage(server.make_database()).value()); };
    pulls_neither_skip_nor_repeat(make);
    two_boxes_with_one_install_conflict_response_by_response(make);
    the_last_heartbeat_of_a_device_is_kept(make);
    a_revoked_device_is_known_as_such_at_once(make);
    a_token_is_found_by_its_hash_with_what_it_may(make);
    an_erased_text_is_gone_and_the_rest_stays(make);
    a_box_that_brings_an_erased_response_is_told_duplicate(make);
    a_box_is_asked_for_a_few_erasures_at_a_time(make);
    a_pin_reaches_the_boxes_of_its_store_until_they_have_it(make);
    std::set<std::string> scans; // "Index Scan using log_pkey on log"
    int compiled = 0;
    std::istringstream log(server.log());
    for (std::string line; std::getline(log, line);) {
        auto const begin = line.find_first_of("BFIS", line.find_first_not_of("\t ->"));
        if (line.find(" Scan ") != line.npos && begin != line.npos)
            scans.insert(line.substr(begin, line.find("  (", begin) - begin));
        compiled += line.find("JIT:") != line.npos ? 1 : 0;
    }
    CAPTURE(scans);
    CHECK(compiled == 0);
    for (char const* seen :
        {"Index Scan using dedup_pkey on dedup", "Index Scan using rollups_of_store on rollups r",
            "Index Scan using log_pkey on log", "Index Scan using tokens_token_hash_key on tokens",
            "Index Scan using devices_token_hash_key on devices"})
        CHECK(scans.contains(seen));
    for (char const* table : {"log", "dedup", "installs", "invites", "tokens", "rollups", "erasures", "audit",
             "box_erasures e", "box_erasures_done d", "pins p", "devices d"})
        CHECK_FALSE(scans.contains("Seq Scan on " + std::string(table)));
}

TEST_CASE("PostgreSQL: a database of a newer hub is refused, and left as it is", "[sync][hub][storage]")
{
    auto const conninfo = PostgresServer::shared().make_database();
    REQUIRE(sync::open_postgres_storage(conninfo));
    auto connection = connect(conninfo);
    auto const newest = sync::postgres_migration_steps().size();
    REQUIRE(connection.execute("UPDATE schema_version SET version = " + std::to_string(newest + 1)));
    auto const storage = sync::open_postgres_storage(conninfo);
    REQUIRE_FALSE(storage);
    CHECK(storage.error().code == Errc::Invalid);
    CHECK_THAT(storage.error().detail, Catch::Contains("format " + std::to_string(newest + 1)));
}

TEST_CASE("PostgreSQL: a database that is not in UTF-8 is refused", "[sync][hub][storage]")
{
    auto& server = PostgresServer::shared();
    auto connection = connect(server.conninfo());
    REQUIRE(connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"));
    auto const storage = sync::open_postgres_storage(server.conninfo("latin"));
    REQUIRE_FALSE(storage);
    CHECK_THAT(storage.error().detail, Catch::Contains("LATIN1"));
}

TEST_CASE(
    "PostgreSQL: a later version's steps come on top of what is there, or not at all", "[sync][hub][storage]")
{
    auto const conninfo = PostgresServer::shared().make_database();
    auto storage = sync::open_postgres_storage(conninfo);
    REQUIRE(storage);
    ingest_one(**storage, install_id(1), {response_json(1)});
    auto connection = connect(conninfo);
    auto const released = sync::postgres_migration_steps();
    std::vector<sync::PostgresMigrationStep> steps(released.begin(), released.end());
    steps.emplace_back("CREATE TABLE later (part integer PRIMARY KEY)");
    steps.emplace_back("ALTER TABLE later ADD x integer; SELECT 1/0");
    auto const later = [&] {
        return connection.run(
            {"later", "SELECT to_regclass('later') IS NOT NULL, (SELECT version FROM schema_version)"});
    };
    REQUIRE_FALSE(sync::migrate(connection, steps));
    CHECK(later()->text(0, 0) == std::string_view("\0", 1));
    CHECK(later()->integer(0, 1) == static_cast<std::int64_t>(released.size()));
    steps.back() = "ALTER TABLE later ADD x integer";
    for (int again = 0; again < 2; ++again) {
        REQUIRE(sync::migrate(connection, steps));
        CHECK(later()->text(0, 0) == std::string_view("\1", 1));
        CHECK(later()->integer(0, 1) == static_cast<std::int64_t>(steps.size()));
    }
    CHECK(ingest_one(**storage, install_id(1), {response_json(1)}).duplicates == 1);
    CHECK(pull_everything(**storage).size() == 1);
}

TEST_CASE("PostgreSQL: a database of an older version keeps all that it holds, and can what this one can",
    "[sync][hub][storage]")
{
    int const version = GENERATE(1, 2, 3, 4);
    CAPTURE(version);
    auto const conninfo = PostgresServer::shared().make_database();
    auto connection = connect(conninfo);
    REQUIRE(connection.execute(old_postgres_schema(version)));
    auto const part = std::to_string(sync::partition_of("sh-001"));
    auto const digest = std::to_string(
        static_cast<std::int64_t>(parsed_batch(install_id(1), {response_json(1)}).responses[0].digest));
    auto const install = "'\\x" + install_id(1) + "'";
    REQUIRE(connection.execute("INSERT INTO installs VALUES (" + install + ", " + part
        + ", 5);"
          "UPDATE partitions SET next_off = 1 WHERE part = "
        + part + "; INSERT INTO log VALUES (" + part + ", 0, 'sh-001', 'dev_1', " + install + ", 1, 5, 4, '"
        + response_json(1) + "'); INSERT INTO dedup VALUES (" + part + ", " + install + ", 1, " + digest
        + ")"));
    if (version >= 2)
        REQUIRE(connection.execute("INSERT INTO erasures VALUES (" + part + ", " + install + ", 1, 6, 0)"));
    if (version >= 4)
        REQUIRE(connection.execute(
            "INSERT INTO box_erasures VALUES (" + install + ", 1, 'dev_1', '9c1b', 1, 6)"));
    for (int opened = 1; opened <= 2; ++opened) { // migrated, and then as it is
        auto storage = std::move(sync::open_postgres_storage(conninfo).value());
        CHECK(violations(connection).empty());
        CHECK(ingest_one(*storage, install_id(1), {response_json(1)}).duplicates == 1);
        CHECK(pull_everything(*storage).size() == 1);
        CHECK(storage->registry().devices().value().at(0).name == "front door");
        auto reader = storage->open_reader().value();
        CHECK(reader->places().value()->size() == 1);
        auto const grant = reader->find_grant("\x02").value();
        REQUIRE(grant);
        CHECK(grant->created_ms == 3);
        CHECK(grant->scope.is_everything());
        CHECK(grant->revoked_ms.has_value() == (opened == 2));
        REQUIRE(storage->registry().revoke_token("hq", act_at(8)));
        CHECK(storage->registry().audit(0).value().size() == static_cast<std::size_t>(opened * 2 - 1));
        CHECK(storage->registry().pins().value().size() == static_cast<std::size_t>(opened - 1));
        std::vector<std::string> const stores {"sh-001"};
        REQUIRE(storage->registry().set_pin(stores, "hash", act_at(9)));
        CHECK(pin_in_reply(*storage, "dev_1", sync::HeldPin {}) == "hash");
        // What that hub has erased is asked for now.
        CHECK(asked_in_reply(*storage, "dev_1", {}).size() == (version >= 2 ? 1 : 0));
    }
}

TEST_CASE("PostgreSQL: hubs that start at once on an empty database make it once", "[sync][hub][storage]")
{
    auto const conninfo = PostgresServer::shared().make_database();
    std::array<std::unique_ptr<sync::Storage>, 6> hubs;
    std::vector<std::jthread> threads;
    for (auto& hub : hubs)
        threads.emplace_back([&hub, &conninfo] {
            if (auto opened = sync::open_postgres_storage(conninfo))
                hub = std::move(*opened);
        });
    for (auto& thread : threads)
        thread.join();
    sync::Cursor cursor;
    for (auto& hub : hubs) {
        REQUIRE(hub);
        // The same identity for all: a cursor goes on at another hub.
        auto reader = hub->open_reader();
        std::vector<PulledRow> rows;
        cursor = pull_page(**reader, cursor, 10, rows);
    }
}

TEST_CASE("PostgreSQL: a hub that starts while another migrates waits for as long as that takes",
    "[sync][hub][storage]")
{
    auto& server = PostgresServer::shared();
    auto const conninfo = server.make_database();
    REQUIRE(sync::open_postgres_storage(conninfo));
    auto first = connect(conninfo);
    auto const before = server.log().size();
    REQUIRE(first.execute("BEGIN; SELECT version FROM schema_version FOR UPDATE"));
    bool opened = false;
    std::jthread second([&] { opened = sync::open_postgres_storage(conninfo).has_value(); });
    auto const is_waiting = [&] {
        auto const rows = connect(conninfo).run({"waiting",
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
            "wait_event_type = 'Lock'"});
        return rows && rows->integer(0, 0) == 1;
    };
    while (!is_waiting())
        std::this_thread::yield();
    // No timeout of its own ends it, and afterwards the usual one holds again.
    auto const log = server.log().substr(before);
    CHECK_THAT(log, Catch::Contains("SET LOCAL lock_timeout = 0"));
    CHECK_THAT(log, !Catch::Contains("SET LOCAL lock_timeout = '10s'"));
    REQUIRE(first.execute("COMMIT"));
    second.join();
    CHECK(opened);
    CHECK_THAT(server.log().substr(before), Catch::Contains("SET LOCAL lock_timeout = '10s'"));
}

TEST_CASE("PostgreSQL: a role that may not make tables can run a hub", "[sync][hub][storage]")
{
    auto& server = PostgresServer::shared();
    auto const conninfo = server.make_database();
    REQUIRE(sync::open_postgres_storage(conninfo));
    auto connection = connect(conninfo);
    REQUIRE(connection.execute("CREATE ROLE plain_hub LOGIN;"
                               "GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO plain_hub"));
    auto storage = sync::open_postgres_storage(conninfo + " user=plain_hub");
    REQUIRE(storage);
    CHECK(ingest_one(**storage, install_id(1), {response_json(1)}).acknowledged == 1);
    CHECK(pull_everything(**storage).size() == 1);
}
