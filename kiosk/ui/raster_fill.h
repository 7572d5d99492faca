#pragma once

#include "kiosk/ui/fonts_slab.h"
#include "kiosk/ui/picture.h"
#include "kiosk/ui/raster_walk.h"
#include "platform/base/pixels.h"

namespace listenpost::kiosk {

/// Fills shapes pixel by pixel. A pixel belongs to a shape when its centre lies inside;
/// a centre on a left or upper edge does, on a right or lower edge does not. So two
/// shapes with a common edge leave no gap and draw no pixel twice.
///
/// What a pixel becomes does not depend on `clip`: drawing in parts is the same as
/// drawing at once. `clip` must lie inside the target.

/// Colours blend between the corners. The texture counts unless all corners are on its
/// white square.
void fill_triangle(PixelSpan target, GlyphSlab const& slab, Corner const& a, Corner const& b, Corner const& c,
    PixelRect const& clip);

/// Triangles abc and acd, with short cuts for plain rectangles and unscaled glyphs.
void fill_quad(PixelSpan target, GlyphSlab const& slab, Corner const& a, Corner const& b, Corner const& c,
    Corner const& d, PixelRect const& clip);

/// An upright rectangle with the picture on it, each pixel that of the picture's which
/// its centre hits, times the first corner's colour. Any other shape is left out.
void fill_picture(PixelSpan target, ScreenPicture const& picture, Corner const& a, Corner const& b,
    Corner const& c, Corner const& d, PixelRect const& clip);

}
