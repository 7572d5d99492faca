#include "kiosk/ui/rail.h"

#include "kiosk/ui/faces.h"
#include "kiosk/ui/icons.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

constexpr float text_margin = 12; ///< between a button's edge and its text

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

ImVec2 from_top(Ui const& ui, Rect const& box, float design_y)
{
    return {static_cast<float>(box.centre().x), static_cast<float>(box.y) + ui.scaled(design_y)};
}

float text_width(Ui const& ui, Rect const& box)
{
    return static_cast<float>(box.w) - 2 * ui.scaled(text_margin);
}

/// The language a press on the button chooses: the one after the present.
std::string const& next_language(Ui const& ui)
{
    auto const& languages = ui.survey.languages;
    auto const here = std::ranges::find(languages, ui.view.language);
    bool const at_end = here == languages.end() || here + 1 == languages.end();
    return at_end ? languages.front() : *(here + 1);
}

void draw_language(Ui& ui)
{
    if (ui.survey.languages.size() < 2)
        return;
    Rect const& box = ui.stage.language;
    std::string const& next = next_language(ui);
    auto const name = ui.strings.get(next, Text::LanguageName);
    Press const state = press(ui, "lang." + next, name, box, Enabled::Yes, false);
    auto const colours = quiet_button(ui, state.held);
    fill(ui, box, colours.ground);
    write_centred(ui, ui.say(Text::LanguageName), from_top(ui, box, 43), text_width(ui, box), theme::button,
        1, colours.text);
    write_centred(ui, name, from_top(ui, box, 86), text_width(ui, box), theme::body, 1, colours.quiet);
    if (state.done)
        ui.events.push_back(event::LanguageChosen {next});
}

void draw_access(Ui& ui)
{
    Rect const& box = ui.stage.access;
    auto const label = ui.say(Text::Contrast);
    Press const state = press(ui, "access.contrast", label, box, Enabled::Yes, ui.view.high_contrast);
    auto const colours = quiet_button(ui, state.held);
    fill(ui, box, colours.ground);
    draw_person(ui.list, from_top(ui, box, 33), ui.scaled(38), colours.text);
    write_centred(ui, label, from_top(ui, box, 83), text_width(ui, box), theme::small, 2, colours.quiet);
    if (state.done)
        ui.events.push_back(event::ContrastToggled {});
}

/// Where the main button's ring and text are: one above the other, or side by side.
struct SubmitPlaces {
    ImVec2 ring;
    float ring_radius;
    float ring_stroke;
    ImVec2 label;
    float label_width;
    int label_lines;
};

SubmitPlaces submit_places(Ui const& ui)
{
    Rect const& box = ui.stage.submit;
    if (ui.stage.orientation == Orientation::Landscape)
        return {from_top(ui, box, 80), ui.scaled(42.5F), ui.scaled(11), from_top(ui, box, 172),
            static_cast<float>(box.w) - ui.scaled(16), 1};
    ImVec2 const centre = to_vec(box.centre());
    float const left = static_cast<float>(box.x) + ui.scaled(100);
    float const width = static_cast<float>(box.right()) - left - ui.scaled(10);
    return {{static_cast<float>(box.x) + ui.scaled(54), centre.y}, ui.scaled(34), ui.scaled(9),
        {left + width / 2, centre.y}, width, 2};
}

void write_submit_label(
    Ui& ui, SubmitPlaces const& places, std::string_view label, float size, theme::Colour colour)
{
    write_centred(ui, label, places.label, places.label_width, size, places.label_lines, colour);
}

/// Held, or already on its way to the disk: both look pressed.
Press press_submit(Ui& ui, std::string_view label)
{
    Press state = press(ui, "submit", label, ui.stage.submit, unless_saving(ui));
    state.held = state.held || ui.view.saving;
    fill(ui, ui.stage.submit, state.held ? ui.palette.sand_pressed : ui.palette.sand);
    return state;
}

}

void draw_rail(Ui& ui)
{
    fill(ui, ui.stage.rail, ui.palette.rail, 0);
    if (ui.palette.rail_edge != ui.palette.rail) {
        Rect edge = ui.stage.rail;
        int const width = std::max(1, ui.stage.px(2));
        (ui.stage.orientation == Orientation::Landscape ? edge.w : edge.h) = width;
        fill(ui, edge, ui.palette.rail_edge, 0);
    }
    draw_language(ui);
    draw_access(ui);
}

