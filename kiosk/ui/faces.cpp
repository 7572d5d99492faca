#include "kiosk/ui/faces.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace listenpost::kiosk {
namespace {

constexpr float pi = std::numbers::pi_v<float>;

constexpr float radians(float degrees) { return degrees * pi / 180; }

/// So many chords that none leaves the arc by a twelfth of a pixel.
int segments_for(float radius, float sweep)
{
    float const step = 2 * std::acos(1 - std::min(0.5F, 0.08F / std::max(radius, 0.1F)));
    return std::max(4, static_cast<int>(std::ceil(std::abs(sweep) / step)));
}

ImVec2 on_circle(ImVec2 centre, float radius, float angle)
{
    return {centre.x + radius * std::cos(angle), centre.y + radius * std::sin(angle)};
}

void cap(ImDrawList& list, ImVec2 at, float thickness, theme::Colour colour)
{
    list.AddCircleFilled(at, thickness / 2, colour, segments_for(thickness / 2, 2 * pi));
}

void stroke_arc(ImDrawList& list, ImVec2 centre, float radius, float from, float to, float thickness,
    theme::Colour colour)
{
    list.PathArcTo(centre, radius, from, to, segments_for(radius, to - from));
    list.PathStroke(colour, 0, thickness);
    cap(list, on_circle(centre, radius, from), thickness, colour);
    cap(list, on_circle(centre, radius, to), thickness, colour);
}

void disc(ImDrawList& list, ImVec2 centre, float radius, theme::Colour colour)
{
    list.AddCircleFilled(centre, radius, colour, segments_for(radius, 2 * pi));
}

void circle(ImDrawList& list, ImVec2 centre, float radius, float thickness, theme::Colour colour)
{
    list.AddCircle(centre, radius, colour, segments_for(radius, 2 * pi), thickness);
}

/// Draws in units of the face's radius, degrees clockwise from the right.
class FacePen {
public:
    FacePen(ImDrawList& list, ImVec2 centre, float unit, theme::Colour colour)
        : list_(list)
        , centre_(centre)
        , unit_(unit)
        , colour_(colour)
    {
    }

    void dots(float x, float y, float radius)
    {
        for (float const side : {-1.F, 1.F})
            disc(list_, at(side * x, y), radius * unit_, colour_);
    }

    void line(float x1, float y1, float x2, float y2, float thickness = normal)
    {
        ImVec2 const points[] {at(x1, y1), at(x2, y2)};
        draw_stroke(list_, points, 2, thickness * unit_, colour_);
    }

    void arc(float x, float y, float radius, float from, float to, float thickness = normal)
    {
        stroke_arc(list_, at(x, y), radius * unit_, radians(from), radians(to), thickness * unit_, colour_);
    }

    void half_disc(float x, float y, float radius, float outline)
    {
        int const segments = segments_for(radius * unit_, pi);
        list_.PathArcTo(at(x, y), radius * unit_, 0, pi, segments);
        list_.PathFillConvex(colour_);
        list_.PathArcTo(at(x, y), radius * unit_, 0, pi, segments);
        list_.PathStroke(colour_, ImDrawFlags_Closed, outline * unit_);
    }

    static constexpr float normal = 0.11F;

private:
    ImVec2 at(float x, float y) const { return {centre_.x + x * unit_, centre_.y + y * unit_}; }

