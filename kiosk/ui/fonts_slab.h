#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace listenpost::kiosk {

/// Where a picture lies in the slab.
struct SlabPlace {
    short x = 0;
    short y = 0;
    short width = 0;
    short height = 0;
};

/// One byte of coverage a pixel, filled from the top, shelf by shelf. Only the rows in
/// use take memory: the rest is address space. Texture coordinates refer to the whole,
/// so they stay right while it fills.
class GlyphSlab {
public:
    static constexpr int width = 1024;
    static constexpr int max_height = 8192;

    GlyphSlab();
    ~GlyphSlab();
    GlyphSlab(GlyphSlab const&) = delete;
    GlyphSlab& operator=(GlyphSlab const&) = delete;

    /// Room for a picture, zeroed, with an empty pixel around it; a place of no size
    /// when there is none left or it is wider than the slab.
    SlabPlace allocate(int picture_width, int picture_height);
    /// Everything out, except the white square.
    void clear();

    std::uint8_t* at(SlabPlace place) { return row(place.y) + place.x; }
    std::uint8_t const* row(int y) const { return pixels_ + static_cast<std::ptrdiff_t>(y) * width; }
    std::uint8_t* row(int y) { return pixels_ + static_cast<std::ptrdiff_t>(y) * width; }

    int used_height() const { return used_height_; }
    /// Changes with every new picture.
    unsigned revision() const { return revision_; }
    /// Changes when places change their meaning: what was drawn with them is to be drawn anew.
    unsigned generation() const { return generation_; }

    /// The centre of a square of full coverage, for shapes without a texture.
    static constexpr float white_u = 2.0F / width;
    static constexpr float white_v = 2.0F / max_height;

private:
    struct Shelf {
        int y;
        int height;
        int used_width;
    };
    void draw_white_square();

    std::uint8_t* pixels_ = nullptr;
    std::vector<Shelf> shelves_;
    int used_height_ = 0;
    unsigned revision_ = 0;
    unsigned generation_ = 0;
};

}
