#include "kiosk/ui/announcements.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace listenpost::kiosk {
namespace {

/// Who hears a time-out's warning and does not act is told once more with so many seconds left.
constexpr int last_call = 10;

bool is_typing_aid(Widget const& widget)
{
    return widget.id.starts_with("key.") || widget.id.starts_with("candidate.");
}

std::size_t fingerprint(Editor const& editor)
{
    return std::hash<std::string> {}(editor.text + '\n' + editor.composition.preedit);
}

std::string whole(Spoken const& spoken, Widget const* focused)
{
    return spoken.screen() + (focused ? ". " + spoken.widget(*focused) : "");
}

}

std::string Announcements::next(View const& view, UiMap const& map, std::string const& focus)
{
    bool const has_key = std::exchange(has_key_, false);
    bool const was_on = std::exchange(is_on_, view.spoken);
    if (!view.spoken)
        return {};
    Spoken const spoken {view, survey_, strings_};
    Widget const* const focused = map.find(focus);
    Place const place {view.screen, view.panel, view.follow_up, view.current, view.language};

    std::string text;
    if (!was_on)
        text = strings_.get(view.language, Text::SpokenWelcome);
    else if (place != place_)
        text = whole(spoken, focused);
    else
        text = changes(spoken, map, focused);
    if (text.empty() && has_key)
        text = focused && is_typing_aid(*focused) ? spoken.widget(*focused) : whole(spoken, focused);
    place_ = place;
    remember(view, map, focused);
    return text;
}

/// On the same screen. What is masked comes first: it is the one thing nobody asked for.
std::string Announcements::changes(Spoken const& spoken, UiMap const& map, Widget const* focused) const
{
    View const& view = spoken.view;
    if (view.editor.is_masked && !is_masked_)
        return std::string(strings_.get(view.language, Text::CommentMasked));
    if (std::string set = newly_set(spoken, map); !set.empty())
        return set;
    bool const is_other_focus = focused && focused->id + '\n' + focused->label != focus_;
    bool const has_written = fingerprint(view.editor) != written_;
    if (focused && (is_other_focus || (has_written && is_typing_aid(*focused))))
        return spoken.widget(*focused);
    if (view.screen == Screen::TimeoutWarning && view.countdown == last_call && countdown_ != last_call)
        return spoken.screen();
    return {};
}

/// What a finger or a key has just chosen; or else has given up.
std::string Announcements::newly_set(Spoken const& spoken, UiMap const& map) const
{
    std::string given_up;
    for (auto const& widget : map.widgets()) {
        auto const before = std::ranges::find(states_, widget.id, &State::first);
        if (!widget.value || before == states_.end() || before->second == *widget.value)
            continue;
        if (*widget.value)
            return spoken.widget(widget);
        given_up = spoken.widget(widget);
    }
    return given_up;
}

void Announcements::remember(View const& view, UiMap const& map, Widget const* focused)
{
    focus_ = focused ? focused->id + '\n' + focused->label : std::string();
    states_.clear();
    for (auto const& widget : map.widgets())
        if (widget.value)
            states_.emplace_back(widget.id, *widget.value);
    is_masked_ = view.editor.is_masked;
    written_ = fingerprint(view.editor);
    countdown_ = view.countdown.value_or(0);
}

}
