#include "kiosk/ui/icons.h"
#include "kiosk/ui/keyboard.h"
#include "kiosk/ui/screen_parts.h"
#include "kiosk/ui/text_field.h"

#include <algorithm>
#include <cmath>

namespace listenpost::kiosk {
namespace {

/// What it is about, what need not be, and what becomes of a telephone number.
void draw_header(Ui& ui, TypingLayout const& layout, std::string_view headline, std::string_view hint)
{
    auto const& colours = ui.palette;
    FittedText const title = fit(ui, headline, theme::heading, static_cast<float>(layout.headline.width), 1);
    float const x = static_cast<float>(layout.headline.at.x);
    float const y = static_cast<float>(layout.headline.at.y);
    float taken = 0;
    for (auto const& line : title.lines) {
        ui.fonts.draw(ui.list, line, {x, y}, title.pixels, colours.ink);
        taken = ui.fonts.width(line, title.pixels) + ui.scaled(28);
    }
    int const room = layout.headline.width - static_cast<int>(taken);
    float const hint_width = ui.fonts.width(hint, ui.text_pixels(theme::body) * 0.8F);
    if (hint_width < static_cast<float>(room))
        write(ui, hint,
            {{layout.headline.at.x + static_cast<int>(taken), layout.headline.at.y + ui.stage.px(4)}, room},
            theme::body, colours.ink2);
    bool const is_masked = ui.view.editor.is_masked;
    theme::Colour const colour = is_masked ? colours.clay : colours.ink2;
    FittedText const notice = fit(ui, ui.say(is_masked ? Text::CommentMasked : Text::CommentPrivacy),
        theme::body, static_cast<float>(layout.notice.width) - ui.scaled(36), 1);
    float const right = static_cast<float>(layout.notice.at.x);
    float const notice_y = static_cast<float>(layout.notice.at.y);
    for (auto const& line : notice.lines) {
        float const width = ui.fonts.width(line, notice.pixels);
        ui.fonts.draw(ui.list, line, {right, notice_y}, notice.pixels, colour, Align::Right);
        draw_lock(ui.list, {right - width - ui.scaled(22), notice_y - ui.scaled(1)}, ui.scaled(21), colour);
    }
}

void draw_back_button(Ui& ui, Rect const& box)
{
    auto const label = ui.say(Text::Back);
    Press const state = press(ui, "back", label, box, unless_saving(ui));
    fill(ui, box, state.held ? ui.palette.sunk : ui.palette.card);
    outline(ui, box, state.held ? ui.palette.ink : ui.palette.edge);
    draw_back(ui.list,
        {static_cast<float>(box.centre().x), static_cast<float>(box.centre().y) - ui.scaled(18)},
        ui.scaled(28), ui.palette.ink);
    write_centred(ui, label,
        {static_cast<float>(box.centre().x), static_cast<float>(box.centre().y) + ui.scaled(24)},
        static_cast<float>(box.w) - ui.scaled(12), theme::small, 1, ui.palette.ink);
    if (state.done)
        ui.events.push_back(event::WentBack {});
}

/// How wide a phrase's chip wants to be.
int chip_width(Ui& ui, std::string_view text, TypingLayout const& layout)
{
    float const tick = ui.scaled(40);
    float const width = ui.fonts.width(text, ui.text_pixels(theme::chip)) + tick + ui.scaled(24);
    int const row = layout.phrase_rows.front().w;
    return std::min(row, std::max(ui.stage.px(theme::rail_tile), static_cast<int>(std::ceil(width))));
}

/// Into the gaps above and below, so that a chip is as high as a fingertip.
Rect heightened(Ui const& ui, Rect box)
{
    int const more = ui.stage.px(4);
    int const top = std::max(box.y - more, ui.stage.reach_top);
    return {box.x, top, box.w, box.bottom() + more - top};
}

/// A page of phrases: which ones, and in which row.
struct Page {
    std::vector<std::vector<std::size_t>> rows;
    std::size_t next = 0; ///< the first phrase of the next page
};

Page page_from(Ui& ui, TypingLayout const& layout, std::size_t first, int more_width)
{
    auto const& phrases = ui.survey.phrases;
    Page page;
    page.next = first;
    for (std::size_t row = 0; row < layout.phrase_rows.size(); ++row) {
        bool const is_last = row + 1 == layout.phrase_rows.size();
        int room = layout.phrase_rows[row].w - (is_last ? more_width : 0);
        page.rows.emplace_back();
        while (page.next < phrases.size()) {
            int const width = chip_width(ui, ui.say(phrases[page.next]), layout) + ui.stage.px(theme::gap);
            bool const is_alone = page.rows.back().empty();
            if (width - ui.stage.px(theme::gap) > room && !is_alone)
                break;
            page.rows.back().push_back(page.next++);
            room -= width;
        }
    }
    return page;
}

/// The chips of one row, stretched evenly to its whole width.
void draw_phrase_row(
    Ui& ui, TypingLayout const& layout, Rect row, std::vector<std::size_t> const& phrases, bool is_full)
{
    int const gap = ui.stage.px(theme::gap);
    int spare = row.w + gap;
    for (auto const index : phrases)
        spare -= chip_width(ui, ui.say(ui.survey.phrases[index]), layout) + gap;
    int const extra = is_full && !phrases.empty() ? std::max(0, spare) / static_cast<int>(phrases.size()) : 0;
    int x = row.x;
    for (auto const index : phrases) {
        auto const text = ui.say(ui.survey.phrases[index]);
        int const width = std::min(chip_width(ui, text, layout) + extra, row.right() - x);
        Rect const seen {x, row.y, width, row.h};
        Rect const hit = heightened(ui, {x - gap / 2, row.y, width + gap / 2 * 2, row.h});
        bool const chosen = index < ui.view.phrases_chosen.size() && ui.view.phrases_chosen[index];
        bool const fits = index < ui.view.phrases_fit.size() && ui.view.phrases_fit[index];
        if (chip(ui, "phrase." + std::to_string(index), text, seen, hit, theme::chip, chosen,
                fits ? unless_saving(ui) : Enabled::No))
            ui.events.push_back(event::PhraseToggled {index});
        x += width + gap;
    }
}

void draw_phrases(Ui& ui, TypingLayout const& layout)
{
    if (layout.phrase_rows.empty() || ui.survey.phrases.empty())
        return;
    int const gap = ui.stage.px(theme::gap);
    int const more_width = ui.stage.px(theme::rail_tile);
    auto& first = ui.typing.first_phrase;
    if (first >= ui.survey.phrases.size())
        first = 0;
    Page page = page_from(ui, layout, first, 0);
    bool const has_more = first > 0 || page.next < ui.survey.phrases.size();
    if (has_more)
        page = page_from(ui, layout, first, more_width + gap);
    for (std::size_t row = 0; row < page.rows.size(); ++row) {
        Rect box = layout.phrase_rows[row];
        bool const is_last = row + 1 == page.rows.size();
        if (is_last && has_more)
            box.w -= more_width + gap;
        bool const is_full = !is_last || page.next < ui.survey.phrases.size() || page.rows.size() == 1;
        draw_phrase_row(ui, layout, box, page.rows[row], is_full);
    }
    if (!has_more)
        return;
    Rect const& last = layout.phrase_rows.back();
    Rect const box {last.right() - more_width, last.y, more_width, last.h};
    Rect const hit = heightened(ui, box);
    Press const state = press(ui, "phrase.more", ui.say(Text::NextStep), hit, unless_saving(ui));
    fill(ui, box, state.held ? ui.palette.sunk : ui.palette.paper);
    outline(ui, box, state.held ? ui.palette.ink : ui.palette.edge);
    for (int dot = -1; dot <= 1; ++dot)
        ui.list.AddCircleFilled({static_cast<float>(box.centre().x) + static_cast<float>(dot) * ui.scaled(20),
                                    static_cast<float>(box.centre().y)},
            ui.scaled(5), ui.palette.ink, 16);
    if (state.done)
        first = page.next >= ui.survey.phrases.size() ? 0 : page.next;
}

void draw_writing(Ui& ui, TypingLayout const& layout, std::string_view placeholder, Text submit)
{
    draw_text_field(ui, layout.field, placeholder);
    if (ui.view.can_go_back)
        draw_back_button(ui, layout.back);
    if (button(ui, ButtonKind::Secondary, "skip", ui.say(Text::Skip), layout.skip, theme::button, 2,
            unless_saving(ui)))
        ui.events.push_back(event::Skipped {});
    if (button(ui, ButtonKind::Primary, "submit", ui.say(submit), layout.submit, theme::heading_small, 2,
            unless_saving(ui)))
        ui.events.push_back(event::Submitted {});
    draw_keyboard(ui, layout);
}

}

void draw_comment_screen(Ui& ui)
{
    TypingLayout const layout = typing_layout(ui.stage, !ui.survey.phrases.empty());
    draw_header(ui, layout, ui.say(Text::CommentHeadline), ui.say(Text::CommentOptional));
    draw_phrases(ui, layout);
    draw_writing(ui, layout, ui.say(Text::CommentPlaceholder), Text::Submit);
}

void draw_text_question(Ui& ui, Question const& question)
{
    TypingLayout const layout = typing_layout(ui.stage, false);
    draw_header(ui, layout, ui.say(question.title), ui.say(question.hint));
    draw_writing(ui, layout, ui.say(Text::FollowUpPlaceholder), Text::NextStep);
}

}
