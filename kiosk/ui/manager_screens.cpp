#include "kiosk/ui/manager_screens.h"

#include "kiosk/ui/branding.h"
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
        return draw_manager_mark_text(manager);
    }
}

/// Of the list on Responses, and on Details of whatever list is shown beside the period's figures.
bool is_of_view(ResponsePage const& page, ManagerView const& view)
{
    ResponseQuery const& query = page.query;
    if (query.of.period != view.period)
        return false;
    if (view.screen != ManagerScreen::Responses)
        return true;
    return query == list_query(view.list, query.of);
}

/// The customers' keyboard tells of its keys what the manager's flow has names of its own for.
void tell_typed(ManagerUi& manager, std::vector<Event> const& typed)
{
    for (auto const& each : typed) {
        if (auto const* const key = std::get_if<event::KeyPressed>(&each))
            manager.tell(manager_event::KeyPressed {key->key});
        else if (auto const* const candidate = std::get_if<event::CandidateChosen>(&each))
            manager.tell(manager_event::CandidateChosen {candidate->index});
    }
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
    , palette_(branded(theme::light, survey.branding))
{
}

ManagerScreens::Drawn ManagerScreens::draw(
    ManagerView const& view, ManagerFigures const& figures, int width, int height, SteadyTime now)
{
    if (stage_.screen.w != width || stage_.screen.h != height)
        stage_ = stage_for(width, height);
    fonts_.set_language(view.language);
    bool const is_other_screen = std::exchange(last_screen_, view.screen) != view.screen;
    if (is_other_screen)
        typing_ = {};
    map_.begin(name(view.screen), view.language);
    Drawn drawn;
    View nobody;
    nobody.language = view.language;
    nobody.editor = view.mark.editor;
    std::vector<Event> typed;
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
        .events = typed,
        .cut_texts = drawn.cut_texts,
        .smallest_text = drawn.smallest_text,
        .typing = typing_,
        .now = now,
        .activated = activated_,
    };
    ManagerFigures const shown = of_view(figures, view);
    ManagerUi manager {ui, view, shown, drawn.events};
    ImGui::PushID("manager");
    ImGui::PushID(static_cast<int>(view.screen));
    fill(ui, stage_.screen, ui.palette.paper, 0);
    draw_screen(manager);
    ImGui::PopID();
    ImGui::PopID();
    tell_typed(manager, typed);
    activated_.clear();
    focus_.follow(map_, is_other_screen);
    map_.set_focus(focus_.id());
    if (Widget const* const widget = map_.find(focus_.id()))
        draw_focus(ui, *widget);
    end_surface();
    return drawn;
}

}
