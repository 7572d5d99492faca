#include "kiosk/ui/layout_follow_up.h"
#include "kiosk/ui/screen_parts.h"

#include <cmath>

/// The Net Promoter Score: numbers without colours, so that none looks like the right one.
namespace listenpost::kiosk {
namespace {

struct Ends {
    std::string_view worst;
    std::string_view best;
};

Ends ends_of(Ui const& ui, Question const& question)
{
    auto const& labels = question.score_labels;
    if (labels.empty())
        return {};
    return {ui.say(labels.front()), ui.say(labels.back())};
}

void draw_ends(Ui& ui, Ends const& ends, NumbersLayout const& layout)
{
    write(ui, ends.worst, layout.worst, layout.end_size, ui.palette.ink2);
    FittedText const best = fit(ui, ends.best, layout.end_size, static_cast<float>(layout.best.width), 1);
    ImVec2 const at = to_vec(layout.best.at);
    for (auto const& line : best.lines)
        ui.fonts.draw(ui.list, line, {at.x + static_cast<float>(layout.best.width), std::round(at.y)},
            best.pixels, ui.palette.ink2, Align::Right);
}

/// Without a chip's tick: a number has no room for one, and its ground says enough.
void draw_tile(Ui& ui, std::string const& number, Rect const& box, float size, bool chosen, bool held)
{
    auto const& colours = ui.palette;
    if (chosen) {
        fill(ui, box, colours.chosen_chip);
    } else {
        fill(ui, box, held ? colours.sunk : colours.card);
        outline(ui, box, held ? colours.ink : colours.edge);
    }
    write_centred(ui, number, to_vec(box.centre()), static_cast<float>(box.w) - ui.scaled(8), size, 1,
        chosen ? colours.on_chosen_chip : colours.ink);
}

}

void draw_numbers(Ui& ui, Question const& question)
{
    int const lowest = question.lowest_score();
    int const highest = question.highest_score();
    NumbersLayout const layout = numbers_layout(ui.stage, highest - lowest + 1);
    Ends const ends = ends_of(ui, question);
    Answer const* const answer = ui.view.draft.find(question.id);
    for (int score = lowest; score <= highest; ++score) {
        auto const index = static_cast<std::size_t>(score - lowest);
        std::string const number = std::to_string(score);
        // Who hears the screen hears what the ends mean.
        std::string spoken = number;
        if (auto const word = score == lowest ? ends.worst : score == highest ? ends.best : ""; !word.empty())
            spoken.append(" ").append(word);
        bool const chosen = answer && answer->score == score;
        Press const state = press(
            ui, "rate." + question.id + "." + number, spoken, layout.hits[index], unless_saving(ui), chosen);
        draw_tile(ui, number, layout.tiles[index], layout.number_size, chosen, state.held);
        if (state.done)
            ui.events.push_back(event::Rated {question.id, score});
    }
    draw_ends(ui, ends, layout);
}

}
