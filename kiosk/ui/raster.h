#pragma once

#include "kiosk/ui/fonts_slab.h"
#include "kiosk/ui/raster_damage.h"
#include "platform/base/pixels.h"

#include <imgui.h>
#include <span>
#include <vector>

namespace listenpost::kiosk {

/// Draws what ImGui made, in software: the same pixels on every machine (integers
/// only), and only where something changed since the last frame.
///
/// Knows the glyph slab and ScreenPictures, these only as upright rectangles. Draw callbacks are not called.
/// ImGui must have been told that vertex offsets work (RendererHasVtxOffset).
class Raster {
public:
    explicit Raster(GlyphSlab const& slab)
        : slab_(slab)
    {
    }

    /// Brings the framebuffer, which holds the last frame, up to this one. Returns the
    /// changed parts, not overlapping; empty when the picture is the same. What no
    /// shape covers becomes black. The list holds until the next call.
    std::span<PixelRect const> draw(ImDrawData const& data, PixelSpan framebuffer);

    /// The framebuffer no longer holds the last frame: the next draw() draws all of it.
    void invalidate() { damage_.invalidate(); }

    /// The whole picture, without a memory of earlier ones.
    static void draw_all(ImDrawData const& data, GlyphSlab const& slab, PixelSpan framebuffer);

private:
    GlyphSlab const& slab_;
    DamageTracker damage_;
};

}
