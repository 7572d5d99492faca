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

void draw_globe(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour)
{
    float const radius = 0.46F * size;
    float const stroke = 0.075F * size;
    list.AddCircle(centre, radius, colour, 48, stroke);
    ImVec2 const equator[] {centre + ImVec2(-radius, 0), centre + ImVec2(radius, 0)};
    draw_stroke(list, equator, 2, stroke, colour);
    constexpr int points = 32;
    for (int point = 0; point < points; ++point) {
        float const angle = 2 * pi * static_cast<float>(point) / points;
        list.PathLineTo(centre + ImVec2(0.44F * radius * std::cos(angle), radius * std::sin(angle)));
    }
    list.PathStroke(colour, ImDrawFlags_Closed, stroke);
}

void draw_switch(
    ImDrawList& list, ImVec2 centre, float size, bool on, theme::Colour colour, theme::Colour knob)
{
    ImVec2 const half {0.86F * size, 0.5F * size};
    float const radius = half.y;
    ImVec2 const from = centre + ImVec2(-half.x, -half.y);
    ImVec2 const to = centre + half;
    float const offset = half.x - half.y;
    if (on) {
        list.AddRectFilled(from, to, colour, radius);
        list.AddCircleFilled(centre + ImVec2(offset, 0), 0.38F * size, knob, 40);
        draw_check(list, centre + ImVec2(offset, 0), 0.22F * size, colour, 0.36F);
    } else {
        float const stroke = 0.07F * size;
        list.AddRect(from + ImVec2(stroke / 2, stroke / 2), to + ImVec2(-stroke / 2, -stroke / 2), colour,
            radius, 0, stroke);
        list.AddCircle(centre + ImVec2(-offset, 0), 0.30F * size, colour, 40, stroke);
    }
}

void draw_chevron(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour, bool up)
{
    float const rise = up ? -0.22F * size : 0.22F * size;
    ImVec2 const points[] {centre + ImVec2(-0.43F * size, -rise), centre + ImVec2(0, rise),
        centre + ImVec2(0.43F * size, -rise)};
    draw_stroke(list, points, 3, 0.13F * size, colour);
}

void draw_shift(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour, bool lit)
{
    auto const at = [&](float x, float y) { return centre + ImVec2(x * size, y * size); };
    // A broad arrow; filled as two convex parts.
    if (lit) {
        ImVec2 const head[] {at(0, -0.46F), at(0.46F, 0.02F), at(-0.46F, 0.02F)};
        list.AddConvexPolyFilled(head, 3, colour);
        list.AddRectFilled(at(-0.20F, 0), at(0.20F, 0.44F), colour);
        return;
    }
    ImVec2 const outline[] {at(0, -0.46F), at(0.46F, 0.02F), at(0.20F, 0.02F), at(0.20F, 0.44F),
        at(-0.20F, 0.44F), at(-0.20F, 0.02F), at(-0.46F, 0.02F), at(0, -0.46F)};
    draw_stroke(list, outline, 8, 0.085F * size, colour);
}

void draw_backspace(ImDrawList& list, ImVec2 centre, float size, theme::Colour colour)
{
    auto const at = [&](float x, float y) { return centre + ImVec2(x * size, y * size); };
    ImVec2 const outline[] {at(-0.78F, 0), at(-0.36F, -0.46F), at(0.72F, -0.46F), at(0.72F, 0.46F),
        at(-0.36F, 0.46F), at(-0.78F, 0)};
    draw_stroke(list, outline, 6, 0.115F * size, colour);
    ImVec2 const down[] {at(0, -0.18F), at(0.36F, 0.18F)};
    ImVec2 const up[] {at(0, 0.18F), at(0.36F, -0.18F)};
    draw_stroke(list, down, 2, 0.115F * size, colour);
    draw_stroke(list, up, 2, 0.115F * size, colour);
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
