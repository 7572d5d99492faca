#include "sync/hub/summary.h"

#include "platform/os/time_zone.h"
#include "sync/hub/scope.h"
#include "sync/hub/summary_plan.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <unordered_map>

namespace listenpost::sync {
namespace {

/// The group of a row goes by its store, but for touchpoints.
std::string const& place_of(Store const& store, SummaryGroup group)
{
    static std::string const none;
    switch (group) {
    case SummaryGroup::Store:
        return store.id;
    case SummaryGroup::Region:
        return store.region;
    case SummaryGroup::City:
        return store.city;
    default:
        return none;
    }
}

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

/// Takes rows to where they count.
class Counting {
public:
    Counting(SummaryQuery const& query, SummaryCounts& counts)
        : query_(query)
        , counts_(counts)
    {
    }

    Result<> plan(std::vector<Store> const& stores, std::int64_t now_ms);
    std::vector<RollupRange> ranges() const { return ranges_of(plans_); }
    /// Errors: Corrupt, and where.
    Result<> take(RollupRow const& row);

private:
    struct Place {
        std::size_t plan = 0;
        std::string const* name = nullptr;
        GroupCounts* group = nullptr; ///< once it has counted, of a group that is no time and no touchpoint
    };
    Result<> check_size(std::size_t stores) const;
    Result<> count(Place& place, RollupRow const& row, BlockShare const& share);
    Result<std::size_t> plan_of(std::string const& timezone);
    void choose_period(TimeZone& zone, std::int64_t now_ms);
    GroupCounts& group_of(Place& place, RollupRow const& row, int time);
    Result<> count_quarters(Place& place, RollupRow const& row, BlockShare const& share);
    bool is_counted(RollupRow const& row) const { return !row.is_flagged || query_.include_flagged; }

