#pragma once

#include "kiosk/ui/fonts_face.h"
#include "kiosk/ui/fonts_slab.h"
#include "platform/base/result.h"

#include <array>
#include <filesystem>
#include <imgui.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace listenpost::kiosk {

/// Ink: centred as it looks. A full-width comma fills a whole square, and its ink but a corner.
enum class Align { Left, Centre, Right, Ink };

/// All text on the screen: a font file for each way Hanzi are written, any size, each
/// glyph drawn when it is first needed and kept. Draw text with this and not with
/// ImGui's own functions: those know only glyphs that somebody put there before.
///
/// A character comes from the language's own face, or from the first of the others that
/// has it: so 한국어 can stand on a Chinese screen. A file is mapped when a character is
/// first looked up in it.
///
/// `pixels` is the em, as in CSS, and is rounded to a whole number. A line's centre is
/// where capitals and Hanzi look centred: the baseline lies 0.37 em below it.
/// UTF-8 that is no UTF-8, and characters that no face has, appear as the language's
/// own face's "missing" box. Threads: the UI's.
class Fonts {
public:
    /// In this order the files are given.
    enum class Face : std::uint8_t { Simplified, Traditional, Japanese, Korean };
    static constexpr std::size_t face_count = 4;

    /// The four files in a folder, as the build makes them. Errors: as from_files().
    static Result<std::unique_ptr<Fonts>> create(std::filesystem::path const& folder);
    /// One to four files. All are looked at, and the error names the first that is not
    /// right, so that a kiosk that starts can also switch. The language is zh-CN.
    /// Errors: NotFound, Io, Invalid (not a font; none or more than four).
    static Result<std::unique_ptr<Fonts>> from_files(std::vector<std::filesystem::path> files);
    ~Fonts();
    Fonts(Fonts const&) = delete;
    Fonts& operator=(Fonts const&) = delete;

    /// For ImGui::CreateContext(); lives as long as this.
    ImFontAtlas* atlas() { return &atlas_; }

    /// Before ImGui::NewFrame(): forgets all glyphs when they have become too many,
    /// which is safe only between two frames.
    void begin_frame();

    /// Chooses the face by a tag such as "ja"; of a language that has no face of its own,
    /// the first. Cheap, at any time, and glyphs drawn before are kept for the way back.
    void set_language(std::string_view tag);

    /// Appends the text to the list. `anchor.x` is its left end, middle or right end,
    /// `anchor.y` the line's centre. Never wraps.
    void draw(ImDrawList& list, std::string_view text, ImVec2 anchor, float pixels, ImU32 colour,
        Align align = Align::Left);

    /// Pixels from the pen's start to its end.
    float width(std::string_view text, float pixels);

    /// Cut into lines no wider than `max_width`: between Hanzi or kana, or at blanks, as
    /// Korean and Latin words are; no closing punctuation, small kana or ー at a line's
    /// start, no opening bracket at its end, no number parted from the Hanzi it counts;
    /// also at each '\n'. A word wider than a line is cut where it must be. The views
    /// point into `text`.
    std::vector<std::string_view> wrap(std::string_view text, float pixels, float max_width);

    /// The text, or as much of its start as fits with "…" behind it.
    std::string shortened(std::string_view text, float pixels, float max_width);

    bool has(char32_t character);

    /// Whether this face's file is in the address space.
    bool is_mapped(Face face) const { return faces_[index_of(face)].has_value(); }

    /// Coverage of all glyphs drawn so far, for renderers.
    GlyphSlab const& slab() const { return slab_; }

private:
    /// Of any size, in the face's own units: enough to measure, without drawing.
    struct Measure {
        int glyph = FontFace::missing;
        int advance = 0;
        std::uint8_t face = 0;
    };
    struct Glyph {
        SlabPlace place;
        short left = 0; ///< from the pen to the picture's left side
        short top = 0; ///< from the baseline to the picture's upper side; negative = above
        float advance = 0;
    };

    explicit Fonts(std::vector<std::filesystem::path> files);
    static std::size_t index_of(Face face) { return static_cast<std::size_t>(face); }
    FontFace const* face(std::size_t index);
    Measure const& measure(char32_t character);
    Measure look_up(char32_t character);
    float advance(char32_t character, int pixels);
    Glyph const& glyph(char32_t character, int pixels);
    Glyph render(Measure const& measure, int pixels);
    /// Pixels from the pen's start to the middle of what is seen of the text.
    float middle_of_ink(std::string_view text, int pixels);

    std::vector<std::filesystem::path> files_;
    std::array<std::optional<FontFace>, face_count> faces_;
    std::size_t language_face_ = 0;
    GlyphSlab slab_;
    /// By the language's face: where a character comes from depends on it.
    std::array<std::unordered_map<char32_t, Measure>, face_count> measures_;
    std::unordered_map<std::uint64_t, Glyph> glyphs_; ///< by face, character and size
    ImFontAtlas atlas_;
};

}
