#include "kiosk/ui/fonts.h"

#include "kiosk/ui/utf8.h"

#include <algorithm>
#include <cmath>
#include <imgui_internal.h>
#include <span>
#include <stb_truetype.h>

namespace listenpost::kiosk {

namespace {

constexpr float baseline_below_centre = 0.37F; // of the em: see the class comment
constexpr int largest_pixels = 512;
constexpr std::size_t missing_glyph = 0;
constexpr char32_t ellipsis = U'…';

/// Above this many rows the slab starts anew at the next frame: 4 MiB. What is left of
/// the slab holds several screens full of text.
constexpr int rows_to_keep = GlyphSlab::max_height / 2;

int whole(float pixels) { return std::clamp(static_cast<int>(std::lround(pixels)), 1, largest_pixels); }

std::uint64_t key(char32_t character, int pixels)
{
    return (std::uint64_t {character} << 16) | static_cast<unsigned>(pixels);
}

ImVec2 texture_point(int x, int y)
{
    return {static_cast<float>(x) / GlyphSlab::width, static_cast<float>(y) / GlyphSlab::max_height};
}

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

/// What ImGui insists on: an atlas that looks built, with one font, empty because all
/// text is drawn by Fonts. The pixels stay ours.
void make_look_built(ImFontAtlas& atlas)
{
    // Lines by texture would need another picture in the slab, and are not the same
    // pixels as the anti-aliased triangles.
    atlas.Flags |= ImFontAtlasFlags_NoBakedLines | ImFontAtlasFlags_NoMouseCursors;
    atlas.TexWidth = GlyphSlab::width;
    atlas.TexHeight = GlyphSlab::max_height;
    atlas.TexUvScale = {1.0F / GlyphSlab::width, 1.0F / GlyphSlab::max_height};
    atlas.TexUvWhitePixel = {GlyphSlab::white_u, GlyphSlab::white_v};
    auto* const font = IM_NEW(ImFont);
    font->ContainerAtlas = &atlas;
    font->FontSize = 16;
    font->AddGlyph(nullptr, U'?', 0, 0, 0, 0, 0, 0, 0, 0, 8);
    font->BuildLookupTable();
    atlas.Fonts.push_back(font);
    atlas.TexReady = true;
}

}

Result<std::unique_ptr<Fonts>> Fonts::create(std::filesystem::path const& font_file)
{
    auto file = MappedFile::open(font_file);
    if (!file)
        return fail(file.error());
    auto face = std::make_unique<stbtt_fontinfo>();
    if (!is_whole_font(file->bytes()) || stbtt_InitFont(face.get(), file->bytes().data(), 0) == 0)
        return fail(Errc::Invalid, font_file.string() + ": not a font");
    return std::unique_ptr<Fonts>(new Fonts(std::move(*file), std::move(face)));
}

Fonts::Fonts(MappedFile file, std::unique_ptr<stbtt_fontinfo> face)
    : file_(std::move(file))
    , face_(std::move(face))
{
    make_look_built(atlas_);
}

Fonts::~Fonts() = default;

void Fonts::begin_frame()
{
    if (slab_.used_height() <= rows_to_keep)
        return;
    glyphs_.clear();
    slab_.clear();
}

bool Fonts::has(char32_t character) const
{
    return stbtt_FindGlyphIndex(face_.get(), static_cast<int>(character)) != static_cast<int>(missing_glyph);
}

Fonts::Glyph const& Fonts::glyph(char32_t character, int pixels)
{
    auto const found = glyphs_.find(key(character, pixels));
    if (found != glyphs_.end())
        return found->second;
    return glyphs_.emplace(key(character, pixels), render(character, pixels)).first->second;
}

Fonts::Measure const& Fonts::measure(char32_t character)
{
    auto const [entry, is_new] = measures_.try_emplace(character);
    if (is_new) {
        int bearing = 0;
        entry->second.index = stbtt_FindGlyphIndex(face_.get(), static_cast<int>(character));
        stbtt_GetGlyphHMetrics(face_.get(), entry->second.index, &entry->second.advance, &bearing);
    }
    return entry->second;
}

float Fonts::scale(int pixels) const
{
    return stbtt_ScaleForMappingEmToPixels(face_.get(), static_cast<float>(pixels));
}

Fonts::Glyph Fonts::render(char32_t character, int pixels)
{
    auto const [index, advance] = measure(character);
    float const size = scale(pixels);
    int left = 0;
    int top = 0;
    int right = 0;
    int bottom = 0;
    stbtt_GetGlyphBitmapBox(face_.get(), index, size, size, &left, &top, &right, &bottom);

    Glyph glyph {.place = {},
        .left = static_cast<short>(left),
        .top = static_cast<short>(top),
        .advance = static_cast<float>(advance) * size};
    if (right <= left || bottom <= top)
        return glyph; // a blank
    glyph.place = slab_.allocate(right - left, bottom - top);
    if (glyph.place.width > 0)
        stbtt_MakeGlyphBitmap(face_.get(), slab_.at(glyph.place), right - left, bottom - top,
            GlyphSlab::width, size, size, index);
    return glyph;
}

float Fonts::width(std::string_view text, float pixels)
{
    float const size = scale(whole(pixels));
    float sum = 0;
    while (!text.empty())
        sum += static_cast<float>(measure(take_character(text)).advance) * size;
    return sum;
}

void Fonts::draw(
    ImDrawList& list, std::string_view text, ImVec2 anchor, float pixels, ImU32 colour, Align align)
{
    int const size = whole(pixels);
    float pen = anchor.x;
    if (align != Align::Left)
        pen -= width(text, pixels) * (align == Align::Centre ? 0.5F : 1.0F);
    float const baseline = std::round(anchor.y + baseline_below_centre * static_cast<float>(size));

    while (!text.empty()) {
        Glyph const& shape = glyph(take_character(text), size);
        if (shape.place.width > 0) {
            // Whole pixels keep the strokes sharp; the pen itself is not rounded, so a
            // line is as long as it was measured.
            ImVec2 const corner {std::round(pen) + shape.left, baseline + shape.top};
            list.PrimReserve(6, 4);
            list.PrimRectUV(corner, {corner.x + shape.place.width, corner.y + shape.place.height},
                texture_point(shape.place.x, shape.place.y),
                texture_point(shape.place.x + shape.place.width, shape.place.y + shape.place.height), colour);
        }
        pen += shape.advance;
    }
}

std::string Fonts::shortened(std::string_view text, float pixels, float max_width)
{
    if (width(text, pixels) <= max_width)
        return std::string(text);
    float const size = scale(whole(pixels));
    auto const advance
        = [&](char32_t character) { return static_cast<float>(measure(character).advance) * size; };
    float room = max_width - advance(ellipsis);
    std::string_view rest = text;
    std::size_t kept = 0;
    while (!rest.empty() && room >= 0) {
        kept = text.size() - rest.size();
        room -= advance(take_character(rest));
    }
    return std::string(text.substr(0, kept)) + "…";
}

}