    SummaryQuery const& query_;
    SummaryCounts& counts_;
    TimeGroups times_;
    std::vector<PeriodPlan> plans_; ///< one for each time zone
    std::map<std::string, std::size_t> plan_of_zone_;
    std::unordered_map<std::string, Place, TextHash, std::equal_to<>> places_; ///< of stores
};

Result<> Counting::plan(std::vector<Store> const& stores, std::int64_t now_ms)
{
    if (auto zone = TimeZone::find(stores.empty() ? "Etc/UTC" : stores.front().timezone))
        choose_period(*zone, now_ms);
    LISTENPOST_TRY(check_size(stores.size()));
    for (auto const& store : stores) {
        auto const plan = plan_of(store.timezone);
        if (!plan)
            return fail(plan.error());
        places_.emplace(store.id, Place {*plan, &place_of(store, query_.group), nullptr});
    }
    return {};
}

bool is_of_time(SummaryGroup group)
{
    return group == SummaryGroup::Day || group == SummaryGroup::Week || group == SummaryGroup::HourOfWeek;
}

std::int64_t day_of(PeriodEnd end)
{
    return end.kind == PeriodEnd::Kind::Day ? end.value : end.value / day_ms;
}

Result<> Counting::check_size(std::size_t stores) const
{
    auto const days = day_of(counts_.to) - day_of(counts_.from);
    if (!is_of_time(query_.group) || static_cast<std::int64_t>(stores) * days <= max_store_days)
        return {};
    return fail(Errc::Invalid,
        std::to_string(stores) + " stores and " + std::to_string(days)
            + " days are too much by day, week or hour of the week: ask for fewer stores (store, region, "
              "city) or "
              "a shorter period (from, to), stores x days at most "
            + std::to_string(max_store_days));
}

/// What the query leaves out, by the clocks of the first store.
void Counting::choose_period(TimeZone& zone, std::int64_t now_ms)
{
    auto const local = zone.to_local(WallTime(std::chrono::milliseconds(now_ms))).time_since_epoch().count();
    auto last = local / day_ms + 1;
    if (query_.from) // long ago, perhaps
        last = std::min(last, max_period_days + day_of(*query_.from));
    counts_.to = query_.to.value_or(PeriodEnd {PeriodEnd::Kind::Day, last});
    bool const is_day = counts_.to.kind == PeriodEnd::Kind::Day;
    counts_.from = query_.from.value_or(
        PeriodEnd {counts_.to.kind, counts_.to.value - default_period_days * (is_day ? 1 : day_ms)});
}

Result<std::size_t> Counting::plan_of(std::string const& timezone)
{
    auto const [known, is_new] = plan_of_zone_.try_emplace(timezone, plans_.size());
    if (!is_new)
        return known->second;
    auto zone = TimeZone::find(timezone);
    if (!zone)
        return fail(Errc::Corrupt, "this machine knows no time zone " + timezone + ", which a store has");
    auto plan = plan_period(*zone, period_in(*zone, counts_.from, counts_.to), query_.group, times_);
    if (!plan)
        return fail(plan.error());
    plans_.push_back(std::move(*plan));
    return known->second;
}

GroupCounts& Counting::group_of(Place& place, RollupRow const& row, int time)
{
    if (query_.group == SummaryGroup::Touchpoint)
        return counts_.groups[{0, std::string(row.touchpoint)}];
    auto const start = times_.starts[static_cast<std::size_t>(time)];
    if (times_.starts.size() > 1)
        return counts_.groups[{start, *place.name}];
    if (place.group == nullptr)
        place.group = &counts_.groups[{start, *place.name}];
    return *place.group;
}

Tally& tally_of(GroupCounts& group, std::string_view survey)
{
    auto const found = group.surveys.lower_bound(survey);
    if (found != group.surveys.end() && found->first == survey)
        return found->second;
    return group.surveys.emplace_hint(found, survey, Tally {})->second;
}

Result<> Counting::take(RollupRow const& row)
{
    auto const place = places_.find(row.store);
    if (place == places_.end() || !is_one_of(query_.touchpoints, row.touchpoint))
        return {};
    auto const& blocks = plans_[place->second.plan].blocks;
    auto const share = blocks.find({row.span, row.day});
    if (share == blocks.end())
        return {}; // of another zone's plan
    auto counted = count(place->second, row, share->second);
    if (counted)
        return counted;
    return fail(counted.error().code,
        "rollup of store " + std::string(row.store) + ", span " + std::to_string(row.span) + ", day "
            + date_text(row.day) + ": " + counted.error().detail);
}

Result<> Counting::count(Place& place, RollupRow const& row, BlockShare const& share)
{
    if (share.needs_quarters())
        return count_quarters(place, row, share);
    auto& group = group_of(place, row, share.whole);
    if (!row.is_flagged)
        return add_encoded_tally(row.totals, tally_of(group, row.survey));
    Tally flagged;
    LISTENPOST_TRY(add_encoded_tally(row.totals, flagged));
    group.flagged += flagged.responses();
    if (is_counted(row))
        tally_of(group, row.survey) += flagged;
    return {};
}

Result<> Counting::count_quarters(Place& place, RollupRow const& row, BlockShare const& share)
{
    std::map<int, Tally> tallies;
    std::array<Tally*, quarters_a_day> of_quarter {};
    int last = BlockShare::no_group; // mostly the same for hours
    Tally* tally = nullptr;
    for (std::size_t quarter = 0; quarter < of_quarter.size(); ++quarter) {
        if (int const time = share.of_quarter[quarter]; time != last) {
            tally = time == BlockShare::no_group ? nullptr : &tallies[time];
            last = time;
        }
        of_quarter[quarter] = tally;
    }
    LISTENPOST_TRY(add_encoded_day(row.quarters, of_quarter));
    for (auto const& [time, counted] : tallies) {
        if (counted.responses() == 0)
            continue;
        auto& group = group_of(place, row, time);
        if (row.is_flagged)
            group.flagged += counted.responses();
        if (is_counted(row))
            tally_of(group, row.survey) += counted;
    }
    return {};
}

}

Result<std::vector<Store>> stores_of(
    SummaryQuery const& query, std::vector<Store> stores, MaySee const& may_see)
{
    if (may_see)
        std::erase_if(stores, [&](Store const& store) { return !may_see(store); });
    for (auto const& id : query.stores)
        if (std::ranges::find(stores, id, &Store::id) == stores.end())
            return fail(Errc::Invalid, "there is no store " + id);
    std::erase_if(stores, [&](Store const& store) {
        return !is_one_of(query.stores, store.id) || !is_one_of(query.regions, store.region)
            || !is_one_of(query.cities, store.city);
    });
    return stores;
}

Result<SummaryCounts> count_summary(StorageReader& reader, SummaryQuery const& query,
    std::vector<Store> const& stores, std::size_t all_stores, std::int64_t now_ms,
    std::stop_token const& stop)
{
    SummaryCounts counts;
    Counting counting(query, counts);
    LISTENPOST_TRY(counting.plan(stores, now_ms));
    auto const ranges = counting.ranges();
    // To look up each store costs more than to pass over the others, where they are few.
    std::vector<std::string> ids;
    bool const by_store = stores.size() * 4 < all_stores;
    if (by_store)
        for (auto const& store : stores)
            ids.push_back(store.id);
    LISTENPOST_TRY(
        reader.read_rollups(ranges, by_store ? &ids : nullptr, [&](RollupRow const& row) -> Result<> {
            if (stop.stop_requested())
                return fail(Errc::Cancelled, "the hub stops");
            return counting.take(row);
        }));
    return counts;
}

}
