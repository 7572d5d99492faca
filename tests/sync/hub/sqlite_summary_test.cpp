#include "sync/hub/sqlite_rollups.h"
#include "sync/hub/sqlite_storage.h"
#include "tests/support/temp_folder.h"
#include "tests/sync/hub/summary_contract.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::test;

#define SUMMARY_TEST(function, sentence)                                                                     \
    TEST_CASE("SQLite: " sentence, "[sync][hub][summary]")                                                   \
    {                                                                                                        \
        TempFolder folder;                                                                                   \
        function([&] { return std::move(sync::open_sqlite_storage(folder / "hub.db").value()); });           \
    }

LISTENPOST_SUMMARY_CONTRACT(SUMMARY_TEST)

TEST_CASE("SQLite: a summary is what a scan of the log gives", "[sync][hub][summary]")
{
    TempFolder folder;
    auto const path = folder / "hub.db";
    a_summary_is_what_a_scan_of_the_log_gives(
        [&] { return std::move(sync::open_sqlite_storage(path).value()); },
        {[&] { return sync::check_rollups(path); }, [&] { return sync::rebuild_rollups(path, act_at(7)); }});
}

TEST_CASE(
    "SQLite: a damaged rollup is told with its cure, and the log says whose it is", "[sync][hub][summary]")
{
    TempFolder folder;
    auto const path = folder / "hub.db";
    auto const storage = std::move(sync::open_sqlite_storage(path).value());
    REQUIRE(storage->registry().add_store(chain_stores.front(), act_at(1)));
    ingest_one(*storage, install_id(1), {response_json(1)}, "sh-001");
    {
        auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute("UPDATE rollups SET totals = x'0102030405', quarters = x'0102030405'"));
    }
    auto reader = storage->open_reader();
    REQUIRE(reader);
    // Of a whole day, and of some quarters of it.
    std::string const target = GENERATE("/v1/summary?from=2026-01-01&to=2027-01-01",
        "/v1/summary?from=2026-09-21T12:00:00Z&to=2026-09-21T15:00:00Z",
        "/v1/ranking?from=2026-01-01&to=2027-01-01");
    CAPTURE(target);
    sync::ApiReply reply;
    auto const said = said_by([&] {
        reply = target.starts_with("/v1/summary")
            ? sync::summary_reply(**reader, target, {}, 1'790'000'000'500)
            : sync::ranking_reply(**reader, target, {}, 1'790'000'000'500);
    });
    CHECK(reply.status == 500);
    CHECK_THAT(
        reply.body, Catch::Contains("\"damaged\"") && Catch::Contains("`listenpost-hub rollup rebuild`"));
    CHECK_THAT(said, Catch::Contains("rollup of store sh-001, span ") && Catch::Contains(", day 2026-"));
}