    ImDrawList& list_;
    ImVec2 centre_;
    float unit_;
    theme::Colour colour_;
};

void draw_features(ImDrawList& list, ImVec2 centre, float radius, int score, theme::Colour colour)
{
    FacePen pen(list, centre, radius, colour);
    switch (score) {
    case 1:
        pen.dots(0.36F, -0.12F, 0.105F);
        pen.line(-0.56F, -0.34F, -0.24F, -0.50F);
        pen.line(0.56F, -0.34F, 0.24F, -0.50F);
        pen.arc(0, 0.66F, 0.36F, 205, 335);
        break;
    case 2:
        pen.dots(0.36F, -0.20F, 0.105F);
        pen.arc(0, 0.86F, 0.56F, 232, 308);
        break;
    case 3:
        pen.dots(0.36F, -0.20F, 0.105F);
        pen.line(-0.34F, 0.34F, 0.34F, 0.34F);
        break;
    case 4:
        pen.dots(0.36F, -0.20F, 0.105F);
        pen.arc(0, -0.06F, 0.50F, 40, 140);
        break;
    default:
        pen.arc(-0.37F, -0.12F, 0.16F, 200, 340);
        pen.arc(0.37F, -0.12F, 0.16F, 200, 340);
        pen.half_disc(0, 0.12F, 0.44F, 0.088F);
        break;
    }
}

void draw_outlined(ImDrawList& list, ImVec2 centre, float radius, int score, theme::Colour colour)
{
    circle(list, centre, 0.96F * radius, 0.075F * radius, colour);
    draw_features(list, centre, radius, score, colour);
}

}

void draw_face_said(ImDrawList& list, theme::Palette const& palette, ImVec2 centre, float radius, int score)
{
    auto const index = static_cast<std::size_t>(score - 1);
    disc(list, centre, radius, palette.face_chosen[index]);
    draw_features(list, centre, radius, score, palette.face_features[index]);
}

void draw_face(ImDrawList& list, theme::Palette const& palette, ImVec2 centre, float radius, int score,
    FaceState state, float scale)
{
    auto const index = static_cast<std::size_t>(score - 1);
    bool const filled = palette.face_style == theme::FaceStyle::Filled;
    switch (state) {
    case FaceState::Pressed:
        draw_face_said(list, palette, centre, radius * 0.94F, score);
        break;
    case FaceState::Chosen:
        draw_face_said(list, palette, centre, radius + 2 * scale, score);
        circle(list, centre, radius + 8 * scale, theme::ring_stroke * scale, palette.face_ring);
        break;
    case FaceState::Rest:
    case FaceState::Dim: {
        bool const dim = state == FaceState::Dim;
        auto const colour = (dim ? palette.face_dim : palette.face_rest)[index];
        if (!filled) {
            draw_outlined(list, centre, radius, score, colour);
            break;
        }
        disc(list, centre, radius, colour);
        draw_features(
            list, centre, radius, score, dim ? palette.face_features_dim : palette.face_features_rest);
        break;
    }
    }
}

void draw_ring_segment(
    ImDrawList& list, ImVec2 centre, float radius, float stroke, int index, theme::Colour colour, float part)
{
    if (radius <= 0)
        return; // in a window of a few pixels
    float const trim = stroke / radius / 2 + radians(7);
    float const from = radians(-90 + 120 * static_cast<float>(index)) + trim;
    float const whole = radians(120) - 2 * trim;
    stroke_arc(list, centre, radius, from, from + whole * std::clamp(part, 0.01F, 1.F), stroke, colour);
}

void draw_mark(ImDrawList& list, ImVec2 centre, float radius, theme::Colour colour)
{
    float const unit = radius / 1.1F;
    for (int index = 0; index < 3; ++index)
        draw_ring_segment(list, centre, unit, 0.2F * unit, index, colour);
    FacePen pen(list, centre, unit, colour);
    pen.dots(0.28F, -0.14F, 0.11F);
    pen.arc(0, -0.04F, 0.40F, 35, 145, 0.17F);
}

void draw_countdown(ImDrawList& list, ImVec2 centre, float radius, float stroke, float part,
    theme::Colour colour, theme::Colour track)
{
    if (part >= 1)
        return circle(list, centre, radius, stroke, colour);
    circle(list, centre, radius, stroke, track);
    if (part > 0)
        stroke_arc(list, centre, radius, radians(-90), radians(-90) + 2 * pi * part, stroke, colour);
}

void draw_stroke(ImDrawList& list, ImVec2 const* points, int count, float thickness, theme::Colour colour)
{
    list.AddPolyline(points, count, colour, 0, thickness);
    for (int index = 0; index < count; ++index)
        cap(list, points[index], thickness, colour);
}

}
