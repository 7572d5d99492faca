#include "kiosk/ui/icons.h"

#include "kiosk/ui/faces.h"

#include <cmath>
#include <numbers>

namespace listenpost::kiosk {
namespace {

constexpr float pi = std::numbers::pi_v<float>;

ImVec2 operator+(ImVec2 a, ImVec2 b) { return {a.x + b.x, a.y + b.y}; }

}

void draw_check(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour, float weight)
{
    ImVec2 const points[] {centre + ImVec2(-0.67F * size, 0.07F * size),
        centre + ImVec2(-0.18F * size, 0.56F * size), centre + ImVec2(0.71F * size, -0.44F * size)};
    draw_stroke(list, points, 3, weight * size, colour);
}

void draw_lock(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour)
{
    float const half = 0.40F * size;
    list.AddRectFilled(
        centre + ImVec2(-half, -0.05F * size), centre + ImVec2(half, 0.5F * size), colour, 0.09F * size);
    float const shackle = 0.25F * size;
    float const top = -0.20F * size;
    list.PathLineTo(centre + ImVec2(-shackle, 0));
    list.PathArcTo(centre + ImVec2(0, top), shackle, -pi, 0, 16);
    list.PathLineTo(centre + ImVec2(shackle, 0));
    list.PathStroke(colour, 0, 0.11F * size);
}

void draw_person(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour)
{
    auto const at = [&](float x, float y) { return centre + ImVec2(x * size, y * size); };
    float const stroke = 0.108F * size;
    list.AddCircleFilled(at(0, -0.39F), 0.105F * size, colour, 20);
    ImVec2 const arms[] {at(-0.37F, -0.17F), at(0.37F, -0.17F)};
    ImVec2 const trunk[] {at(0, -0.17F), at(0, 0.10F)};
    ImVec2 const legs[] {at(-0.21F, 0.45F), at(0, 0.10F), at(0.21F, 0.45F)};
    draw_stroke(list, arms, 2, stroke, colour);
    draw_stroke(list, trunk, 2, stroke, colour);
    draw_stroke(list, legs, 3, stroke, colour);
}

void draw_back(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour)
{
    ImVec2 const points[] {centre + ImVec2(0.23F * size, -0.43F * size), centre + ImVec2(-0.23F * size, 0),
        centre + ImVec2(0.23F * size, 0.43F * size)};
    draw_stroke(list, points, 3, 0.14F * size, colour);
}

void draw_comment(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour, theme::Colour ground)
{
    auto const at = [&](float x, float y) { return centre + ImVec2(x * size, y * size); };
    list.AddRectFilled(at(-0.62F, -0.50F), at(0.62F, 0.30F), colour, 0.20F * size);
    ImVec2 const tail[] {at(-0.34F, 0.24F), at(0.02F, 0.24F), at(-0.34F, 0.56F)};
    list.AddConvexPolyFilled(tail, 3, colour);
    ImVec2 const first[] {at(-0.32F, -0.22F), at(0.32F, -0.22F)};
    ImVec2 const second[] {at(-0.32F, 0.04F), at(0.10F, 0.04F)};
    draw_stroke(list, first, 2, 0.10F * size, ground);
    draw_stroke(list, second, 2, 0.10F * size, ground);
}

}
