#include "platform/os/local_time.h"

#include <catch2/catch.hpp>

using namespace listenpost;

namespace {

constexpr int day = 24 * 60;

/// 2026-11-25 is a Wednesday.
WallTime at_utc(int hour, int minute)
{
    return WallTime(std::chrono::sys_days(std::chrono::year(2026) / 11 / 25)) + std::chrono::hours(hour)
        + std::chrono::minutes(minute);
}

}

TEST_CASE("The minute of the week is that of the shop's own clocks", "[os]")
{
    CHECK(minute_of_week(at_utc(4, 30), "Asia/Shanghai") == 2 * day + 12 * 60 + 30);
    CHECK(minute_of_week(at_utc(20, 0), "Asia/Shanghai") == 3 * day + 4 * 60); // already Thursday there
    CHECK(minute_of_week(at_utc(4, 30), "America/New_York") == 1 * day + 23 * 60 + 30); // still Tuesday
}

TEST_CASE("Summer time counts", "[os]")
{
    WallTime const july = WallTime(std::chrono::sys_days(std::chrono::year(2026) / 7 / 6)); // a Monday
    CHECK(minute_of_week(july + std::chrono::hours(10), "Europe/Berlin") == 12 * 60);
}

TEST_CASE("A zone that nobody knows is no reason to end", "[os]")
{
    CHECK_FALSE(minute_of_week(at_utc(0, 0), "Moon/Crater"));
}
