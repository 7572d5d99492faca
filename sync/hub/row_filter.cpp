#include "sync/hub/row_filter.h"

#include "sync/hub/erased_text.h"

#include <algorithm>
#include <simdjson.h>

namespace listenpost::sync {
namespace {

namespace dom = simdjson::dom;

std::string_view text_of(dom::object object, std::string_view name)
{
    std::string_view text;
    return object[name].get_string().get(text) == simdjson::SUCCESS ? text : std::string_view();
}

bool has_low_score(dom::object response)
{
    dom::array answers;
    if (response["answers"].get_array().get(answers) != simdjson::SUCCESS)
        return false;
    for (dom::element const answer : answers) {
        std::int64_t score = 0;
        if (answer["score"].get_int64().get(score) == simdjson::SUCCESS && score <= highest_negative_score)
            return true;
    }
    return false;
}

}

struct RowFilter::Reader {
    dom::parser parser;
};

RowFilter::RowFilter(PullFilter const& filter, StorePlaces const& places)
    : filter_(filter)
    , places_(places)
    , reader_(std::make_unique<Reader>())
{
}
RowFilter::~RowFilter() = default;

bool RowFilter::wants_store(std::string_view store)
{
    if (!filter_.asks_for_places())
        return filter_.takes_store(store, nullptr);
    auto const place = places_.find(store);
    if (place == places_.end())
        unknown_stores_.emplace(store);
    return filter_.takes_store(store, place == places_.end() ? nullptr : &place->second);
}

Result<bool> RowFilter::wants(LogRow const& row)
{
    // What the row's columns say costs nothing; its JSON is read last.
    if ((filter_.from_ms && row.at_ms < *filter_.from_ms) || (filter_.to_ms && row.at_ms >= *filter_.to_ms)
        || !wants_store(row.store))
        return false;
    if (filter_.touchpoints.empty() && !filter_.only_negative && !filter_.only_with_comment)
        return true;

    dom::object response;
    if (reader_->parser.parse(row.raw_json.data(), row.raw_json.size()).get_object().get(response)
        != simdjson::SUCCESS)
        return fail(Errc::Corrupt,
            "response " + std::to_string(row.seq) + " of " + std::string(row.install) + " is no JSON");
    // Whoever may have the response must learn of it, whatever was asked for: it says nothing to choose by.
    if (text_of(response, "event") == text_erased_event)
        return true;
    return is_one_of(filter_.touchpoints, text_of(response, "touchpoint"))
        && (!filter_.only_with_comment || !text_of(response, "comment").empty())
        && (!filter_.only_negative || has_low_score(response));
}

}
