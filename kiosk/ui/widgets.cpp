#include "kiosk/ui/widgets.h"

#include "kiosk/ui/faces.h"
#include "kiosk/ui/icons.h"

#include <algorithm>
#include <cmath>

namespace listenpost::kiosk {
namespace {

ImVec2 top_left(Rect const& box) { return {static_cast<float>(box.x), static_cast<float>(box.y)}; }
ImVec2 bottom_right(Rect const& box)
{
    return {static_cast<float>(box.right()), static_cast<float>(box.bottom())};
}

}

void fill(Ui& ui, Rect const& box, theme::Colour colour, float design_radius)
{
    ui.list.AddRectFilled(top_left(box), bottom_right(box), colour, ui.scaled(design_radius));
}

void outline(Ui& ui, Rect const& box, theme::Colour colour, float design_stroke, float design_radius)
{
    // Drawn inside the box, so that two neighbours keep their distance. ImGui puts the
    // stroke's middle half a pixel inside by itself.
    float const stroke = std::max(1.F, std::round(ui.scaled(design_stroke)));
    float const inset = stroke / 2 - 0.5F;
    ImVec2 const from = top_left(box);
    ImVec2 const to = bottom_right(box);
    ui.list.AddRect({from.x + inset, from.y + inset}, {to.x - inset, to.y - inset}, colour,
        ui.scaled(design_radius) - inset, 0, stroke);
}

FittedText fit(Ui& ui, std::string_view text, float design_size, float width, int max_lines)
{
    FittedText fitted = fit_text(ui.fonts, text, ui.text_pixels(design_size), width, max_lines);
    if (!fitted.whole)
        ui.cut_texts.emplace_back(text);
    if (!text.empty())
        ui.smallest_text = std::min(ui.smallest_text, fitted.pixels);
    return fitted;
}

FittedText fit_box(Ui& ui, std::string_view text, float design_size, float width, float height, int max_lines)
{
    constexpr float smallest = 0.7F;
    for (float const part : {1.F, 0.84F}) {
        auto fitted = fit_text(ui.fonts, text, ui.text_pixels(design_size * part), width, max_lines);
        if (!fitted.whole || fitted.height() > height)
            continue;
        ui.smallest_text = std::min(ui.smallest_text, fitted.pixels);
        return fitted;
    }
    return fit(ui, text, design_size * smallest, width, max_lines);
}

void write(Ui& ui, std::string_view text, Line const& line, float design_size, theme::Colour colour)
{
    write_lines(ui, text, line, design_size, 1, colour);
}

float write_lines(
    Ui& ui, std::string_view text, Line const& line, float design_size, int max_lines, theme::Colour colour)
{
    FittedText const fitted = fit(ui, text, design_size, static_cast<float>(line.width), max_lines);
    ImVec2 at = to_vec(line.at);
    for (auto const& each : fitted.lines) {
        ui.fonts.draw(ui.list, each, {at.x, std::round(at.y)}, fitted.pixels, colour);
        at.y += fitted.line_height();
    }
    return fitted.height();
}

void write_centred(Ui& ui, std::string_view text, ImVec2 centre, float width, float design_size,
    int max_lines, theme::Colour colour)
{
    write_centred(ui, fit(ui, text, design_size, width, max_lines), centre, colour);
}

void write_centred(Ui& ui, FittedText const& fitted, ImVec2 centre, theme::Colour colour)
{
    float y = centre.y - fitted.line_height() * static_cast<float>(fitted.lines.size() - 1) / 2;
    for (auto const& each : fitted.lines) {
        ui.fonts.draw(ui.list, each, {centre.x, std::round(y)}, fitted.pixels, colour, Align::Centre);
        y += fitted.line_height();
    }
}

float write_right(
    Ui& ui, std::string_view text, Point end, int width, float design_size, theme::Colour colour)
{
    FittedText const fitted = fit(ui, text, design_size, static_cast<float>(width), 1);
    ui.fonts.draw(ui.list, fitted.lines.front(), to_vec(end), fitted.pixels, colour, Align::Right);
    return ui.fonts.width(fitted.lines.front(), fitted.pixels);
}

Press press(Ui& ui, std::string id, std::string_view label, Rect const& hit, Enabled enabled,
    std::optional<bool> value)
{
    if (ui.reaction == Reaction::Inert)
        return {};
    ImVec2 const size {static_cast<float>(hit.w), static_cast<float>(hit.h)};
    Press result;
    bool const has_room = hit.w > 0 && hit.h > 0; // ImGui aborts over a button of no size
    if (enabled == Enabled::Yes && has_room) {
        ImGui::SetCursorScreenPos(top_left(hit));
        result.done = ImGui::InvisibleButton(id.c_str(), size);
        result.held = ImGui::IsItemActive() && ImGui::IsItemHovered();
        result.done = result.done || id == ui.activated;
    }
    ui.map.add({std::move(id), std::string(label), hit, enabled == Enabled::Yes, value});
    return result;
}

bool button(Ui& ui, ButtonKind kind, std::string id, std::string_view label, Rect const& box,
    float design_size, int max_lines, Enabled enabled)
{
    auto const& colours = ui.palette;
    Press const state = press(ui, std::move(id), label, box, enabled);
    // What was pressed and waits for the disk still looks pressed.
    bool const held = state.held || enabled == Enabled::No;
    bool const primary = kind == ButtonKind::Primary;
    if (primary) {
        fill(ui, box, held ? colours.teal_pressed : colours.teal);
    } else {
        fill(ui, box, held ? colours.sunk : colours.card);
        outline(ui, box, held ? colours.ink : colours.edge);
    }
    FittedText const fitted = fit_box(ui, label, design_size, static_cast<float>(box.w) - ui.scaled(32),
        static_cast<float>(box.h) - ui.scaled(8), max_lines);
    write_centred(ui, fitted, to_vec(box.centre()), primary ? colours.on_teal : colours.ink);
    return state.done;
}

bool chip(Ui& ui, std::string id, std::string_view label, Rect const& seen, Rect const& hit,
    float design_size, bool chosen, Enabled enabled)
{
    auto const& colours = ui.palette;
    Press const state = press(ui, std::move(id), label, hit, enabled, chosen);
    theme::Colour text = colours.ink;
    if (chosen) {
        fill(ui, seen, colours.chosen_chip);
        text = colours.on_chosen_chip;
    } else if (enabled == Enabled::No) {
        fill(ui, seen, colours.sunk);
        text = colours.disabled_text;
    } else {
        fill(ui, seen, state.held ? colours.sunk : colours.card);
        outline(ui, seen, state.held ? colours.ink : colours.edge);
    }
    // There is room for the tick before there is a tick: choosing changes no size.
    float const tick = ui.scaled(36);
    FittedText const fitted = fit_box(ui, label, design_size,
        static_cast<float>(seen.w) - tick - ui.scaled(24), static_cast<float>(seen.h) - ui.scaled(8), 2);
    float widest = 0;
    for (auto const& line : fitted.lines)
        widest = std::max(widest, ui.fonts.width(line, fitted.pixels));
    ImVec2 const centre = to_vec(seen.centre());
    float const text_x = std::round(centre.x + (chosen ? tick / 2 - ui.scaled(2) : 0));
    write_centred(ui, fitted, {text_x, centre.y}, text);
    if (chosen)
        draw_check(
            ui.list, {std::round(text_x - widest / 2 - ui.scaled(20)), centre.y}, ui.scaled(16), text, 0.24F);
    return state.done;
}

bool touched_anywhere(Ui& ui)
{
    if (ui.reaction == Reaction::Inert)
        return false;
    Rect const& screen = ui.stage.screen;
    if (screen.w <= 0 || screen.h <= 0)
        return false;
    ImGui::SetCursorScreenPos(top_left(screen));
    return ImGui::InvisibleButton("anywhere", bottom_right(screen));
}

void swallow_touches(Ui& ui, Rect const& box)
{
    if (ui.reaction == Reaction::Inert || box.w <= 0 || box.h <= 0)
        return;
    ImGui::SetCursorScreenPos(top_left(box));
    ImGui::InvisibleButton("swallow", {static_cast<float>(box.w), static_cast<float>(box.h)});
}

void draw_headline_with_hint(Ui& ui, std::string_view headline, std::string_view hint)
{
    Line const& line = ui.stage.headline;
    bool const beside = ui.stage.subline.width == 0;
    float const size = beside ? theme::title : theme::title_portrait;
    if (!beside) {
        write(ui, headline, line, size, ui.palette.ink);
        return write(ui, hint, ui.stage.subline, theme::body_large, ui.palette.ink2);
    }
    // At least a quarter is the hint's.
    float const most = static_cast<float>(line.width) * 0.75F;
    FittedText const fitted = fit(ui, headline, size, most, 1);
    ui.fonts.draw(ui.list, fitted.lines.front(), to_vec(line.at), fitted.pixels, ui.palette.ink);
    int const taken = static_cast<int>(ui.fonts.width(fitted.lines.front(), fitted.pixels) + ui.scaled(24));
    // Both sizes on one baseline.
    float const drop = (fitted.pixels - ui.text_pixels(theme::body)) * theme::baseline_below_centre;
    Line beside_it {{line.at.x + taken, line.at.y + static_cast<int>(drop)}, line.width - taken};
    // A long one in two lines, around the headline's middle.
    FittedText const one
        = fit_text(ui.fonts, hint, ui.text_pixels(theme::body), static_cast<float>(beside_it.width), 1);
    if (one.whole)
        return write(ui, hint, beside_it, theme::body, ui.palette.ink2);
    FittedText const two = fit(ui, hint, theme::body, static_cast<float>(beside_it.width), 2);
    beside_it.at.y = line.at.y - static_cast<int>(two.line_height() / 2);
    write_lines(ui, hint, beside_it, theme::body, 2, ui.palette.ink2);
}

void draw_privacy(Ui& ui)
{
    draw_lock(ui.list, to_vec(ui.stage.lock), ui.scaled(20), ui.palette.ink2);
    write(ui, ui.say(ui.survey.privacy), ui.stage.privacy, theme::small, ui.palette.ink2);
}

}
