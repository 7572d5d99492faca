#include "platform/os/time_zone.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace std::chrono_literals;

namespace {

WallTime utc(int year, unsigned month, unsigned day, int hour, int minute = 0)
{
    return WallTime(std::chrono::sys_days(
               std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day)))
        + std::chrono::hours(hour) + std::chrono::minutes(minute);
}

LocalTime local(int year, unsigned month, unsigned day, int hour, int minute = 0)
{
    return LocalTime(utc(year, month, day, hour, minute).time_since_epoch());
}

}

TEST_CASE("Clocks of a place follow its summer time", "[os]")
{
    auto berlin = TimeZone::find("Europe/Berlin");
    REQUIRE(berlin);
    CHECK(berlin->to_local(utc(2026, 3, 29, 0, 59)) == local(2026, 3, 29, 1, 59));
    CHECK(berlin->to_local(utc(2026, 3, 29, 1, 0)) == local(2026, 3, 29, 3, 0));
    CHECK(
        berlin->to_local(utc(2026, 3, 29, 0, 59)) == local(2026, 3, 29, 1, 59)); // back in the remembered one
    CHECK(berlin->to_local(utc(2026, 10, 25, 0, 30)) == local(2026, 10, 25, 2, 30));
    CHECK(berlin->to_local(utc(2026, 10, 25, 1, 30)) == local(2026, 10, 25, 2, 30));
}

TEST_CASE("Clocks may be ahead by part of an hour, and change by part of one", "[os]")
{
    CHECK(TimeZone::find("Asia/Kathmandu")->to_local(utc(2026, 1, 1, 0)) == local(2026, 1, 1, 5, 45));
    auto lord_howe = TimeZone::find("Australia/Lord_Howe");
    CHECK(lord_howe->to_local(utc(2026, 1, 1, 0)) == local(2026, 1, 1, 11));
    CHECK(lord_howe->to_local(utc(2026, 7, 1, 0)) == local(2026, 7, 1, 10, 30));
}

TEST_CASE(
    "A time that clocks show twice is the first of the two, one that they leave out is the change", "[os]")
{
    auto berlin = TimeZone::find("Europe/Berlin");
    CHECK(berlin->to_utc(local(2026, 10, 25, 2, 30)) == utc(2026, 10, 25, 0, 30));
    CHECK(berlin->to_utc(local(2026, 3, 29, 2, 30)) == utc(2026, 3, 29, 1, 0));
    CHECK(berlin->to_utc(local(2026, 7, 1, 12)) == utc(2026, 7, 1, 10));
}

TEST_CASE("A zone that is none is not found", "[os]") { CHECK_FALSE(TimeZone::find("Mars/Olympus")); }