bool rail_back(Ui& ui)
{
    Rect const& box = ui.stage.upper;
    auto const label = ui.say(Text::Back);
    Press const state = press(ui, "back", label, box, unless_saving(ui));
    auto const colours = quiet_button(ui, state.held);
    fill(ui, box, colours.ground);
    draw_back(ui.list, from_top(ui, box, 38), ui.scaled(36), colours.text);
    write_centred(ui, label, from_top(ui, box, 86), text_width(ui, box), theme::chip, 1, colours.text);
    return state.done;
}

bool rail_comment(Ui& ui)
{
    Rect const& box = ui.stage.lower;
    auto const label = ui.say(Text::CommentOpen);
    Press const state = press(ui, "comment.open", label, box, unless_saving(ui));
    auto const colours = quiet_button(ui, state.held);
    fill(ui, box, colours.ground);
    float const middle = static_cast<float>(box.h) / ui.stage.scale / 2;
    draw_comment(ui.list, from_top(ui, box, middle - 29), ui.scaled(34), colours.text, colours.ground);
    write_centred(
        ui, label, from_top(ui, box, middle + 28), text_width(ui, box), theme::body, 2, colours.text);
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

void rail_progress(Ui& ui)
{
    int const all = static_cast<int>(ui.survey.questions.size());
    int const done = all - ui.view.unrated;
    auto const places = submit_places(ui);
    auto const label = ui.say(Text::RateLeft, {{"n", ui.view.unrated}});
    auto const& colours = ui.palette;
    press(ui, "submit", label, ui.stage.submit, Enabled::No);
    outline(ui, ui.stage.submit, colours.rail_outline);
    // The ring has three parts; with fewer questions each fills its share of them.
    float const filled = 3.F * static_cast<float>(done) / static_cast<float>(all);
    float const before = 3.F * static_cast<float>(std::max(0, done - 1)) / static_cast<float>(all);
    float const shown = before + (filled - before) * ui.newest_segment;
    for (int index = 0; index < 3; ++index) {
        draw_ring_segment(
            ui.list, places.ring, places.ring_radius, places.ring_stroke, index, colours.rail_track);
        float const part = shown - static_cast<float>(index);
        if (part > 0)
            draw_ring_segment(
                ui.list, places.ring, places.ring_radius, places.ring_stroke, index, colours.sand, part);
    }
    write_centred(ui, ui.say(Text::RateProgress, {{"done", done}, {"all", all}}), places.ring,
        places.ring_radius * 1.6F,
        ui.stage.orientation == Orientation::Landscape ? theme::chip : theme::small, 1, colours.rail_text);
    write_submit_label(ui, places, label, theme::chip, colours.rail_quiet);
}

bool rail_submit(Ui& ui)
{
    auto const label = ui.say(Text::Submit);
    auto const places = submit_places(ui);
    Press const state = press_submit(ui, label);
    for (int index = 0; index < 3; ++index)
        draw_ring_segment(
            ui.list, places.ring, places.ring_radius, places.ring_stroke, index, ui.palette.on_sand);
    draw_check(ui.list, places.ring, places.ring_radius * 0.52F, ui.palette.on_sand);
    write_submit_label(ui, places, label, theme::heading_small, ui.palette.on_sand);
    return state.done;
}

bool rail_countdown(Ui& ui, std::string_view label)
{
    auto const places = submit_places(ui);
    Press const state = press_submit(ui, label);
    int const left = ui.view.countdown.value_or(0);
    float const part = ui.view.countdown_of > 0
        ? static_cast<float>(left) / static_cast<float>(ui.view.countdown_of)
        : 0.F;
    draw_countdown(ui.list, places.ring, places.ring_radius * 0.94F, places.ring_stroke * 0.73F, part,
        ui.palette.on_sand, state.held ? ui.palette.sand_pressed : ui.palette.sand_track);
    write_centred(ui, std::to_string(left), places.ring, places.ring_radius * 1.5F,
        ui.stage.orientation == Orientation::Landscape ? theme::heading_small : theme::body_large, 1,
        ui.palette.on_sand);
    write_submit_label(ui, places, label, theme::heading_small, ui.palette.on_sand);
    return state.done;
}

}
