#include "kiosk/ui/icons.h"
#include "kiosk/ui/layout_manager.h"
#include "kiosk/ui/manager_parts.h"
#include "kiosk/ui/rail.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

/// The manager's acting side.
namespace listenpost::kiosk {
namespace {

struct Tab {
    char const* id;
    std::string label;
    Rect box;
    bool is_chosen;
};

/// All in one size, the largest for which each has room; where the smallest has none, one is not whole.
std::vector<FittedText> fit_alike(Ui& ui, std::vector<Tab> const& tabs, int max_lines)
{
    bool const is_narrow = tabs.front().box.w < ui.stage.px(theme::least_hit);
    for (float pixels = ui.text_pixels(is_narrow ? theme::chip : theme::button);;) {
        std::vector<FittedText> labels;
        for (auto const& [id, label, box, is_chosen] : tabs) {
            int const lines = label.find(' ') == label.npos ? 1 : max_lines; // no word is cut in two
            float const width = static_cast<float>(box.w) - ui.scaled(12);
            labels.push_back(fit_text(ui.fonts, label, pixels, width, lines));
        }
        float const smallest = std::ranges::min(labels, {}, &FittedText::pixels).pixels;
        if (smallest >= pixels || !std::ranges::all_of(labels, &FittedText::whole))
            return labels;
        pixels = smallest;
    }
}

/// In a line each, or where that is too narrow, in two.
std::vector<FittedText> fit_labels(Ui& ui, std::vector<Tab> const& tabs)
{
    auto labels = fit_alike(ui, tabs, 1);
    return std::ranges::all_of(labels, &FittedText::whole) ? labels : fit_alike(ui, tabs, 2);
}

/// Which of the group was touched.
std::optional<std::size_t> draw_tabs(Ui& ui, Rect const& group, std::vector<Tab> const& tabs)
{
    fill(ui, group, ui.palette.rail_button);
    std::optional<std::size_t> touched;
    auto const labels = fit_labels(ui, tabs);
    for (std::size_t index = 0; index < tabs.size(); ++index) {
        auto const& [id, label, box, is_chosen] = tabs[index];
        Press const state = press(ui, id, label, box, Enabled::Yes, is_chosen);
        int const inset = ui.stage.px(4);
        Rect const tile {box.x + inset, box.y + inset, box.w - 2 * inset, box.h - 2 * inset};
        if (is_chosen || state.held)
            fill(ui, tile, is_chosen ? ui.palette.sand : ui.palette.rail_quiet, theme::radius - 4);
        write_centred(ui, labels[index], to_vec(box.centre()),
            is_chosen || state.held ? ui.palette.on_sand : ui.palette.rail_text);
        if (state.done)
            touched = index;
    }
    return touched;
}

std::string period_label(Ui const& ui, Period period)
{
    if (period == Period::Today)
        return std::string(ui.say(Text::ManagerToday));
    return ui.say(Text::ManagerDays, {{"n", days_of(period)}});
}

/// Whether that tab is the chosen one.
bool is_tab_of(ManagerScreen tab, ManagerScreen screen)
{
    return tab == (screen == ManagerScreen::Distribution ? ManagerScreen::Details : screen);
}

}

void draw_manager_rail(ManagerUi& manager) { draw_rail_ground(manager.ui); }

void draw_manager_tabs(ManagerUi& manager)
{
    Ui& ui = manager.ui;
    ManagerRail const rail = manager_rail(ui.stage);
    draw_manager_rail(manager);
    static constexpr std::array periods {Period::Today, Period::SevenDays, Period::TwentyEightDays};
    static constexpr std::array period_ids {"period.today", "period.7d", "period.28d"};
    std::vector<Tab> tabs;
    for (std::size_t index = 0; index < periods.size(); ++index)
        tabs.push_back({period_ids[index], period_label(ui, periods[index]), rail.periods[index],
            manager.view.period == periods[index]});
    if (auto const touched = draw_tabs(ui, rail.period_group, tabs))
        manager.tell(manager_event::PeriodChosen {periods[*touched]});
    static constexpr std::array views {
        ManagerScreen::Overview, ManagerScreen::Details, ManagerScreen::Delivery};
    static constexpr std::array view_ids {"view.overview", "view.details", "view.delivery"};
    static constexpr std::array view_texts {
        Text::ManagerOverview, Text::ManagerDetails, Text::ManagerDelivery};
    tabs.clear();
    for (std::size_t index = 0; index < views.size(); ++index)
        tabs.push_back({view_ids[index], std::string(ui.say(view_texts[index])), rail.views[index],
            is_tab_of(views[index], manager.view.screen)});
    if (auto const touched = draw_tabs(ui, rail.view_group, tabs))
        manager.tell(manager_event::ViewChosen {views[*touched]});
    if (manager.parts > 1)
        draw_next_part(manager, rail.next_part);
    draw_access_tile(ui, rail.access);
    bool const is_list = manager.view.screen == ManagerScreen::Responses;
    draw_manager_leave(manager, rail.leave, ui.say(is_list ? Text::Back : Text::ManagerLeave));
    touch_responses(manager); // last: who comes with the arrow keys begins at the screen's own figures
}

void draw_next_part(ManagerUi& manager, Rect const& box)
{
    Ui& ui = manager.ui;
    std::size_t const part = std::min(manager.view.part, manager.parts - 1);
    std::string const place = std::to_string(part + 1) + " / " + std::to_string(manager.parts);
    Press const state
        = press(ui, "view.next_part", std::string(ui.say(Text::ManagerNext)) + " " + place, box);
    fill(ui, box, state.held ? ui.palette.rail_quiet : ui.palette.rail_button);
    auto const colour = state.held ? ui.palette.on_sand : ui.palette.rail_text;
    Point const centre = box.centre();
    int const aside = std::min(box.w / 5, ui.stage.px(40));
    int const middle = centre.x - aside / 2;
    write_centred(ui, place, {static_cast<float>(middle), static_cast<float>(centre.y)},
        static_cast<float>(box.w - 2 * aside), theme::chip, 1, colour);
    draw_chevron(ui.list, {static_cast<float>(box.right() - aside), static_cast<float>(centre.y)},
        ui.scaled(20), colour, false);
    if (state.done)
        manager.tell(manager_event::PartTurned {(part + 1) % manager.parts});
}

void draw_manager_leave(ManagerUi& manager, Rect const& box, std::string_view label)
{
    Ui& ui = manager.ui;
    Press const state = press(ui, "back", label, box);
    if (state.held)
        fill(ui, box, ui.palette.rail_quiet);
    else
        outline(ui, box, ui.palette.rail_quiet);
    write_centred(ui, label, to_vec(box.centre()), static_cast<float>(box.w) - ui.scaled(16), theme::button,
        2, state.held ? ui.palette.on_sand : ui.palette.rail_text);
    if (state.done)
        manager.tell(manager_event::WentBack {});
}

void draw_manager_back(ManagerUi& manager, Rect const& box, std::string_view label)
{
    Ui& ui = manager.ui;
    Press const state = press(ui, "back", label, box);
    fill(ui, box, state.held ? ui.palette.sand_pressed : ui.palette.sand);
    ImVec2 const centre = to_vec(box.centre());
    float const top = static_cast<float>(box.y);
    float const height = static_cast<float>(box.h);
    bool const is_low = height < ui.scaled(160);
    draw_back(ui.list, {centre.x, top + height * (is_low ? 0.31F : 0.37F)}, ui.scaled(is_low ? 36 : 44),
        ui.palette.on_sand);
    write_centred(ui, label, {centre.x, top + height * (is_low ? 0.73F : 0.72F)},
        static_cast<float>(box.w) - ui.scaled(16), is_low ? theme::button : theme::heading_small, 1,
        ui.palette.on_sand);
    if (state.done)
        manager.tell(manager_event::WentBack {});
}

}
