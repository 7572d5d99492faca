#pragma once

#include <cstdint>
#include <vector>

namespace listenpost {

/// In pixels, x to the right and y down. Empty when width or height is 0.
struct PixelRect {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;

    bool empty() const { return width <= 0 || height <= 0; }
    int right() const { return x + width; }
    int bottom() const { return y + height; }
    friend bool operator==(PixelRect const&, PixelRect const&) = default;
};

struct PixelSize {
    int width = 0;
    int height = 0;
    friend bool operator==(PixelSize const&, PixelSize const&) = default;
};

/// Somebody else's framebuffer: 0xFFRRGGBB words, `stride` words from row to row.
struct PixelSpan {
    std::uint32_t* pixels = nullptr;
    int width = 0;
    int height = 0;
    int stride = 0;

    std::uint32_t* row(int y) const { return pixels + static_cast<std::ptrdiff_t>(y) * stride; }
    PixelSize size() const { return {width, height}; }
};

/// A picture of its own.
struct Picture {
    Picture() = default;
    Picture(int width, int height)
        : width(width)
        , height(height)
        , pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 0xFF000000U)
    {
    }

    PixelSpan span() { return {pixels.data(), width, height, width}; }
    friend bool operator==(Picture const&, Picture const&) = default;

    int width = 0;
    int height = 0;
    std::vector<std::uint32_t> pixels;
};

}
