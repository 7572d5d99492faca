#include "kiosk/ui/screen_parts.h"

#include <cmath>

namespace listenpost::kiosk {
namespace {

void draw_beside_faces(Ui& ui, Question const& question, RateRow const& row, theme::Colour title_colour)
{
    FittedText const hint
        = fit(ui, ui.say(question.hint), theme::body, static_cast<float>(row.hint.width), 2);
    // Two lines of hint push the title up, so that all stays in the middle of the card.
    bool const two_lines = hint.lines.size() > 1;
    Line title = row.title;
    title.at.y -= two_lines ? ui.stage.px(14) : 0;
    write(ui, ui.say(question.title), title, theme::heading, title_colour);
    ImVec2 at = to_vec(row.hint.at);
    at.y -= two_lines ? static_cast<float>(ui.stage.px(10)) : 0;
    for (auto const& line : hint.lines) {
        ui.fonts.draw(ui.list, line, {at.x, std::round(at.y)}, hint.pixels, ui.palette.ink2);
        at.y += hint.line_height();
    }
}

void draw_above_faces(Ui& ui, Question const& question, RateRow const& row, theme::Colour title_colour)
{
    auto const title = ui.say(question.title);
    write(ui, title, row.title, theme::heading, title_colour);
    int const taken = static_cast<int>(ui.fonts.width(title, ui.scaled(theme::heading)) + ui.scaled(24));
    Line const hint {{row.hint.at.x + taken, row.hint.at.y + ui.stage.px(4)}, row.hint.width - taken};
    write(ui, ui.say(question.hint), hint, theme::chip, ui.palette.ink2);
}

}

void draw_question(Ui& ui, Question const& question, RateRow const& row, theme::Colour title_colour)
{
    if (ui.stage.orientation == Orientation::Landscape)
        draw_beside_faces(ui, question, row, title_colour);
    else
        draw_above_faces(ui, question, row, title_colour);
}

}
