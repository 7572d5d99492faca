#include "kiosk/ui/charts.h"
#include "kiosk/ui/icons.h"
#include "kiosk/ui/layout_manager.h"
#include "kiosk/ui/manager_parts.h"
#include "kiosk/ui/manager_text.h"

#include <algorithm>

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

}

void draw_heat_field(ManagerUi& manager, Rect const& card, int top, Summary const& summary)
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
    HeatMap const map = heat_map_of(ui, summary, hours);
    if (auto const tapped = draw_heat_map(ui, area, map)) {
        ListFilter filter;
        filter.weekday = static_cast<int>(*tapped % days_of_week);
        int const hour = hours[*tapped / days_of_week];
        filter.hours = {hour, hour + 1};
        filter.with_flagged = true;
        filter.lowest_first = true;
        manager.tell(manager_event::ListChosen {filter});
    }
    draw_legend(ui, {{card.x + inside, card.bottom() - ui.stage.px(36)}, card.w - 2 * inside});
}

namespace {

void draw_heat(ManagerUi& manager, DetailsLayout const& layout, Summary const& summary)
{
    Ui& ui = manager.ui;
    Rect const& card = layout.heat;
    fill(ui, card, ui.palette.card);
    draw_details_switch(manager, layout.tabs);
    int const inside = ui.stage.px(32);
    int const hint_y = layout.tabs.front().bottom() + ui.stage.px(20);
    if (summary.responses > 0)
        write_right(ui, ui.say(Text::ManagerHeatHint), {card.right() - inside, hint_y}, card.w - 2 * inside,
            theme::axis, ui.palette.ink2);
    draw_heat_field(manager, card, hint_y - card.y + ui.stage.px(14), summary);
}

int comment_lines(Ui& ui, ListedResponse const& response, int width, int box_width)
{
    auto const lines = ui.fonts
                           .wrap(said_text(ui, response, box_width), ui.text_pixels(theme::body),
                               static_cast<float>(width))
                           .size();
    return static_cast<int>(std::min<std::size_t>(2, lines));
}

void draw_comments(ManagerUi& manager, Rect const& card)
{
    Ui& ui = manager.ui;
    draw_card(manager, card, ui.say(Text::ManagerComments), ui.say(Text::ManagerLowFirst));
    auto const& page = manager.figures.responses;
    int const inside = ui.stage.px(32);
    if (!page || page->responses.empty()) {
        write_centred(ui, ui.say(page ? Text::ManagerNoComments : Text::ManagerLoading),
            to_vec(card.centre()), static_cast<float>(card.w - 2 * inside), theme::body, 2, ui.palette.ink2);
        return;
    }
    int const footer = ui.stage.px(96);
    int y = card.y + ui.stage.px(66);
    std::size_t shown = 0;
    for (auto const& response : page->responses) {
        int const text_width = card.w - 2 * inside - ui.stage.px(72);
        int const lines = comment_lines(ui, response, text_width, card.w - 2 * inside);
        int const height = ui.stage.px(static_cast<float>(52 + 32 * lines));
        if (y + height > card.bottom() - footer)
            break;
        Rect const box {card.x + inside, y, card.w - 2 * inside, height};
        touch_listed_response(manager, shown, box, response);
        draw_listed_response(manager, box, response, lines);
        y += height;
        fill(ui, {card.x + inside, y - ui.stage.px(2), card.w - 2 * inside, std::max(1, ui.stage.px(2))},
            ui.palette.line, 0);
        y += ui.stage.px(12);
        ++shown;
    }
    Rect const more {card.x, card.bottom() - footer, card.w, footer};
    std::string const label = ui.say(Text::ManagerMore, {{"n", static_cast<int>(page->total - shown)}});
    Press const state = press(ui, "view.comments", label, more);
    if (state.held)
        fill(ui, more, ui.palette.sunk);
    write(ui, label, {{card.x + inside, more.centre().y}, card.w - 2 * inside - ui.stage.px(40)},
        theme::small, ui.palette.ink2);
    draw_chevron(ui.list,
        {static_cast<float>(card.right() - inside - ui.stage.px(12)), static_cast<float>(more.centre().y)},
        ui.scaled(24), ui.palette.ink2, false);
    if (!state.done)
        return;
    ListFilter filter;
    filter.with_comment_only = true;
    filter.with_flagged = true;
    filter.lowest_first = true;
    manager.tell(manager_event::ListChosen {filter});
}

}

void draw_manager_details(ManagerUi& manager)
{
    DetailsLayout const layout = details_layout(manager.ui.stage);
    draw_manager_header(manager);
    if (manager.figures.summary) {
        draw_heat(manager, layout, *manager.figures.summary);
    } else {
        draw_no_figures(manager, layout.heat);
        draw_details_switch(manager, layout.tabs);
    }
    draw_comments(manager, layout.comments);
    draw_manager_tabs(manager);
}

}
