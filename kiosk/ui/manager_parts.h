#pragma once

#include "kiosk/flow/manager_flow.h"
#include "kiosk/ui/widgets.h"

/// One function for each of the manager's screens, each in a file of its own.
namespace listenpost::kiosk {

/// What a frame of the manager's is drawn with, and what comes out of it. Borrowed; lives for one frame.
struct ManagerUi {
    Ui& ui; ///< its view is nobody's: only the language is said there
    ManagerView const& view;
    std::vector<ManagerEvent>& events;

    void tell(ManagerEvent event) { events.push_back(std::move(event)); }
};

void draw_manager_pin(ManagerUi& manager);
void draw_manager_overview(ManagerUi& manager);

/// The rail's ground, and the way out in a place of it.
void draw_manager_rail(ManagerUi& manager);
void draw_manager_back(ManagerUi& manager, Rect const& box, std::string_view label);

}
