#include "kiosk/ui/distribution.h"
#include "kiosk/ui/faces.h"
#include "kiosk/ui/icons.h"
#include "kiosk/ui/layout_manager.h"
#include "kiosk/ui/manager_parts.h"
#include "kiosk/ui/manager_text.h"

#include <algorithm>
#include <cmath>

namespace listenpost::kiosk {
namespace {

struct Count {
    std::string number;
    std::string share; ///< empty: too few for one

    std::string whole() const { return share.empty() ? number : number + " · " + share; }
};

Count count_of(AnswerCard const& card, AnswerBar const& bar)
{
    Count count {count_text(bar.count), {}};
    if (card.has_shares && !card.is_few())
        count.share = percent_text(share(bar.count, card.answers)) + "%";
    return count;
}

void answers_figure(ManagerUi& manager, AnswerCard const& card, AnswerBar const& bar, Rect const& hit)
{
    if (bar.count > 0) // behind nothing there is nothing to see
        figure(manager, bar.id, card.title + ", " + bar.label + ": " + count_of(card, bar).whole(), hit,
            bar.behind);
}

void draw_bar(Ui& ui, Rect const& box, AnswerCard const& card, theme::Colour colour)
{
    float const radius = std::min(6.F, static_cast<float>(std::min(box.w, box.h)) / 2);
    if (card.is_few())
        outline(ui, box, ui.palette.edge, 2, radius);
    else
        fill(ui, box, colour, radius);
}

/// Number, bar, and what it is the number of, from top to bottom.
void draw_column(ManagerUi& manager, AnswerCard const& card, AnswerBar const& bar, std::string_view label,
    Rect const& box, double most)
{
    Ui& ui = manager.ui;
    bool const has_face = bar.face > 0;
    int const centre = box.centre().x;
    int const label_y = box.bottom() - ui.stage.px(16);
    int const line_y = box.bottom() - ui.stage.px(has_face ? 76 : 36);
    float const axis = ui.text_pixels(theme::axis);
    Count const count = count_of(card, bar);
    bool const is_one_line = ui.fonts.width(count.whole(), axis) < static_cast<float>(box.w) - ui.scaled(8);
    int const above = ui.stage.px(is_one_line || count.share.empty() ? 32 : 54);
    int const room = line_y - box.y - above;
    int const height = bar.count == 0
        ? 0
        : std::max(2, static_cast<int>(std::lround(room * static_cast<double>(bar.count) / most)));
    int const half = std::min(box.w * 2 / 5, ui.stage.px(44));
    Rect const seen {centre - half, line_y - height, 2 * half, height};
    answers_figure(manager, card, bar, box);
    if (height > 0)
        draw_bar(ui, seen, card, bar.colour);
    auto const say = [&](std::string const& text, int up) {
        ui.fonts.draw(ui.list, text,
            {static_cast<float>(centre), static_cast<float>(seen.y - ui.stage.px(static_cast<float>(up)))},
            axis, ui.palette.ink, Align::Centre);
    };
    if (is_one_line) {
        say(count.whole(), 16);
    } else {
        say(count.number, 38);
        say(count.share, 16);
    }
    if (has_face)
        draw_face_said(ui.list, ui.palette,
            {static_cast<float>(centre), static_cast<float>(line_y + ui.stage.px(24))}, ui.scaled(18),
            bar.face);
    write_centred(ui, label, {static_cast<float>(centre), static_cast<float>(label_y)},
        static_cast<float>(box.w) - ui.scaled(4), theme::axis, 1, ui.palette.ink2);
    fill(ui, {box.x, line_y, box.w, std::max(1, ui.stage.px(2))}, ui.palette.edge, 0);
}

/// Name, how many answered, and what comes out of it: in `box`, below one another or on a line.
void draw_title(ManagerUi& manager, AnswerCard const& card, Rect const& box, bool is_line)
{
    Ui& ui = manager.ui;
    std::string const count = count_text(card.answers);
    std::string const answers = card.has_shares ? ui.say(Text::ManagerAnswers, {{"n", count}})
                                                : count + " " + std::string(ui.say(Text::ManagerTimesUnit));
    Text const few = card.answers == 0 ? Text::ManagerNone : Text::ManagerTooFew;
    std::string const note = card.is_few() ? std::string(ui.say(few)) : card.note;
    // How often anything was chosen is no number of responses.
    if (card.has_shares && card.answers > 0) {
        ListFilter everyone;
        everyone.question = card.question;
        int const above = is_line ? ui.stage.px(12) : 0; // a line alone is too low for a finger
        figure(manager, "answers." + card.question, card.title + ": " + answers,
            {box.x, box.y - above, box.w, box.h + above}, everyone);
    }
    if (is_line) {
        std::string const right = note.empty() ? answers : note + " · " + answers;
        float const taken = write_right(
            ui, right, {box.right(), box.centre().y}, box.w * 3 / 5, theme::axis, ui.palette.ink2);
        return write(ui, card.title,
            {{box.x, box.centre().y}, box.w - static_cast<int>(taken) - ui.stage.px(16)}, theme::chip,
            ui.palette.ink);
    }
    Line const title {{box.x, box.y + ui.stage.px(24)}, box.w};
    float const height = write_lines(ui, card.title, title, theme::body_large, 2, ui.palette.ink);
    Line line {{box.x, title.at.y + static_cast<int>(height) + ui.stage.px(4)}, box.w};
    if (!note.empty()) {
        float const taken = write_lines(ui, note, line, theme::body, 2, ui.palette.ink);
        line.at.y += static_cast<int>(taken) + ui.stage.px(4);
    }
    write(ui, answers, line, theme::axis, ui.palette.ink2);
}

void draw_columns(ManagerUi& manager, AnswerCard const& card, Rect const& area)
{
    std::int64_t const most
        = std::max<std::int64_t>(1, std::ranges::max(card.bars, {}, &AnswerBar::count).count);
    auto const count = static_cast<int>(card.bars.size());
    Ui const& ui = manager.ui;
    float const pitch = static_cast<float>(area.w) / static_cast<float>(count);
    bool const are_short = std::ranges::any_of(card.bars, [&](AnswerBar const& bar) {
        return !bar.short_label.empty()
            && ui.fonts.width(bar.label, ui.text_pixels(theme::axis)) > pitch - ui.scaled(8);
    });
    for (int index = 0; index < count; ++index) {
        auto const& bar = card.bars[static_cast<std::size_t>(index)];
        int const from = area.x + area.w * index / count;
        int const to = area.x + area.w * (index + 1) / count;
        draw_column(manager, card, bar, are_short ? bar.short_label : bar.label,
            {from, area.y, to - from, area.h}, static_cast<double>(most));
    }
}

void draw_options(ManagerUi& manager, AnswerCard const& card, Rect const& area, int columns)
{
    Ui& ui = manager.ui;
    auto const count = static_cast<int>(card.bars.size());
    int const rows = std::max(2, (count + columns - 1) / columns);
    int const between = ui.stage.px(32);
    int const pitch_x = (area.w + between) / columns;
    int const pitch_y = std::min(area.h / rows, ui.stage.px(theme::least_chip_height));
    std::int64_t const most = std::max<std::int64_t>(1, card.bars.front().count);
    for (int index = 0; index < count; ++index) {
        auto const& bar = card.bars[static_cast<std::size_t>(index)];
        Rect const box {
            area.x + pitch_x * (index / rows), area.y + pitch_y * (index % rows), pitch_x - between, pitch_y};
        int const text_y = box.centre().y - ui.stage.px(8);
        answers_figure(manager, card, bar, {box.x - ui.stage.px(12), box.y, box.w + ui.stage.px(24), box.h});
        float const taken = write_right(
            ui, count_of(card, bar).whole(), {box.right(), text_y}, box.w / 2, theme::body, ui.palette.ink);
        write(ui, bar.label, {{box.x, text_y}, box.w - static_cast<int>(taken) - ui.stage.px(12)},
            theme::body, ui.palette.ink);
        int const height = std::max(4, ui.stage.px(10));
        int const bar_y = text_y + ui.stage.px(18);
        int const length = static_cast<int>(
            static_cast<double>(box.w) * static_cast<double>(bar.count) / static_cast<double>(most));
        fill(ui, {box.x, bar_y, box.w, height}, ui.palette.sunk, 5);
        draw_bar(ui, {box.x, bar_y, std::max(height, length), height}, card, bar.colour);
    }
}

void draw_answers(
    ManagerUi& manager, AnswerCard const& card, Rect const& box, DistributionLayout const& layout)
{
    Ui& ui = manager.ui;
    fill(ui, box, ui.palette.card);
    int const inside = ui.stage.px(32);
    bool const is_above = layout.titles_above || card.form == AnswerCard::Form::Options;
    int const head = ui.stage.px(is_above ? 52 : 8);
    int const beside = is_above ? 0 : ui.stage.px(252);
    Rect const title {box.x + inside, box.y + ui.stage.px(8),
        is_above ? box.w - 2 * inside : beside - ui.stage.px(20), is_above ? head - ui.stage.px(8) : box.h};
    draw_title(manager, card, title, is_above);
    Rect const area {box.x + inside + beside, box.y + head, box.w - 2 * inside - beside, box.h - head};
    if (card.form == AnswerCard::Form::Columns)
        draw_columns(manager, card, area);
    else
        draw_options(manager, card, {area.x, area.y, area.w, area.h - ui.stage.px(8)}, layout.option_columns);
}

/// Who left early, and who only played.
void draw_share(ManagerUi& manager, Rect const& box, Text text, char const* id, Share const& share,
    ResponseQuery::Kind kind)
{
    Ui& ui = manager.ui;
    fill(ui, box, ui.palette.card);
    std::string const label
        = share.is_too_few() ? share_name(ui, text) : ui.say(text, {{"n", percent_text(share)}});
    float const x = static_cast<float>(box.centre().x);
    float const width = static_cast<float>(box.w) - ui.scaled(20);
    std::string counts = count_text(share.count) + " / " + count_text(share.of);
    if (ui.fonts.width(counts, ui.text_pixels(theme::axis)) > width)
        counts = count_text(share.count);
    write_centred(ui, label, {x, static_cast<float>(box.y) + static_cast<float>(box.h) * 0.34F}, width,
        theme::body, 1, ui.palette.ink);
    write_centred(ui, counts, {x, static_cast<float>(box.y) + static_cast<float>(box.h) * 0.70F}, width,
        theme::axis, 1, ui.palette.ink2);
    ListFilter filter;
    filter.kind = kind;
    filter.with_flagged = true;
    if (share.count > 0)
        figure(manager, id, label + " (" + counts + ")", box, filter);
}

void draw_more(ManagerUi& manager, Rect const& box, std::size_t page, std::size_t pages)
{
    Ui& ui = manager.ui;
    Press const state = press(ui, "questions.more", ui.say(Text::ManagerNext), box);
    fill(ui, box, state.held ? ui.palette.sunk : ui.palette.card);
    outline(ui, box, state.held ? ui.palette.ink : ui.palette.edge);
    std::string const text = std::to_string(page + 1) + " / " + std::to_string(pages);
    Point const centre = box.centre();
    write_centred(ui, text, {static_cast<float>(centre.x), static_cast<float>(centre.y - ui.stage.px(14))},
        static_cast<float>(box.w) - ui.scaled(16), theme::body, 1, ui.palette.ink);
    draw_chevron(ui.list, {static_cast<float>(centre.x), static_cast<float>(centre.y + ui.stage.px(20))},
        ui.scaled(24), ui.palette.ink, false);
    if (state.done)
        manager.tell(manager_event::QuestionsTurned {(page + 1) % pages});
}

void draw_pages(ManagerUi& manager, DistributionLayout const& layout, Summary const& summary)
{
    using Kind = ResponseQuery::Kind;
    draw_share(manager, layout.shares[0], Text::ManagerPartial, "partial", summary.partial, Kind::Partial);
    draw_share(manager, layout.shares[1], Text::ManagerFlagged, "flagged", summary.flagged, Kind::Flagged);
    auto const pages = answer_pages(answer_cards(manager.ui, summary), layout.units, layout.option_columns);
    if (pages.empty())
        return;
    std::size_t const page = std::min(manager.view.questions_page, pages.size() - 1);
    if (pages.size() > 1)
        draw_more(manager, layout.more, page, pages.size());
    int all = 0;
    for (auto const& card : pages[page])
        all += card.units(layout.option_columns);
    all = std::max(all, std::min(2, layout.units)); // one alone is not blown up to the whole screen
    int unit = 0;
    for (auto const& card : pages[page]) {
        int const units = card.units(layout.option_columns);
        draw_answers(manager, card, layout.card(unit, units, all), layout);
        unit += units;
    }
}

}

void draw_manager_distribution(ManagerUi& manager)
{
    DistributionLayout const layout = distribution_layout(manager.ui.stage);
    draw_manager_header(manager);
    draw_details_switch(manager, layout.tabs);
    if (manager.figures.summary)
        draw_pages(manager, layout, *manager.figures.summary);
    else
        draw_no_figures(manager, layout.cards);
    draw_manager_tabs(manager);
}

}
