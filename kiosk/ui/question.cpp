#include "kiosk/ui/screen_parts.h"

#include <cmath>

namespace listenpost::kiosk {
namespace {

void draw_hint_below(Ui& ui, Question const& question, RateRow const& row, theme::Colour title_colour)
{
    FittedText const hint
        = fit(ui, ui.say(question.hint), row.hint_size, static_cast<float>(row.hint.width), 2);
    // Two lines of hint push the title up, so that all stays in the middle of the card.
    bool const two_lines = hint.lines.size() > 1;
    Line title = row.title;
    title.at.y -= two_lines ? ui.stage.px(14) : 0;
    write(ui, ui.say(question.title), title, row.title_size, title_colour);
    ImVec2 at = to_vec(row.hint.at);
    at.y -= two_lines ? static_cast<float>(ui.stage.px(10)) : 0;
    for (auto const& line : hint.lines) {
        ui.fonts.draw(ui.list, line, {at.x, std::round(at.y)}, hint.pixels, ui.palette.ink2);
        at.y += hint.line_height();
    }
}

void draw_hint_beside(Ui& ui, Question const& question, RateRow const& row, theme::Colour title_colour)
{
    // A long title leaves the hint a third of the line.
    float const most = static_cast<float>(row.title.width) * 0.66F;
    FittedText const title = fit(ui, ui.say(question.title), row.title_size, most, 1);
    std::string const text = title.lines.empty() ? "" : title.lines.front();
    ui.fonts.draw(ui.list, text, to_vec(row.title.at), title.pixels, title_colour);
    int const taken = static_cast<int>(ui.fonts.width(text, title.pixels) + ui.scaled(24));
    Line const hint {{row.hint.at.x + taken, row.hint.at.y + ui.stage.px(4)}, row.hint.width - taken};
    write(ui, ui.say(question.hint), hint, row.hint_size, ui.palette.ink2);
}

}

void draw_question(Ui& ui, Question const& question, RateRow const& row, theme::Colour title_colour)
{
    if (row.hint_place == RateRow::Hint::Below)
        draw_hint_below(ui, question, row, title_colour);
    else
        draw_hint_beside(ui, question, row, title_colour);
}

std::string_view label_of(Ui const& ui, Question const& question, int score)
{
    auto const index = static_cast<std::size_t>(score - question.lowest_score());
    return index < question.score_labels.size() ? ui.say(question.score_labels[index]) : std::string_view();
}

bool asks_alone(Ui const& ui) { return ui.view.one_by_one() || ui.survey.first_page() == 1; }

}
