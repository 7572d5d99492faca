#include "kiosk/model/staff_event.h"

#include "kiosk/model/install_id.h"
#include "kiosk/model/masking.h"
#include "platform/base/utf8.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

namespace listenpost::kiosk {
namespace {

using nlohmann::json;

constexpr std::size_t max_initials = 4;
constexpr std::size_t max_boot_bytes = 40; // as on the wire
constexpr std::int64_t max_integer = (std::int64_t {1} << 53) - 1; // what every JSON reader keeps exactly

struct Letters {
    char32_t first;
    char32_t last;
};
constexpr std::array letters {Letters {U'A', U'Z'}, Letters {U'a', U'z'}, Letters {U'\u00C0', U'\u00D6'},
    Letters {U'\u00D8', U'\u00F6'}, Letters {U'\u00F8', U'\u024F'}, Letters {U'\u3005', U'\u3007'}, // 々〇
    Letters {U'\u3041', U'\u3096'}, Letters {U'\u30A1', U'\u30FC'}, Letters {U'\u3400', U'\u4DBF'},
    Letters {U'\u4E00', U'\u9FFF'}, Letters {U'\uAC00', U'\uD7A3'}, Letters {U'\uF900', U'\uFAFF'},
    Letters {U'\U00020000', U'\U000323AF'}};

bool is_letter(char32_t character)
{
    return std::ranges::any_of(
        letters, [=](Letters const& each) { return character >= each.first && character <= each.last; });
}

/// UTF-8 without control characters.
bool is_readable(std::string_view text)
{
    while (!text.empty()) {
        auto const before = text.size();
        char32_t const character = take_character(text);
        if (character < U' ' || character == U'\x7f'
            || (character == replacement_character && before - text.size() == 1))
            return false;
    }
    return true;
}

tl::unexpected<Error> refuse(std::string reason) { return fail(Errc::Invalid, std::move(reason)); }

Result<> check(ResponseRef const& of)
{
    if (!is_install_id(of.install))
        return refuse("of.install is not 32 hexadecimal digits");
    if (of.seq < 1 || of.seq > max_integer)
        return refuse("of.seq is no number of a response");
    if (of.boot.size() > max_boot_bytes || !is_readable(of.boot))
        return refuse("of.boot is no boot");
    if (of.steady_ms < 0 || of.steady_ms > max_integer)
        return refuse("of.steady_ms is no time");
    return {};
}

std::optional<std::string> text_of(json const& object, char const* name)
{
    auto const found = object.find(name);
    return found != object.end() && found->is_string() ? std::optional(found->get<std::string>())
                                                       : std::nullopt;
}

std::optional<std::int64_t> integer_of(json const& object, char const* name)
{
    auto const found = object.find(name);
    return found != object.end() && found->is_number_integer() ? std::optional(found->get<std::int64_t>())
                                                               : std::nullopt;
}

Result<ResponseRef> read_ref(json const& event)
{
    auto const of = event.find("of");
    if (of == event.end() || !of->is_object())
        return refuse("of is missing");
    auto install = text_of(*of, "install");
    auto const seq = integer_of(*of, "seq");
    auto boot = text_of(*of, "boot");
    auto const steady_ms = integer_of(*of, "steady_ms");
    if (!install || !seq || !boot || !steady_ms)
        return refuse("of lacks install, seq, boot or steady_ms");
    return ResponseRef {std::move(*install), *seq, std::move(*boot), *steady_ms};
}

}

char const* name(CommentState state) { return state == CommentState::Seen ? "seen" : "dealt_with"; }

bool is_initials(std::string_view text)
{
    std::size_t count = 0;
    while (!text.empty() && count <= max_initials) {
        if (!is_letter(take_character(text)))
            return false;
        ++count;
    }
    return count >= 1 && count <= max_initials;
}

Result<> check(StaffEvent const& event)
{
    LISTENPOST_TRY(check(event.of));
    if (!is_initials(event.by))
        return refuse("by is not 1 to 4 letters");
    if (!is_readable(event.note))
        return refuse("note is not readable text");
    if (count_characters(event.note) > StaffEvent::max_note_characters)
        return refuse(
            "note has more than " + std::to_string(StaffEvent::max_note_characters) + " characters");
    return {};
}

Result<StaffEvent> fit_to_keep(StaffEvent event)
{
    LISTENPOST_TRY(check(event));
    event.note = mask_personal_data(event.note).text;
    return event;
}

std::string event_to_json(StaffEvent const& event)
{
    std::string out = R"({"event":)";
    append_json_string(out, comment_handled);
    out += R"(,"of":{"install":)";
    append_json_string(out, event.of.install);
    out += R"(,"seq":)" + std::to_string(event.of.seq) + R"(,"boot":)";
    append_json_string(out, event.of.boot);
    out += R"(,"steady_ms":)" + std::to_string(event.of.steady_ms) + R"(},"state":)";
    append_json_string(out, name(event.state));
    out += R"(,"by":)";
    append_json_string(out, event.by);
    if (!event.note.empty()) {
        out += R"(,"note":)";
        append_json_string(out, event.note);
    }
    out += '}';
    return out;
}

Result<StaffEvent> event_from_json(std::string_view text)
{
    auto const object = json::parse(text, nullptr, false);
    if (!object.is_object())
        return refuse("the event is not a JSON object");
    if (text_of(object, "event") != comment_handled)
        return refuse("event is no kind that is known");
    auto of = read_ref(object);
    if (!of)
        return fail(of.error());
    auto const state = text_of(object, "state");
    if (state != name(CommentState::Seen) && state != name(CommentState::DealtWith))
        return refuse("state is neither seen nor dealt_with");
    auto by = text_of(object, "by");
    if (!by)
        return refuse("by is missing");
    StaffEvent event {.of = std::move(*of),
        .state = state == name(CommentState::Seen) ? CommentState::Seen : CommentState::DealtWith,
        .by = std::move(*by),
        .note = text_of(object, "note").value_or("")};
    LISTENPOST_TRY(check(event));
    return event;
}

}
