#include "kiosk/ui/faces.h"
#include "kiosk/ui/icons.h"
#include "kiosk/ui/rail.h"

#include <algorithm>

/// The rail's main button in its three forms.
namespace listenpost::kiosk {
namespace {

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
    ImVec2 const centre = to_vec(box.centre());
    float const top = static_cast<float>(box.y);
    float const width = static_cast<float>(box.w);
    float const height = static_cast<float>(box.h);
    if (width < 1.4F * height)
        return {{centre.x, top + height * 0.36F}, height * 0.205F, height * 0.053F,
            {centre.x, top + height * 0.79F}, width - ui.scaled(16), 1};
    // Side by side, as one group in the middle of a wide button.
    float const most_label = ui.scaled(260);
    float const room = width - ui.scaled(110);
    float const label_width = std::min(room, most_label);
    float const left = static_cast<float>(box.x) + (room - label_width) / 2;
    return {{left + ui.scaled(54), centre.y}, ui.scaled(34), ui.scaled(9),
        {left + ui.scaled(100) + label_width / 2, centre.y}, label_width, 2};
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

void rail_progress(Ui& ui)
{
    int const all = static_cast<int>(ui.survey.first_page());
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
        places.ring_radius * 1.3F, theme::chip, 1, colours.rail_text);
    write_submit_label(ui, places, label, theme::chip, colours.rail_quiet);
}

bool rail_submit(Ui& ui, Text text)
{
    auto const label = ui.say(text);
    auto places = submit_places(ui);
    // One word: rather smaller than cut in two, where that is enough.
    if (text == Text::NextStep
        && fit_text(ui.fonts, label, ui.text_pixels(theme::heading_small), places.label_width, 1).whole)
        places.label_lines = 1;
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
    write_centred(ui, std::to_string(left), places.ring, places.ring_radius * 1.5F, theme::heading_small, 1,
        ui.palette.on_sand);
    write_submit_label(ui, places, label, theme::heading_small, ui.palette.on_sand);
    return state.done;
}

}
