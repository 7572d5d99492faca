#include "sync/hub/pulled_row.h"

#include <simdjson.h>

namespace listenpost::sync {
namespace {

namespace dom = simdjson::dom;

/// Whether the member is there and of that type.
template <typename T>
bool read_member(dom::object object, std::string_view name, T& value)
{
    return object[name].get(value) == simdjson::SUCCESS;
}

void read_scores(dom::object response, PulledRow& row)
{
    dom::array answers;
    if (!read_member(response, "answers", answers))
        return;
    for (dom::element const item : answers) {
        dom::object answer;
        std::string_view question;
        std::int64_t score = 0;
        if (item.get(answer) != simdjson::SUCCESS || !read_member(answer, "q", question)
            || !read_member(answer, "score", score))
            continue;
        if (question == "quality")
            row.quality = score;
        else if (question == "service")
            row.service = score;
        else if (question == "cleanliness")
            row.cleanliness = score;
    }
}

std::string joined_flags(dom::object response)
{
    std::string text;
    dom::array flags;
    if (!read_member(response, "flags", flags))
        return text;
    for (dom::element const flag : flags) {
        std::string_view id;
        if (flag.get(id) == simdjson::SUCCESS)
            text.append(text.empty() ? "" : ";").append(id);
    }
    return text;
}

}

Result<std::string_view> take_line(std::string_view& page)
{
    auto const end = page.find('\n');
    if (end == std::string_view::npos)
        return fail(Errc::Invalid, "the hub sent half a line");
    auto const line = page.substr(0, end);
    page.remove_prefix(end + 1);
    return line;
}

struct PulledRowReader::Parser {
    dom::parser parser;
};

PulledRowReader::PulledRowReader()
    : parser_(std::make_unique<Parser>())
{
}
PulledRowReader::~PulledRowReader() = default;

Result<PulledRow> PulledRowReader::read(std::string_view line)
{
    dom::object response;
    PulledRow row;
    row.response = line;
    // What the hub itself writes, and what it takes no response without.
    bool const is_whole = parser_->parser.parse(line.data(), line.size()).get(response) == simdjson::SUCCESS
        && read_member(response, "install", row.install) && read_member(response, "seq", row.seq)
        && read_member(response, "store", row.store) && read_member(response, "device", row.device)
        && read_member(response, "received_ms", row.received_ms) && read_member(response, "at_ms", row.at_ms)
        && read_member(response, "survey", row.survey)
        && read_member(response, "survey_version", row.survey_version)
        && read_member(response, "touchpoint", row.touchpoint) && read_member(response, "lang", row.lang)
        && read_member(response, "outcome", row.outcome) && read_member(response, "closed_by", row.closed_by)
        && read_member(response, "took_ms", row.took_ms);
    if (!is_whole)
        return fail(
            Errc::Invalid, "the hub sent a line that is no response: " + std::string(line.substr(0, 100)));
    read_member(response, "comment", row.comment);
    read_scores(response, row);
    row.flags = joined_flags(response);
    return row;
}

}
