#include "kiosk/ui/raster.h"

#include "kiosk/ui/picture.h"
#include "kiosk/ui/raster_fill.h"

#include <algorithm>

namespace listenpost::kiosk {

namespace {

/// Draws each primitive into those parts of the target that it touches.
struct Painter {
    PixelSpan target;
    GlyphSlab const& slab;
    std::span<PixelRect const> parts;

    void triangle(
        Corner const& a, Corner const& b, Corner const& c, PixelRect const& clip, ImTextureID texture)
    {
        if (texture != nullptr)
            return; // of a picture: none of our own is drawn so
        PixelRect const area = intersection(touched_pixels(a, b, c), clip);
        if (area.empty())
            return;
        for (PixelRect const& part : parts) {
            if (PixelRect const inside = intersection(area, part); !inside.empty())
                fill_triangle(target, slab, a, b, c, inside);
        }
    }

    void quad(Corner const& a, Corner const& b, Corner const& c, Corner const& d, PixelRect const& clip,
        ImTextureID texture)
    {
        PixelRect const area = intersection(touched_pixels(a, b, c, d), clip);
        if (area.empty())
            return;
        auto const* const picture = ScreenPicture::from_texture(texture);
        for (PixelRect const& part : parts) {
            PixelRect const inside = intersection(area, part);
            if (inside.empty())
                continue;
            if (picture != nullptr)
                fill_picture(target, *picture, a, b, c, d, inside);
            else
                fill_quad(target, slab, a, b, c, d, inside);
        }
    }
};

void paint(ImDrawData const& data, GlyphSlab const& slab, PixelSpan target, std::span<PixelRect const> parts)
{
    for (PixelRect const& part : parts) {
        for (int y = part.y; y < part.bottom(); ++y)
            std::fill_n(target.row(y) + part.x, part.width, 0xFF000000U);
    }
    Painter painter {target, slab, parts};
    walk(data, target.size(), painter);
}

}

std::span<PixelRect const> Raster::draw(ImDrawData const& data, PixelSpan framebuffer)
{
    auto const changed = damage_.update(data, framebuffer.size(), slab_.generation());
    if (!changed.empty())
        paint(data, slab_, framebuffer, changed);
    return changed;
}

void Raster::draw_all(ImDrawData const& data, GlyphSlab const& slab, PixelSpan framebuffer)
{
    PixelRect const all {0, 0, framebuffer.width, framebuffer.height};
    paint(data, slab, framebuffer, {&all, 1});
}

}
