#include "kiosk/model/place_in_time.h"

#include <catch2/catch.hpp>

using namespace listenpost::kiosk;

namespace {

constexpr std::int64_t now_ms = 1'790'000'000'000;
constexpr std::int64_t hour_ms = 3'600'000;
BootClock const note {"boot", hour_ms, now_ms}; // an hour after the start it was `now_ms`

}

TEST_CASE("A tap under a set clock was when that clock says", "[model]")
{
    CHECK(place_by_box({now_ms + 60'000, true, hour_ms + 60'000}, &note) == now_ms + 60'000);
    CHECK(place_by_box({now_ms + 61'900, true, hour_ms + 60'000}, &note) == now_ms + 61'900);
    CHECK(place_by_box({now_ms, true, 5}, nullptr) == now_ms);
}

TEST_CASE("A tap before the clock was set is counted back from when it was", "[model]")
{
    CHECK(place_by_box({12'345, false, 60'000}, &note) == now_ms - hour_ms + 60'000);
}

TEST_CASE("A clock that was put right later places the taps before", "[model]")
{
    CHECK(place_by_box({now_ms + 400 * hour_ms, true, hour_ms - 1'000}, &note) == now_ms - 1'000);
}

TEST_CASE("Without any set clock a tap cannot be placed", "[model]")
{
    CHECK_FALSE(place_by_box({now_ms, false, 60'000}, nullptr));
    CHECK(place_on_box({now_ms, false, 60'000}, nullptr) == PlacedTap {now_ms, true});
    CHECK(place_on_box({now_ms, true, 60'000}, nullptr) == PlacedTap {now_ms, false});
    CHECK_FALSE(place_on_box({60'000, false, 60'000}, nullptr));
    CHECK_FALSE(place_by_box({60'000, true, 60'000}, nullptr)); // set to 1970
    BootClock const never_right {"boot", hour_ms, hour_ms};
    CHECK_FALSE(place_by_box({60'000, false, 60'000}, &never_right));
}

TEST_CASE("No tap is placed after the latest moment that it can have been", "[model]")
{
    CHECK(place_by_box({now_ms - hour_ms, true, hour_ms + 60'000}, &note, now_ms) == now_ms - hour_ms);
    CHECK_FALSE(place_by_box({now_ms + hour_ms, true, hour_ms + 60'000}, &note, now_ms));
}
