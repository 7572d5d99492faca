#pragma once

#include "kiosk/ui/theme.h"

#include <imgui.h>

/// Small signs, drawn around `centre`; `size` is the height in pixels.
namespace listenpost::kiosk {

/// `weight`: the stroke as a part of the size.
void draw_check(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour, float weight = 0.30F);
void draw_lock(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour);
void draw_person(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour);
void draw_back(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour);
/// `ground` fills the holes.
void draw_comment(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour, theme::Colour ground);

}
