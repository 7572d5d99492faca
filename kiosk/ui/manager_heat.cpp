#include "kiosk/ui/charts.h"
#include "kiosk/ui/manager_parts.h"
#include "kiosk/ui/manager_text.h"

#include <algorithm>

/// When guests are unhappy: hours by weekdays, and one weekday's hours, each as large as a finger.
namespace listenpost::kiosk {
namespace {

constexpr int days_of_week = 7;
/// The worst cell is framed when it is so far below the whole.
constexpr double worth_a_frame = 0.3;

std::vector<int> hours_with_responses(Summary const& summary)
{
    auto const has_any = [&](int hour) {
        return std::ranges::any_of(summary.heat_map,
            [&](auto const& weekday) { return weekday[static_cast<std::size_t>(hour)].responses > 0; });
    };
    std::vector<int> order;
    for (int index = 0; index < 24; ++index)
        order.push_back((summary.first_hour() + index) % 24);
    auto const first = std::ranges::find_if(order, has_any);
    auto const last = std::find_if(order.rbegin(), order.rend(), has_any).base();
    return first < last ? std::vector<int>(first, last) : std::vector<int> {};
}

bool has_any(Summary const& summary, int weekday)
{
    return std::ranges::any_of(summary.heat_map[static_cast<std::size_t>(weekday)],
        [](auto const& cell) { return cell.responses > 0; });
}

/// The responses behind a cell.
ListFilter behind(int weekday, int hour)
{
    ListFilter filter;
    filter.weekday = weekday;
    filter.hours = {hour, hour + 1};
    filter.with_flagged = true;
    filter.lowest_first = true;
    return filter;
}

HeatMap heat_map_of(Ui const& ui, Summary const& summary, std::vector<int> const& hours)
{
    HeatMap map;
    map.few = ui.say(Text::ManagerFew);
    for (int weekday = 0; weekday < days_of_week; ++weekday)
        map.columns.emplace_back(weekday_name(ui, weekday));
    double worst = summary.index.value - worth_a_frame;
    for (int const hour : hours) {
        map.rows.push_back(ui.say(Text::ManagerHour, {{"n", hour}}));
        for (int weekday = 0; weekday < days_of_week; ++weekday) {
            auto const& cell
                = summary.heat_map[static_cast<std::size_t>(weekday)][static_cast<std::size_t>(hour)];
            if (!cell.index.is_too_few() && cell.responses >= few_ratings && cell.index.value < worst) {
                worst = cell.index.value;
                map.worst = map.cells.size();
            }
            map.cells.push_back({"figure.cell." + std::to_string(weekday + 1) + "." + std::to_string(hour),
                cell.index, cell.responses});
        }
    }
    return map;
}

/// From which mean on which colour, and what an outline means.
void draw_legend(Ui& ui, Line const& line)
{
    float const pixels = ui.text_pixels(theme::axis);
    int const patch = ui.stage.px(24);
    int const height = ui.stage.px(16);
    std::vector<std::string> texts {
        ui.say(Text::ManagerBelow, {{"n", decimal(theme::chart_cuts.front(), 1)}})};
    for (std::size_t cut = 0; cut < theme::chart_cuts.size(); ++cut) {
        std::string const number = decimal(theme::chart_cuts[cut], 1);
        texts.push_back(
            cut + 1 < theme::chart_cuts.size() ? number : ui.say(Text::ManagerFrom, {{"n", number}}));
    }
    texts.emplace_back(ui.say(Text::ManagerLegendFew));
    float const pitch = static_cast<float>(line.width) / static_cast<float>(texts.size());
    for (std::size_t index = 0; index < texts.size(); ++index) {
        int const x = line.at.x + static_cast<int>(pitch * static_cast<float>(index));
        Rect const box {x, line.at.y - height / 2, patch, height};
        if (index < theme::chart.size())
            fill_mark(ui, box, index, 4);
        else
            outline(ui, box, ui.palette.edge, 2, 4);
        ui.fonts.draw(ui.list, texts[index],
            {static_cast<float>(box.right() + ui.stage.px(6)), static_cast<float>(line.at.y)}, pixels,
            ui.palette.ink2);
    }
}

/// One hour of the weekday: when, its mean, of how many.
void draw_hour(
    ManagerUi& manager, Rect const& box, int weekday, int hour, HeatCell const& cell, bool is_worst)
{
    Ui& ui = manager.ui;
    std::string const when = ui.say(Text::ManagerHour, {{"n", hour}});
    ImVec2 const centre = to_vec(box.centre());
    float const width = static_cast<float>(box.w) - ui.scaled(12);
    float const part = static_cast<float>(box.h) * 0.21F;
    if (cell.responses == 0) {
        fill(ui, box, ui.palette.sunk, theme::gap);
        return write_centred(ui, when, {centre.x, centre.y - part}, width, theme::axis, 1, ui.palette.ink2);
    }
    std::string const mean
        = cell.is_few() ? std::string(ui.say(Text::ManagerFew)) : decimal(cell.mean.value, 1);
    std::string const figures = mean + " · " + count_text(cell.responses);
    // The map's own cell of that hour has the same meaning, and a weekday's name before it.
    Press const state = press(ui, "figure.hour_cell." + std::to_string(hour), when + ": " + figures, box);
    draw_mark(ui, box, cell.mean, cell.is_few(), theme::gap, ui.palette.edge);
    auto const colour = cell.is_few() ? ui.palette.ink : ui.palette.on_chart[printed_step(cell.mean.value)];
    write_centred(ui, when, {centre.x, centre.y - part}, width, theme::axis, 1, colour);
    write_centred(ui, figures, {centre.x, centre.y + part * 0.9F}, width, theme::body, 1, colour);
    if (state.held || is_worst)
        outline(ui, box, ui.palette.ink, theme::outline_field, theme::gap);
    if (state.done)
        manager.tell(manager_event::ListChosen {behind(weekday, hour)});
}

}

void draw_heat_field(ManagerUi& manager, Rect const& card, int top, Summary const& summary, ColumnHeads heads)
{
    Ui& ui = manager.ui;
    auto const hours = hours_with_responses(summary);
    if (hours.empty()) {
        write_centred(ui, ui.say(Text::ManagerNone), to_vec(card.centre()), static_cast<float>(card.w) * 0.8F,
            theme::body_large, 2, ui.palette.ink2);
        return;
    }
    int const inside = ui.stage.px(32);
    int const legend = ui.stage.px(64);
    // A few hours make no tall cells: their colours are compared, not their sizes.
    int const most = ui.stage.px(40) + static_cast<int>(hours.size()) * ui.stage.px(72);
    Rect const area {card.x + ui.stage.px(16), card.y + top, card.w - ui.stage.px(16) - inside,
        std::min(card.h - top - legend, most)};
    HeatMap map = heat_map_of(ui, summary, hours);
    if (heads == ColumnHeads::Touched) {
        for (int weekday = 0; weekday < days_of_week; ++weekday)
            map.column_ids.push_back(
                has_any(summary, weekday) ? "figure.weekday." + std::to_string(weekday + 1) : "");
        if (manager.view.weekday)
            map.chosen_column = static_cast<std::size_t>(*manager.view.weekday);
    }
    HeatTouch const touch = draw_heat_map(ui, area, map);
    if (touch.cell)
        manager.tell(manager_event::ListChosen {
            behind(static_cast<int>(*touch.cell % days_of_week), hours[*touch.cell / days_of_week])});
    if (touch.column) {
        bool const is_chosen = touch.column == map.chosen_column;
        manager.tell(manager_event::WeekdayChosen {
            is_chosen ? std::nullopt : std::optional(static_cast<int>(*touch.column))});
    }
    draw_legend(ui, {{card.x + inside, card.bottom() - ui.stage.px(36)}, card.w - 2 * inside});
}

void draw_hours(ManagerUi& manager, Rect const& card, Summary const& summary, int weekday)
{
    Ui& ui = manager.ui;
    fill(ui, card, ui.palette.card);
    int const inside = ui.stage.px(24);
    int const close_width = ui.stage.px(168);
    Rect const close {card.right() - ui.stage.px(theme::gap) - close_width, card.y + ui.stage.px(12),
        close_width, ui.stage.px(72)};
    int const title_y = close.centre().y;
    auto const name = weekday_name(ui, weekday);
    float const pixels = ui.text_pixels(theme::button);
    ui.fonts.draw(ui.list, name, to_vec(Point {card.x + inside, title_y}), pixels, ui.palette.ink);
    int const unit_x
        = card.x + inside + static_cast<int>(ui.fonts.width(name, pixels)) + ui.stage.px(theme::gap);
    write(ui, ui.say(Text::ManagerHourUnit),
        {{unit_x, title_y + ui.stage.px(3)}, close.x - ui.stage.px(8) - unit_x}, theme::axis,
        ui.palette.ink2);
    if (button(ui, ButtonKind::Secondary, "view.comments.back", ui.say(Text::ManagerComments), close,
            theme::body))
        manager.tell(manager_event::WeekdayChosen {});
    auto const hours = hours_with_responses(summary);
    if (hours.empty())
        return;
    HeatMap const map = heat_map_of(ui, summary, hours);
    int const columns = card.w > ui.stage.px(600) ? 6 : 3;
    int const rows = (static_cast<int>(hours.size()) + columns - 1) / columns;
    int const between = ui.stage.px(8);
    Rect const field {card.x + inside, close.bottom() + ui.stage.px(12), card.w - 2 * inside + between,
        card.bottom() - ui.stage.px(12) - close.bottom()};
    int const pitch_x = field.w / columns;
    int const pitch_y = std::min(field.h / rows, ui.stage.px(120));
    for (std::size_t index = 0; index < hours.size(); ++index) {
        int const column = static_cast<int>(index) % columns;
        int const row = static_cast<int>(index) / columns;
        std::size_t const cell = index * days_of_week + static_cast<std::size_t>(weekday);
        draw_hour(manager,
            {field.x + column * pitch_x, field.y + row * pitch_y, pitch_x - between, pitch_y - between},
            weekday, hours[index], map.cells[cell], map.worst == cell);
    }
}

}
