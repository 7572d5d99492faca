#pragma once

#include "kiosk/model/masking.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What the rules of masking see of a comment: see kiosk/model/MASKING.md.
namespace listenpost::kiosk::masking {

/// One character as the rules read it: full width and capitals folded, dashes all one dash.
/// Characters without width are left out, so that they cannot hide a number.
struct Glyph {
    char32_t character; ///< masked: '*'; a byte that is no UTF-8: `not_text`
    std::int8_t digit; ///< -1, or the digit it stands for: 8, ８, 八, 捌, ⑧
    std::uint32_t begin; ///< in bytes of the comment
    std::uint32_t end;
};

using Glyphs = std::vector<Glyph>;

inline constexpr char32_t not_text = 0x110000;
inline constexpr char32_t masked = U'*';

Glyphs read_glyphs(std::string_view text);

/// Characters in a piece of text; a byte that is no UTF-8 is one.
std::size_t count_characters(std::string_view text);

/// Glyphs `begin` to before `end` are personal data.
struct Find {
    std::size_t begin;
    std::size_t end;
    PersonalData kind;
};

using Words = std::span<std::u32string_view const>;

bool is_letter(char32_t character); ///< a to z
bool is_word(Glyph const& glyph); ///< a to z, or a digit as figures, not as Hanzi
char32_t at(Glyphs const& glyphs, std::size_t place); ///< 0 outside, also for place -1
bool is_digit_at(Glyphs const& glyphs, std::size_t place);
bool has(std::u32string_view set, char32_t character);

/// The length of the longest of `words` that stands at `place`; 0: none.
std::size_t word_at(Glyphs const& glyphs, std::size_t place, Words words);

// A rule looks at one place and says what begins there, or nothing. It may look back and ahead
// over a bounded distance only, and never across what is masked already.
std::optional<Find> find_email(Glyphs const& glyphs, std::size_t place);
std::optional<Find> find_messenger(Glyphs const& glyphs, std::size_t place);
std::optional<Find> find_plate(Glyphs const& glyphs, std::size_t place);
std::optional<Find> find_number(Glyphs const& glyphs, std::size_t place);

}
