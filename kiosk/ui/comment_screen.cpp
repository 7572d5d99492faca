#include "kiosk/ui/rail.h"
#include "kiosk/ui/screen_parts.h"

#include <algorithm>
#include <cmath>

namespace listenpost::kiosk {
namespace {

/// What is written so far, as large as it fits, and how long it is.
void draw_field(Ui& ui, Rect const& field)
{
    auto const& colours = ui.palette;
    fill(ui, field, colours.card);
    outline(ui, field, colours.edge);
    Line line {{field.x + ui.stage.px(28), 0}, field.w - 2 * ui.stage.px(28)};
    std::string_view const comment = ui.view.draft.comment;
    bool const empty = comment.empty();
    auto const text = empty ? ui.say(Text::CommentPlaceholder) : comment;
    float const room = static_cast<float>(field.h) - ui.scaled(24);
    FittedText fitted;
    for (auto const& [size, lines] :
        {std::pair(theme::heading_small, 1), {theme::button, 2}, {theme::body, 4}}) {
        float const design = static_cast<float>(size);
        float const width = static_cast<float>(line.width) - (lines == 1 ? ui.scaled(80) : 0);
        fitted = fit_text(ui.fonts, text, ui.scaled(design), width, lines);
        if (fitted.whole && fitted.height() <= room && fitted.pixels >= ui.scaled(design) - 1)
            break;
    }
    // Only our own text: what a customer wrote is nobody's to read in a log.
    if (!fitted.whole && empty)
        ui.cut_texts.emplace_back(text);
    float y = static_cast<float>(field.centre().y)
        - fitted.line_height() * static_cast<float>(fitted.lines.size() - 1) / 2;
    for (auto const& each : fitted.lines) {
        ui.fonts.draw(ui.list, each, {static_cast<float>(line.at.x), std::round(y)}, fitted.pixels,
            empty ? colours.ink2 : colours.ink);
        y += fitted.line_height();
    }
    int const length = static_cast<int>(count_characters(comment));
    int const most = static_cast<int>(Draft::max_comment_characters);
    ui.fonts.draw(ui.list, ui.say(Text::CommentCount, {{"n", length}, {"most", most}}),
        {static_cast<float>(field.right()) - ui.scaled(24),
            static_cast<float>(field.bottom()) - ui.scaled(24)},
        ui.scaled(theme::small), colours.ink2, Align::Right);
}

}

void draw_comment_screen(Ui& ui)
{
    draw_brand(ui);
    draw_headline_with_hint(ui, ui.say(Text::CommentHeadline), ui.say(Text::CommentOptional));
    auto const& phrases = ui.survey.phrases;
    CommentLayout const layout = comment_layout(ui.stage, static_cast<int>(phrases.size()));
    draw_field(ui, layout.field);
    for (std::size_t index = 0; index < phrases.size(); ++index) {
        auto const text = ui.say(phrases[index]);
        bool const chosen = index < ui.view.phrases_chosen.size() && ui.view.phrases_chosen[index];
        bool const fits = index < ui.view.phrases_fit.size() && ui.view.phrases_fit[index];
        Enabled const enabled = fits ? unless_saving(ui) : Enabled::No;
        if (chip(ui, "phrase." + std::to_string(index), text, layout.chips[index], layout.hits[index],
                theme::button, chosen, enabled))
            ui.events.push_back(event::PhraseToggled {index});
    }
    draw_privacy(ui);

    draw_rail(ui);
    if (rail_back(ui))
        ui.events.push_back(event::WentBack {});
    if (rail_other(ui, "skip", ui.say(Text::Skip)))
        ui.events.push_back(event::Skipped {});
    if (rail_submit(ui))
        ui.events.push_back(event::Submitted {});
}

}
