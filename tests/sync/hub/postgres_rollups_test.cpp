#include "sync/hub/postgres_rollups.h"

#include "sync/hub/postgres_schema.h"
#include "sync/hub/postgres_storage.h"
#include "tests/support/postgres_server.h"
#include "tests/sync/hub/rollup_contract.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::test;

namespace {

std::unique_ptr<sync::Storage> open(std::string const& conninfo)
{
    auto storage = sync::open_postgres_storage(conninfo);
    REQUIRE(storage);
    return std::move(*storage);
}

void change(std::string const& conninfo, std::string const& sql)
{
    auto connection = postgres::Connection::open(conninfo);
    REQUIRE(connection);
    REQUIRE(connection->execute(sql));
}

}

#define ROLLUP_TEST(function, sentence)                                                                      \
    TEST_CASE("PostgreSQL: " sentence, "[sync][hub][rollup]")                                                \
    {                                                                                                        \
        function([] { return open(PostgresServer::shared().make_database()); });                             \
    }

LISTENPOST_ROLLUP_CONTRACT(ROLLUP_TEST)

TEST_CASE("PostgreSQL: rollups are what a scan of the log counts", "[sync][hub][rollup]")
{
    auto const conninfo = PostgresServer::shared().make_database();
    rollups_are_what_a_scan_of_the_log_counts([&] { return open(conninfo); },
        {[&] { return sync::check_rollups(conninfo); },
            [&] { return sync::rebuild_rollups(conninfo, act_at(7)); }});
}

TEST_CASE(
    "PostgreSQL: tables from before rollups count what they hold when a hub first opens them, and it says so",
    "[sync][hub][rollup]")
{
    auto const conninfo = PostgresServer::shared().make_database();
    auto const version = GENERATE(1U, 2U);
    CAPTURE(version);
    auto connection = postgres::Connection::open(conninfo);
    REQUIRE(connection);
    REQUIRE(sync::migrate(*connection, sync::postgres_migration_steps().first(version)));
    // The log of today in the tables of that time.
    auto const now = PostgresServer::shared().make_database();
    {
        auto const storage = open(now);
        RandomChain chain(*storage, version);
        for (int round = 0; round < 8; ++round)
            chain.ingest();
        ingest_one(*storage, install_id(77), {response_with_nul(1)});
        std::map<int, std::int64_t> next;
        for (auto const& row : pull_everything(*storage)) {
            int const part = sync::partition_of(row.store);
            auto const inserted
                = connection->run({"fill", "INSERT INTO log VALUES ($1, $2, $3, 'd', $4, $5, $6, $7, $8)"},
                    postgres::Parameters()
                        .add(std::int32_t {part})
                        .add(next[part]++)
                        .add(row.store)
                        .add_bytes(row.install)
                        .add(row.seq)
                        .add(row.received_ms)
                        .add(row.at_ms)
                        .add(row.raw));
            REQUIRE(inserted);
        }
        for (auto const& [part, offset] : next)
            REQUIRE(connection->execute("UPDATE partitions SET next_off = " + std::to_string(offset)
                + " WHERE part = " + std::to_string(part)));
    }
    std::unique_ptr<sync::Storage> storage;
    CHECK_THAT(
        said_by([&] { storage = open(conninfo); }), Catch::Contains("event=rollups_counted responses="));
    CHECK(rollups_of(*storage).blocks == rollups_of(*open(now)).blocks);
    CHECK(rollups_of(*storage).quarters == scan_of_the_log(*storage).quarters);
}

