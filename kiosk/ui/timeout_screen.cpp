#include "kiosk/ui/faces.h"
#include "kiosk/ui/screen_parts.h"

namespace listenpost::kiosk {

void draw_timeout(Ui& ui)
{
    auto const& colours = ui.palette;
    TimeoutLayout const layout = timeout_layout(ui.stage);
    int const left = ui.view.countdown.value_or(0);
    fill(ui, ui.stage.screen, theme::scrim, 0);
    fill(ui, layout.modal, colours.card, theme::radius_modal);

    ImVec2 const ring = to_vec(layout.ring.centre);
    float const part = ui.view.countdown_of > 0
        ? static_cast<float>(left) / static_cast<float>(ui.view.countdown_of)
        : 0.F;
    draw_countdown(ui.list, ring, static_cast<float>(layout.ring.radius),
        static_cast<float>(layout.ring_stroke), part, colours.teal, colours.sunk);
    write_centred(
        ui, std::to_string(left), ring, static_cast<float>(layout.ring.radius) * 1.6F, 52, 1, colours.ink);

    // Title and text together stand beside the ring's middle, however many lines the text has.
    auto const text = ui.say(Text::TimeoutText, {{"n", left}});
    FittedText const fitted = fit(ui, text, theme::body_large, static_cast<float>(layout.text.width), 2);
    float const lift = fitted.line_height() * static_cast<float>(fitted.lines.size() - 1) / 2;
    Line title = layout.title;
    title.at.y -= static_cast<int>(lift);
    write(ui, ui.say(Text::TimeoutHeadline), title, theme::title_portrait, colours.ink);
    float y = static_cast<float>(layout.text.at.y) - lift;
    for (auto const& line : fitted.lines) {
        ui.fonts.draw(ui.list, line, {static_cast<float>(layout.text.at.x), y}, fitted.pixels, colours.ink2);
        y += fitted.line_height();
    }

    if (button(ui, ButtonKind::Primary, "more_time", ui.say(Text::TimeoutMoreTime), layout.more_time,
            theme::title_portrait))
        ui.events.push_back(event::MoreTime {});
    if (button(ui, ButtonKind::Secondary, "give_up", ui.say(Text::TimeoutGiveUp), layout.give_up,
            theme::heading_small, 2))
        ui.events.push_back(event::GaveUp {});
}

}
