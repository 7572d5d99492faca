#include "platform/os/system_clock.h"

#include <catch2/catch.hpp>

using namespace listenpost;

TEST_CASE("Steady time does not go back, and the boot id stays during a boot", "[os]")
{
    SystemClock const clock;
    SteadyTime last = clock.steady_now();
    for (int count = 0; count < 1'000; ++count) {
        SteadyTime const now = clock.steady_now();
        REQUIRE(now >= last);
        last = now;
    }
    CHECK_FALSE(clock.boot_id().empty());
    CHECK(SystemClock().boot_id() == clock.boot_id());
    CHECK(Stamp::now(clock).boot_id == clock.boot_id());
}
