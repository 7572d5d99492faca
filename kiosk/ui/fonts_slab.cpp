#include "kiosk/ui/fonts_slab.h"

#include <algorithm>
#include <cstdlib>
#include <sys/mman.h>

namespace listenpost::kiosk {

namespace {

constexpr int padding = 1; // keeps a neighbour out of a filtered or slightly scaled glyph
constexpr int white_square = 4;
constexpr std::size_t slab_bytes = std::size_t {GlyphSlab::width} * GlyphSlab::max_height;

}

GlyphSlab::GlyphSlab()
{
    void* const address = ::mmap(
        nullptr, slab_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (address == MAP_FAILED)
        std::abort(); // 8 MiB of address space: nothing else would work either
    pixels_ = static_cast<std::uint8_t*>(address);
    draw_white_square();
}

GlyphSlab::~GlyphSlab() { ::munmap(pixels_, slab_bytes); }

void GlyphSlab::draw_white_square()
{
    SlabPlace const place = allocate(white_square, white_square);
    // allocate() leaves the padding at the left and above; the square fills it, so
    // that its centre is where white_u and white_v say.
    for (int y = 0; y < place.y + place.height; ++y)
        std::fill_n(row(y), place.x + place.width, std::uint8_t {255});
}

void GlyphSlab::clear()
{
    // Gives the pages back and reads as zeros afterwards.
    ::madvise(pixels_, slab_bytes, MADV_DONTNEED);
    shelves_.clear();
    used_height_ = 0;
    ++revision_;
    ++generation_;
    draw_white_square();
}

SlabPlace GlyphSlab::allocate(int picture_width, int picture_height)
{
    int const needed_width = picture_width + padding;
    int const needed_height = picture_height + padding;
    if (needed_width + padding > width)
        return {};
    // A shelf may be a quarter higher than the glyph: sizes share shelves, waste stays small.
    auto shelf = std::find_if(shelves_.begin(), shelves_.end(), [&](Shelf const& candidate) {
        return candidate.height >= needed_height && candidate.height * 4 <= needed_height * 5 + 8
            && candidate.used_width + needed_width <= width;
    });
    if (shelf == shelves_.end()) {
        int const height = (needed_height + 3) / 4 * 4;
        if (used_height_ + padding + height > max_height)
            return {};
        shelf = shelves_.insert(shelves_.end(), {used_height_, height, padding});
        used_height_ += height;
    }
    SlabPlace const place {static_cast<short>(shelf->used_width), static_cast<short>(shelf->y + padding),
        static_cast<short>(picture_width), static_cast<short>(picture_height)};
    shelf->used_width += needed_width;
    ++revision_;
    return place;
}

}