TEST_CASE("PostgreSQL: a check finds each difference beside a hub that serves, and a rebuild mends it",
    "[sync][hub][rollup]")
{
    auto const conninfo = PostgresServer::shared().make_database();
    auto const storage = open(conninfo);
    RandomChain chain(*storage, 3);
    for (int round = 0; round < 8; ++round)
        chain.ingest();
    auto const scan = sync::check_rollups(conninfo);
    REQUIRE(scan);
    CHECK(scan->different == 0);
    CHECK(scan->rollups > 100);
    auto const [sql, what] = GENERATE(table<char const*, char const*>({
        {"DELETE FROM rollups WHERE span = 56", "missing: store "},
        {"UPDATE rollups SET day = day - 1 WHERE span = 7 AND store = (SELECT max(store) FROM rollups)",
            "nothing in the log for it: store "},
        {"UPDATE rollups SET totals = '\\x0102030405' WHERE span = 1", "other figures: store "},
    }));
    CAPTURE(sql);
    change(conninfo, sql);
    auto const damaged = sync::check_rollups(conninfo);
    REQUIRE(damaged);
    CHECK(damaged->different > 0);
    CHECK(std::ranges::any_of(
        damaged->examples, [what = std::string(what)](auto const& each) { return each.starts_with(what); }));
    RandomChain(*storage, 4).ingest(); // goes on
    REQUIRE(sync::rebuild_rollups(conninfo, act_at(7)));
    CHECK(sync::check_rollups(conninfo)->different == 0);
    auto const acts = storage->registry().audit(7);
    REQUIRE(acts);
    CHECK(std::ranges::count(*acts, "rollup.rebuild", &sync::AuditLine::what) == 1);
    RandomChain(*storage, 5).ingest();
    CHECK(sync::check_rollups(conninfo)->different == 0);
    CHECK(rollups_of(*storage).quarters == scan_of_the_log(*storage).quarters);
}

TEST_CASE("PostgreSQL: rows of too many questions are counted anew as they were", "[sync][hub][rollup]")
{
    auto const conninfo = PostgresServer::shared().make_database();
    auto const storage = open(conninfo);
    for (auto const& response : responses_of_many_questions())
        ingest_one(*storage, install_id(1), {response});
    auto const found = rollups_of(*storage);
    CHECK(sync::check_rollups(conninfo)->different == 0);
    REQUIRE(sync::rebuild_rollups(conninfo, act_at(7)));
    CHECK(sync::check_rollups(conninfo)->different == 0);
    CHECK(rollups_of(*storage).blocks == found.blocks);
}

TEST_CASE(
    "PostgreSQL: rollups of another version's hub are neither checked nor rebuilt", "[sync][hub][rollup]")
{
    auto const conninfo = PostgresServer::shared().make_database();
    for (unsigned const version : {0U, 2U}) {
        if (version > 0) {
            auto connection = postgres::Connection::open(conninfo);
            REQUIRE(connection);
            REQUIRE(sync::migrate(*connection, sync::postgres_migration_steps().first(version)));
        }
        CHECK(sync::check_rollups(conninfo).error().code == Errc::Invalid);
        CHECK(sync::rebuild_rollups(conninfo, act_at(7)).error().code == Errc::Invalid);
    }
}

// Lanes and hubs that bring the same stores' responses at once, boxes that were carried from store to store
// among them: none waits for one that waits for it, and no count is lost.
TEST_CASE("PostgreSQL: ingests at once lose no count, whatever stores they are of", "[sync][hub][rollup]")
{
    auto const conninfo = PostgresServer::shared().make_database();
    std::array const hubs {open(conninfo), open(conninfo)};
    std::vector<std::jthread> threads;
    std::atomic<int> failed = 0;
    for (int box = 0; box < 8; ++box)
        threads.emplace_back([&, box] {
            for (int round = 0; round < 40; ++round) {
                std::vector<sync::IngestRequest> requests;
                for (int each = 0; each < 3; ++each) {
                    sync::BatchParser parser;
                    auto batch = parser.parse(batch_json(install_id(box * 3 + each),
                        {response_json(2 * round + 1), response_json(2 * round + 2)}));
                    // In another store at every round.
                    requests.push_back({"dev", "store-" + std::to_string((box * 5 + each * 7 + round) % 6),
                        1'790'000'000'500, std::move(*batch), std::nullopt});
                }
                failed += hubs[static_cast<std::size_t>(round % 2)]->ingest(requests) ? 0 : 1;
            }
        });
    threads.clear();
    CHECK(failed == 0);
    auto const scan = sync::check_rollups(conninfo);
    REQUIRE(scan);
    CHECK(scan->responses == 8 * 40 * 6);
    CHECK(scan->different == 0);
}
