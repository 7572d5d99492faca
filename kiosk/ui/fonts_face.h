#pragma once

#include "platform/base/result.h"
#include "platform/os/mapped_file.h"

#include <cstdint>
#include <filesystem>
#include <memory>

struct stbtt_fontinfo;

namespace listenpost::kiosk {

/// One font file, mapped: only the pages of glyphs that are drawn take memory.
/// Distances are in the font's own units unless they are named pixels.
class FontFace {
public:
    /// Errors: NotFound, Io, Invalid (not a font).
    static Result<FontFace> open(std::filesystem::path const& file);
    FontFace(FontFace&&) noexcept;
    FontFace& operator=(FontFace&&) noexcept;
    ~FontFace();

    /// The "missing" box.
    static constexpr int missing = 0;
    /// `missing` when the face lacks it.
    int glyph_of(char32_t character) const;
    int advance_of(int glyph) const;
    /// For an em of so many pixels.
    float scale(int pixels) const;

    struct Box {
        int left = 0;
        int top = 0;
        int right = 0;
        int bottom = 0;
    };
    /// In pixels from the pen on the baseline; y down. Empty for a blank.
    Box box(int glyph, float scale) const;
    /// Coverage of all of box(), rows `stride` bytes apart.
    void draw(int glyph, float scale, Box const& box, std::uint8_t* coverage, int stride) const;

private:
    FontFace(MappedFile file, std::unique_ptr<stbtt_fontinfo> info);

    MappedFile file_;
    std::unique_ptr<stbtt_fontinfo> info_;
};

}
