#pragma once

#include "platform/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::sync {

/// An end of a period: a day of each store's own calendar, or one moment for all.
struct PeriodEnd {
    enum class Kind { Day, Moment };
    Kind kind = Kind::Day;
    std::int64_t value = 0; ///< days since 1970 of a calendar; UTC ms, on a quarter of an hour
    friend bool operator==(PeriodEnd const&, PeriodEnd const&) = default;
};

enum class SummaryGroup { None, Store, Region, City, Touchpoint, Day, Week, HourOfWeek };

/// What a reader asks for; of several values of one kind any will do, none: all. PROTOCOL.md, "Summaries".
struct SummaryQuery {
    std::vector<std::string> stores, regions, cities, touchpoints;
    std::vector<std::string> questions; ///< whose figures are told; the counts of responses are of all
    std::optional<PeriodEnd> from; ///< nothing: 28 days before `to`
    std::optional<PeriodEnd> to; ///< no longer in it; nothing: the end of today, at most max_period_days on
    SummaryGroup group = SummaryGroup::None;
    bool include_flagged = false;
};

/// A longer period is refused.
inline constexpr std::int64_t max_period_days = 1'100;
inline constexpr std::int64_t default_period_days = 28;

/// Of `GET /v1/summary?…`. A parameter that it does not know is an error.
/// Errors: Invalid: says to a person which parameter is wrong and why.
Result<SummaryQuery> parse_summary_query(std::string_view target);

struct RankingQuery {
    SummaryQuery summary; ///< group: Store, Region or City
    std::string question; ///< empty: by the index
};
/// Of `GET /v1/ranking?…`. Errors: as parse_summary_query().
Result<RankingQuery> parse_ranking_query(std::string_view target);

/// `2026-03-01`, or milliseconds since 1970. What a reader gave, or would have to give.
std::string to_text(PeriodEnd end);
/// `2026-03-01` of days since 1970.
std::string date_text(std::int64_t day);

}
