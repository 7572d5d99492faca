#pragma once

#include "platform/base/result.h"
#include "sync/hub/rollup_rows.h"
#include "sync/hub/summary_query.h"

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace listenpost {
class TimeZone;
}

namespace listenpost::sync {

/// A block of rollups: span and first day.
using RollupBlock = std::pair<int, std::int64_t>;

/// To which group a block's counts go, as an index; no_group: to none.
struct BlockShare {
    static constexpr int no_group = -1;
    int whole = no_group; ///< all of it
    std::array<std::int16_t, quarters_a_day> of_quarter {}; ///< else, of one day

    BlockShare() { of_quarter.fill(no_group); }
    bool needs_quarters() const { return whole == no_group; }
};

/// Which blocks make up a period by the clocks of one time zone, and what of them belongs to which day, week
/// or hour of the week: days are cut out of UTC days by their quarters, so that each response is in exactly
/// one group.
struct PeriodPlan {
    std::map<RollupBlock, BlockShare> blocks;
};

/// The groups of time that several plans have in common; their index is that in `starts`.
struct TimeGroups {
    /// Day and Week: the (first) day, since 1970. HourOfWeek: hours since Monday 0:00. Otherwise one: 0.
    std::vector<std::int64_t> starts;
    int index_of(std::int64_t start);

private:
    std::map<std::int64_t, int> index_;
};

/// UTC ms of the period's ends by the clocks of `zone`.
struct Period {
    std::int64_t from_ms = 0;
    std::int64_t to_ms = 0;
};
Period period_in(TimeZone& zone, PeriodEnd from, PeriodEnd to);

/// Adds its groups to `groups`. Errors: Invalid (the period has more days than max_period_days, and two).
Result<PeriodPlan> plan_period(TimeZone& zone, Period period, SummaryGroup group, TimeGroups& groups);

/// What has to be read for all of them.
std::vector<RollupRange> ranges_of(std::span<PeriodPlan const> plans);

}
