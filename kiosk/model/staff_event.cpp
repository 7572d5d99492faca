#include "kiosk/model/staff_event.h"

#include "kiosk/model/masking.h"
#include "platform/base/utf8.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

namespace listenpost::kiosk {
namespace {

using nlohmann::json;

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

tl::unexpected<Error> refuse(std::string reason) { return fail(Errc::Invalid, std::move(reason)); }

std::optional<std::string> text_of(json const& object, char const* name)
{
    auto const found = object.find(name);
    return found != object.end() && found->is_string() ? std::optional(found->get<std::string>())
                                                       : std::nullopt;
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
    if (auto const named = check(event.of); !named)
        return refuse("of." + named.error().detail);
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
    out += R"(,"of":)";
    append_json(out, event.of);
    out += R"(,"state":)";
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
    auto const named = object.find("of");
    if (named == object.end())
        return refuse("of is missing");
    auto of = ref_from_json(*named);
    if (!of)
        return refuse("of: " + of.error().detail);
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
