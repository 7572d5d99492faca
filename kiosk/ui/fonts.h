#pragma once

#include "kiosk/ui/fonts_slab.h"
#include "platform/base/result.h"
#include "platform/os/mapped_file.h"

#include <filesystem>
#include <imgui.h>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

struct stbtt_fontinfo;

namespace listenpost::kiosk {

enum class Align { Left, Centre, Right };

/// All text on the screen: one font file, any size, each glyph drawn when it is first
/// needed and kept. Draw text with this and not with ImGui's own functions: those know
/// only glyphs that somebody put there before.
///
/// `pixels` is the em, as in CSS, and is rounded to a whole number. A line's centre is
/// where capitals and Hanzi look centred: the baseline lies 0.37 em below it.
/// UTF-8 that is no UTF-8, and characters that the font lacks, appear as the font's
/// "missing" box. Threads: the UI's.
class Fonts {
public:
    /// Errors: NotFound, Io, Invalid (not a font).
    static Result<std::unique_ptr<Fonts>> create(std::filesystem::path const& font_file);
    ~Fonts();
    Fonts(Fonts const&) = delete;
    Fonts& operator=(Fonts const&) = delete;

    /// For ImGui::CreateContext(); lives as long as this.
    ImFontAtlas* atlas() { return &atlas_; }

    /// Before ImGui::NewFrame(): forgets all glyphs when they have become too many,
    /// which is safe only between two frames.
    void begin_frame();

    /// Appends the text to the list. `anchor.x` is its left end, centre or right end,
    /// `anchor.y` the line's centre. Never wraps.
    void draw(ImDrawList& list, std::string_view text, ImVec2 anchor, float pixels, ImU32 colour,
        Align align = Align::Left);

    /// Pixels from the pen's start to its end.
    float width(std::string_view text, float pixels);

    /// Cut into lines no wider than `max_width`, as Chinese and English are: between
    /// Hanzi or at blanks, no closing punctuation at a line's start and no opening one
    /// at its end; also at each '\n'. The views point into `text`.
    std::vector<std::string_view> wrap(std::string_view text, float pixels, float max_width);

    /// The text, or as much of its start as fits with "…" behind it.
    std::string shortened(std::string_view text, float pixels, float max_width);

    bool has(char32_t character) const;

    /// Coverage of all glyphs drawn so far, for renderers.
    GlyphSlab const& slab() const { return slab_; }

private:
    /// Of any size, in the font's own units: enough to measure, without drawing.
    struct Measure {
        int index = 0;
        int advance = 0;
    };
    struct Glyph {
        SlabPlace place;
        short left = 0; ///< from the pen to the picture's left side
        short top = 0; ///< from the baseline to the picture's upper side; negative = above
        float advance = 0;
    };

    Fonts(MappedFile file, std::unique_ptr<stbtt_fontinfo> face);
    Measure const& measure(char32_t character);
    float scale(int pixels) const;
    Glyph const& glyph(char32_t character, int pixels);
    Glyph render(char32_t character, int pixels);

    MappedFile file_;
    std::unique_ptr<stbtt_fontinfo> face_;
    GlyphSlab slab_;
    std::unordered_map<char32_t, Measure> measures_;
    std::unordered_map<std::uint64_t, Glyph> glyphs_; ///< by size and character
    ImFontAtlas atlas_;
};

}
