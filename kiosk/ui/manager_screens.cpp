#include "kiosk/ui/manager_screens.h"

#include "kiosk/ui/branding.h"
#include "kiosk/ui/layout_manager.h"
#include "kiosk/ui/manager_parts.h"
#include "kiosk/ui/screen_parts.h"
#include "kiosk/ui/surface.h"

#include <array>
#include <utility>

namespace listenpost::kiosk {
namespace {

constexpr std::array aids {Access::Large, Access::Contrast};

void draw_mark_text(ManagerUi& manager)
{
    AsForCustomers as(manager);
    draw_manager_mark_text(as.manager);
}

void draw_screen(ManagerUi& manager)
{
    switch (manager.view.screen) {
    case ManagerScreen::Closed:
        return;
    case ManagerScreen::Pin:
        return draw_manager_pin(manager);
    case ManagerScreen::Overview:
        return draw_manager_overview(manager);
    case ManagerScreen::Details:
        return draw_manager_details(manager);
    case ManagerScreen::Distribution:
        return draw_manager_distribution(manager);
    case ManagerScreen::Delivery:
        return draw_manager_delivery(manager);
    case ManagerScreen::Responses:
        return draw_manager_responses(manager);
    case ManagerScreen::Mark:
        return draw_manager_mark(manager);
    case ManagerScreen::MarkInitials:
    case ManagerScreen::MarkNote:
        return draw_mark_text(manager);
    }
}

/// Of the list on Responses; on Details of whatever list of the period's is shown beside its figures, and
/// those behind Delivery are of no period.
bool is_of_view(ResponsePage const& page, ManagerView const& view)
{
    ResponseQuery const& query = page.query;
    if (query.of.period != view.period)
        return false;
    if (view.screen == ManagerScreen::Details)
        return !query.delivery;
    if (view.screen != ManagerScreen::Responses)
        return true;
    return query == list_query(view.list, query.of);
}

/// What the customers' keyboard and their panel of aids show of it.
View customers_view(ManagerView const& view)
{
    View nobody;
    nobody.language = view.language;
    nobody.editor = view.mark.editor;
    nobody.high_contrast = view.aids.high_contrast;
    nobody.large_text = view.aids.large_text;
    return nobody;
}

/// What these tell, by the names that the manager's flow has for it.
void retell(ManagerUi& manager, event::KeyPressed const& event)
{
    manager.tell(manager_event::KeyPressed {event.key});
}
void retell(ManagerUi& manager, event::CandidateChosen const& event)
{
    manager.tell(manager_event::CandidateChosen {event.index});
}
void retell(ManagerUi& manager, event::PanelOpened const&) { manager.tell(manager_event::AidsOpened {}); }
void retell(ManagerUi& manager, event::PanelClosed const&) { manager.tell(manager_event::AidsClosed {}); }
void retell(ManagerUi& manager, event::AccessToggled const& event)
{
    manager.tell(manager_event::AidToggled {event.access});
}
template <typename Other>
void retell(ManagerUi&, Other const&)
{
}

/// The screen, and over it the aids' panel.
void draw_all(ManagerUi& manager)
{
    if (!manager.view.is_choosing_aids)
        return draw_screen(manager);
    Reaction const reaction = std::exchange(manager.ui.reaction, Reaction::Inert);
    draw_screen(manager);
    manager.ui.reaction = reaction;
    AsForCustomers over(manager);
    draw_access(over.ui, aids);
}

/// What was asked for another period, or another list, is as good as not there yet: a figure is never seen
/// under a name that is not its own.
ManagerFigures of_view(ManagerFigures figures, ManagerView const& view)
{
    if (figures.summary && figures.summary->query.period != view.period)
        figures.summary = nullptr;
    if (figures.responses && !is_of_view(*figures.responses, view))
        figures.responses = nullptr;
    return figures;
}

}

ManagerScreens::ManagerScreens(Survey const& survey, Strings const& strings, Fonts& fonts)
    : survey_(survey)
    , strings_(strings)
    , fonts_(fonts)
    , light_(branded(theme::light, survey.branding))
{
}

ManagerScreens::Drawn ManagerScreens::draw(
    ManagerView const& view, ManagerFigures const& figures, int width, int height, SteadyTime now)
{
    Aids const shown_aids {.large_text = view.aids.large_text};
    if (stage_.screen.w != width || stage_.screen.h != height || !(shown_aids == aids_))
        stage_ = manager_stage_for(width, height, aids_ = shown_aids);
    fonts_.set_language(view.language);
    bool const is_other_screen = std::exchange(last_screen_, view.screen) != view.screen;
    if (is_other_screen)
        typing_ = {};
    bool const is_other_panel
        = std::exchange(was_choosing_aids_, view.is_choosing_aids) != view.is_choosing_aids;
    map_.begin(name(view.screen), view.language);
    Drawn drawn;
    View const nobody = customers_view(view);
    std::vector<Event> told;
    begin_surface(width, height);
    Ui ui {
        .list = *ImGui::GetWindowDrawList(),
        .fonts = fonts_,
        .palette = view.aids.high_contrast ? theme::high_contrast : light_,
        .stage = stage_,
        .strings = strings_,
        .survey = survey_,
        .view = nobody,
        .place = place_,
        .logo = logo_,
        .map = map_,
        .events = told,
        .cut_texts = drawn.cut_texts,
        .smallest_text = drawn.smallest_text,
        .typing = typing_,
        .now = now,
        .activated = activated_,
    };
    ManagerFigures const shown = of_view(figures, view);
    ManagerUi manager {ui, view, shown, drawn.events};
    ImGui::PushID("manager");
    ImGui::PushID(static_cast<int>(view.screen) * 2 + (view.is_choosing_aids ? 1 : 0));
    fill(ui, stage_.screen, ui.palette.paper, 0);
    draw_all(manager);
    ImGui::PopID();
    ImGui::PopID();
    for (auto const& each : told)
        std::visit([&](auto const& event) { retell(manager, event); }, each);
    activated_.clear();
    focus_.follow(map_, is_other_screen || is_other_panel);
    map_.set_focus(focus_.id());
    if (Widget const* const widget = map_.find(focus_.id()))
        draw_focus(ui, *widget);
    end_surface();
    return drawn;
}

}
