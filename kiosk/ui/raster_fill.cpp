#include "kiosk/ui/raster_fill.h"

#include "kiosk/ui/raster_blend.h"

#include <algorithm>
#include <utility>

namespace listenpost::kiosk {

namespace {

bool is_white(Corner const& corner)
{
    return corner.uv.x == GlyphSlab::white_u && corner.uv.y == GlyphSlab::white_v;
}

/// Where an edge crosses the rows' centres: for each row the first pixel that is not to
/// the left of it, exactly, by dividing with remainder once and adding from then on.
class EdgeWalk {
public:
    /// From `upper` to `lower`, starting at `row`.
    EdgeWalk(Corner const& upper, Corner const& lower, int row)
    {
        std::int64_t const dx = lower.x - upper.x;
        std::int64_t const dy = lower.y - upper.y;
        std::int64_t const row_centre = std::int64_t {row} * subpixels + half_pixel;
        divisor_ = subpixels * dy;
        // Rounded up to the next pixel centre: + divisor - 1.
        std::int64_t const position
            = (upper.x - half_pixel) * dy + (row_centre - upper.y) * dx + divisor_ - 1;
        column_ = floor_divide(position, divisor_);
        rest_ = position - column_ * divisor_;
        column_step_ = floor_divide(subpixels * dx, divisor_);
        rest_step_ = subpixels * dx - column_step_ * divisor_;
    }

    int column() const { return static_cast<int>(column_); }

    void next_row()
    {
        column_ += column_step_;
        rest_ += rest_step_;
        if (rest_ >= divisor_) {
            rest_ -= divisor_;
            ++column_;
        }
    }

private:
    static std::int64_t floor_divide(std::int64_t a, std::int64_t b)
    {
        std::int64_t const quotient = a / b;
        return quotient * b > a ? quotient - 1 : quotient;
    }

    std::int64_t divisor_;
    std::int64_t column_;
    std::int64_t rest_;
    std::int64_t column_step_;
    std::int64_t rest_step_;
};

/// Twice the area; positive when a, b, c turn clockwise on the screen.
std::int64_t turn(Corner const& a, Corner const& b, Corner const& c)
{
    return std::int64_t {b.x - a.x} * (c.y - a.y) - std::int64_t {c.x - a.x} * (b.y - a.y);
}

/// Calls span(y, first, end) for each row of the triangle inside `clip`.
template <typename Span>
void scan(Corner const* top, Corner const* middle, Corner const* bottom, PixelRect const& clip, Span&& span)
{
    if (middle->y < top->y)
        std::swap(middle, top);
    if (bottom->y < middle->y)
        std::swap(bottom, middle);
    if (middle->y < top->y)
        std::swap(middle, top);
    bool const is_middle_left = turn(*top, *middle, *bottom) < 0;

    auto const half = [&](Corner const& upper, Corner const& lower) {
        int const first_row = std::max(first_pixel(upper.y), clip.y);
        int const end_row = std::min(first_pixel(lower.y), clip.bottom());
        if (first_row >= end_row)
            return;
        EdgeWalk short_edge(upper, lower, first_row);
        EdgeWalk long_edge(*top, *bottom, first_row);
        for (int row = first_row; row < end_row; ++row) {
            int const left = is_middle_left ? short_edge.column() : long_edge.column();
            int const right = is_middle_left ? long_edge.column() : short_edge.column();
            int const first = std::max(left, clip.x);
            int const end = std::min(right, clip.right());
            if (first < end)
                span(row, first, end);
            short_edge.next_row();
            long_edge.next_row();
        }
    };
    half(*top, *middle);
    half(*middle, *bottom);
}

/// A value that changes evenly over a triangle. The sums wrap around where a thin
/// triangle has steep slopes; the result is right all the same, because it is small.
class Slope {
public:
    /// `value` at each corner; `fraction_bits` of the result of at().
    Slope(Corner const& a, Corner const& b, Corner const& c, std::int64_t value_a, std::int64_t value_b,
        std::int64_t value_c, std::int64_t area, int fraction_bits)
        : origin_(a)
        , start_(static_cast<std::uint64_t>(value_a) << fraction_bits)
    {
        std::int64_t const scale = std::int64_t {1} << fraction_bits;
        per_x_ = static_cast<std::uint64_t>(
            ((value_b - value_a) * (c.y - a.y) - (value_c - value_a) * (b.y - a.y)) * scale / area);
        per_y_ = static_cast<std::uint64_t>(
            ((value_c - value_a) * (b.x - a.x) - (value_b - value_a) * (c.x - a.x)) * scale / area);
    }

