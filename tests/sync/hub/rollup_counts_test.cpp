#include "sync/hub/rollup_counts.h"

#include "platform/base/crc32.h"
#include "sync/hub/rollup_batch.h"
#include "sync/hub/rollup_rows.h"
#include "tests/sync/hub/batches.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <set>

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

namespace {

/// `count` ids from `first` on, one rating each.
DayCounts with_questions(int first, int count)
{
    DayCounts day;
    for (int id = first; id < first + count; ++id) {
        day.complete.add(id % quarters_a_day);
        day.questions["q" + std::to_string(id)][5].add(id % quarters_a_day);
    }
    return day;
}

}

TEST_CASE("What was encoded is read back, however many questions it has", "[sync][hub][rollup]")
{
    auto day = with_questions(0, GENERATE(0, 1, 200, 201, 150'000));
    if (GENERATE(false, true))
        day.limit_questions();
    CAPTURE(day.questions.size());
    CHECK(decode_day(encode(day)).value() == day);
    Tally sum;
    REQUIRE(add_encoded_tally(encode(day.tally()), sum));
    CHECK(sum == day.tally());
    Tally by_quarter;
    QuarterTallies places;
    places.fill(&by_quarter);
    REQUIRE(add_encoded_day(encode(day), places));
    CHECK(by_quarter == day.tally());
}

TEST_CASE("Beyond 200 questions a row counts responses alone, in whatever order its parts come",
    "[sync][hub][rollup]")
{
    std::vector<DayCounts> parts {with_questions(0, 120), with_questions(60, 120), with_questions(150, 120)};
    parts.push_back(with_questions(0, 201));
    parts.back().limit_questions();
    CHECK(parts.back().has_too_many_questions);
    std::vector<std::size_t> order {0, 1, 2, 3};
    auto const used = GENERATE(2UL, 3UL, 4UL); // 180 different questions, 270, and one that had too many
    std::set<std::string> rows;
    do {
        if (!std::ranges::all_of(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(used),
                [&](std::size_t part) { return part < used; }))
            continue;
        DayCounts day;
        Tally tally;
        for (std::size_t i = 0; i < used; ++i) {
            day += parts[order[i]];
            day.limit_questions();
            tally += parts[order[i]].tally();
            tally.limit_questions();
        }
        CHECK(day.has_too_many_questions == (used > 2));
        CHECK(day.questions.empty() == (used > 2));
        CHECK(day.tally() == tally);
        rows.insert(encode(day));
    } while (std::ranges::next_permutation(order).found);
    CHECK(rows.size() == 1);
}

TEST_CASE("A count that no chain has is damage, as are a quarter and a question that stand twice",
    "[sync][hub][rollup]")
{
    Tally huge;
    huge.complete = std::int64_t {1} << 49;
    Tally sum;
    CHECK_FALSE(add_encoded_tally(encode(huge), sum));
    DayCounts day;
    day.complete.entries = {{7, 1}, {7, 2}};
    CHECK_FALSE(decode_day(encode(day)));
    day.complete.entries = {{7, std::int64_t {1} << 62}};
    CHECK_FALSE(decode_day(encode(day)));
    CHECK_FALSE(add_encoded_day(encode(day), {}));

    // An id that says to be as long as what is left, its own length included.
    std::string const body("\0\0\0\1\2a", 6);
    std::string bytes;
    for (unsigned shift = 0; shift < 32; shift += 8)
        bytes += static_cast<char>(crc32(body) >> shift & 0xff);
    CHECK_FALSE(add_encoded_tally(bytes + body, sum));
    CHECK_FALSE(decode_day(bytes + body));
}

TEST_CASE("A check goes over the log as often as its memory needs", "[sync][hub][rollup]")
{
    CHECK(passes_over(0, 0) == 1);
    CHECK(passes_over(1'000'000, 59'999) == 1);
    CHECK(passes_over(300'000, 300'000) == 6); // one response a day
    CHECK(passes_over(30'000'000, 0) == 4); // the rollups are gone
    CHECK(passes_over(240'000'000, 2'000'000) == 34);
    CHECK(passes_over(1'000'000'000'000, 1'000'000'000) == partition_count);
}
