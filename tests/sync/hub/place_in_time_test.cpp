#include "sync/hub/place_in_time.h"
#include "sync/wire/batch_parser.h"

#include <catch2/catch.hpp>

using namespace listenpost::sync;

TEST_CASE("The hub places a first tap as well as the box's clocks allow", "[sync][hub]")
{
    constexpr std::int64_t received_ms = 1'790'000'005'000;
    ParsedResponse response;
    response.opened_ms = 3'600'000; // 1970: the clock of a box that has just booted
    response.steady_ms = 40'000;
    response.boot = "first";
    SentClocks sent {1'790'000'000'000, 100'000, "first", true};

    SECTION("a clock that was set is believed")
    {
        response.clock_set = true;
        CHECK(place_in_time(response, sent, received_ms) == 3'600'000);
    }
    SECTION("one set later in the same boot: counted back from the sending")
    {
        CHECK(place_in_time(response, sent, received_ms) == 1'790'000'000'000 - 60'000);
    }
    SECTION("one never set, same boot: counted back from the receipt")
    {
        sent.clock_set = false;
        CHECK(place_in_time(response, sent, received_ms) == received_ms - 60'000);
    }
    SECTION("another boot: only the receipt is known")
    {
        sent.boot = "second";
        CHECK(place_in_time(response, sent, received_ms) == received_ms);
    }
    SECTION("a tap after its own sending is nonsense: only the receipt is known")
    {
        response.steady_ms = 100'001;
        CHECK(place_in_time(response, sent, received_ms) == received_ms);
    }
}