    std::uint64_t at(int x, int y) const
    {
        auto const dx = static_cast<std::uint64_t>(std::int64_t {x} * subpixels + half_pixel - origin_.x);
        auto const dy = static_cast<std::uint64_t>(std::int64_t {y} * subpixels + half_pixel - origin_.y);
        return start_ + per_x_ * dx + per_y_ * dy;
    }
    std::uint64_t per_pixel() const { return per_x_ * subpixels; }

private:
    Corner origin_;
    std::uint64_t start_;
    std::uint64_t per_x_;
    std::uint64_t per_y_;
};

constexpr int colour_fraction = 24;
constexpr int texture_fraction = 16;

std::uint32_t to_byte(std::uint64_t value)
{
    auto const rounded
        = static_cast<std::int64_t>(value + (std::uint64_t {1} << (colour_fraction - 1))) >> colour_fraction;
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(rounded, 0, 255));
}

/// Shapes' soft edges: one colour, only its opacity changes.
void fill_fading(PixelSpan target, Corner const& a, Corner const& b, Corner const& c, std::int64_t area,
    PixelRect const& clip)
{
    std::uint32_t const colour = to_rgb(a.colour);
    Slope const opacity(
        a, b, c, opacity_of(a.colour), opacity_of(b.colour), opacity_of(c.colour), area, colour_fraction);
    scan(&a, &b, &c, clip, [&](int y, int first, int end) {
        std::uint32_t* const row = target.row(y);
        std::uint64_t value = opacity.at(first, y);
        for (int x = first; x < end; ++x, value += opacity.per_pixel())
            row[x] = blend(row[x], colour, to_byte(value));
    });
}

void fill_shaded(PixelSpan target, Corner const& a, Corner const& b, Corner const& c, std::int64_t area,
    PixelRect const& clip)
{
    auto const slope = [&](int shift) {
        auto const value
            = [&](Corner const& corner) { return std::int64_t {(corner.colour >> shift) & 0xFFU}; };
        return Slope(a, b, c, value(a), value(b), value(c), area, colour_fraction);
    };
    Slope const channels[] {
        slope(IM_COL32_R_SHIFT), slope(IM_COL32_G_SHIFT), slope(IM_COL32_B_SHIFT), slope(IM_COL32_A_SHIFT)};
    scan(&a, &b, &c, clip, [&](int y, int first, int end) {
        std::uint32_t* const row = target.row(y);
        for (int x = first; x < end; ++x) {
            auto const byte = [&](int channel) { return to_byte(channels[channel].at(x, y)); };
            row[x] = blend(row[x], byte(0) << 16 | byte(1) << 8 | byte(2), byte(3));
        }
    });
}

/// Scaled or turned glyphs: coverage between four texels, colour of the first corner.
void fill_textured(PixelSpan target, GlyphSlab const& slab, Corner const& a, Corner const& b, Corner const& c,
    std::int64_t area, PixelRect const& clip)
{
    std::uint32_t const colour = to_rgb(a.colour);
    std::uint32_t const opacity = opacity_of(a.colour);
    auto const texel = [](float coordinate, int size) {
        return static_cast<std::int64_t>(
            std::lrintf(std::clamp(coordinate, 0.0F, 1.0F) * static_cast<float>(size) * subpixels));
    };
    auto const u = [&](Corner const& corner) { return texel(corner.uv.x, GlyphSlab::width); };
    auto const v = [&](Corner const& corner) { return texel(corner.uv.y, GlyphSlab::max_height); };
    Slope const across(a, b, c, u(a), u(b), u(c), area, texture_fraction);
    Slope const down(a, b, c, v(a), v(b), v(c), area, texture_fraction);

    scan(&a, &b, &c, clip, [&](int y, int first, int end) {
        std::uint32_t* const row = target.row(y);
        for (int x = first; x < end; ++x) {
            // Texels have their centres at half: what lies between two is mixed.
            auto const subtexel = [&](Slope const& slope, int size) {
                auto const position
                    = (static_cast<std::int64_t>(slope.at(x, y)) >> texture_fraction) - half_pixel;
                return static_cast<int>(std::clamp<std::int64_t>(position, 0, (size - 1) * subpixels - 1));
            };
            int const at_u = subtexel(across, GlyphSlab::width);
            int const at_v = subtexel(down, GlyphSlab::max_height);
            std::uint8_t const* const upper = slab.row(at_v >> 8) + (at_u >> 8);
            std::uint8_t const* const lower = upper + GlyphSlab::width;
            int const right = at_u & 0xFF;
            int const below = at_v & 0xFF;
            int const coverage
                = ((upper[0] * (subpixels - right) + upper[1] * right) * (subpixels - below)
                      + (lower[0] * (subpixels - right) + lower[1] * right) * below + (1 << 15))
                >> 16;
            row[x] = blend(row[x], colour, divide_by_255(static_cast<std::uint32_t>(coverage) * opacity));
        }
    });
}

void fill_rectangle(PixelSpan target, PixelRect const& area, ImU32 colour)
{
    for (int y = area.y; y < area.bottom(); ++y)
        blend_run(target.row(y) + area.x, area.width, to_rgb(colour), opacity_of(colour));
}

void copy_glyph(PixelSpan target, PixelRect const& area, std::uint8_t const* coverage, ImU32 colour)
{
    std::uint32_t const rgb = to_rgb(colour);
    std::uint32_t const opacity = opacity_of(colour);
    for (int y = area.y; y < area.bottom(); ++y, coverage += GlyphSlab::width) {
        std::uint32_t* const row = target.row(y) + area.x;
        for (int x = 0; x < area.width; ++x) {
            if (coverage[x] != 0)
                row[x] = blend(row[x], rgb, divide_by_255(coverage[x] * opacity));
        }
    }
}

bool is_upright(Corner const& a, Corner const& b, Corner const& c, Corner const& d)
{
    return a.y == b.y && b.x == c.x && c.y == d.y && d.x == a.x && a.x <= b.x && a.y <= d.y;
}

/// On whole pixels, and as large as its part of the texture.
bool is_unscaled_glyph(Corner const& a, Corner const& b, Corner const& c, Corner const& d)
{
    constexpr float columns = GlyphSlab::width;
    constexpr float rows = GlyphSlab::max_height;
    return ((a.x | a.y | c.x | c.y) & (subpixels - 1)) == 0 && a.uv.y == b.uv.y && b.uv.x == c.uv.x
        && c.uv.y == d.uv.y && d.uv.x == a.uv.x
        && (c.uv.x - a.uv.x) * columns * subpixels == static_cast<float>(c.x - a.x)
        && (c.uv.y - a.uv.y) * rows * subpixels == static_cast<float>(c.y - a.y) && a.uv.x >= 0 && a.uv.y >= 0
        && c.uv.x <= 1 && c.uv.y <= 1 && std::floor(a.uv.x * columns) == a.uv.x * columns
        && std::floor(a.uv.y * rows) == a.uv.y * rows;
}

}

