#include "kiosk/summary/comparison.h"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

using namespace listenpost::kiosk;

namespace {

Mean mean_of(std::initializer_list<int> times_of_1_to_5)
{
    ScoreCounts counts;
    int score = 1;
    for (int const times : times_of_1_to_5)
        counts.add(score++, times);
    return mean_score(counts, Scale::FiveFaces);
}

Mean day(double level, int ratings, std::mt19937& random)
{
    ScoreCounts counts;
    std::normal_distribution<> score(level, 0.8);
    for (int each = 0; each < ratings; ++each)
        counts.add(std::clamp(static_cast<int>(std::lround(score(random))), 1, 5));
    return mean_score(counts, Scale::FiveFaces);
}

}

TEST_CASE("A figure is compared with the mean of the usual days", "[summary]")
{
    std::vector<Mean> const usual(4, mean_of({0, 0, 10, 20, 10}));
    auto const compared = compare(mean_of({0, 0, 20, 10, 10}), usual);
    CHECK(compared.samples == 4);
    CHECK(compared.usual == Approx(4.0));
    CHECK(compared.change == Approx(-0.25));
    CHECK(compared.spread == 0);
    CHECK(compared.interval.low < compared.change);
    CHECK(compared.interval.high > compared.change);
}

TEST_CASE("Without two usual days, or ratings now, nothing is compared", "[summary]")
{
    auto const now = mean_of({0, 0, 20, 10, 10});
    CHECK_FALSE(compare(now, {}).is_known());
    CHECK_FALSE(compare(now, std::vector {now, Mean {}}).is_known());
    CHECK(compare(now, std::vector {now, Mean {}, now}).is_known());
    CHECK_FALSE(compare(Mean {}, std::vector {now, now, now}).is_known());
}

TEST_CASE("Where days differ by themselves, one more such day is no clear change", "[summary]")
{
    auto const low = mean_of({0, 40, 40, 20, 0});
    auto const high = mean_of({0, 0, 10, 40, 50});
    CHECK(compare(low, std::vector(8, high)).is_clear());
    CHECK_FALSE(compare(low, std::vector {high, low, high, low, high, low, high, high}).is_clear());
}

TEST_CASE("The interval of the change leaves out about one usual day of twenty", "[summary]")
{
    std::mt19937 random(4);
    std::normal_distribution<> level(4.0, 0.25);
    int outside = 0;
    constexpr int rounds = 4'000;
    for (int round = 0; round < rounds; ++round) {
        std::vector<Mean> usual;
        for (int sample = 0; sample < 8; ++sample)
            usual.push_back(day(level(random), 60, random));
        outside += compare(day(level(random), 60, random), usual).is_clear() ? 1 : 0;
    }
    CHECK(outside > rounds * 3 / 100);
    CHECK(outside < rounds * 7 / 100);
}

TEST_CASE("Of three figures the most changed is named by chance in less than one ordinary week of twenty",
    "[summary]")
{
    constexpr int weeks = 2'000;
    for (int const samples : {3, 8}) {
        INFO(samples << " usual weeks");
        std::mt19937 random(7);
        std::normal_distribution<> level(4.2, 0.08);
        int named = 0;
        for (int week = 0; week < weeks; ++week) {
            bool is_any = false;
            for (int question = 0; question < 3; ++question) {
                std::vector<Mean> usual;
                for (int each = 0; each < samples; ++each)
                    usual.push_back(day(level(random), 150, random));
                is_any |= compare(day(level(random), 150, random), usual).is_clear_of_three();
            }
            named += is_any ? 1 : 0;
        }
        CHECK(named < weeks / 20);
    }
    auto const now = mean_of({0, 40, 40, 20, 0});
    CHECK(compare(now, std::vector(8, mean_of({0, 0, 10, 40, 50}))).is_clear_of_three());
    CHECK_FALSE(compare(now, {}).is_clear_of_three());
}
