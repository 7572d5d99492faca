#pragma once

#include "platform/base/pixels.h"
#include "platform/base/result.h"

#include <cstdint>
#include <span>

namespace listenpost {

/// As Dear ImGui lays it out: position in pixels, texture coordinate 0..1,
/// colour with red in the lowest byte.
struct GpuVertex {
    float x, y;
    float u, v;
    std::uint32_t colour;
};

/// Triangles on a GPU, over one texture of coverage (alpha only; its colour is white)
/// or over one of some pictures.
/// Threads: the window's.
class GpuCanvas {
public:
    virtual ~GpuCanvas() = default;

    /// Replaces the texture, `width` bytes a row.
    /// Errors: Io.
    virtual Result<> set_texture(PixelSize size, std::uint8_t const* coverage) = 0;

    /// Another texture: 0xAARRGGBB, not premultiplied. Returns its number, never
    /// `coverage_texture`. Errors: Io.
    virtual Result<int> add_picture(PixelSize size, std::uint32_t const* pixels) = 0;
    virtual void remove_picture(int texture) = 0;
    static constexpr int coverage_texture = 0;

    virtual void begin() = 0;
    virtual void draw(std::span<GpuVertex const> vertices, std::span<std::uint16_t const> indices,
        PixelRect clip, int texture)
        = 0;
    /// Shows what was drawn since begin().
    virtual void present() = 0;
    /// What was drawn since begin(), before present(). For tests.
    /// Errors: Io.
    virtual Result<Picture> read_back() = 0;
};

}
