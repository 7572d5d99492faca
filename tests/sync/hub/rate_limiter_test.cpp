#include "sync/hub/rate_limiter.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace std::chrono_literals;
using sync::RateLimiter;

TEST_CASE("Rate limit: a burst passes, and then one for each that the rate brings", "[sync][hub][rate]")
{
    RateLimiter limiter({2, 3}, 10); // 2 a second, 3 at once
    SteadyTime const begin {1h};
    for (int i = 0; i < 3; ++i)
        CHECK_FALSE(limiter.take("box", begin));
    CHECK(limiter.take("box", begin) == 500ms);
    CHECK(limiter.take("box", begin + 499ms) == 1ms);
    CHECK_FALSE(limiter.take("box", begin + 500ms));
    CHECK(limiter.take("box", begin + 500ms) == 500ms);

    SECTION("after a rest the burst is there again, and no more than that")
    {
        for (int i = 0; i < 3; ++i)
            CHECK_FALSE(limiter.take("box", begin + 24h));
        CHECK(limiter.take("box", begin + 24h));
    }
    SECTION("over a minute of asking all the time, the rate")
    {
        int taken = 0;
        for (auto now = begin + 500ms; now < begin + 60'500ms; now += 10ms)
            taken += limiter.take("box", now) ? 0 : 1;
        CHECK(taken == 119); // of 120, the one of the first moment had gone before
    }
    SECTION("another name has a bucket of its own") { CHECK_FALSE(limiter.take("other box", begin)); }
}

TEST_CASE("Rate limit: to look costs nothing", "[sync][hub][rate]")
{
    RateLimiter limiter({1, 1}, 10);
    SteadyTime const now {1h};
    CHECK_FALSE(limiter.wait_of("box", now));
    CHECK(limiter.names() == 0);
    CHECK_FALSE(limiter.take("box", now));
    CHECK(limiter.wait_of("box", now) == 1s);
    CHECK(limiter.wait_of("box", now) == 1s);
}

TEST_CASE("Rate limit: made-up names cannot take the memory, nor lock out who is known", "[sync][hub][rate]")
{
    RateLimiter limiter({1, 2}, 100);
    SteadyTime const begin {1h};
    CHECK_FALSE(limiter.take("known", begin));
    for (int i = 0; i < 10'000; ++i)
        (void)limiter.take(std::to_string(i), begin);
    CHECK(limiter.names() == 100);
    CHECK(limiter.take("one more", begin)); // shares the bucket of all who found no room
    CHECK_FALSE(limiter.take("known", begin));

    // Once their buckets are full again, the names are forgotten.
    CHECK_FALSE(limiter.take("one more", begin + 1min));
    CHECK(limiter.names() == 1);
}

TEST_CASE("Rate limit: a rate of 0 limits nothing and keeps nothing", "[sync][hub][rate]")
{
    RateLimiter limiter({0, 1}, 10);
    for (int i = 0; i < 100; ++i)
        CHECK_FALSE(limiter.take("box", SteadyTime {1h}));
    CHECK(limiter.names() == 0);
}
