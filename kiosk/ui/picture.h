#pragma once

#include "platform/base/pixels.h"
#include "platform/base/result.h"

#include <cstdint>
#include <filesystem>
#include <imgui.h>
#include <memory>
#include <span>
#include <vector>

namespace listenpost::kiosk {

/// A PNG's pixels: 0xAARRGGBB, colours not premultiplied.
struct DecodedPicture {
    PixelSize size;
    std::vector<std::uint32_t> pixels;
};

inline constexpr int largest_picture_side = 1024;
inline constexpr std::size_t largest_picture_bytes = std::size_t {512} << 10;

/// The bytes come from outside and may be anything.
/// Errors: Full (over 512 KiB), Invalid (not a PNG, or over 1024 pixels a side).
Result<DecodedPicture> decode_picture(std::span<unsigned char const> png);

/// Errors: as above; NotFound, Io. The detail names the file.
Result<DecodedPicture> load_picture(std::filesystem::path const& file);

/// The largest size of the picture's shape that fits into the box, at least one pixel.
PixelSize fitted(PixelSize picture, PixelSize box);

/// A coloured picture at the size in which it is drawn: scaled once, by area, so that
/// drawing it is a copy. Renderers find it by the draw list's texture id: it must
/// outlive the frames in which it is drawn, and the screenshots of the last of them.
class ScreenPicture {
public:
    /// `size` as from fitted(), each side 1 to 4096.
    ScreenPicture(DecodedPicture const& picture, PixelSize size);
    ScreenPicture(ScreenPicture const&) = delete;
    ScreenPicture& operator=(ScreenPicture const&) = delete;

    /// With its upper left corner at the nearest whole pixel; `opacity` 0 to 255.
    void draw(ImDrawList& list, ImVec2 corner, int opacity = 255) const;

    PixelSize size() const { return size_; }
    /// 0xAARRGGBB, not premultiplied, row by row.
    std::uint32_t const* pixels() const { return pixels_.data(); }
    std::uint32_t const* row(int y) const { return pixels() + std::ptrdiff_t {y} * size_.width; }
    /// No other picture of this process has it, not even one at the same address later.
    unsigned number() const { return number_; }

    /// Null for the glyphs' texture. All our texture ids are one or the other.
    static ScreenPicture const* from_texture(ImTextureID id) { return static_cast<ScreenPicture const*>(id); }

private:
    PixelSize size_;
    std::vector<std::uint32_t> pixels_;
    unsigned number_;
};

}
