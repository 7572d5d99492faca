#include "kiosk/ui/faces.h"
#include "kiosk/ui/icons.h"
#include "kiosk/ui/rail.h"
#include "kiosk/ui/screen_parts.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

void draw_ring(Ui& ui, ThanksLayout const& layout)
{
    ImVec2 const centre = to_vec(layout.ring.centre);
    float const radius = static_cast<float>(layout.ring.radius);
    for (int index = 0; index < 3; ++index)
        draw_ring_segment(
            ui.list, centre, radius, static_cast<float>(layout.ring_stroke), index, ui.palette.teal);
    ui.list.AddCircleFilled(centre, radius * 0.73F, ui.palette.card, 96);
    draw_check(ui.list, centre, radius * 0.55F, ui.palette.teal, 0.25F);
}

/// In two lines where they end above `bottom`, else in one if that is wide enough.
void write_above(
    Ui& ui, std::string_view text, Line const& line, float size, int bottom, theme::Colour colour)
{
    float const width = static_cast<float>(line.width);
    float const pixels = ui.text_pixels(size);
    auto const ends_above = [&](FittedText const& fitted) {
        return static_cast<float>(line.at.y) + fitted.height() - fitted.line_height() / 2
            <= static_cast<float>(bottom);
    };
    bool const one = !ends_above(fit_text(ui.fonts, text, pixels, width, 2))
        && fit_text(ui.fonts, text, pixels, width, 1).whole;
    write_lines(ui, text, line, size, one ? 1 : 2, colour);
}

/// What was said, once more: the customer sees that it came through right.
void draw_column(
    Ui& ui, Question const& question, ThanksLayout const& layout, ThanksLayout::Column const& column)
{
    auto const& colours = ui.palette;
    if (column.divider_x > 0) {
        int const inset = layout.card.h * 39 / 168;
        fill(ui,
            {column.divider_x, layout.card.y + inset, std::max(1, ui.stage.px(2)), layout.card.h - 2 * inset},
            colours.line, 0);
    }
    Answer const* answer = ui.view.draft.find(question.id);
    if (answer && !answer->score)
        answer = nullptr;
    ImVec2 const face = to_vec(column.face.centre);
    float const radius = static_cast<float>(column.face.radius);
    if (answer)
        draw_face_said(ui.list, colours, face, radius, question.face_of(*answer->score));
    else
        ui.list.AddCircle(face, radius - ui.scaled(1), colours.line, 64, std::max(1.F, ui.scaled(2)));
    auto const said = answer ? label_of(ui, question, *answer->score) : ui.say(Text::ThanksUnrated);
    auto const said_colour = answer ? colours.ink : colours.ink2;
    if (layout.direction == ThanksLayout::Direction::Across) {
        write(ui, ui.say(question.title), column.question, theme::body, colours.ink2);
        write(ui, said, column.said, theme::heading_small, said_colour);
        return;
    }
    auto const centred = [&](std::string_view text, Line const& line, float size, theme::Colour colour) {
        Point const at {line.at.x + line.width / 2, line.at.y};
        write_centred(ui, text, to_vec(at), static_cast<float>(line.width), size, 1, colour);
    };
    centred(ui.say(question.title), column.question, theme::body, colours.ink2);
    centred(said, column.said, theme::heading_small, said_colour);
}

/// A line of dots: the first is done, the others are what will happen.
void draw_steps(Ui& ui, ThanksLayout const& layout)
{
    auto const& colours = ui.palette;
    auto const& steps = layout.steps;
    if (steps.empty())
        return;
    ImVec2 const ends[] {to_vec(steps.front().dot.centre), to_vec(steps.back().dot.centre)};
    if (steps.size() > 1)
        ui.list.AddLine(ends[0], ends[1], colours.edge, std::max(2.F, ui.scaled(3)));
    for (std::size_t index = 0; index < steps.size(); ++index) {
        auto const& step = steps[index];
        ImVec2 const centre = to_vec(step.dot.centre);
        float const radius = static_cast<float>(step.dot.radius);
        ui.list.AddCircleFilled(centre, radius, colours.teal, 48);
        if (index == 0)
            draw_check(ui.list, centre, ui.scaled(9), colours.on_teal, 0.36F);
        else
            ui.list.AddCircleFilled(centre, radius - ui.scaled(4), colours.card, 48);
        write(ui, ui.say(ui.survey.thanks_steps[index].when), step.when, theme::body_large, colours.ink);
        bool const is_below = layout.direction == ThanksLayout::Direction::Down && index + 1 < steps.size();
        Rect const& rail = ui.stage.rail;
        int const end = ui.stage.rail_side == RailSide::Right ? ui.stage.screen.bottom() : rail.y;
        write_above(ui, ui.say(ui.survey.thanks_steps[index].what), step.what, theme::body,
            is_below ? steps[index + 1].dot.centre.y : end, colours.ink2);
    }
}

}

void draw_thanks(Ui& ui)
{
    auto const& questions = ui.survey.questions;
    std::size_t const rated = ui.survey.first_page();
    ThanksLayout const layout
        = thanks_layout(ui.stage, static_cast<int>(rated), static_cast<int>(ui.survey.thanks_steps.size()));
    draw_brand(ui);
    draw_ring(ui, layout);
    write(ui, ui.say(ui.survey.thanks_title), layout.title, theme::hero, ui.palette.ink);
    write_above(ui, ui.say(ui.survey.thanks_promise), layout.promise, theme::heading_small, layout.card.y,
        ui.palette.ink2);
    fill(ui, layout.card, ui.palette.card);
    for (std::size_t index = 0; index < rated; ++index)
        draw_column(ui, questions[index], layout, layout.columns[index]);
    draw_steps(ui, layout);

    draw_rail(ui);
    if (rail_other(ui, "again", ui.say(Text::ThanksAgain)))
        ui.events.push_back(event::RestartPressed {});
    if (rail_countdown(ui, ui.say(Text::ThanksEnd)))
        ui.events.push_back(event::Submitted {});
    // Whoever comes next touches anywhere. Last, so that the buttons have their touches first.
    if (touched_anywhere(ui))
        ui.events.push_back(event::Submitted {});
}

}
