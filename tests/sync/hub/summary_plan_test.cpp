#include "sync/hub/summary_plan.h"

#include "platform/os/time_zone.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::sync;

namespace {

constexpr std::int64_t march_1st = 20'513; // 2026-03-01, a Sunday

PeriodPlan plan_of(
    char const* timezone, std::int64_t first_day, std::int64_t days, SummaryGroup group, TimeGroups& groups)
{
    auto zone = TimeZone::find(timezone);
    REQUIRE(zone);
    auto const period
        = period_in(*zone, {PeriodEnd::Kind::Day, first_day}, {PeriodEnd::Kind::Day, first_day + days});
    auto plan = plan_period(*zone, period, group, groups);
    REQUIRE(plan);
    return std::move(*plan);
}

/// How many quarters of an hour each group has.
std::map<std::int64_t, int> quarters(PeriodPlan const& plan, TimeGroups const& groups)
{
    std::map<std::int64_t, int> found;
    for (auto const& [block, share] : plan.blocks) {
        if (share.whole != BlockShare::no_group)
            found[groups.starts[static_cast<std::size_t>(share.whole)]] += block.first * quarters_a_day;
        else
            for (int const group : share.of_quarter)
                if (group != BlockShare::no_group)
                    ++found[groups.starts[static_cast<std::size_t>(group)]];
    }
    return found;
}

}

TEST_CASE("A long period is a few blocks of days, and two days' quarters at its ends", "[sync][hub][summary]")
{
    TimeGroups groups;
    auto const plan = plan_of("Asia/Shanghai", march_1st, 400, SummaryGroup::None, groups);
    CHECK(quarters(plan, groups) == std::map<std::int64_t, int> {{0, 400 * 96}});
    CHECK(plan.blocks.size() < 35);
    int with_quarters = 0;
    for (auto const& [block, share] : plan.blocks)
        with_quarters += share.needs_quarters() ? 1 : 0;
    CHECK(with_quarters == 2);
    std::array const plans {plan};
    CHECK(ranges_of(plans).size() <= 7);
}

TEST_CASE("Days are those of the zone's own clocks, which may have 23 or 25 hours", "[sync][hub][summary]")
{
    TimeGroups groups;
    SECTION("New York, where the clocks go forward on March 8th")
    {
        auto const plan = plan_of("America/New_York", march_1st, 10, SummaryGroup::Day, groups);
        auto found = quarters(plan, groups);
        CHECK(found.size() == 10);
        CHECK(found[march_1st] == 96);
        CHECK(found[march_1st + 7] == 92);
    }
    SECTION("Lord Howe, where they go back by half an hour on April 5th")
    {
        auto const plan = plan_of("Australia/Lord_Howe", march_1st, 40, SummaryGroup::Day, groups);
        CHECK(quarters(plan, groups)[march_1st + 35] == 98);
    }
    SECTION("Kathmandu, 5:45 ahead")
    {
        auto const plan = plan_of("Asia/Kathmandu", march_1st, 1, SummaryGroup::Day, groups);
        CHECK(quarters(plan, groups) == std::map<std::int64_t, int> {{march_1st, 96}});
        CHECK(plan.blocks.at({1, march_1st - 1}).of_quarter[72] == BlockShare::no_group);
        CHECK(plan.blocks.at({1, march_1st - 1}).of_quarter[73] == 0); // 18:15 UTC
    }
    SECTION("UTC, whose days need no quarters")
    {
        auto const plan = plan_of("Etc/UTC", march_1st, 3, SummaryGroup::Day, groups);
        for (auto const& [block, share] : plan.blocks)
            CHECK_FALSE(share.needs_quarters());
    }
}

TEST_CASE("Weeks begin on Monday, and the period cuts the first and the last", "[sync][hub][summary]")
{
    TimeGroups groups;
    auto const plan = plan_of("Asia/Shanghai", march_1st, 10, SummaryGroup::Week, groups);
    CHECK(quarters(plan, groups)
        == std::map<std::int64_t, int> {
            {march_1st - 6, 96}, {march_1st + 1, 7 * 96}, {march_1st + 8, 2 * 96}});
}

TEST_CASE("Every hour of the week has as many quarters as the clocks showed it", "[sync][hub][summary]")
{
    TimeGroups groups;
    auto const plan = plan_of("America/New_York", march_1st + 1, 14, SummaryGroup::HourOfWeek, groups);
    auto found = quarters(plan, groups);
    CHECK(found.size() == 168);
    for (auto const& [hour, count] : found)
        CHECK(count == (hour == 6 * 24 + 2 ? 4 : 8)); // on the second Sunday there was no hour from 2 to 3
}

TEST_CASE("A period that is too long is refused, one that is empty reads nothing", "[sync][hub][summary]")
{
    auto zone = TimeZone::find("Asia/Shanghai");
    TimeGroups groups;
    CHECK(plan_period(*zone, {0, 2'000 * day_ms}, SummaryGroup::None, groups).error().code == Errc::Invalid);
    CHECK(plan_period(*zone, {day_ms, day_ms}, SummaryGroup::Day, groups)->blocks.empty());
}