void fill_triangle(PixelSpan target, GlyphSlab const& slab, Corner const& a, Corner const& b, Corner const& c,
    PixelRect const& clip)
{
    std::int64_t const area = turn(a, b, c);
    if (area == 0)
        return;
    if (!is_white(a) || !is_white(b) || !is_white(c)) {
        fill_textured(target, slab, a, b, c, area, clip);
    } else if (a.colour == b.colour && b.colour == c.colour) {
        std::uint32_t const colour = to_rgb(a.colour);
        std::uint32_t const opacity = opacity_of(a.colour);
        scan(&a, &b, &c, clip, [&](int y, int first, int end) {
            blend_run(target.row(y) + first, end - first, colour, opacity);
        });
    } else if (to_rgb(a.colour) == to_rgb(b.colour) && to_rgb(b.colour) == to_rgb(c.colour)) {
        fill_fading(target, a, b, c, area, clip);
    } else {
        fill_shaded(target, a, b, c, area, clip);
    }
}

void fill_quad(PixelSpan target, GlyphSlab const& slab, Corner const& a, Corner const& b, Corner const& c,
    Corner const& d, PixelRect const& clip)
{
    bool const is_plain
        = is_upright(a, b, c, d) && a.colour == b.colour && b.colour == c.colour && c.colour == d.colour;
    if (is_plain && is_white(a) && is_white(b) && is_white(c) && is_white(d)) {
        PixelRect const area = intersection(touched_pixels(a, c), clip);
        if (!area.empty())
            fill_rectangle(target, area, a.colour);
    } else if (is_plain && is_unscaled_glyph(a, b, c, d)) {
        PixelRect const whole = touched_pixels(a, c);
        PixelRect const area = intersection(whole, clip);
        if (area.empty())
            return;
        int const u = static_cast<int>(a.uv.x * GlyphSlab::width) + area.x - whole.x;
        int const v = static_cast<int>(a.uv.y * GlyphSlab::max_height) + area.y - whole.y;
        copy_glyph(target, area, slab.row(v) + u, a.colour);
    } else {
        fill_triangle(target, slab, a, b, c, clip);
        fill_triangle(target, slab, a, c, d, clip);
    }
}

void fill_picture(PixelSpan target, ScreenPicture const& picture, Corner const& a, Corner const& b,
    Corner const& c, Corner const& d, PixelRect const& clip)
{
    if (!is_upright(a, b, c, d) || a.x == c.x || a.y == c.y)
        return;
    PixelRect const area = intersection(touched_pixels(a, c), clip);
    auto const place = [](int pixel, int from, int to, float first, float last, int size) {
        double const way = (pixel * double {subpixels} + half_pixel - from) / (to - from);
        auto const at = static_cast<int>(std::floor((first + (last - first) * way) * size));
        return std::clamp(at, 0, size - 1);
    };
    std::uint32_t const tint = to_rgb(a.colour);
    std::uint32_t const opacity = opacity_of(a.colour);
    for (int y = area.y; y < area.bottom(); ++y) {
        std::uint32_t const* const from
            = picture.row(place(y, a.y, c.y, a.uv.y, c.uv.y, picture.size().height));
        std::uint32_t* const row = target.row(y);
        for (int x = area.x; x < area.right(); ++x) {
            std::uint32_t const texel = from[place(x, a.x, c.x, a.uv.x, c.uv.x, picture.size().width)];
            std::uint32_t rgb = texel & 0xFFFFFFU;
            if (tint != 0xFFFFFFU) {
                auto const channel = [&](int shift) {
                    return divide_by_255((texel >> shift & 0xFFU) * (tint >> shift & 0xFFU)) << shift;
                };
                rgb = channel(16) | channel(8) | channel(0);
            }
            row[x] = blend(row[x], rgb, divide_by_255((texel >> 24) * opacity));
        }
    }
}

}
