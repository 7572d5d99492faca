#include "kiosk/ui/manager_parts.h"

namespace listenpost::kiosk {

void draw_manager_overview(ManagerUi& manager)
{
    draw_brand(manager.ui);
    draw_manager_rail(manager);
    draw_manager_back(manager, manager.ui.stage.submit, manager.ui.say(Text::Back));
}

}
