#pragma once

#include "platform/base/pixels.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <imgui.h>

namespace listenpost::kiosk {

/// A corner in 1/256 pixel: from here on everything is integers.
struct Corner {
    std::int32_t x;
    std::int32_t y;
    ImVec2 uv;
    ImU32 colour;
};

inline constexpr int subpixels = 256;
inline constexpr int half_pixel = subpixels / 2;

/// Far outside any screen; further away is brought here, so that no product overflows.
inline constexpr float farthest_pixel = 8191.0F;

inline std::int32_t to_subpixels(float pixels)
{
    // A comparison that is false for NaN, which then is 0.
    float const near = pixels > -farthest_pixel ? std::min(pixels, farthest_pixel) : -farthest_pixel;
    return static_cast<std::int32_t>(std::lrintf(near * subpixels));
}

inline Corner to_corner(ImDrawVert const& vertex, ImVec2 origin)
{
    return {
        to_subpixels(vertex.pos.x - origin.x), to_subpixels(vertex.pos.y - origin.y), vertex.uv, vertex.col};
}

/// The first pixel whose centre does not lie before this position.
inline int first_pixel(std::int32_t subpixel) { return (subpixel - half_pixel + subpixels - 1) >> 8; }

inline PixelRect intersection(PixelRect const& a, PixelRect const& b)
{
    int const x = std::max(a.x, b.x);
    int const y = std::max(a.y, b.y);
    return {x, y, std::min(a.right(), b.right()) - x, std::min(a.bottom(), b.bottom()) - y};
}

/// All pixels that a shape with these corners can touch.
template <typename... Corners>
PixelRect touched_pixels(Corners const&... corners)
{
    int const left = first_pixel(std::min({corners.x...}));
    int const top = first_pixel(std::min({corners.y...}));
    return {
        left, top, first_pixel(std::max({corners.x...})) - left, first_pixel(std::max({corners.y...})) - top};
}

/// Visits the primitives in drawing order: visitor.triangle(a, b, c, clip, texture),
/// or visitor.quad(a, b, c, d, clip, texture) for two triangles abc and acd, as ImGui writes
/// rectangles and glyphs. `clip` is not empty and lies inside `size`.
template <typename Visitor>
void walk(ImDrawData const& data, PixelSize size, Visitor& visitor)
{
    for (int list_index = 0; list_index < data.CmdListsCount; ++list_index) {
        ImDrawList const& list = *data.CmdLists[list_index];
        for (ImDrawCmd const& command : list.CmdBuffer) {
            if (command.UserCallback != nullptr)
                continue;
            auto const bound = [](float value, float origin, int limit) {
                return static_cast<int>(std::clamp(value - origin, 0.0F, static_cast<float>(limit)));
            };
            int const left = bound(command.ClipRect.x, data.DisplayPos.x, size.width);
            int const top = bound(command.ClipRect.y, data.DisplayPos.y, size.height);
            PixelRect const clip {left, top, bound(command.ClipRect.z, data.DisplayPos.x, size.width) - left,
                bound(command.ClipRect.w, data.DisplayPos.y, size.height) - top};
            if (clip.empty())
                continue;
            ImDrawVert const* const vertices = list.VtxBuffer.Data + command.VtxOffset;
            ImDrawIdx const* index = list.IdxBuffer.Data + command.IdxOffset;
            ImDrawIdx const* const end = index + command.ElemCount;
            auto const corner = [&](int at) { return to_corner(vertices[index[at]], data.DisplayPos); };
            while (end - index >= 3) {
                if (end - index >= 6 && index[3] == index[0] && index[4] == index[2]) {
                    visitor.quad(corner(0), corner(1), corner(2), corner(5), clip, command.TextureId);
                    index += 6;
                } else {
                    visitor.triangle(corner(0), corner(1), corner(2), clip, command.TextureId);
                    index += 3;
                }
            }
        }
    }
}

}
