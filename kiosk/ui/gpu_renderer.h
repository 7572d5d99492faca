#pragma once

#include "kiosk/ui/fonts_slab.h"
#include "kiosk/ui/raster_damage.h"
#include "platform/base/pixels.h"
#include "platform/window/gpu_canvas.h"

#include <imgui.h>
#include <vector>

namespace listenpost::kiosk {

/// Draws what ImGui made on a GPU: all of it, or nothing when it is the same as the
/// last time.
class GpuRenderer {
public:
    GpuRenderer(GlyphSlab const& slab, GpuCanvas& canvas)
        : slab_(slab)
        , canvas_(canvas)
    {
    }

    /// True when it drew; then canvas.present() shows it.
    bool draw(ImDrawData const& data, PixelSize size);
    /// The next draw() draws in any case.
    void invalidate() { damage_.invalidate(); }

private:
    void upload_texture();

    GlyphSlab const& slab_;
    GpuCanvas& canvas_;
    DamageTracker damage_;
    std::vector<GpuVertex> vertices_;
    int texture_height_ = 0;
    unsigned texture_revision_ = 0;
};

}
