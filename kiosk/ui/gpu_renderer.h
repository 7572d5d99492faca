#pragma once

#include "kiosk/ui/fonts_slab.h"
#include "kiosk/ui/picture.h"
#include "kiosk/ui/raster_damage.h"
#include "platform/base/pixels.h"
#include "platform/window/gpu_canvas.h"

#include <imgui.h>
#include <map>
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
    struct Uploaded {
        int texture = GpuCanvas::coverage_texture;
        bool is_drawn = false; ///< in this frame
    };
    void upload_texture();
    /// `coverage_texture` when it cannot be had.
    int texture_of(ScreenPicture const& picture);
    void forget_unused_pictures();

    GlyphSlab const& slab_;
    GpuCanvas& canvas_;
    DamageTracker damage_;
    std::vector<GpuVertex> vertices_;
    std::map<unsigned, Uploaded> pictures_; ///< by ScreenPicture::number()
    int texture_height_ = 0;
    unsigned texture_revision_ = 0;
};

}
