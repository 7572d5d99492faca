#include "kiosk/manager/lockout.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace std::chrono_literals;

namespace {

SteadyTime at(std::chrono::milliseconds since_boot) { return SteadyTime(since_boot); }

}

TEST_CASE("Three wrong PINs are free, and each further one costs more, up to an hour", "[manager]")
{
    CHECK(wait_after(0) == 0s);
    CHECK(wait_after(1) == 0s);
    CHECK(wait_after(2) == 0s);
    CHECK(wait_after(3) == 30s);
    CHECK(wait_after(4) == 1min);
    CHECK(wait_after(5) == 5min);
    CHECK(wait_after(6) == 15min);
    CHECK(wait_after(7) == 1h);
    CHECK(wait_after(1'000'000) == 1h);
}

TEST_CASE("The wait runs down with the steady clock and ends exactly", "[manager]")
{
    PinAttempts const attempts {3, "boot", at(100s)};
    CHECK(time_left(attempts, at(100s), "boot") == 30s);
    CHECK(time_left(attempts, at(129'999ms), "boot") == 1ms);
    CHECK(time_left(attempts, at(130s), "boot") == 0ms);
    CHECK(time_left(attempts, at(1000h), "boot") == 0ms);
}

TEST_CASE(
    "After a restart of the machine the wait begins again with the boot: it is never shorter", "[manager]")
{
    PinAttempts const attempts {4, "boot", at(1h)};
    CHECK(time_left(attempts, at(0s), "next boot") == 60s);
    CHECK(time_left(attempts, at(20s), "next boot") == 40s);
    CHECK(time_left(attempts, at(60s), "next boot") == 0s);
}

TEST_CASE("A steady clock that goes back, as none does, makes no wait longer than its whole", "[manager]")
{
    PinAttempts const attempts {3, "boot", at(100s)};
    CHECK(time_left(attempts, at(50s), "boot") == 30s);
}
