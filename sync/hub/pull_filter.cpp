#include "sync/hub/pull_filter.h"

#include "sync/hub/moment.h"
#include "sync/hub/query.h"

#include <algorithm>
#include <array>

namespace listenpost::sync {
namespace {

struct ListParameter {
    std::string_view name;
    std::vector<std::string> PullFilter::*values;
};
constexpr std::array<ListParameter, 4> lists {
    {{"store", &PullFilter::stores}, {"region", &PullFilter::regions}, {"city", &PullFilter::cities},
        {"touchpoint", &PullFilter::touchpoints}}};

struct TimeParameter {
    std::string_view name;
    std::optional<std::int64_t> PullFilter::*moment;
};
constexpr std::array<TimeParameter, 2> times {{{"from", &PullFilter::from_ms}, {"to", &PullFilter::to_ms}}};

struct FlagParameter {
    std::string_view name;
    bool PullFilter::*flag;
};
constexpr std::array<FlagParameter, 2> flags {
    {{"negative", &PullFilter::only_negative}, {"with_comment", &PullFilter::only_with_comment}}};

template <typename Table>
auto const* find_parameter(Table const& table, std::string_view name)
{
    auto const found = std::find_if(
        table.begin(), table.end(), [name](auto const& parameter) { return parameter.name == name; });
    return found == table.end() ? nullptr : &*found;
}

}

Result<bool> take_filter_parameter(PullFilter& filter, std::string_view name, std::string_view value)
{
    if (auto const* const list = find_parameter(lists, name)) {
        if (value.empty())
            return fail(Errc::Invalid, std::string(name) + " is empty");
        (filter.*list->values).emplace_back(value);
        return true;
    }
    if (auto const* const time = find_parameter(times, name)) {
        auto& moment = filter.*time->moment;
        if (moment)
            return fail(Errc::Invalid, std::string(name) + " stands twice");
        moment = parse_moment(value);
        if (!moment)
            return fail(Errc::Invalid,
                std::string(name)
                    + " is neither a time such as 2026-03-01T00:00:00+08:00 nor milliseconds since 1970");
        return true;
    }
    if (auto const* const flag = find_parameter(flags, name)) {
        if (value != "1")
            return fail(Errc::Invalid, std::string(name) + " is 1, or left out");
        filter.*flag->flag = true;
        return true;
    }
    return false;
}

Result<> check_filter(PullFilter const& filter)
{
    if (filter.from_ms && filter.to_ms && *filter.from_ms >= *filter.to_ms)
        return fail(Errc::Invalid, "from is not before to: no response can be between them");
    return {};
}

PullFilter intersection(PullFilter filter, Scope const& within)
{
    filter.within = within;
    return filter;
}

std::string to_query(PullFilter const& filter)
{
    std::string query;
    auto const add = [&query](std::string_view name, std::string_view value) {
        query += query.empty() ? "" : "&";
        query += name;
        query += '=';
        append_percent_encoded(query, value);
    };
    for (auto const& list : lists) {
        auto values = filter.*list.values;
        std::sort(values.begin(), values.end());
        values.erase(std::unique(values.begin(), values.end()), values.end());
        for (auto const& value : values)
            add(list.name, value);
    }
    for (auto const& time : times)
        if (auto const& moment = filter.*time.moment)
            add(time.name, std::to_string(*moment));
    for (auto const& flag : flags)
        if (filter.*flag.flag)
            add(flag.name, "1");
    return query;
}

}
