#include "sync/hub/csv.h"
#include "sync/hub/pulled_row.h"
#include "sync/hub/router.h"
#include "sync/hub/row_filter.h"
#include "sync/hub/row_format.h"
#include "sync/wire/batch_parser.h"
#include "tests/fuzz/require.h"

#include <algorithm>
#include <nlohmann/json.hpp>

using listenpost::test::require;

namespace {

using namespace listenpost::sync;
using nlohmann::json;

constexpr std::string_view install = "5f0c1d5f0c1d5f0c1d5f0c1d5f0c1d5f";
constexpr std::int64_t at_ms = 1'790'000'000'000;

LogRow row_of(std::int64_t seq, std::string_view raw_json)
{
    return {"sh-001", "dev_1", install, seq, at_ms + 5, at_ms, raw_json};
}

/// PROTOCOL.md's words once more, with another reader of JSON.
bool is_wanted(PullFilter const& filter, StorePlace const& place, json const& response)
{
    auto const among = [](std::vector<std::string> const& wanted, std::string const& value) {
        return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
    };
    bool const is_negative = std::ranges::any_of(response.at("answers"), [](json const& answer) {
        return answer.contains("score") && answer["score"] <= highest_negative_score;
    });
    return among(filter.stores, "sh-001") && among(filter.regions, place.region)
        && among(filter.cities, place.city) && among(filter.touchpoints, response.at("touchpoint"))
        && (!filter.from_ms || at_ms >= *filter.from_ms) && (!filter.to_ms || at_ms < *filter.to_ms)
        && (!filter.only_negative || is_negative)
        && (!filter.only_with_comment || !response.value("comment", "").empty());
}

/// How many cells a line of CSV has (RFC 4180); 0 if it is not one whole line.
std::size_t cells_of(std::string_view line)
{
    bool quoted = false;
    std::size_t cells = 1;
    if (!line.ends_with("\r\n"))
        return 0;
    line.remove_suffix(2);
    for (char const c : line) {
        if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '\n' || c == '\r'))
            return 0;
        else if (!quoted && c == ',')
            ++cells;
    }
    return quoted ? 0 : cells;
}

/// A response that the hub has taken can be filtered, and written for HQ in both formats.
void check_taken(PullFilter const& filter, std::int64_t seq, std::string_view raw_json)
{
    static StorePlaces const places {{"sh-001", {"east", "上海"}}};
    auto const row = row_of(seq, raw_json);
    auto const response = json::parse(raw_json);
    auto const wants = RowFilter(filter, places).wants(row);
    // A staff event may bring fields of a response's names, which mean nothing there.
    bool const is_event = response.contains("event");
    require(wants.has_value());
    require(is_event || *wants == is_wanted(filter, places.at("sh-001"), response));

    std::string line;
    append_ndjson(line, row);
    require(std::ranges::count(line, '\n') == 1 && line.back() == '\n');
    std::string_view page = line;
    PulledRowReader reader;
    auto const read = reader.read(take_line(page).value());
    require(read.has_value() && page.empty());
    require(read->install == install && read->seq == seq && read->store == "sh-001" && read->at_ms == at_ms);
    require(read->event.has_value() == is_event);
    require(is_event
        || (read->comment == response.value("comment", "") && read->touchpoint == response.at("touchpoint")));

    std::string csv;
    append_csv(csv, row);
    static std::size_t const columns = cells_of(csv_header());
    require(cells_of(csv) == columns);
}

}

// First line: a filter as a request's query. The rest: a response. Whatever both are: no crash; and if a hub
// takes the response from a box, HQ gets it, or not, as the filter says.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    auto const end = std::min(bytes.find('\n'), bytes.size());
    auto const query = parse_pull_query("/v1/responses?" + std::string(bytes.substr(0, end)));
    auto const filter = query ? query->filter : PullFilter();
    auto const response = bytes.substr(std::min(end + 1, bytes.size()));

    // Damaged rows, and lines of somebody who is no hub.
    static_cast<void>(RowFilter(filter, {}).wants(row_of(1, response)));
    static_cast<void>(PulledRowReader().read(response));

    static BatchParser parser;
    auto const batch = parser.parse(R"({"v":1,"install":")" + std::string(install)
        + R"(","sent":{"wall_ms":1790000000000,"steady_ms":9,"boot":"b","clock_set":true},"responses":[)"
        + std::string(response) + "]}");
    if (batch)
        for (auto const& each : batch->responses)
            if (!each.refusal)
                check_taken(filter, each.seq, each.raw_json);
    return 0;
}
