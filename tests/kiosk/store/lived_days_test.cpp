#include "kiosk/store/lived_days.h"

#include "kiosk/store/schema.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::years;

namespace {

/// A store.db without customers, and a box's clocks over months.
struct Box {
    Box()
        : store(sqlite::Database::open(folder / "store.db", sqlite::OpenMode::Writer).value())
    {
        REQUIRE(store.execute("PRAGMA synchronous = OFF")); // months of it, and no power cut
        REQUIRE(migrate_store(store));
        hour();
    }

    /// As housekeeping does.
    void hour()
    {
        REQUIRE(note_day(store, now));
        now.wall += 1h;
        now.steady += 1h;
    }
    void live(days span)
    {
        for (auto left = std::chrono::hours(span); left > 0h; left -= 1h)
            hour();
    }
    void reboot(std::string const& boot)
    {
        now.boot_id = boot;
        now.steady = SteadyTime(30s);
    }
    /// As if so many had been closed by now.
    void close_up_to(std::int64_t seq)
    {
        REQUIRE(store.execute(("UPDATE removed SET up_to = " + std::to_string(seq)).c_str()));
    }
    std::int64_t lived() { return store.query_integer("SELECT count(*) FROM lived_day").value(); }
    std::int64_t old(days keep) { return closed_before(store, now, keep).value(); }

    test::TempFolder folder;
    sqlite::Database store;
    Stamp now {WallTime(std::chrono::milliseconds(1'790'000'000'000)), true, SteadyTime(30s), "b1"};
};

}

TEST_CASE("A box counts one day a day", "[store]")
{
    Box box;
    box.live(days(30));
    CHECK(box.lived() >= 30);
    CHECK(box.lived() <= 31);
}

TEST_CASE("A box that is switched off at night counts its days too", "[store]")
{
    Box box;
    for (int day = 0; day < 30; ++day) {
        box.reboot("b" + std::to_string(day));
        for (int hour = 0; hour < 13; ++hour)
            box.hour();
        box.now.wall += 11h;
    }
    CHECK(box.lived() >= 29);
    CHECK(box.lived() <= 31);
}

TEST_CASE("What was closed is old once so many days were lived through since", "[store]")
{
    Box box;
    box.close_up_to(10);
    box.live(days(2));
    box.close_up_to(20);
    CHECK(box.old(days(5)) == 0);
    box.live(days(2));
    CHECK(box.old(days(5)) == 0);
    box.live(days(3));
    CHECK(box.old(days(5)) == 10);
    box.live(days(3));
    CHECK(box.old(days(5)) == 20);
    CHECK(box.old(days(30)) == 0);
}

TEST_CASE("A clock that is wrong makes nothing old", "[store]")
{
    Box box;
    box.close_up_to(10);
    box.live(days(2));
    auto const truth = box.now.wall;

    SECTION("nobody has set it, whatever it says and however long")
    {
        box.now.wall_is_set = false;
        box.now.wall += years(20);
        box.live(days(60));
        CHECK(box.lived() <= 3);
        CHECK(box.old(days(5)) == 0);
    }
    SECTION("set years ahead, it makes a day of an hour, and no more")
    {
        box.now.wall += years(20);
        box.live(days(1));
        CHECK(box.lived() <= 5);
        CHECK(box.old(days(5)) == 0);
    }
    SECTION("set ahead and back each hour")
    {
        for (int hour = 0; hour < 48; ++hour) {
            box.now.wall += hour % 2 == 0 ? days(500) : -days(500);
            box.hour();
        }
        CHECK(box.lived() <= 3 + 4);
        CHECK(box.old(days(8)) == 0);
    }
    SECTION("set to 1970, where nothing is old, however many days the list has")
    {
        box.now.wall = WallTime(0s);
        REQUIRE(box.store.execute("UPDATE lived_day SET number = number + 100 "
                                  "WHERE number = (SELECT max(number) FROM lived_day)"));
        CHECK(box.old(days(5)) == 0);
    }

    // And once it is right again, the box goes on as ever.
    box.now.wall_is_set = true;
    box.now.wall = truth + days(30);
    box.live(days(14));
    CHECK(box.old(days(5)) == 10);
}

TEST_CASE("A box that was off for years has not lived through them", "[store]")
{
    Box box;
    box.close_up_to(10);
    box.live(days(2));
    box.reboot("b2");
    box.now.wall += years(3);
    box.live(days(2));
    CHECK(box.old(days(5)) == 0);
    box.live(days(4));
    CHECK(box.old(days(5)) == 10);
}

TEST_CASE("The list of days is bounded", "[store]")
{
    Box box;
    REQUIRE(box.store.execute(R"sql(
        WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
        INSERT INTO lived_day SELECT i, 1790000000000 + i, 'b1', 0, 7 FROM n
    )sql"));
    box.live(days(2));
    CHECK(box.lived() == max_keep_days.count() + 1);
    box.now.wall += max_keep_days;
    CHECK(box.old(max_keep_days) == 7);
}
