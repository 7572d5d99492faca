#pragma once

#include "platform/base/pixels.h"

#include <cstdint>
#include <imgui.h>
#include <span>
#include <vector>

namespace listenpost::kiosk {

/// Finds where a frame differs from the last one, from the draw lists alone: the screen
/// is cut into tiles, and each has a hash of all primitives that may touch it.
/// A changed tile is never missed (but for a collision of 64-bit hashes); one may be
/// named that looks the same.
class DamageTracker {
public:
    static constexpr int tile = 32; ///< pixels a side

    /// The changed parts, in pixels, not overlapping; the whole on the first frame,
    /// after invalidate(), and when the size or `texture_generation` changed.
    /// The list holds until the next call.
    std::span<PixelRect const> update(ImDrawData const& data, PixelSize size, unsigned texture_generation);

    void invalidate() { is_valid_ = false; }

private:
    void collect_changes();

    PixelSize size_;
    int columns_ = 0;
    int rows_ = 0;
    unsigned texture_generation_ = 0;
    bool is_valid_ = false;
    std::vector<std::uint64_t> hashes_;
    std::vector<std::uint64_t> last_hashes_;
    std::vector<PixelRect> changed_;
};

}
