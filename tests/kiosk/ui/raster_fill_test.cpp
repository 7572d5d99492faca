#include "kiosk/ui/raster_blend.h"
#include "kiosk/ui/raster_fill.h"

#include <array>
#include <catch2/catch.hpp>
#include <random>

using namespace listenpost;
using namespace listenpost::kiosk;

namespace {

constexpr ImU32 half_white = IM_COL32(255, 255, 255, 128);
constexpr ImU32 white = IM_COL32(255, 255, 255, 255);

Corner at(float x, float y, ImU32 colour = white)
{
    return {to_subpixels(x), to_subpixels(y), {GlyphSlab::white_u, GlyphSlab::white_v}, colour};
}

/// A black picture, all of it open to drawing.
struct Canvas {
    explicit Canvas(int width, int height)
        : picture(width, height)
    {
    }
    void triangle(Corner const& a, Corner const& b, Corner const& c) { triangle(a, b, c, all()); }
    void triangle(Corner const& a, Corner const& b, Corner const& c, PixelRect clip)
    {
        clip = intersection(clip, all());
        if (!clip.empty())
            fill_triangle(picture.span(), slab, a, b, c, clip);
    }
    void quad(Corner const& a, Corner const& b, Corner const& c, Corner const& d)
    {
        fill_quad(picture.span(), slab, a, b, c, d, all());
    }
    PixelRect all() const { return {0, 0, picture.width, picture.height}; }
    int red(int x, int y) { return static_cast<int>(picture.span().row(y)[x] >> 16 & 0xFF); }

    GlyphSlab slab;
    Picture picture;
};

}

TEST_CASE("A colour over another is rounded to the nearest in every channel", "[raster]")
{
    for (std::uint32_t opacity = 0; opacity < 256; ++opacity) {
        for (std::uint32_t below = 0; below < 256; below += 5) {
            for (std::uint32_t colour = 0; colour < 256; colour += 3) {
                std::uint32_t const exact = (2 * (colour * opacity + below * (255 - opacity)) + 255) / 510;
                std::uint32_t const all = colour << 16 | colour << 8 | colour;
                std::uint32_t const ground = below << 16 | below << 8 | below;
                REQUIRE(blend(ground, all, opacity) == (0xFF000000U | exact << 16 | exact << 8 | exact));
            }
        }
    }
}

TEST_CASE("A pixel belongs to a shape when its centre lies inside", "[raster]")
{
    Canvas canvas(8, 4);
    canvas.quad(at(1.5F, 1), at(4.5F, 1), at(4.5F, 2.5F), at(1.5F, 2.5F));
    // A centre on the left or upper edge is inside, on the right or lower edge is not.
    for (int y = 0; y < 4; ++y) {
        for (int x = 0; x < 8; ++x) {
            CAPTURE(x, y);
            CHECK(canvas.red(x, y) == (x >= 1 && x < 4 && y == 1 ? 255 : 0));
        }
    }
}

TEST_CASE("Two triangles with a common edge leave no seam and draw no pixel twice", "[raster]")
{
    std::mt19937 random(1);
    std::uniform_real_distribution<float> somewhere(-10, 74);
    for (int round = 0; round < 500; ++round) {
        // A fan around a point inside the square tiles the square whatever the point is.
        Canvas canvas(64, 64);
        std::uniform_real_distribution<float> inside(1, 63);
        Corner const hub = at(inside(random), inside(random), half_white);
        std::array const rim {at(0, 0, half_white), at(inside(random), 0, half_white), at(64, 0, half_white),
            at(64, inside(random), half_white), at(64, 64, half_white), at(inside(random), 64, half_white),
            at(0, 64, half_white), at(0, inside(random), half_white)};
        for (std::size_t index = 0; index < rim.size(); ++index)
            canvas.triangle(hub, rim[index], rim[(index + 1) % rim.size()]);
        for (std::uint32_t const pixel : canvas.picture.pixels)
            REQUIRE(pixel == 0xFF808080U);

        // Any two triangles that share an edge, far outside the picture too.
        Canvas pair(64, 64);
        Corner const a = at(somewhere(random), somewhere(random), half_white);
        Corner const b = at(somewhere(random), somewhere(random), half_white);
        float const side = static_cast<float>((b.x - a.x)) / 4;
        float const up = static_cast<float>((b.y - a.y)) / 4;
        Corner const left {a.x - static_cast<int>(up), a.y + static_cast<int>(side), a.uv, half_white};
        Corner const right {b.x + static_cast<int>(up), b.y - static_cast<int>(side), a.uv, half_white};
        pair.triangle(a, b, left);
        pair.triangle(b, a, right);
        for (std::uint32_t const pixel : pair.picture.pixels)
            REQUIRE((pixel == 0xFF808080U || pixel == 0xFF000000U));
    }
}

