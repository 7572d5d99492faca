#pragma once

#include "kiosk/ui/widgets.h"

/// What customers' and manager's screens are drawn on.
namespace listenpost::kiosk {

/// A window of ImGui's that is nothing but a surface. Between ImGui::NewFrame() and ImGui::Render().
void begin_surface(int width, int height);
void end_surface();

/// A ring of its own around what the keypad stands on, with a gap: seen on every ground.
void draw_focus(Ui& ui, Widget const& widget);

}
