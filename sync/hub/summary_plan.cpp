#include "sync/hub/summary_plan.h"

#include "platform/os/time_zone.h"

#include <algorithm>
#include <chrono>

namespace listenpost::sync {
namespace {

std::int64_t floor_div(std::int64_t number, std::int64_t by)
{
    return number / by - (number % by < 0 ? 1 : 0);
}

std::int64_t local_ms(TimeZone& zone, std::int64_t utc_ms)
{
    return zone.to_local(WallTime(std::chrono::milliseconds(utc_ms))).time_since_epoch().count();
}

/// When a day begins, by the zone's clocks.
std::int64_t start_of_day(TimeZone& zone, std::int64_t day)
{
    return zone.to_utc(LocalTime(std::chrono::milliseconds(day * day_ms))).time_since_epoch().count();
}

/// 0: Monday. 1970 began on a Thursday.
std::int64_t weekday(std::int64_t day) { return day + 3 - floor_div(day + 3, 7) * 7; }

/// Adds whole days by the largest blocks there are.
void add_days(PeriodPlan& plan, int group, std::int64_t from, std::int64_t to)
{
    while (from < to) {
        int span = 1;
        for (int const each : rollup_spans)
            if (first_day_of_block(from, each) == from && from + each <= to)
                span = each;
        plan.blocks[{span, from}].whole = group;
        from += span;
    }
}

void add_quarters(PeriodPlan& plan, int group, std::int64_t from_ms, std::int64_t to_ms)
{
    for (auto at = from_ms; at < to_ms; at += quarter_ms) {
        auto const day = floor_div(at, day_ms);
        plan.blocks[{1, day}].of_quarter.at(static_cast<std::size_t>((at - day * day_ms) / quarter_ms))
            = static_cast<std::int16_t>(group);
    }
}

void add_segment(PeriodPlan& plan, int group, std::int64_t from_ms, std::int64_t to_ms)
{
    auto const first_whole = -floor_div(-from_ms, day_ms);
    auto const end_whole = floor_div(to_ms, day_ms);
    if (first_whole >= end_whole)
        return add_quarters(plan, group, from_ms, to_ms);
    add_quarters(plan, group, from_ms, first_whole * day_ms);
    add_days(plan, group, first_whole, end_whole);
    add_quarters(plan, group, end_whole * day_ms, to_ms);
}

/// Days, or weeks from Monday on.
void add_calendar(TimeZone& zone, Period period, int days, TimeGroups& groups, PeriodPlan& plan)
{
    auto day = floor_div(local_ms(zone, period.from_ms), day_ms);
    if (days == 7)
        day -= weekday(day);
    for (auto start = start_of_day(zone, day); start < period.to_ms; day += days) {
        auto const next = start_of_day(zone, day + days);
        auto const from = std::max(start, period.from_ms);
        auto const to = std::min(next, period.to_ms);
        if (from < to) // some day in the Pacific was left out
            add_segment(plan, groups.index_of(day), from, to);
        start = next;
    }
}

void add_hours_of_week(TimeZone& zone, Period period, TimeGroups& groups, PeriodPlan& plan)
{
    constexpr std::int64_t hour_ms = 4 * quarter_ms;
    for (auto at = period.from_ms; at < period.to_ms; at += quarter_ms) {
        auto const local = local_ms(zone, at);
        auto const day = floor_div(local, day_ms);
        add_quarters(
            plan, groups.index_of(weekday(day) * 24 + (local - day * day_ms) / hour_ms), at, at + quarter_ms);
    }
}

}

int TimeGroups::index_of(std::int64_t start)
{
    auto const [found, is_new] = index_.try_emplace(start, static_cast<int>(starts.size()));
    if (is_new)
        starts.push_back(start);
    return found->second;
}

Period period_in(TimeZone& zone, PeriodEnd from, PeriodEnd to)
{
    auto const ms = [&zone](PeriodEnd end) {
        return end.kind == PeriodEnd::Kind::Day ? start_of_day(zone, end.value) : end.value;
    };
    return {ms(from), ms(to)};
}

Result<PeriodPlan> plan_period(TimeZone& zone, Period period, SummaryGroup group, TimeGroups& groups)
{
    // What a day more or less by the zones' clocks lets through.
    if (period.to_ms - period.from_ms > (max_period_days + 2) * day_ms)
        return fail(Errc::Invalid, "a period has at most " + std::to_string(max_period_days) + " days");
    PeriodPlan plan;
    if (period.from_ms >= period.to_ms)
        return plan;
    switch (group) {
    case SummaryGroup::Day:
        add_calendar(zone, period, 1, groups, plan);
        break;
    case SummaryGroup::Week:
        add_calendar(zone, period, 7, groups, plan);
        break;
    case SummaryGroup::HourOfWeek:
        add_hours_of_week(zone, period, groups, plan);
        break;
    default:
        add_segment(plan, groups.index_of(0), period.from_ms, period.to_ms);
    }
    return plan;
}

std::vector<RollupRange> ranges_of(std::span<PeriodPlan const> plans)
{
    std::map<RollupBlock, bool> blocks; // and whether somebody needs its quarters
    for (auto const& plan : plans)
        for (auto const& [block, share] : plan.blocks)
            blocks[block] |= share.needs_quarters();
    std::vector<RollupRange> ranges;
    for (auto const& [block, with_quarters] : blocks) {
        auto const& [span, day] = block;
        if (!ranges.empty() && ranges.back().span == span && ranges.back().last_day + span == day
            && ranges.back().with_quarters == with_quarters)
            ranges.back().last_day = day;
        else
            ranges.push_back({span, day, day, with_quarters});
    }
    return ranges;
}

}