TEST_CASE("A rectangle is the same as its two triangles", "[raster]")
{
    std::mt19937 random(2);
    std::uniform_real_distribution<float> somewhere(-5, 37);
    for (int round = 0; round < 300; ++round) {
        float const left = somewhere(random);
        float const top = somewhere(random);
        float const right = left + std::abs(somewhere(random));
        float const bottom = top + std::abs(somewhere(random));
        ImU32 const colour = static_cast<ImU32>(random());
        Corner const a = at(left, top, colour);
        Corner const b = at(right, top, colour);
        Corner const c = at(right, bottom, colour);
        Corner const d = at(left, bottom, colour);
        Canvas whole(32, 32);
        whole.quad(a, b, c, d);
        Canvas halves(32, 32);
        halves.triangle(a, b, c);
        halves.triangle(a, c, d);
        REQUIRE(whole.picture == halves.picture);
    }
}

TEST_CASE("Drawing through parts of the clip gives the same pixels as drawing at once", "[raster]")
{
    std::mt19937 random(3);
    std::uniform_real_distribution<float> somewhere(-200, 264);
    for (int round = 0; round < 300; ++round) {
        bool const is_thin = round % 3 == 0;
        Corner const a = at(somewhere(random), somewhere(random), static_cast<ImU32>(random()));
        Corner const b = at(somewhere(random), somewhere(random), static_cast<ImU32>(random()));
        Corner c = at(somewhere(random), somewhere(random), static_cast<ImU32>(random()));
        if (is_thin)
            c = {a.x + 1, a.y + 2, a.uv, c.colour};
        Canvas once(64, 64);
        once.triangle(a, b, c);
        Canvas parts(64, 64);
        for (int y = 0; y < 64; y += 13) {
            for (int x = 0; x < 64; x += 17)
                parts.triangle(a, b, c, {x, y, 17, 13});
        }
        REQUIRE(once.picture == parts.picture);
    }
}

TEST_CASE("An edge that fades goes evenly from full to nothing", "[raster]")
{
    Canvas canvas(16, 8);
    ImU32 const clear = IM_COL32(255, 255, 255, 0);
    canvas.triangle(at(0, 0), at(16, 0, clear), at(16, 8, clear));
    canvas.triangle(at(0, 0), at(16, 8, clear), at(0, 8));
    for (int y = 0; y < 8; ++y) {
        for (int x = 0; x < 16; ++x) {
            CAPTURE(x, y);
            CHECK(std::abs(canvas.red(x, y) - 255 * (31 - 2 * x) / 32) <= 1);
        }
    }
}

TEST_CASE("Corners that are no numbers or far away do no harm", "[raster]")
{
    float const nan = std::numeric_limits<float>::quiet_NaN();
    float const huge = std::numeric_limits<float>::max();
    Canvas canvas(16, 16);
    canvas.triangle(at(nan, 0), at(16, nan), at(huge, huge));
    canvas.triangle(at(-huge, -huge, IM_COL32(255, 0, 0, 9)), at(huge, -huge), at(0, huge));
    CHECK(canvas.red(8, 8) > 0);
}

TEST_CASE("A glyph keeps its pixels, takes its colour and is cut at the clip", "[raster]")
{
    Canvas canvas(8, 8);
    SlabPlace const place = canvas.slab.allocate(3, 2);
    std::uint8_t const coverage[2][3] {{0, 128, 255}, {255, 64, 0}};
    for (int y = 0; y < 2; ++y) {
        for (int x = 0; x < 3; ++x)
            canvas.slab.row(place.y + y)[place.x + x] = coverage[y][x];
    }
    ImU32 const colour = IM_COL32(200, 100, 50, 255);
    auto const corner = [&](float x, float y, int u, int v) {
        return Corner {to_subpixels(x), to_subpixels(y),
            {static_cast<float>(place.x + u) / GlyphSlab::width,
                static_cast<float>(place.y + v) / GlyphSlab::max_height},
            colour};
    };
    SECTION("unscaled")
    {
        canvas.quad(corner(2, 3, 0, 0), corner(5, 3, 3, 0), corner(5, 5, 3, 2), corner(2, 5, 0, 2));
        CHECK(canvas.red(2, 3) == 0);
        CHECK(canvas.red(3, 3) == 100);
        CHECK(canvas.picture.span().row(3)[4] == 0xFFC86432U);
        CHECK(canvas.red(2, 4) == 200);
        CHECK(canvas.red(3, 4) == 50);
        CHECK(canvas.red(5, 3) == 0);
    }
    SECTION("the general way gives the same where nothing is scaled")
    {
        Canvas general(8, 8);
        std::copy_n(canvas.slab.row(0), GlyphSlab::width * 16, general.slab.row(0));
        Corner const a = corner(2, 3, 0, 0);
        Corner const b = corner(5, 3, 3, 0);
        Corner const c = corner(5, 5, 3, 2);
        Corner const d = corner(2, 5, 0, 2);
        canvas.quad(a, b, c, d);
        general.triangle(a, b, c);
        general.triangle(a, c, d);
        CHECK(canvas.picture == general.picture);
    }
    SECTION("scaled to twice the size, it is still there")
    {
        canvas.quad(corner(0, 0, 0, 0), corner(6, 0, 3, 0), corner(6, 4, 3, 2), corner(0, 4, 0, 2));
        CHECK(canvas.red(4, 1) == 134);
        CHECK(canvas.red(0, 0) < 60);
    }
}
