#include "sync/hub/sqlite_rollups.h"

#include "sync/hub/sqlite_storage.h"
#include "tests/support/old_hub_formats.h"
#include "tests/support/temp_folder.h"
#include "tests/sync/hub/rollup_contract.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::test;

namespace {

std::unique_ptr<sync::Storage> open(std::filesystem::path const& path)
{
    auto storage = sync::open_sqlite_storage(path);
    REQUIRE(storage);
    return std::move(*storage);
}

void change(std::filesystem::path const& path, std::string const& sql)
{
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
    REQUIRE(database);
    auto const done = database->execute(sql.c_str());
    INFO((done ? "" : done.error().detail));
    REQUIRE(done);
}

/// A hub.db with some responses in it.
struct File {
    explicit File(unsigned seed = 1)
    {
        auto const storage = open(path);
        RandomChain chain(*storage, seed);
        for (int round = 0; round < 8; ++round)
            chain.ingest();
        ingest_one(*storage, install_id(77), {response_with_nul(1)});
    }
    TempFolder folder;
    std::filesystem::path const path = folder / "hub.db";
};

}

#define ROLLUP_TEST(function, sentence)                                                                      \
    TEST_CASE("SQLite: " sentence, "[sync][hub][rollup]")                                                    \
    {                                                                                                        \
        TempFolder folder;                                                                                   \
        int count = 0;                                                                                       \
        function([&] { return open(folder / (std::to_string(++count) + ".db")); });                          \
    }

LISTENPOST_ROLLUP_CONTRACT(ROLLUP_TEST)

TEST_CASE("SQLite: rollups are what a scan of the log counts", "[sync][hub][rollup]")
{
    TempFolder folder;
    auto const path = folder / "hub.db";
    rollups_are_what_a_scan_of_the_log_counts([&] { return open(path); },
        {[&] { return sync::check_rollups(path); }, [&] { return sync::rebuild_rollups(path, act_at(7)); }});
}

TEST_CASE("SQLite: a hub.db from before rollups counts what it holds when it is first opened, and says so",
    "[sync][hub][rollup]")
{
    File file;
    int const format = GENERATE(1, 2, 3, 4);
    CAPTURE(format);
    // The log of today under the tables of that time.
    auto const old = file.folder / "old.db";
    change(old, old_hub_schema(format));
    std::string const rows = "part, off, store, device, install, seq, received_ms, at_ms, raw";
    change(old,
        "ATTACH '" + file.path.string() + "' AS now; INSERT INTO log (" + rows
            + (format > 2 ? ", row_check" : "") + ") SELECT " + rows + (format > 2 ? ", row_check" : "")
            + " FROM now.log; DELETE FROM partitions; INSERT INTO partitions SELECT * FROM now.partitions;"
              "DETACH now");
    auto const expected = scan_of_the_log(*open(file.path));
    std::unique_ptr<sync::Storage> storage;
    CHECK_THAT(said_by([&] { storage = open(old); }), Catch::Contains("event=rollups_counted responses="));
    auto const found = rollups_of(*storage);
    CHECK(found.blocks == expected.blocks);
    CHECK(found.quarters == expected.quarters);
    RandomChain(*storage, 2).ingest(); // and goes on
    CHECK(rollups_of(*storage).blocks == scan_of_the_log(*storage).blocks);
}

TEST_CASE("SQLite: a check finds no difference beside a hub that serves, and each that is made",
    "[sync][hub][rollup]")
{
    File file;
    {
        auto const serving = open(file.path);
        auto const scan = sync::check_rollups(file.path);
        REQUIRE(scan);
        CHECK(scan->different == 0);
        CHECK(scan->rollups > 100);
        CHECK(scan->responses == static_cast<std::int64_t>(pull_everything(*serving).size()));
    }
    std::string const first
        = " WHERE (part, span, day, store, touchpoint, survey, is_flagged) = (SELECT part, span, "
          "day, store, touchpoint, survey, is_flagged FROM rollups ";
    auto const [sql, what] = GENERATE(table<char const*, char const*>({
        {"DELETE FROM rollups", "missing: store "},
        {"UPDATE rollups SET day = day + 100000", "nothing in the log for it: store "},
        {"UPDATE rollups SET totals = (SELECT totals FROM rollups ORDER BY part LIMIT 1 OFFSET 40)",
            "other figures: store "},
        {"UPDATE rollups SET quarters = x'00'", "other figures: store "},
    }));
    auto const offset = GENERATE(0, 17);
    CAPTURE(sql, offset);
    change(file.path,
        sql + first + "ORDER BY part, span, day, store LIMIT 1 OFFSET " + std::to_string(offset) + ")");
    auto const damaged = sync::check_rollups(file.path);
    REQUIRE(damaged);
    CHECK(damaged->different >= 1);
    CHECK(damaged->different <= 2);
    CHECK_THAT(damaged->examples.at(0) + damaged->examples.back(), Catch::Contains(what));

    auto const rebuilt = sync::rebuild_rollups(file.path, act_at(7));
    REQUIRE(rebuilt);
    CHECK(rebuilt->damaged == 0);
    CHECK(sync::check_rollups(file.path)->different == 0);
    auto const storage = open(file.path);
    auto const count = std::to_string(rebuilt->responses) + " responses";
    CHECK(storage->registry().audit(0).value()
        == std::vector {sync::AuditLine {7, "unix:tester", "rollup.rebuild", "", count}});
    CHECK(rollups_of(*storage).quarters == scan_of_the_log(*storage).quarters);
}

