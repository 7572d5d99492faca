#pragma once

#include "sync/hub/question_meaning.h"
#include "sync/hub/rollup_counts.h"
#include "sync/hub/storage.h"
#include "sync/hub/summary_query.h"

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace listenpost::sync {

/// What of it belongs together: a time (see TimeGroups; else 0) and a place (the store's id, the name of the
/// region or city, the touchpoint; else empty).
struct GroupName {
    std::int64_t time = 0;
    std::string place;
    friend std::strong_ordering operator<=>(GroupName const&, GroupName const&) = default;
};

/// The counts of a group, by survey, as the same question may mean something else in another.
struct GroupCounts {
    std::map<std::string, Tally, std::less<>> surveys; ///< what counts
    std::int64_t flagged = 0; ///< responses that broke a misuse rule, whether they count or not
};

/// Counts of a period.
struct SummaryCounts {
    PeriodEnd from, to;
    std::map<GroupName, GroupCounts> groups; ///< those with a response
};

/// Which stores a reader may see; empty: all.
using MaySee = std::function<bool(Store const&)>;

/// The stores that a query is about. Errors: Invalid (a store that is not there, or not to be seen).
Result<std::vector<Store>> stores_of(
    SummaryQuery const& query, std::vector<Store> stores, MaySee const& may_see);

/// Days, weeks and hours of the week are cut out of each store's every day: more stores x days than these,
/// which take some five seconds, are refused.
inline constexpr std::int64_t max_store_days = 1'000'000;

/// Adds up the rollups. Days are of each store's own time zone. `stores`: as stores_of() gave them, of
/// `all_stores` in number. Reads only what the period needs: of a store's year some ten rows, of one by days
/// 365. Errors: Invalid (the period, or too many days of too many stores), Corrupt (which rollup: store,
/// span, day), Cancelled (`stop` was asked for, which it looks at before each row), and the reader's own.
Result<SummaryCounts> count_summary(StorageReader& reader, SummaryQuery const& query,
    std::vector<Store> const& stores, std::size_t all_stores, std::int64_t now_ms,
    std::stop_token const& stop = {});

}
