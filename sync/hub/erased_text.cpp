#include "sync/hub/erased_text.h"

#include "kiosk/model/response.h"

#include <algorithm>
#include <simdjson.h>

namespace listenpost::sync {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::SUCCESS;

/// As it stands in the text.
std::string_view raw_text_of(ondemand::value value)
{
    std::string_view text;
    return simdjson::to_json_string(value).get(text) == SUCCESS ? text : std::string_view();
}

constexpr std::string_view empty_string = R"("")";

void append_member(std::string& out, std::string_view name, std::string_view value)
{
    if (out.size() > 1)
        out += ',';
    kiosk::append_json_string(out, name);
    out.append(":").append(value);
}

std::string answers_without_text(ondemand::value value, bool& is_readable);

enum class Object { Response, Answer, Event };

std::string_view words_of(Object kind)
{
    switch (kind) {
    case Object::Response:
        return "comment";
    case Object::Answer:
        return "text";
    case Object::Event:
        return "note";
    }
    return {};
}

/// Without what a person has written in it.
std::string without_words(ondemand::object object, Object kind, bool& is_readable)
{
    auto const unwanted = words_of(kind);
    std::string out = "{";
    for (auto member : object) {
        std::string_view name;
        ondemand::value value;
        if (member.unescaped_key().get(name) != SUCCESS) {
            is_readable = false;
            break;
        }
        if (member.value().get(value) != SUCCESS) {
            is_readable = false;
            break;
        }
        bool const is_answers = kind == Object::Response && name == "answers";
        std::string const text
            = is_answers ? answers_without_text(value, is_readable) : std::string(raw_text_of(value));
        is_readable = is_readable && !text.empty();
        if (name != unwanted)
            append_member(out, name, text);
        else if (kind == Object::Response && text != empty_string)
            append_member(out, comment_erased_member, "true");
    }
    return out + '}';
}

std::string answers_without_text(ondemand::value value, bool& is_readable)
{
    ondemand::array answers;
    if (value.get_array().get(answers) != SUCCESS) {
        is_readable = false;
        return {};
    }
    std::string out = "[";
    for (auto item : answers) {
        ondemand::object answer;
        if (item.get_object().get(answer) != SUCCESS) {
            is_readable = false;
            break;
        }
        out += out.size() > 1 ? "," : "";
        out += without_words(answer, Object::Answer, is_readable);
    }
    return out + ']';
}

tl::unexpected<Error> no_response() { return fail(Errc::Corrupt, "a row of the log is no JSON"); }

}

Result<std::string> event_of(std::string_view json)
{
    simdjson::dom::parser parser;
    simdjson::dom::object row;
    if (parser.parse(json.data(), json.size()).get_object().get(row) != SUCCESS)
        return no_response();
    std::string_view event;
    return row["event"].get_string().get(event) == SUCCESS ? std::string(event) : std::string();
}

Result<std::string> without_text(std::string_view json)
{
    // Looked at whole first: what follows reads no further than it must.
    auto const event = event_of(json);
    if (!event)
        return fail(event.error());
    ondemand::parser parser;
    simdjson::padded_string const padded(json);
    ondemand::document document;
    ondemand::object response;
    if (parser.iterate(padded).get(document) != SUCCESS || document.get_object().get(response) != SUCCESS)
        return no_response();
    bool is_readable = true;
    auto text = without_words(response, event->empty() ? Object::Response : Object::Event, is_readable);
    if (!is_readable)
        return no_response();
    return text;
}

Result<kiosk::ResponseRef> ref_of(std::string_view install, std::int64_t seq, std::string_view json)
{
    simdjson::dom::parser parser;
    simdjson::dom::object row;
    kiosk::ResponseRef ref {std::string(install), seq, {}, 0};
    std::string_view boot;
    if (parser.parse(json.data(), json.size()).get_object().get(row) != SUCCESS
        || row["boot"].get_string().get(boot) != SUCCESS
        || row["steady_ms"].get_int64().get(ref.steady_ms) != SUCCESS)
        return no_response();
    ref.boot = boot;
    // What its box would not take must not be asked for, and not every database keeps it.
    LISTENPOST_TRY(kiosk::check(ref));
    return ref;
}

bool has_had(Heartbeat const& box, std::string_view install)
{
    return box.installs && std::ranges::find(*box.installs, install) != box.installs->end();
}

std::string text_erased_json(std::int64_t seq)
{
    return "{\"seq\":" + std::to_string(seq) + ",\"event\":\"" + std::string(text_erased_event) + "\"}";
}

}
