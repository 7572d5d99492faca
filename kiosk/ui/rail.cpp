#include "kiosk/ui/rail.h"

#include "kiosk/ui/faces.h"
#include "kiosk/ui/icons.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

constexpr float text_margin = 6; ///< between a button's edge and its text
constexpr float least_width_for_words = 100;
constexpr float least_height_for_words = 80;

struct RailColours {
    theme::Colour ground;
    theme::Colour text;
    theme::Colour quiet;
};

RailColours quiet_button(Ui const& ui, bool held)
{
    auto const& colours = ui.palette;
    if (held)
        return {colours.rail_quiet, colours.on_sand, colours.on_sand};
    return {colours.rail_button, colours.rail_text, colours.rail_quiet};
}

/// In the middle of the tile; the tiles are drawn for a height of 120.
ImVec2 from_top(Rect const& box, float design_y)
{
    return {static_cast<float>(box.centre().x),
        static_cast<float>(box.y) + static_cast<float>(box.h) * design_y / 120};
}

float text_width(Ui const& ui, Rect const& box)
{
    return static_cast<float>(box.w) - 2 * ui.scaled(text_margin);
}

/// Up to two lines in the lower part of a tile.
void write_below_icon(Ui& ui, std::string_view text, Rect const& box, theme::Colour colour)
{
    float const height = static_cast<float>(box.h) * 0.54F;
    write_centred(
        ui, fit_box(ui, text, theme::small, text_width(ui, box), height, 2), from_top(box, 83), colour);
}

/// The language a press on the tile chooses: from any other one back to the first, from
/// the first to the one that most visitors know.
std::string const& toggled_language(Ui const& ui)
{
    auto const& languages = ui.survey.languages;
    if (ui.view.language != languages.front())
        return languages.front();
    auto const english = std::ranges::find(languages, "en");
    return english == languages.end() || english == languages.begin() ? languages[1] : *english;
}

void draw_language(Ui& ui)
{
    if (ui.survey.languages.size() < 2)
        return;
    Rect const& box = ui.stage.language;
    std::string const& other = toggled_language(ui);
    auto const name = ui.strings.get(other, Text::LanguageName);
    Press const state = press(ui, "lang." + other, name, box, Enabled::Yes, false);
    auto const colours = quiet_button(ui, state.held);
    fill(ui, box, colours.ground);
    write_centred(ui, ui.say(Text::LanguageName), from_top(box, 43), text_width(ui, box), theme::button, 1,
        colours.text);
    OtherLanguage const in_its_own_face(ui, other);
    write_centred(ui, name, from_top(box, 86), text_width(ui, box), theme::body, 1, colours.quiet);
    if (state.done)
        ui.events.push_back(event::LanguageChosen {other});
}

std::string_view primary_tag(std::string_view language) { return language.substr(0, language.find('-')); }

/// Two of the languages that the toggling tile does not show, a line each, by their own
/// names. Rather such as those cannot be read by who reads what is there already.
std::string further_languages(Ui const& ui)
{
    constexpr std::size_t most = 2;
    auto const& first = ui.survey.languages.front();
    auto const& other = toggled_language(ui);
    std::vector<std::string> foreign;
    std::vector<std::string> related;
    for (auto const& language : ui.survey.languages) {
        if (language == ui.view.language || language == other)
            continue;
        bool const is_related = primary_tag(language) == primary_tag(ui.view.language)
            || primary_tag(language) == primary_tag(first);
        (is_related ? related : foreign).push_back(language);
    }
    foreign.insert(foreign.end(), related.begin(), related.end());
    foreign.resize(std::min(foreign.size(), most));
    std::string names;
    for (auto const& language : foreign)
        names += (names.empty() ? "" : "\n") + std::string(ui.strings.get(language, Text::LanguageName));
    return names;
}

}

