#include "sync/hub/summary_query.h"

#include "platform/base/utf8.h"
#include "sync/hub/moment.h"
#include "sync/hub/query.h"
#include "sync/hub/rollup_counts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace listenpost::sync {
namespace {

using Texts = std::vector<std::string>;

constexpr std::array<std::string_view, 8> group_names {
    "none", "store", "region", "city", "touchpoint", "day", "week", "hour_of_week"};

/// Before it no zone's days begin elsewhere than on a quarter of an hour, and there was no ListenPost.
constexpr std::int64_t first_day = 10'957; // 2000-01-01

std::optional<std::int64_t> parse_day(std::string_view text)
{
    using namespace std::chrono;
    int year_number = 0;
    unsigned month_number = 0;
    unsigned day_number = 0;
    auto const read = [&](std::size_t at, std::size_t size, auto& number) {
        auto const* const begin = text.data() + at;
        auto const [stop, error] = std::from_chars(begin, begin + size, number);
        return error == std::errc() && stop == begin + size;
    };
    if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !read(0, 4, year_number)
        || !read(5, 2, month_number) || !read(8, 2, day_number))
        return {};
    year_month_day const date(year {year_number}, month {month_number}, day {day_number});
    if (!date.ok())
        return {};
    return sys_days(date).time_since_epoch().count();
}

Result<PeriodEnd> parse_end(std::string_view name, std::string_view value)
{
    auto const wrong = [name](char const* what) { return fail(Errc::Invalid, std::string(name) + what); };
    auto const day = parse_day(value);
    auto const moment = day ? std::optional(*day * day_ms) : parse_moment(value);
    if (!moment)
        return wrong(" is neither a day such as 2026-03-01, nor a time such as 2026-03-01T00:00:00+08:00, "
                     "nor milliseconds since 1970");
    if (*moment < first_day * day_ms)
        return wrong(" is before 2000");
    if (day)
        return PeriodEnd {PeriodEnd::Kind::Day, *day};
    if (*moment % quarter_ms != 0)
        return wrong(" is not on a quarter of an hour");
    return PeriodEnd {PeriodEnd::Kind::Moment, *moment};
}

struct ListParameter {
    std::string_view name;
    Texts SummaryQuery::*values;
};
constexpr std::array<ListParameter, 4> lists {
    {{"store", &SummaryQuery::stores}, {"region", &SummaryQuery::regions}, {"city", &SummaryQuery::cities},
        {"touchpoint", &SummaryQuery::touchpoints}}};

/// Parameters that a summary and a ranking have in common. False: it is none of them.
Result<bool> take_common(SummaryQuery& query, std::string_view name, std::string_view value)
{
    auto const* const list = std::ranges::find(lists, name, &ListParameter::name);
    if (list != lists.end()) {
        if (value.empty())
            return fail(Errc::Invalid, std::string(name) + " is empty");
        (query.*list->values).emplace_back(value);
        return true;
    }
    if (name == "from" || name == "to") {
        auto& end = name == "from" ? query.from : query.to;
        if (end)
            return fail(Errc::Invalid, std::string(name) + " stands twice");
        auto const parsed = parse_end(name, value);
        if (!parsed)
            return fail(parsed.error());
        end = *parsed;
        return true;
    }
    if (name != "flagged")
        return false;
    if (value != "include")
        return fail(Errc::Invalid, "flagged is include, or left out");
    query.include_flagged = true;
    return true;
}

/// Each parameter of a target to `take`, decoded.
template <typename Take>
Result<> for_each_parameter(std::string_view target, Take const& take)
{
    auto const mark = target.find('?');
    std::string_view rest = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
    while (auto const parameter = take_parameter(rest)) {
        auto const name = cut_to(parameter->name, 64);
        auto const value = percent_decoded(parameter->value);
        if (!value)
            return fail(Errc::Invalid, std::string(name) + " is no percent-encoded UTF-8");
        Result<bool> const taken = take(parameter->name, *value);
        if (!taken)
            return fail(taken.error());
        if (!*taken)
            return fail(Errc::Invalid, "this hub knows no parameter " + std::string(name));
    }
    return {};
}

Result<SummaryGroup> parse_group(
    std::string_view name, std::string_view value, std::span<std::string_view const> allowed)
{
    auto const found = std::ranges::find(group_names, value);
    if (found != group_names.end() && std::ranges::find(allowed, value) != allowed.end())
        return static_cast<SummaryGroup>(found - group_names.begin());
    std::string choices;
    for (auto const each : allowed)
        choices.append(choices.empty() ? "" : ", ").append(each);
    return fail(Errc::Invalid, std::string(name) + " is one of " + choices);
}

Result<> check_period(SummaryQuery const& query)
{
    if (!query.from || !query.to)
        return {};
    auto const ms
        = [](PeriodEnd end) { return end.kind == PeriodEnd::Kind::Day ? end.value * day_ms : end.value; };
    bool const is_alike = query.from->kind == query.to->kind;
    if (is_alike && ms(*query.from) >= ms(*query.to))
        return fail(Errc::Invalid, "from is not before to: no response can be between them");
    if (ms(*query.to) - ms(*query.from) > max_period_days * day_ms)
        return fail(Errc::Invalid, "a period has at most " + std::to_string(max_period_days) + " days");
    return {};
}

}

Result<SummaryQuery> parse_summary_query(std::string_view target)
{
    SummaryQuery query;
    LISTENPOST_TRY(
        for_each_parameter(target, [&](std::string_view name, std::string const& value) -> Result<bool> {
            if (name == "question") {
                if (value.empty())
                    return fail(Errc::Invalid, "question is empty");
                query.questions.push_back(value);
                return true;
            }
            if (name != "group")
                return take_common(query, name, value);
            auto const group = parse_group(name, value, group_names);
            if (!group)
                return fail(group.error());
            query.group = *group;
            return true;
        }));
    LISTENPOST_TRY(check_period(query));
    return query;
}

Result<RankingQuery> parse_ranking_query(std::string_view target)
{
    RankingQuery query;
    query.summary.group = SummaryGroup::Store;
    LISTENPOST_TRY(
        for_each_parameter(target, [&](std::string_view name, std::string const& value) -> Result<bool> {
            if (name == "question") {
                if (!query.question.empty() || value.empty())
                    return fail(
                        Errc::Invalid, "question is the id of one question, or left out: by the index");
                query.question = value;
                query.summary.questions = {value};
                return true;
            }
            if (name != "by")
                return take_common(query.summary, name, value);
            constexpr std::array<std::string_view, 3> places {"store", "region", "city"};
            auto const group = parse_group(name, value, places);
            if (!group)
                return fail(group.error());
            query.summary.group = *group;
            return true;
        }));
    LISTENPOST_TRY(check_period(query.summary));
    return query;
}

std::string date_text(std::int64_t day)
{
    std::chrono::year_month_day const date(std::chrono::sys_days(std::chrono::days(static_cast<int>(day))));
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text;
}

std::string to_text(PeriodEnd end)
{
    return end.kind == PeriodEnd::Kind::Day ? date_text(end.value) : std::to_string(end.value);
}

}
