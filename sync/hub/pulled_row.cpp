#include "sync/hub/pulled_row.h"

#include "sync/hub/erased_text.h"

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

bool read_response(dom::object response, PulledRow& row)
{
    read_member(response, "comment", row.comment);
    read_scores(response, row);
    row.flags = joined_flags(response);
    return read_member(response, "survey", row.survey)
        && read_member(response, "survey_version", row.survey_version)
        && read_member(response, "touchpoint", row.touchpoint) && read_member(response, "lang", row.lang)
        && read_member(response, "outcome", row.outcome) && read_member(response, "closed_by", row.closed_by)
        && read_member(response, "took_ms", row.took_ms);
}

bool read_event(dom::object object, PulledRow& row)
{
    auto& event = row.event.emplace();
    read_member(object, "note", event.note);
    dom::object of;
    return read_member(object, "event", event.event) && read_member(object, "of", of)
        && read_member(of, "install", event.of_install) && read_member(of, "seq", event.of_seq)
        && read_member(of, "boot", event.of_boot) && read_member(of, "steady_ms", event.of_steady_ms)
        && read_member(object, "state", event.state) && read_member(object, "by", event.by);
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
    dom::object object;
    PulledRow row;
    row.line = line;
    // What the hub itself writes, and what it takes no row without.
    bool is_whole = parser_->parser.parse(line.data(), line.size()).get(object) == simdjson::SUCCESS
        && read_member(object, "install", row.install) && read_member(object, "seq", row.seq)
        && read_member(object, "store", row.store) && read_member(object, "device", row.device)
        && read_member(object, "received_ms", row.received_ms) && read_member(object, "at_ms", row.at_ms);
    std::string_view event;
    if (is_whole && read_member(object, "event", event) && event == text_erased_event) {
        row.is_text_erased = true;
        return row;
    }
    bool const is_event = is_whole && object["event"].error() == simdjson::SUCCESS;
    is_whole = is_whole && (is_event ? read_event(object, row) : read_response(object, row));
    if (!is_whole)
        return fail(Errc::Invalid,
            "the hub sent a line that is neither a response nor an event that this program knows (is it "
            "older "
            "than the hub?): "
                + std::string(line.substr(0, 100)));
    return row;
}

}
