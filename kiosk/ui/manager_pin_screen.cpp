#include "kiosk/ui/faces.h"
#include "kiosk/ui/icons.h"
#include "kiosk/ui/layout_manager.h"
#include "kiosk/ui/manager_parts.h"

#include <cmath>

namespace listenpost::kiosk {
namespace {

constexpr std::size_t clear_key = 9;
constexpr std::size_t zero_key = 10;
constexpr std::size_t backspace_key = 11;
constexpr int free_tries = 3;
constexpr int longest_in_seconds = 120; ///< what is longer is said in minutes

/// The key's ground; what stands on it is the caller's. Returns whether it was pressed.
bool draw_key(Ui& ui, std::string id, std::string_view label, Rect const& box, Enabled enabled)
{
    Press const state = press(ui, std::move(id), label, box, enabled);
    if (enabled == Enabled::No) {
        fill(ui, box, ui.palette.sunk);
    } else {
        fill(ui, box, state.held ? ui.palette.sunk : ui.palette.card);
        outline(ui, box, state.held ? ui.palette.ink : ui.palette.edge);
    }
    return state.done;
}

void draw_keys(ManagerUi& manager, PinLayout const& layout)
{
    Ui& ui = manager.ui;
    Enabled const enabled = manager.view.pin.takes_digits() ? Enabled::Yes : Enabled::No;
    theme::Colour const colour = enabled == Enabled::Yes ? ui.palette.ink : ui.palette.disabled_text;
    auto const centre = [&](std::size_t key) { return to_vec(layout.keys[key].centre()); };
    float const width = static_cast<float>(layout.keys.front().w) - ui.scaled(24);
    for (int digit = 1; digit <= 10; ++digit) {
        std::size_t const key = digit == 10 ? zero_key : static_cast<std::size_t>(digit - 1);
        std::string const label = std::to_string(digit % 10);
        bool const pressed = draw_key(ui, "pin." + label, label, layout.keys[key], enabled);
        write_centred(ui, label, centre(key), width, theme::title, 1, colour);
        if (pressed)
            manager.tell(manager_event::DigitPressed {digit % 10});
    }
    auto const clear = ui.say(Text::ManagerPinClear);
    bool const cleared = draw_key(ui, "pin.clear", clear, layout.keys[clear_key], enabled);
    write_centred(ui, clear, centre(clear_key), width, theme::button, 1, colour);
    if (cleared)
        manager.tell(manager_event::PinCleared {});
    bool const removed
        = draw_key(ui, "pin.backspace", ui.say(Text::KeyBackspace), layout.keys[backspace_key], enabled);
    draw_backspace(ui.list, centre(backspace_key), ui.scaled(40), colour);
    if (removed)
        manager.tell(manager_event::DigitRemoved {});
}

void draw_dots(ManagerUi& manager, PinLayout const& layout)
{
    Ui& ui = manager.ui;
    for (std::size_t index = 0; index < layout.dots.size(); ++index) {
        Disc const& dot = layout.dots[index];
        float const radius = static_cast<float>(dot.radius);
        float const stroke = std::max(1.F, std::round(ui.scaled(3)));
        if (index < manager.view.pin.digits)
            ui.list.AddCircleFilled(to_vec(dot.centre), radius, ui.palette.ink);
        else
            ui.list.AddCircle(to_vec(dot.centre), radius - stroke / 2, ui.palette.edge, 0, stroke);
    }
}

/// What is wrong, and what can be done about it.
std::pair<std::string, std::string> note_texts(Ui const& ui, PinView const& pin)
{
    switch (pin.note) {
    case PinNote::None:
        break;
    case PinNote::Wrong:
        return {std::string(ui.say(Text::ManagerPinWrong)),
            ui.say(Text::ManagerPinTries, {{"n", free_tries - pin.wrong}})};
    case PinNote::Locked: {
        int const minutes = (pin.seconds_left + 59) / 60;
        return {ui.say(Text::ManagerPinLocked, {{"n", pin.wrong}}),
            pin.seconds_left > longest_in_seconds
                ? ui.say(Text::ManagerPinWaitMinutes, {{"n", minutes}})
                : ui.say(Text::ManagerPinWaitSeconds, {{"n", pin.seconds_left}})};
    }
    case PinNote::NotSet:
        return {std::string(ui.say(Text::ManagerPinNotSet)), std::string(ui.say(Text::ManagerPinNotSetHow))};
    case PinNote::Failed:
        return {std::string(ui.say(Text::ManagerPinFailed)), std::string(ui.say(Text::ManagerPinFailedHow))};
    }
    return {};
}

void draw_ring(Ui& ui, PinView const& pin, PinLayout const& layout)
{
    ImVec2 const centre = to_vec(layout.ring.centre);
    float const radius = static_cast<float>(layout.ring.radius);
    float const part = static_cast<float>(pin.seconds_left) / static_cast<float>(std::max(1, pin.seconds_of));
    draw_countdown(ui.list, centre, radius, static_cast<float>(layout.ring_stroke), part, ui.palette.clay,
        ui.palette.sunk);
    int const number
        = pin.seconds_left > longest_in_seconds ? (pin.seconds_left + 59) / 60 : pin.seconds_left;
    write_centred(ui, std::to_string(number), centre, radius * 1.5F, theme::heading_small, 1, ui.palette.ink);
}

void draw_note(ManagerUi& manager, PinLayout const& layout)
{
    Ui& ui = manager.ui;
    PinView const& pin = manager.view.pin;
    if (pin.note == PinNote::None)
        return;
    auto const [title, text] = note_texts(ui, pin);
    fill(ui, layout.card, ui.palette.clay_tint);
    Line title_line = layout.card_title;
    Line text_line = layout.card_text;
    if (pin.note == PinNote::Locked) {
        draw_ring(ui, pin, layout);
        int const beside = layout.ring.centre.x + layout.ring.radius + ui.stage.px(32) - title_line.at.x;
        for (Line* line : {&title_line, &text_line}) {
            line->at.x += beside;
            line->width -= beside;
        }
    }
    // Both around the card's middle, however many lines the text has.
    int const title_lines = is_in_parts(ui.stage) ? 2 : 1;
    FittedText const titled
        = fit(ui, title, theme::button, static_cast<float>(title_line.width), title_lines);
    FittedText const fitted = fit(ui, text, theme::body, static_cast<float>(text_line.width), 3);
    int const title_height = ui.stage.px(44)
        + static_cast<int>(titled.line_height() * static_cast<float>(titled.lines.size() - 1));
    int const height = title_height + static_cast<int>(fitted.height());
    title_line.at.y = layout.card.centre().y - height / 2 + ui.stage.px(20);
    text_line.at.y = title_line.at.y + title_height;
    write_lines(ui, title, title_line, theme::button, title_lines, ui.palette.ink);
    write_lines(ui, text, text_line, theme::body, 3, ui.palette.ink2);
}

}

void draw_manager_pin(ManagerUi& manager)
{
    Ui& ui = manager.ui;
    PinLayout const layout = pin_layout(ui.stage);
    draw_brand(ui);
    write(ui, ui.say(Text::ManagerTitle), layout.title, theme::title_portrait + 8, ui.palette.ink);
    write(ui, ui.say(Text::ManagerPinHint), layout.hint, theme::button, ui.palette.ink2);
    draw_dots(manager, layout);
    draw_note(manager, layout);
    if (manager.view.pin.note != PinNote::NotSet)
        write_lines(ui, ui.say(Text::ManagerPinForgotten), layout.forgotten, theme::body,
            ui.stage.orientation == Orientation::Landscape && is_in_parts(ui.stage) ? 2 : 1, ui.palette.ink2);
    draw_keys(manager, layout);
    draw_manager_rail(manager);
    draw_manager_back(manager, layout.back, ui.say(Text::Back));
}

}
