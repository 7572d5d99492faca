#pragma once

#include "kiosk/ui/theme.h"

#include <imgui.h>

/// The drawings of the visual language, as paths. Lengths are pixels; centres
/// are exact: nothing is rounded here.
namespace listenpost::kiosk {

enum class FaceState { Rest, Pressed, Chosen, Dim };

/// `score` 1 (worst) to 5 (best). `radius` is the resting one: Pressed draws
/// smaller, Chosen larger and with a ring whose outer edge is at about radius + 10 * scale.
void draw_face(ImDrawList& list, theme::Palette const& palette, ImVec2 centre, float radius, int score,
    FaceState state, float scale);

/// The chosen look without its ring: to show what was said.
void draw_face_said(ImDrawList& list, theme::Palette const& palette, ImVec2 centre, float radius, int score);

/// Segment `index` (0 to 2, clockwise from the top) of the three-part ring, from
/// its start to `part` (0 to 1) of its length. `radius` is the stroke's middle.
void draw_ring_segment(ImDrawList& list, ImVec2 centre, float radius, float stroke, int index,
    theme::Colour colour, float part = 1);

/// The product's mark; `radius` is its outer edge.
void draw_mark(ImDrawList& list, ImVec2 centre, float radius, theme::Colour colour);

/// What is left of a countdown: `part` (0 to 1) of a circle, clockwise from the top.
void draw_countdown(ImDrawList& list, ImVec2 centre, float radius, float stroke, float part,
    theme::Colour colour, theme::Colour track);

/// A line with round ends.
void draw_stroke(ImDrawList& list, ImVec2 const* points, int count, float thickness, theme::Colour colour);

}
