#include "kiosk/ui/fonts.h"

#include "platform/base/log.h"
#include "platform/base/utf8.h"

#include <algorithm>
#include <cmath>
#include <imgui_internal.h>

namespace listenpost::kiosk {

namespace {

constexpr float baseline_below_centre = 0.37F; // of the em: see the class comment
constexpr int largest_pixels = 512;
constexpr char32_t ellipsis = U'…';

/// Above this many rows the slab starts anew at the next frame: 4 MiB. What is left of
/// the slab holds several screens full of text.
constexpr int rows_to_keep = GlyphSlab::max_height / 2;

int whole(float pixels) { return std::clamp(static_cast<int>(std::lround(pixels)), 1, largest_pixels); }

std::uint64_t key(std::size_t face, char32_t character, int pixels)
{
    return std::uint64_t {face} << 48 | std::uint64_t {character} << 16 | static_cast<unsigned>(pixels);
}

/// By Fonts::Face.
constexpr std::array<char const*, Fonts::face_count> file_names {
    "listenpost-sc.otf", "listenpost-tc.otf", "listenpost-jp.otf", "listenpost-kr.otf"};

/// Where a character is looked up, by the language's face: its own, then the nearest in
/// shape of those that have Hanzi.
constexpr std::uint8_t chains[Fonts::face_count][Fonts::face_count] {
    {0, 1, 2, 3},
    {1, 0, 2, 3},
    {2, 1, 0, 3},
    {3, 2, 1, 0},
};

Fonts::Face face_of(std::string_view tag)
{
    for (std::string_view const traditional : {"zh-TW", "zh-HK", "zh-MO", "zh-Hant"}) {
        if (tag.starts_with(traditional))
            return Fonts::Face::Traditional;
    }
    std::string_view const language = tag.substr(0, tag.find('-'));
    return language == "ja" ? Fonts::Face::Japanese
        : language == "ko"  ? Fonts::Face::Korean
                            : Fonts::Face::Simplified;
}

ImVec2 texture_point(int x, int y)
{
    return {static_cast<float>(x) / GlyphSlab::width, static_cast<float>(y) / GlyphSlab::max_height};
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

Result<std::unique_ptr<Fonts>> Fonts::create(std::filesystem::path const& folder)
{
    std::vector<std::filesystem::path> files;
    for (char const* const name : file_names)
        files.push_back(folder / name);
    return from_files(std::move(files));
}

Result<std::unique_ptr<Fonts>> Fonts::from_files(std::vector<std::filesystem::path> files)
{
    if (files.empty() || files.size() > face_count)
        return fail(Errc::Invalid, "fonts: one to four files, not " + std::to_string(files.size()));
    std::unique_ptr<Fonts> fonts(new Fonts(std::move(files)));
    for (std::size_t index = 0; index < fonts->files_.size(); ++index) {
        auto face = FontFace::open(fonts->files_[index]);
        if (!face)
            return fail(face.error());
        // The others were only looked at: what is not mapped takes no memory.
        if (index == fonts->language_face_)
            fonts->faces_[index] = std::move(*face);
    }
    return fonts;
}

Fonts::Fonts(std::vector<std::filesystem::path> files)
    : files_(std::move(files))
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

void Fonts::set_language(std::string_view tag)
{
    std::size_t const index = index_of(face_of(tag));
    language_face_ = index < files_.size() ? index : 0;
}

/// Null when there is none. A file that was right at the start and is not any more is
/// said once, and treated as having no characters.
FontFace const* Fonts::face(std::size_t index)
{
    if (index >= files_.size())
        return nullptr;
    if (!faces_[index] && !files_[index].empty()) {
        auto opened = FontFace::open(files_[index]);
        if (opened) {
            faces_[index] = std::move(*opened);
        } else {
            log(LogLevel::Error, "fonts.face", {{"error", opened.error().detail}});
            files_[index].clear();
        }
    }
    return faces_[index] ? &*faces_[index] : nullptr;
}

bool Fonts::has(char32_t character) { return measure(character).glyph != FontFace::missing; }

Fonts::Measure const& Fonts::measure(char32_t character)
{
    auto& known = measures_[language_face_];
    auto const found = known.find(character);
    return found != known.end() ? found->second : known.emplace(character, look_up(character)).first->second;
}

Fonts::Measure Fonts::look_up(char32_t character)
{
    std::optional<Measure> box;
    for (std::uint8_t const index : chains[language_face_]) {
        FontFace const* const candidate = face(index);
        if (candidate == nullptr)
            continue;
        int const glyph = candidate->glyph_of(character);
        if (glyph != FontFace::missing)
            return {glyph, candidate->advance_of(glyph), index};
        if (!box)
            box = {FontFace::missing, candidate->advance_of(FontFace::missing), index};
    }
    // Without any face there is nothing to draw, and no width.
    return box.value_or(Measure {});
}

float Fonts::advance(char32_t character, int pixels)
{
    Measure const& found = measure(character);
    FontFace const* const from = face(found.face);
    return from != nullptr ? static_cast<float>(found.advance) * from->scale(pixels) : 0;
}

Fonts::Glyph const& Fonts::glyph(char32_t character, int pixels)
{
    Measure const& found = measure(character);
    auto const [entry, is_new] = glyphs_.try_emplace(key(found.face, character, pixels));
    if (is_new)
        entry->second = render(found, pixels);
    return entry->second;
}

Fonts::Glyph Fonts::render(Measure const& measure, int pixels)
{
    FontFace const* const from = face(measure.face);
    if (from == nullptr)
        return {};
    float const scale = from->scale(pixels);
    FontFace::Box const box = from->box(measure.glyph, scale);
    Glyph glyph {.place = {},
        .left = static_cast<short>(box.left),
        .top = static_cast<short>(box.top),
        .advance = static_cast<float>(measure.advance) * scale};
    if (box.right <= box.left || box.bottom <= box.top)
        return glyph; // a blank
    glyph.place = slab_.allocate(box.right - box.left, box.bottom - box.top);
    if (glyph.place.width > 0)
        from->draw(measure.glyph, scale, box, slab_.at(glyph.place), GlyphSlab::width);
    return glyph;
}

float Fonts::width(std::string_view text, float pixels)
{
    int const size = whole(pixels);
    float sum = 0;
    while (!text.empty())
        sum += advance(take_character(text), size);
    return sum;
}

float Fonts::middle_of_ink(std::string_view text, int pixels)
{
    std::optional<float> left;
    float right = 0;
    float pen = 0;
    while (!text.empty()) {
        Glyph const& shape = glyph(take_character(text), pixels);
        if (shape.place.width > 0) {
            float const start = pen + static_cast<float>(shape.left);
            left = std::min(left.value_or(start), start);
            right = start + static_cast<float>(shape.place.width);
        }
        pen += shape.advance;
    }
    return left ? (*left + right) / 2 : pen / 2;
}

void Fonts::draw(
    ImDrawList& list, std::string_view text, ImVec2 anchor, float pixels, ImU32 colour, Align align)
{
    int const size = whole(pixels);
    float pen = anchor.x;
    if (align == Align::Ink)
        pen -= middle_of_ink(text, size);
    else if (align != Align::Left)
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
    int const size = whole(pixels);
    float room = max_width - advance(ellipsis, size);
    std::string_view rest = text;
    std::size_t kept = 0;
    while (!rest.empty() && room >= 0) {
        kept = text.size() - rest.size();
        room -= advance(take_character(rest), size);
    }
    return std::string(text.substr(0, kept)) + "…";
}

}
