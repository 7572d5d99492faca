#include "platform/base/utf8.h"
#include "sync/hub/cursor.h"
#include "sync/hub/moment.h"
#include "sync/hub/router.h"
#include "sync/hub/summary_query.h"
#include "sync/wire/limits.h"
#include "tests/fuzz/require.h"

#include <functional>
#include <set>
#include <string>

using listenpost::test::require;

namespace {

using namespace listenpost::sync;

bool is_clean_text(std::string_view text)
{
    while (!text.empty()) {
        auto const left = text.size();
        char32_t const character = listenpost::take_character(text);
        if (character == 0 || (character == listenpost::replacement_character && left - text.size() == 1))
            return false;
    }
    return true;
}

std::set<std::string> values(std::vector<std::string> const& list) { return {list.begin(), list.end()}; }

bool leave_the_same(PullFilter const& a, PullFilter const& b)
{
    return values(a.stores) == values(b.stores) && values(a.regions) == values(b.regions)
        && values(a.cities) == values(b.cities) && values(a.touchpoints) == values(b.touchpoints)
        && a.from_ms == b.from_ms && a.to_ms == b.to_ms && a.only_negative == b.only_negative
        && a.only_with_comment == b.only_with_comment;
}

/// Storages and later requests rely on it: texts are texts, times are times, and the filter has one spelling.
void check_taken(PullFilter const& filter)
{
    for (auto const* const list : {&filter.stores, &filter.regions, &filter.cities, &filter.touchpoints})
        for (auto const& value : *list)
            require(!value.empty() && is_clean_text(value));
    for (auto const& moment : {filter.from_ms, filter.to_ms})
        require(!moment || (*moment >= 0 && *moment <= limits::max_wall_ms));
    require(!filter.from_ms || !filter.to_ms || *filter.from_ms < *filter.to_ms);
    auto const spelling = to_query(filter);
    require(spelling.empty() == filter.is_empty());
    auto const again = parse_pull_query("/v1/responses?" + spelling);
    require(again && again->cursor.empty() && again->limit == limits::default_pull_rows);
    require(leave_the_same(again->filter, filter) && to_query(again->filter) == spelling);
}

void check_cursor_text(std::string_view text)
{
    auto const cursor = cursor_from_text(text);
    if (!cursor)
        return;
    require(cursor->first_partition >= 0 && cursor->first_partition < partition_count);
    for (auto const offset : cursor->next)
        require(offset >= 0 && offset <= limits::max_integer);
    require(cursor_from_text(to_text(*cursor)).value() == *cursor);
    require(check_cursor(*cursor, *cursor).has_value());
}

/// The group and the period are what the counting relies on.
void check_summaries(std::string_view target)
{
    if (auto const summary = parse_summary_query(target))
        for (auto const* const list : {&summary->stores, &summary->regions, &summary->cities,
                 &summary->touchpoints, &summary->questions})
            for (auto const& value : *list)
                require(is_clean_text(value));
    else
        require(is_clean_text(error_reply(400, "bad_request", summary.error().detail).body));
    if (auto const ranking = parse_ranking_query(target))
        require(ranking->summary.group == SummaryGroup::Store
            || ranking->summary.group == SummaryGroup::Region
            || ranking->summary.group == SummaryGroup::City);
    else
        require(is_clean_text(error_reply(400, "bad_request", ranking.error().detail).body));
}

}

// Whatever a reader asks for: no crash, and what is taken is what the storage relies on.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const target(reinterpret_cast<char const*>(data), size);
    RequestHead head;
    head.method = "GET";
    head.target = target;
    auto const found = find_route(head);
    if (auto const* const reply = std::get_if<ApiReply>(&found))
        require(reply->status == 404 || reply->status == 405);

    check_summaries(target);
    check_cursor_text(target);
    if (auto const moment = parse_moment(target))
        require(*moment >= 0 && *moment <= limits::max_wall_ms
            && parse_moment(std::to_string(*moment)) == moment);
    auto const query = parse_pull_query(target);
    if (!query) {
        // It names what was asked for, whatever bytes that was of; the reply is UTF-8.
        auto const& detail = query.error().detail;
        require(!detail.empty() && is_clean_text(error_reply(400, "bad_request", detail).body));
        return 0;
    }
    require(query->limit >= 1 && query->limit <= limits::max_pull_rows);
    check_cursor_text(query->cursor);
    check_taken(query->filter);
    return 0;
}