TEST_CASE("SQLite: a damaged rollup stops no ingest, and is mended by a rebuild", "[sync][hub][rollup]")
{
    TempFolder folder;
    auto const path = folder / "hub.db";
    ingest_one(*open(path), install_id(1), {response_json(1)});
    std::string const column = GENERATE("totals", "quarters");
    change(path, "UPDATE rollups SET " + column + " = x'0102030405'");
    auto storage = open(path);
    auto const said = said_by([&] {
        ingest_one(*storage, install_id(1), {response_json(1), response_json(2)});
    });
    CHECK_THAT(said, Catch::Contains("event=rollup_damaged"));
    CHECK(pull_everything(*storage).size() == 2);
    auto reader = storage->open_reader();
    std::vector<sync::RollupRange> const days {{1, 20'000, 21'000, true}};
    // Who reads it is told.
    sync::Tally sum;
    auto const read = (*reader)->read_rollups(days, nullptr, [&](sync::RollupRow const& row) -> Result<> {
        LISTENPOST_TRY(sync::add_encoded_tally(row.totals, sum));
        return sync::add_encoded_day(row.quarters, {&sum});
    });
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Errc::Corrupt);

    reader->reset();
    storage.reset();
    REQUIRE(sync::rebuild_rollups(path, act_at(7)));
    auto const found = rollups_of(*open(path));
    REQUIRE(found.blocks.size() == 3);
    CHECK(found.blocks.begin()->second.complete == 2);
}

TEST_CASE("SQLite: rows of too many questions are counted anew as they were", "[sync][hub][rollup]")
{
    TempFolder folder;
    auto const path = folder / "hub.db";
    auto storage = open(path);
    for (auto const& response : responses_of_many_questions())
        ingest_one(*storage, install_id(1), {response});
    auto const found = rollups_of(*storage);
    storage.reset();
    CHECK(sync::check_rollups(path)->different == 0);
    REQUIRE(sync::rebuild_rollups(path, act_at(7)));
    CHECK(sync::check_rollups(path)->different == 0);
    CHECK(rollups_of(*open(path)).blocks == found.blocks);
}

TEST_CASE("SQLite: a damaged response is in no figure, and keeps nobody from counting the others",
    "[sync][hub][rollup]")
{
    File file;
    change(file.path, "UPDATE log SET raw = replace(raw, 'outcome', 'outcame') WHERE off = 3");
    Result<sync::RollupScan> scan;
    auto const said = said_by([&] { scan = sync::rebuild_rollups(file.path, act_at(7)); });
    REQUIRE(scan);
    CHECK(scan->damaged >= 1);
    CHECK(scan->responses > scan->damaged);
    CHECK_THAT(said, Catch::Contains("event=response_damaged"));
    CHECK(sync::check_rollups(file.path)->different == 0);
}

TEST_CASE("SQLite: rollups of another version's hub are neither checked nor rebuilt", "[sync][hub][rollup]")
{
    TempFolder folder;
    auto const path = folder / "hub.db";
    change(path, old_hub_schema(1));
    CHECK(sync::check_rollups(path).error().code == Errc::Invalid);
    CHECK(sync::rebuild_rollups(path, act_at(7)).error().code == Errc::Invalid);
    CHECK(sync::check_rollups(folder / "none.db").error().code == Errc::NotFound);
}
