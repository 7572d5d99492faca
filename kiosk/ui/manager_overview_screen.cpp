#include "kiosk/ui/charts.h"
#include "kiosk/ui/faces.h"
#include "kiosk/ui/layout_manager.h"
#include "kiosk/ui/manager_parts.h"
#include "kiosk/ui/manager_text.h"

#include <algorithm>
#include <cmath>

namespace listenpost::kiosk {
namespace {

constexpr std::size_t most_reasons = 5;
constexpr std::size_t most_ratings = 3;

std::string change_line(Ui const& ui, Summary const& summary)
{
    if (!summary.index_change.is_known())
        return std::string(ui.say(Text::ManagerNoUsual));
    return ui.say(Text::ManagerAgainst,
        {{"usual", usual_name(ui, summary)}, {"change", change_text(ui, summary.index_change.change)}});
}

}

void draw_arrow(Ui& ui, Point at, bool is_up, theme::Colour colour)
{
    float const half = ui.scaled(9);
    float const x = static_cast<float>(at.x) + half;
    float const y = static_cast<float>(at.y);
    float const tip = is_up ? -half * 0.8F : half * 0.8F;
    ui.list.AddTriangleFilled({x - half, y - tip}, {x + half, y - tip}, {x, y + tip}, colour);
}

namespace {

bool has_dimensions(Survey const& survey)
{
    return std::ranges::any_of(survey.questions, [](Question const& question) {
        return question.kind == QuestionKind::Rating && question.dimension != Dimension::Other;
    });
}

}

void draw_index(ManagerUi& manager, Rect const& card, Summary const& summary)
{
    Ui& ui = manager.ui;
    fill(ui, card, ui.palette.card);
    int const inside = ui.stage.px(32);
    int const x = card.x + inside;
    int const width = card.w - 2 * inside;
    auto const title = ui.say(has_dimensions(ui.survey) ? Text::ManagerIndex : Text::ManagerIndexOther);
    write(ui, title, {{x, card.y + ui.stage.px(40)}, width}, theme::body, ui.palette.ink2);
    figure(manager, "index", title, card, ListFilter {});
    if (summary.index.is_too_few() || summary.responses < few_ratings) {
        Text const text = summary.responses == 0 ? Text::ManagerNone : Text::ManagerTooFew;
        write_lines(
            ui, ui.say(text), {{x, card.y + ui.stage.px(104)}, width}, theme::body_large, 2, ui.palette.ink);
        return;
    }
    std::string const value = decimal(summary.index.value, 2);
    float const big = std::min(ui.text_pixels(theme::display),
        ui.text_pixels(theme::display) * static_cast<float>(width) / ui.scaled(312));
    int const middle = card.y + ui.stage.px(112);
    ui.fonts.draw(ui.list, value, {static_cast<float>(x), static_cast<float>(middle)}, big, ui.palette.ink);
    int const taken = static_cast<int>(ui.fonts.width(value, big)) + ui.stage.px(20);
    int const drop = static_cast<int>((big - ui.text_pixels(theme::button)) * theme::baseline_below_centre);
    write(ui, ui.say(Text::ManagerMargin, {{"n", decimal(summary.index.margin(), 2)}}),
        {{x + taken, middle + drop}, width - taken}, theme::button, ui.palette.ink2);
    bool const is_clear = summary.index_change.is_clear();
    bool const falls = is_clear && summary.index_change.change < 0;
    auto const colour = falls ? ui.palette.clay : is_clear ? ui.palette.teal : ui.palette.ink2;
    Point const line {x, card.bottom() - ui.stage.px(36)};
    int const arrow = is_clear ? ui.stage.px(32) : 0;
    if (is_clear)
        draw_arrow(ui, line, !falls, colour);
    write(ui, change_line(ui, summary), {{line.x + arrow, line.y}, width - arrow}, theme::body, colour);
}

namespace {

std::optional<double> usual_of(Summary::Rating const& rating)
{
    return rating.change.is_known() ? std::optional(rating.change.usual) : std::nullopt;
}

void draw_ratings(ManagerUi& manager, Rect const& card, Summary const& summary)
{
    Ui& ui = manager.ui;
    fill(ui, card, ui.palette.card);
    std::vector<Summary::Rating const*> shown;
    std::vector<Mean> means;
    std::vector<std::optional<double>> usual;
    for (auto const& rating : summary.ratings)
        if (rating.scale != Scale::Nps && shown.size() < most_ratings) {
            shown.push_back(&rating);
            means.push_back(rating.on_five);
            usual.push_back(usual_of(rating));
        }
    ScoreAxis const axis = ScoreAxis::for_means(means, usual);
    int const inside = ui.stage.px(32);
    int const names = std::min(ui.stage.px(208), (card.w - 2 * inside) / 2);
    int const pitch = ui.stage.px(56);
    bool const is_narrow = card.w < ui.stage.px(500);
    int const first_y = card.y + ui.stage.px(40);
    int const line_x = card.x + inside + names;
    int const line_width = card.right() - inside - line_x;
    for (std::size_t row = 0; row < shown.size(); ++row) {
        auto const& rating = *shown[row];
        int const y = first_y + static_cast<int>(row) * pitch;
        auto const name = question_name(ui, rating.question);
        int const value_width = ui.stage.px(is_narrow ? 66 : 84);
        write(ui, name, {{card.x + inside, y}, names - value_width - ui.stage.px(12)},
            is_narrow ? theme::body : theme::body_large, ui.palette.ink);
        std::string const value = !rating.on_five.is_too_few() ? decimal(rating.on_five.value, 2)
            : rating.on_five.count > 0                         ? std::string(ui.say(Text::ManagerFew))
                                                               : std::string();
        write_right(ui, value, {line_x - ui.stage.px(20), y}, value_width,
            rating.on_five.is_too_few() ? theme::body
                : is_narrow             ? theme::body_large
                                        : theme::button,
            ui.palette.ink);
        draw_interval(ui, axis, {{line_x, y}, line_width}, rating.on_five, usual[row]);
        ListFilter filter;
        filter.question = rating.question;
        filter.lowest_first = true;
        figure(manager, "rating." + rating.question, name,
            {card.x + ui.stage.px(12), y - pitch / 2, card.w - ui.stage.px(24), pitch}, filter);
    }
    int const axis_y = card.bottom() - ui.stage.px(26);
    draw_score_axis(ui, axis, {{line_x, axis_y}, line_width});
    bool const has_usual = std::ranges::any_of(usual, [](auto const& each) { return each.has_value(); });
    if (!has_usual)
        return;
    int const tick = ui.stage.px(4);
    fill(ui, {card.x + inside, axis_y - ui.stage.px(12), tick, ui.stage.px(24)}, ui.palette.ink2, 2);
    write(ui, usual_name(ui, summary), {{card.x + inside + ui.stage.px(16), axis_y}, names - ui.stage.px(44)},
        theme::axis, ui.palette.ink2);
}

}

std::string counts_sentence(Ui const& ui, Summary const& summary)
{
    std::string text = ui.say(Text::ManagerResponses, {{"n", count_text(summary.responses)}});
    auto const add = [&](std::string const& part) { text += " · " + part; };
    std::string const usual = count_text(std::llround(summary.usual_responses));
    if (summary.usual_samples > 0 && summary.query.period == Period::Today)
        add(ui.say(Text::ManagerUntil,
            {{"n", count_text(summary.compared_responses)}, {"time", clock_text(summary.compared_until)},
                {"usual", usual}}));
    else if (summary.usual_samples > 0)
        add(ui.say(Text::ManagerUsualCount, {{"n", usual}}));
    if (!summary.partial.is_too_few())
        add(ui.say(Text::ManagerPartial, {{"n", percent_text(summary.partial)}}));
    if (!summary.flagged.is_too_few())
        add(ui.say(Text::ManagerFlagged, {{"n", percent_text(summary.flagged)}}));
    if (summary.without_time > 0)
        add(ui.say(Text::ManagerWithoutTime, {{"n", count_text(summary.without_time)}}));
    for (auto const& waiting : summary.waiting)
        if (waiting.count >= few_ratings)
            add(ui.say(Text::ManagerWaited, {{"n", decimal(waiting.median, 0)}}));
    return text;
}

namespace {

ListFilter behind(Standout const& standout)
{
    ListFilter filter;
    filter.question = standout.question;
    filter.lowest_first = !standout.is_better;
    if (standout.hours)
        filter.hours = {standout.hours->from_hour, standout.hours->to_hour};
    return filter;
}

void draw_sentence(ManagerUi& manager, Rect const& card, Summary const& summary)
{
    Ui& ui = manager.ui;
    auto const& standout = summary.standout;
    bool const is_bad = standout && !standout->is_better;
    fill(ui, card, is_bad ? ui.palette.clay_tint : ui.palette.card);
    int const inside = ui.stage.px(32);
    int x = card.x + inside;
    if (standout) {
        int const radius = ui.stage.px(28);
        draw_face_said(ui.list, ui.palette,
            {static_cast<float>(card.x + ui.stage.px(20) + radius), static_cast<float>(card.centre().y)},
            static_cast<float>(radius), standout->is_better ? 5 : 2);
        x = card.x + ui.stage.px(40) + 2 * radius;
    }
    std::string text = standout ? standout_sentence(ui, *standout) : counts_sentence(ui, summary);
    // Of a handful, or with too few usual days to compare with, nothing is known to be ordinary.
    if (summary.standout_verdict == StandoutVerdict::Nothing)
        text = std::string(ui.say(Text::ManagerCalm)) + "\n" + text;
    FittedText const fitted = fit_box(ui, text, standout ? theme::button : theme::body,
        static_cast<float>(card.right() - inside - x), static_cast<float>(card.h) - ui.scaled(12),
        std::max(2, card.h / ui.stage.px(46)));
    float y = static_cast<float>(card.centre().y)
        - fitted.line_height() * static_cast<float>(fitted.lines.size() - 1) / 2;
    for (auto const& line : fitted.lines) {
        ui.fonts.draw(ui.list, line, {static_cast<float>(x), std::round(y)}, fitted.pixels, ui.palette.ink);
        y += fitted.line_height();
    }
    ListFilter filter = standout ? behind(*standout) : ListFilter {};
    filter.with_flagged = !standout;
    figure(manager, "sentence", text, card, filter);
}

/// From the first to the last hour in which anybody came.
void add_hours(std::vector<Bar>& bars, std::vector<ListFilter>& filters, Summary const& summary)
{
    std::vector<int> order;
    for (int index = 0; index < 24; ++index)
        order.push_back((summary.first_hour() + index) % 24);
    auto const has_any
        = [&](int hour) { return summary.hours[static_cast<std::size_t>(hour)].responses > 0; };
    auto const first = std::ranges::find_if(order, has_any);
    auto const last = std::find_if(order.rbegin(), order.rend(), has_any).base();
    for (auto hour = first; hour < last; ++hour) {
        auto const& cell = summary.hours[static_cast<std::size_t>(*hour)];
        bars.push_back(
            {"figure.hour." + std::to_string(*hour), std::to_string(*hour), cell.responses, cell.index});
        ListFilter filter;
        filter.hours = {*hour, *hour + 1};
        filter.with_flagged = true;
        filters.push_back(filter);
    }
}

void add_days(Ui const& ui, std::vector<Bar>& bars, std::vector<ListFilter>& filters, Summary const& summary)
{
    for (auto const& day : summary.trend) {
        std::chrono::year_month_day const date(day.day);
        std::string const id = std::to_string(static_cast<unsigned>(date.month())) + "-"
            + std::to_string(static_cast<unsigned>(date.day()));
        bars.push_back(
            {"figure.day." + id, short_date_text(ui, day.day), day.cell.responses, day.cell.index});
        ListFilter filter;
        filter.day = day.day;
        filter.with_flagged = true;
        filters.push_back(filter);
    }
}

/// As days side by side where each has room for its number, and a week a row where not.
std::optional<std::size_t> draw_days(
    Ui& ui, Rect const& area, std::vector<Bar> const& bars, Summary const& summary)
{
    constexpr std::size_t week = 7;
    if (bars.size() <= week)
        return draw_bars(ui, area, bars);
    BarRows rows;
    rows.bars = bars;
    for (std::size_t day = 0; day < week; ++day)
        rows.columns.emplace_back(weekday_name(ui, weekday_index(summary.trend[day].day)));
    for (std::size_t day = 0; day < bars.size(); day += week)
        rows.rows.push_back(bars[day].label);
    return draw_bar_rows(ui, area, rows);
}

void draw_times(ManagerUi& manager, Rect const& card, Summary const& summary)
{
    Ui& ui = manager.ui;
    bool const is_today = summary.query.period == Period::Today;
    draw_card(manager, card, ui.say(is_today ? Text::ManagerHours : Text::ManagerTrend));
    int const inside = ui.stage.px(32);
    std::vector<Bar> bars;
    std::vector<ListFilter> filters;
    if (is_today)
        add_hours(bars, filters, summary);
    else
        add_days(ui, bars, filters, summary);
    if (summary.responses == 0) {
        write_centred(ui, ui.say(Text::ManagerNone), to_vec(card.centre()),
            static_cast<float>(card.w - 2 * inside), theme::body_large, 2, ui.palette.ink2);
        return;
    }
    draw_colour_legend(ui, {card.right() - inside, card.y + ui.stage.px(38)}, ui.say(Text::ManagerLow),
        ui.say(Text::ManagerHigh));
    int const top = ui.stage.px(72);
    Rect const area {card.x + inside, card.y + top, card.w - 2 * inside, card.h - top - ui.stage.px(8)};
    if (auto const tapped = is_today ? draw_bars(ui, area, bars) : draw_days(ui, area, bars, summary))
        manager.tell(manager_event::ListChosen {filters[*tapped]});
}

}

void draw_reasons(ManagerUi& manager, Rect const& card, Summary const& summary)
{
    Ui& ui = manager.ui;
    draw_card(manager, card, ui.say(Text::ManagerReasons), ui.say(Text::ManagerTimesUnit));
    int const inside = ui.stage.px(32);
    Rect const area {
        card.x + inside, card.y + ui.stage.px(68), card.w - 2 * inside, card.h - ui.stage.px(84)};
    if (summary.reasons.empty()) {
        write_centred(ui, ui.say(Text::ManagerNoReasons), to_vec(area.centre()), static_cast<float>(area.w),
            theme::body, 2, ui.palette.ink2);
        return;
    }
    std::size_t const room = static_cast<std::size_t>(area.h / ui.stage.px(54));
    std::size_t const rows = std::clamp<std::size_t>(room, 1, most_reasons);
    int const pitch = area.h / static_cast<int>(rows);
    std::int64_t const most = summary.reasons.front().count;
    for (std::size_t row = 0; row < std::min(rows, summary.reasons.size()); ++row) {
        auto const& reason = summary.reasons[row];
        Rect const box {area.x, area.y + static_cast<int>(row) * pitch, area.w, pitch};
        int const text_y = box.y + pitch * 2 / 5;
        std::string const name(reason_name(ui, reason.question, reason.reason));
        float const taken = write_right(
            ui, count_text(reason.count), {box.right(), text_y}, area.w / 3, theme::chip, ui.palette.ink);
        int const width = area.w - static_cast<int>(taken) - ui.stage.px(16);
        FittedText const fitted = fit(ui, name, theme::chip, static_cast<float>(width), 1);
        ui.fonts.draw(
            ui.list, fitted.lines.front(), to_vec(Point {box.x, text_y}), fitted.pixels, ui.palette.ink);
        int const after
            = static_cast<int>(ui.fonts.width(fitted.lines.front(), fitted.pixels)) + ui.stage.px(12);
        auto const question = question_name(ui, reason.question);
        if (static_cast<float>(width - after) > ui.fonts.width(question, ui.text_pixels(theme::axis)))
            write(ui, question, {{box.x + after, text_y + ui.stage.px(2)}, width - after}, theme::axis,
                ui.palette.ink2);
        int const bar_y = text_y + ui.stage.px(20);
        int const bar_height = std::max(4, ui.stage.px(10));
        fill(ui, {box.x, bar_y, box.w, bar_height}, ui.palette.sunk, 5);
        int const length = static_cast<int>(
            static_cast<double>(box.w) * static_cast<double>(reason.count) / static_cast<double>(most));
        fill(ui, {box.x, bar_y, std::max(bar_height, length), bar_height}, ui.palette.chart[row == 0 ? 0 : 1],
            5);
        ListFilter filter;
        filter.question = reason.question;
        filter.reason = reason.reason;
        figure(manager, "reason." + reason.question + "." + reason.reason, name,
            {box.x - ui.stage.px(12), box.y, box.w + ui.stage.px(24), box.h}, filter);
    }
}

namespace {

void draw_index_and_ratings(ManagerUi& manager, Rect const& row, Summary const& summary)
{
    int const index = manager.ui.stage.px(352);
    int const gap = manager.ui.stage.px(theme::gap);
    draw_index(manager, {row.x, row.y, index, row.h}, summary);
    draw_ratings(manager, {row.x + index + gap, row.y, row.w - index - gap, row.h}, summary);
}

/// The same cards where they are larger than one screen.
void draw_overview_in_parts(ManagerUi& manager, Summary const& summary)
{
    auto const with = [&](auto draw) {
        return [&manager, &summary, draw](Rect const& box) { draw(manager, box, summary); };
    };
    std::vector<StackedCard> cards;
    if (manager.ui.stage.orientation == Orientation::Portrait) {
        cards.push_back({224, 224, with(draw_index)});
        cards.push_back({224, 224, with(draw_ratings)});
    } else {
        cards.push_back({224, 260, with(draw_index_and_ratings)});
    }
    cards.push_back({160, 300, with(draw_sentence)});
    cards.push_back({300, 560, with(draw_times)});
    cards.push_back({300, 440, with(draw_reasons)});
    draw_stack(manager, cards);
}

}

void draw_manager_overview(ManagerUi& manager)
{
    Summary const* const known = manager.figures.summary.get();
    if (known && is_in_parts(manager.ui.stage)) {
        draw_manager_header(manager);
        draw_overview_in_parts(manager, *known);
        return draw_manager_tabs(manager);
    }
    OverviewLayout const layout = overview_layout(manager.ui.stage);
    draw_manager_header(manager);
    if (Summary const* const summary = manager.figures.summary.get()) {
        draw_index(manager, layout.index, *summary);
        draw_ratings(manager, layout.ratings, *summary);
        draw_sentence(manager, layout.sentence, *summary);
        draw_times(manager, layout.bars, *summary);
        draw_reasons(manager, layout.reasons, *summary);
    } else {
        for (Rect const& card : {layout.index, layout.ratings, layout.sentence, layout.reasons})
            fill(manager.ui, card, manager.ui.palette.card);
        draw_no_figures(manager, layout.bars);
    }
    draw_manager_tabs(manager);
}

}
