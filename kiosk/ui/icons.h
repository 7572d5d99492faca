#pragma once

#include "kiosk/ui/theme.h"

#include <imgui.h>

/// Small signs, drawn around `centre`; `size` is the height in pixels.
namespace listenpost::kiosk {

/// `weight`: the stroke as a part of the size.
void draw_check(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour, float weight = 0.30F);
void draw_lock(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour);
void draw_person(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour);
void draw_globe(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour);
/// A switch: its knob on the right with a tick, or on the left and empty. `size` is its height.
void draw_switch(
    ImDrawList& list, ImVec2 centre, float size, bool on, theme::Colour colour, theme::Colour knob);
/// Up instead of down.
void draw_chevron(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour, bool up);
/// Lit: the next letter will be a capital.
void draw_shift(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour, bool lit);
void draw_backspace(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour);
void draw_back(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour);
/// `ground` fills the holes.
void draw_comment(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour, theme::Colour ground);

}