void draw_access_tile(Ui& ui, Rect const& box)
{
    auto const name = ui.say(Text::AccessOpen);
    Press const state = press(ui, "access.open", name, box, unless_saving(ui));
    auto const& view = ui.view;
    bool const helps = view.high_contrast || view.large_text || view.low_reach || view.spoken;
    auto const colours = quiet_button(ui, state.held);
    auto const sign = helps && !state.held ? ui.palette.sand : colours.text;
    fill(ui, box, colours.ground);
    if (helps && !state.held)
        outline(ui, box, ui.palette.sand, theme::outline_field);
    if (box.w < ui.stage.px(least_width_for_words) || box.h < ui.stage.px(least_height_for_words)) {
        draw_person(ui.list, to_vec(box.centre()), ui.scaled(44), sign);
    } else {
        float const low = std::min(1.F, static_cast<float>(box.h) / ui.scaled(120));
        draw_person(ui.list, from_top(box, 32), ui.scaled(38) * low, sign);
        write_below_icon(ui, name, box, colours.quiet);
    }
    if (state.done)
        ui.events.push_back(event::PanelOpened {Panel::Access});
}

void draw_rail_ground(Ui& ui)
{
    fill(ui, ui.stage.rail, ui.palette.rail, 0);
    if (ui.palette.rail_edge == ui.palette.rail)
        return;
    Rect edge = ui.stage.rail;
    int const width = std::max(1, ui.stage.px(2));
    (ui.stage.rail_side == RailSide::Right ? edge.w : edge.h) = width;
    fill(ui, edge, ui.palette.rail_edge, 0);
}

void draw_rail(Ui& ui)
{
    draw_rail_ground(ui);
    draw_language(ui);
    draw_access_tile(ui, ui.stage.access);
}

bool rail_back(Ui& ui)
{
    Rect const& box = ui.stage.upper;
    auto const label = ui.say(Text::Back);
    Press const state = press(ui, "back", label, box, unless_saving(ui));
    auto const colours = quiet_button(ui, state.held);
    fill(ui, box, colours.ground);
    draw_back(ui.list, from_top(box, 38), ui.scaled(36), colours.text);
    write_centred(ui, label, from_top(box, 86), text_width(ui, box), theme::chip, 1, colours.text);
    return state.done;
}

void rail_languages(Ui& ui)
{
    constexpr std::size_t on_the_tile = 2;
    if (ui.survey.languages.size() <= on_the_tile)
        return;
    Rect const& box = ui.stage.upper;
    Press const state = press(ui, "lang.more", ui.say(Text::LanguagesMore), box, unless_saving(ui));
    auto const colours = quiet_button(ui, state.held);
    fill(ui, box, colours.ground);
    draw_globe(ui.list, from_top(box, 32), ui.scaled(36), colours.text);
    write_below_icon(ui, further_languages(ui), box, colours.quiet);
    if (state.done)
        ui.events.push_back(event::PanelOpened {Panel::Languages});
}

bool rail_comment(Ui& ui)
{
    Rect const& box = ui.stage.lower;
    auto const label = ui.say(Text::CommentOpen);
    Press const state = press(ui, "comment.open", label, box, unless_saving(ui));
    auto const colours = quiet_button(ui, state.held);
    fill(ui, box, colours.ground);
    draw_comment(ui.list, from_top(box, 34), ui.scaled(34), colours.text, colours.ground);
    write_centred(ui, label, from_top(box, 88), text_width(ui, box), theme::body, 2, colours.text);
    return state.done;
}

bool rail_other(Ui& ui, std::string id, std::string_view label)
{
    Rect const& box = ui.stage.lower;
    Press const state = press(ui, std::move(id), label, box, unless_saving(ui));
    if (state.held)
        fill(ui, box, ui.palette.rail_quiet);
    else
        outline(ui, box, ui.palette.rail_quiet);
    write_centred(ui, label, to_vec(box.centre()), text_width(ui, box) - ui.scaled(16), theme::button, 2,
        state.held ? ui.palette.on_sand : ui.palette.rail_text);
    return state.done;
}

}
