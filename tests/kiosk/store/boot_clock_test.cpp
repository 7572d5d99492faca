#include "kiosk/store/response_reader.h"
#include "kiosk/store/response_store.h"
#include "tests/support/sample_responses.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using listenpost::test::sample_draft;
using listenpost::test::stamp_at;
using listenpost::test::TempFolder;

namespace {

std::vector<BootClock> clocks_in(TempFolder const& folder)
{
    return ResponseReader::open(folder / "store.db").value().boot_clocks().value();
}

Draft draft_opened(Stamp const& opened)
{
    Draft draft = sample_draft();
    draft.opened = opened;
    return draft;
}

}

TEST_CASE("A tap under a set clock notes what its boot knows of the time", "[store]")
{
    TempFolder const folder;
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    REQUIRE(store->save_draft(draft_opened(stamp_at(5'000, 1'790'000'000'000)), Outcome::Partial));
    std::vector<BootClock> const first {{"0123456789abcdef", 5'000, 1'790'000'000'000}};
    CHECK(clocks_in(folder) == first);

    SECTION("once, while clock and steady time agree")
    {
        REQUIRE(store->save_draft(draft_opened(stamp_at(65'000, 1'790'000'061'000)), Outcome::Partial));
        REQUIRE(store->save_draft(draft_opened(stamp_at(65'000, 1'790'000'059'000)), Outcome::Partial));
        CHECK(clocks_in(folder) == first);
    }
    SECTION("and again when they drift more than a second apart, either way")
    {
        std::int64_t const step = GENERATE(-1'001, 1'001, 7'200'000);
        REQUIRE(
            store->save_draft(draft_opened(stamp_at(65'000, 1'790'000'060'000 + step)), Outcome::Partial));
        CHECK(clocks_in(folder)
            == std::vector<BootClock> {{"0123456789abcdef", 65'000, 1'790'000'060'000 + step}});
    }
    SECTION("not from a moment before the one that is noted")
    {
        REQUIRE(store->save_draft(draft_opened(stamp_at(4'000, 1'700'000'000'000)), Outcome::Partial));
        CHECK(clocks_in(folder) == first);
    }
    SECTION("for each boot, and a new start of the program forgets none")
    {
        store = ResponseStore::open(folder / "store.db");
        REQUIRE(store);
        REQUIRE(store->save_draft(draft_opened(stamp_at(8'000, 1'790'000'003'500)), Outcome::Partial));
        CHECK(clocks_in(folder) == first);
        Stamp later = stamp_at(100, 1'790'000'900'000);
        later.boot_id = "later";
        REQUIRE(store->save_draft(draft_opened(later), Outcome::Partial));
        CHECK(clocks_in(folder) == std::vector<BootClock> {first.front(), {"later", 100, 1'790'000'900'000}});
    }
}

TEST_CASE("A clock that nobody has set is not noted", "[store]")
{
    TempFolder const folder;
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    Stamp unset = stamp_at(5'000, 1'000);
    unset.wall_is_set = false;
    REQUIRE(store->save_draft(draft_opened(unset), Outcome::Partial));
    REQUIRE(store->note_clock(unset));
    CHECK(clocks_in(folder).empty());

    SECTION("until it is: then it places what was tapped before")
    {
        REQUIRE(store->note_clock(stamp_at(90'000, 1'790'000'000'000)));
        CHECK(clocks_in(folder) == std::vector<BootClock> {{"0123456789abcdef", 90'000, 1'790'000'000'000}});
    }
}

TEST_CASE("A tap and what it knows of the time are stored together or not at all", "[store]")
{
    TempFolder const folder;
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    auto database = sqlite::Database::open(folder / "store.db", sqlite::OpenMode::Writer);
    REQUIRE(database);
    REQUIRE(database->execute(
        "CREATE TRIGGER full BEFORE INSERT ON boot_clock BEGIN SELECT raise(ABORT, 'no room'); END"));
    CHECK_FALSE(store->save_draft(sample_draft(), Outcome::Partial));
    CHECK(database->query_integer("SELECT count(*) FROM draft").value() == 0);

    REQUIRE(database->execute("DROP TRIGGER full"));
    REQUIRE(store->save_draft(sample_draft(), Outcome::Partial));
    CHECK(database->query_integer("SELECT count(*) FROM draft").value() == 1);
    CHECK(clocks_in(folder).size() == 1);
}

TEST_CASE("Of boots without end the last ten thousand are kept", "[store]")
{
    TempFolder const folder;
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    auto database = sqlite::Database::open(folder / "store.db", sqlite::OpenMode::Writer);
    REQUIRE(database);
    REQUIRE(
        database->execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10005) "
                          "INSERT INTO boot_clock SELECT 'boot ' || i, i, i FROM n"));
    REQUIRE(store->note_clock(stamp_at(5'000)));
    auto const clocks = clocks_in(folder);
    REQUIRE(clocks.size() == 10'000);
    CHECK(clocks.front().boot_id == "boot 7");
    CHECK(clocks.back().boot_id == "0123456789abcdef");
}
