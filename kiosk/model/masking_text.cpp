#include "kiosk/model/masking_text.h"

#include "platform/base/utf8.h"

#include <algorithm>

namespace listenpost::kiosk::masking {

namespace {

struct Decoded {
    char32_t character;
    std::uint32_t bytes;
};

Decoded decode(std::string_view text, std::size_t place)
{
    std::string_view rest = text.substr(place);
    char32_t const character = take_character(rest);
    auto const bytes = static_cast<std::uint32_t>(text.size() - place - rest.size());
    bool const is_invalid = character == replacement_character && bytes == 1;
    return {is_invalid ? not_text : character, bytes};
}

char32_t fold(char32_t character)
{
    if (character >= 0xFF01 && character <= 0xFF5E)
        character -= 0xFF01 - 0x21; // full width
    if (character >= U'A' && character <= U'Z')
        return character + (U'a' - U'A');
    if (character < 0x80)
        return character == U'\t' ? U' ' : character;
    if (character == 0x3000 || character == 0xA0 || (character >= 0x2000 && character <= 0x200A))
        return U' ';
    if ((character >= 0x2010 && character <= 0x2015) || has(U"−ー－﹣─", character))
        return U'-';
    if (has(U"·•・", character))
        return U'.';
    return character;
}

bool has_no_width(char32_t character)
{
    // Joiners, marks of direction, variation selectors and the frame of a keycap (1️⃣).
    return (character >= 0x200B && character <= 0x200F) || (character >= 0x2060 && character <= 0x2064)
        || (character >= 0xFE00 && character <= 0xFE0F) || character == 0x20E3 || character == 0xFEFF
        || character == 0xAD;
}

std::int8_t digit_of(char32_t character)
{
    if (character >= U'0' && character <= U'9')
        return static_cast<std::int8_t>(character - U'0');
    if (character < 0x80)
        return -1;
    if (character >= 0x2460 && character <= 0x2468)
        return static_cast<std::int8_t>(character - 0x2460 + 1); // ①
    // 幺 is how a one is said in a number that is read out.
    static constexpr std::u32string_view hanzi
        = U"零一二三四五六七八九〇壹贰叁肆伍陆柒捌玖○幺貳參肆伍陸柒捌玖";
    auto const found = hanzi.find(character);
    return found == hanzi.npos ? std::int8_t {-1} : static_cast<std::int8_t>(found % 10);
}

}

Glyphs read_glyphs(std::string_view text)
{
    Glyphs glyphs;
    glyphs.reserve(text.size() / 2);
    for (std::size_t place = 0; place < text.size();) {
        auto const [character, bytes] = decode(text, place);
        auto const begin = static_cast<std::uint32_t>(place);
        place += bytes;
        if (has_no_width(character)) {
            // Hidden with the character it dresses.
            if (!glyphs.empty())
                glyphs.back().end = begin + bytes;
            continue;
        }
        auto const folded = fold(character);
        glyphs.push_back({folded, digit_of(folded), begin, begin + bytes});
    }
    return glyphs;
}

std::size_t count_characters(std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t place = 0; place < text.size(); ++count)
        place += decode(text, place).bytes;
    return count;
}

bool is_letter(char32_t character) { return character >= U'a' && character <= U'z'; }

bool is_word(Glyph const& glyph)
{
    return is_letter(glyph.character) || (glyph.character >= U'0' && glyph.character <= U'9');
}

char32_t at(Glyphs const& glyphs, std::size_t place)
{
    return place < glyphs.size() ? glyphs[place].character : 0;
}

bool is_digit_at(Glyphs const& glyphs, std::size_t place)
{
    return place < glyphs.size() && glyphs[place].digit >= 0;
}

bool has(std::u32string_view set, char32_t character)
{
    return character != 0 && set.find(character) != set.npos;
}

std::size_t word_at(Glyphs const& glyphs, std::size_t place, Words words)
{
    std::size_t longest = 0;
    for (auto const word : words) {
        if (word.size() <= longest || place + word.size() > glyphs.size()
            || glyphs[place].character != word[0])
            continue;
        auto const same = [](char32_t expected, Glyph const& glyph) { return expected == glyph.character; };
        if (std::equal(word.begin(), word.end(), glyphs.begin() + static_cast<std::ptrdiff_t>(place), same))
            longest = word.size();
    }
    return longest;
}

}
