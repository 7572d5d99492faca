#pragma once

#include "kiosk/ui/layout.h"
#include "kiosk/ui/theme.h"

#include <cmath>
#include <vector>

/// What layout*.cpp share: the way from design pixels to the screen's.
namespace listenpost::kiosk {

/// A rectangle in design pixels.
struct Box {
    float x = 0;
    float y = 0;
    float w = 0;
    float h = 0;
};

/// Design pixels to screen pixels. Edges are rounded, not sizes: what touches in the
/// design touches on the screen.
struct Mapper {
    float scale;

    int px(float design) const { return static_cast<int>(std::lround(design * scale)); }
    Point point(float x, float y) const { return {px(x), px(y)}; }
    Rect rect(Box const& box) const
    {
        int const left = px(box.x);
        int const top = px(box.y);
        return {left, top, px(box.x + box.w) - left, px(box.y + box.h) - top};
    }
    Disc disc(float x, float y, float radius) const { return {point(x, y), px(radius)}; }
    Line line(float x, float y, float width) const { return {point(x, y), px(width)}; }
};

/// The design's own size on this screen: at least 1280x800 or 800x1280.
struct Canvas {
    Mapper map;
    Orientation orientation;
    float width;
    float height;
    Aids aids;

    bool is_portrait() const { return orientation == Orientation::Portrait; }
    bool is_zoomed() const { return aids.zoom > 1; }
    bool rail_is_below() const { return is_portrait() || aids.low_reach; }
    float rail_size() const;
    float margin() const { return is_portrait() ? 24 : 32; }
    /// Of a text in large text, relative to the design's.
    float text() const { return aids.large_text ? theme::large_text : 1.F; }
    /// Right or lower end of the paper.
    float reading_width() const { return width - (rail_is_below() ? 0 : rail_size()); }
    float reading_height() const { return height - (rail_is_below() ? rail_size() : 0); }
    /// Where what is touched may begin.
    float reach_top() const { return aids.low_reach ? height - theme::low_reach / aids.zoom : 0; }
    /// Left and right ends of the cards.
    Box body() const;
    /// Of the body: what can be reached.
    Box reachable() const;
};

Canvas canvas_for(int width, int height, Aids aids);
Canvas canvas_of(Stage const& stage);

/// `count` boxes in `rows` rows, as even as can be: every row is full, the upper ones
/// have at most one more. Seen: `between` apart. Touched: the gaps shared out.
struct Grid {
    std::vector<Rect> seen;
    std::vector<Rect> touched;
};
Grid grid(Mapper const& map, Box const& area, int count, int rows, float between);

}
