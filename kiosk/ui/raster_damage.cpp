#include "kiosk/ui/raster_damage.h"

#include "kiosk/ui/picture.h"
#include "kiosk/ui/raster_walk.h"

#include <algorithm>
#include <bit>

namespace listenpost::kiosk {

namespace {

/// More rectangles than this cost more to handle than their gaps save.
constexpr std::size_t most_rectangles = 16;

constexpr std::uint64_t mix(std::uint64_t hash, std::uint64_t value)
{
    hash = (hash ^ value) * 0x9E3779B97F4A7C15ULL;
    return hash ^ (hash >> 32);
}

constexpr std::uint64_t pair(std::uint32_t a, std::uint32_t b) { return std::uint64_t {a} << 32 | b; }

std::uint64_t mix(std::uint64_t hash, Corner const& corner)
{
    hash = mix(hash, pair(static_cast<std::uint32_t>(corner.x), static_cast<std::uint32_t>(corner.y)));
    hash = mix(
        hash, pair(std::bit_cast<std::uint32_t>(corner.uv.x), std::bit_cast<std::uint32_t>(corner.uv.y)));
    return mix(hash, corner.colour);
}

struct TileHasher {
    std::uint64_t* hashes;
    int columns;

    void triangle(
        Corner const& a, Corner const& b, Corner const& c, PixelRect const& clip, ImTextureID texture)
    {
        add(intersection(touched_pixels(a, b, c), clip), clip, texture,
            [&] { return mix(mix(mix(3, a), b), c); });
    }

    void quad(Corner const& a, Corner const& b, Corner const& c, Corner const& d, PixelRect const& clip,
        ImTextureID texture)
    {
        add(intersection(touched_pixels(a, b, c, d), clip), clip, texture,
            [&] { return mix(mix(mix(mix(4, a), b), c), d); });
    }

    template <typename Hash>
    void add(PixelRect const& area, PixelRect const& clip, ImTextureID texture, Hash&& hash_of_shape)
    {
        if (area.empty())
            return;
        std::uint64_t hash = hash_of_shape();
        hash = mix(hash,
            pair(static_cast<std::uint32_t>(clip.x << 16 | clip.y),
                static_cast<std::uint32_t>(clip.width << 16 | clip.height)));
        if (auto const* const picture = ScreenPicture::from_texture(texture))
            hash = mix(hash, picture->number());
        constexpr int tile = DamageTracker::tile;
        for (int row = area.y / tile; row <= (area.bottom() - 1) / tile; ++row) {
            for (int column = area.x / tile; column <= (area.right() - 1) / tile; ++column) {
                std::uint64_t& sum = hashes[row * columns + column];
                sum = mix(sum, hash);
            }
        }
    }
};

}

std::span<PixelRect const> DamageTracker::update(
    ImDrawData const& data, PixelSize size, unsigned texture_generation)
{
    bool const is_comparable = is_valid_ && size == size_ && texture_generation == texture_generation_;
    size_ = size;
    columns_ = (size.width + tile - 1) / tile;
    rows_ = (size.height + tile - 1) / tile;
    texture_generation_ = texture_generation;
    is_valid_ = true;

    hashes_.swap(last_hashes_);
    hashes_.assign(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_), 0);
    TileHasher hasher {hashes_.data(), columns_};
    walk(data, size, hasher);

    changed_.clear();
    if (is_comparable)
        collect_changes();
    else
        changed_.push_back({0, 0, size.width, size.height});
    return changed_;
}

void DamageTracker::collect_changes()
{
    // Runs of changed tiles in a row; one that continues a run of the row above joins it.
    for (int row = 0; row < rows_; ++row) {
        for (int column = 0; column < columns_; ++column) {
            auto const differs = [&](int at) {
                auto const index = std::ptrdiff_t {row} * columns_ + at;
                return hashes_.begin()[index] != last_hashes_.begin()[index];
            };
            if (!differs(column))
                continue;
            int const first = column;
            while (column < columns_ && differs(column))
                ++column;
            PixelRect const run {first * tile, row * tile, (column - first) * tile, tile};
            auto const above = std::find_if(changed_.begin(), changed_.end(), [&](PixelRect const& rect) {
                return rect.x == run.x && rect.width == run.width && rect.bottom() == run.y;
            });
            if (above != changed_.end())
                above->height += tile;
            else
                changed_.push_back(run);
        }
    }
    PixelRect const screen {0, 0, size_.width, size_.height};
    if (changed_.size() > most_rectangles) {
        PixelRect all = changed_.front();
        for (PixelRect const& rect : changed_) {
            int const right = std::max(all.right(), rect.right());
            int const bottom = std::max(all.bottom(), rect.bottom());
            all = {std::min(all.x, rect.x), std::min(all.y, rect.y), 0, 0};
            all.width = right - all.x;
            all.height = bottom - all.y;
        }
        changed_.assign(1, all);
    }
    for (PixelRect& rect : changed_)
        rect = intersection(rect, screen);
}

}
