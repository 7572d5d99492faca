#include "sync/agent/certificate_clock.h"

#include "tests/support/fake_clock.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::sync;
using namespace std::chrono_literals;

TEST_CASE("Certificates are judged by the clock where it is set, and else by what is known", "[sync][agent]")
{
    test::FakeClock clock;
    WallTime const built = clock.wall - 24h * 30;
    SECTION("set") { CHECK_FALSE(earliest_now(clock, built)); }
    SECTION("set, and behind the build: that cannot be")
    {
        clock.wall = built - 1ms;
        CHECK(earliest_now(clock, built) == built);
    }
    SECTION("1970")
    {
        clock.is_set = false;
        clock.wall = WallTime(1min);
        CHECK(earliest_now(clock, built) == built);
    }
    SECTION("not set since the boot, but kept by a battery")
    {
        clock.is_set = false;
        CHECK(earliest_now(clock, built) == clock.wall);
    }
}

TEST_CASE("The day of the build is known, and has been", "[sync][agent]")
{
    CHECK(build_time() > WallTime(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)));
    // A day more: the build's day may be another time zone's tomorrow.
    CHECK(build_time() <= std::chrono::system_clock::now() + 24h);
}
