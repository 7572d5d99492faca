#include "kiosk/ui/fonts_face.h"

#include <span>
#include <stb_truetype.h>

namespace listenpost::kiosk {

namespace {

/// stb_truetype believes the offsets in the file; here at least every table lies inside
/// it, so that half a font is an error and not a crash.
bool is_whole_font(std::span<unsigned char const> file)
{
    auto const number = [&](std::size_t at, int bytes) {
        std::uint64_t value = 0;
        for (int index = 0; index < bytes; ++index)
            value = value << 8 | file[at + static_cast<std::size_t>(index)];
        return value;
    };
    constexpr std::size_t header = 12;
    constexpr std::size_t entry = 16;
    if (file.size() < header || stbtt_GetFontOffsetForIndex(file.data(), 0) != 0)
        return false;
    std::size_t const tables = number(4, 2);
    if (file.size() < header + tables * entry)
        return false;
    for (std::size_t at = header; at < header + tables * entry; at += entry) {
        if (number(at + 8, 4) + number(at + 12, 4) > file.size())
            return false;
    }
    return true;
}

}

Result<FontFace> FontFace::open(std::filesystem::path const& file)
{
    auto mapped = MappedFile::open(file);
    if (!mapped)
        return fail(mapped.error());
    auto info = std::make_unique<stbtt_fontinfo>();
    if (!is_whole_font(mapped->bytes()) || stbtt_InitFont(info.get(), mapped->bytes().data(), 0) == 0)
        return fail(Errc::Invalid, file.string() + ": not a font");
    return FontFace(std::move(*mapped), std::move(info));
}

FontFace::FontFace(MappedFile file, std::unique_ptr<stbtt_fontinfo> info)
    : file_(std::move(file))
    , info_(std::move(info))
{
}

FontFace::FontFace(FontFace&&) noexcept = default;
FontFace& FontFace::operator=(FontFace&&) noexcept = default;
FontFace::~FontFace() = default;

int FontFace::glyph_of(char32_t character) const
{
    return stbtt_FindGlyphIndex(info_.get(), static_cast<int>(character));
}

int FontFace::advance_of(int glyph) const
{
    int advance = 0;
    int bearing = 0;
    stbtt_GetGlyphHMetrics(info_.get(), glyph, &advance, &bearing);
    return advance;
}

float FontFace::scale(int pixels) const
{
    return stbtt_ScaleForMappingEmToPixels(info_.get(), static_cast<float>(pixels));
}

FontFace::Box FontFace::box(int glyph, float scale) const
{
    Box box;
    stbtt_GetGlyphBitmapBox(info_.get(), glyph, scale, scale, &box.left, &box.top, &box.right, &box.bottom);
    return box;
}

void FontFace::draw(int glyph, float scale, Box const& box, std::uint8_t* coverage, int stride) const
{
    stbtt_MakeGlyphBitmap(
        info_.get(), coverage, box.right - box.left, box.bottom - box.top, stride, scale, scale, glyph);
}

}
