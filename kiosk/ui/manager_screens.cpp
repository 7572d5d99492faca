#include "kiosk/ui/manager_screens.h"

#include "kiosk/ui/branding.h"
#include "kiosk/ui/icons.h"
#include "kiosk/ui/manager_parts.h"
#include "kiosk/ui/surface.h"

#include <utility>

namespace listenpost::kiosk {
namespace {

void draw_screen(ManagerUi& manager)
{
    switch (manager.view.screen) {
    case ManagerScreen::Closed:
        return;
    case ManagerScreen::Pin:
        return draw_manager_pin(manager);
    case ManagerScreen::Overview:
        return draw_manager_overview(manager);
    }
}

}

ManagerScreens::ManagerScreens(Survey const& survey, Strings const& strings, Fonts& fonts)
    : survey_(survey)
    , strings_(strings)
    , fonts_(fonts)
    , palette_(branded(theme::light, survey.branding))
{
}

ManagerScreens::Drawn ManagerScreens::draw(ManagerView const& view, int width, int height, SteadyTime now)
{
    if (stage_.screen.w != width || stage_.screen.h != height)
        stage_ = stage_for(width, height);
    fonts_.set_language(view.language);
    bool const is_other_screen = std::exchange(last_screen_, view.screen) != view.screen;
    map_.begin(name(view.screen), view.language);
    Drawn drawn;
    View nobody;
    nobody.language = view.language;
    std::vector<Event> none;
    begin_surface(width, height);
    Ui ui {
        .list = *ImGui::GetWindowDrawList(),
        .fonts = fonts_,
        .palette = palette_,
        .stage = stage_,
        .strings = strings_,
        .survey = survey_,
        .view = nobody,
        .place = place_,
        .logo = logo_,
        .map = map_,
        .events = none,
        .cut_texts = drawn.cut_texts,
        .smallest_text = drawn.smallest_text,
        .typing = typing_,
        .now = now,
        .activated = activated_,
    };
    ManagerUi manager {ui, view, drawn.events};
    ImGui::PushID("manager");
    ImGui::PushID(static_cast<int>(view.screen));
    fill(ui, stage_.screen, ui.palette.paper, 0);
    draw_screen(manager);
    ImGui::PopID();
    ImGui::PopID();
    activated_.clear();
    focus_.follow(map_, is_other_screen);
    map_.set_focus(focus_.id());
    if (Widget const* const widget = map_.find(focus_.id()))
        draw_focus(ui, *widget);
    end_surface();
    return drawn;
}

void draw_manager_rail(ManagerUi& manager)
{
    fill(manager.ui, manager.ui.stage.rail, manager.ui.palette.rail, 0);
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
