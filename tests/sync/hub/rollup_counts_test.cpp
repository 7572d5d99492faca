#include "sync/hub/rollup_counts.h"

#include "sync/hub/rollup_batch.h"
#include "tests/sync/hub/batches.h"

#include <catch2/catch.hpp>
#include <random>

using namespace listenpost;
using namespace listenpost::sync;

namespace {

DayCounts a_day(unsigned seed)
{
    std::mt19937 random(seed);
    auto const roll = [&](int sides) { return static_cast<int>(random() % static_cast<unsigned>(sides)); };
    DayCounts day;
    for (int tap = roll(400); tap > 0; --tap) {
        int const quarter = roll(quarters_a_day);
        (roll(3) > 0 ? day.complete : day.partial).add(quarter, roll(20) == 0 ? 1'000'000'000'000 : 1);
        if (roll(9) == 0)
            day.with_comment.add(quarter);
        for (char const* question : {"quality", "味道", ""})
            if (roll(4) > 0)
                day.questions[question][static_cast<std::size_t>(roll(11))].add(quarter);
    }
    return day;
}

}

TEST_CASE(
    "A day's counts are read back as they were written, whole and by the quarter", "[sync][hub][rollup]")
{
    auto const day = a_day(GENERATE(range(1U, 30U)));
    auto const bytes = encode(day);
    auto const back = decode_day(bytes);
    REQUIRE(back);
    CHECK(*back == day);
    Tally sum;
    REQUIRE(add_encoded_tally(encode(day.tally()), sum));
    CHECK(sum == day.tally());

    // Every quarter alone, and added up again.
    std::array<Tally, quarters_a_day> tallies;
    QuarterTallies places;
    for (std::size_t quarter = 0; quarter < quarters_a_day; ++quarter)
        places[quarter] = &tallies[quarter];
    REQUIRE(add_encoded_day(bytes, places));
    Tally again;
    for (auto const& tally : tallies)
        again += tally;
    CHECK(again == day.tally());
}

TEST_CASE("A busy shop's day takes some hundred bytes", "[sync][hub][rollup]")
{
    DayCounts day;
    std::mt19937 random(1);
    for (int tap = 0; tap < 120; ++tap) {
        int const quarter = 40 + static_cast<int>(random() % 48);
        day.complete.add(quarter);
        for (char const* question : {"quality", "service", "cleanliness"})
            day.questions[question][3 + random() % 3].add(quarter);
    }
    CHECK(encode(day).size() < 500);
    CHECK(encode(day.tally()).size() < 70);
}

TEST_CASE("Counts that are damaged in any byte are not read", "[sync][hub][rollup]")
{
    auto const day = a_day(3);
    auto bytes = encode(day);
    auto totals = encode(day.tally());
    Tally sum;
    for (std::size_t size = 0; size < bytes.size(); ++size)
        CHECK(decode_day(bytes.substr(0, size)).error().code == Errc::Corrupt);
    for (std::size_t size = 0; size < totals.size(); ++size)
        CHECK(add_encoded_tally(totals.substr(0, size), sum).error().code == Errc::Corrupt);
    for (auto& byte : bytes) {
        byte = static_cast<char>(byte ^ 0x10);
        CHECK_FALSE(decode_day(bytes));
        CHECK_FALSE(add_encoded_day(bytes, {}));
        byte = static_cast<char>(byte ^ 0x10);
    }
    for (auto& byte : totals) {
        byte = static_cast<char>(byte ^ 0x10);
        CHECK_FALSE(add_encoded_tally(totals, sum));
        byte = static_cast<char>(byte ^ 0x10);
    }
}
