#pragma once

#include <cstddef>
#include <string_view>

namespace listenpost {

inline constexpr char32_t replacement_character = U'\uFFFD';

/// Whether a byte is the second or a later one of a character.
constexpr bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

/// As much of the text as fits, in whole characters.
constexpr std::string_view cut_to(std::string_view text, std::size_t max_bytes)
{
    if (text.size() <= max_bytes)
        return text;
    std::size_t end = max_bytes;
    while (end > 0 && continues_character(text[end]))
        --end;
    return text.substr(0, end);
}

/// Takes the first character off a text that is not empty. What is no UTF-8 (cut,
/// overlong, a surrogate) costs one byte and is the replacement character.
constexpr char32_t take_character(std::string_view& text)
{
    auto const byte = [&text](std::size_t index) {
        return index < text.size() ? static_cast<unsigned char>(text[index]) : 0U;
    };
    unsigned const first = byte(0);
    std::size_t const length = first < 0x80 ? 1
        : first < 0xC2                      ? 0
        : first < 0xE0                      ? 2
        : first < 0xF0                      ? 3
        : first < 0xF5                      ? 4
                                            : 0;
    char32_t character = length <= 1 ? first : first & (0x7FU >> length);
    bool is_valid = length != 0;
    for (std::size_t index = 1; index < length && is_valid; ++index) {
        is_valid = (byte(index) & 0xC0U) == 0x80U;
        character = (character << 6) | (byte(index) & 0x3FU);
    }
    bool const is_overlong = (length == 3 && character < 0x800) || (length == 4 && character < 0x10000);
    bool const is_surrogate = character >= 0xD800 && character < 0xE000;
    if (!is_valid || is_overlong || is_surrogate || character > 0x10FFFF) {
        text.remove_prefix(1);
        return replacement_character;
    }
    text.remove_prefix(length);
    return character;
}

/// Whole characters, and none of them a control character.
constexpr bool is_readable(std::string_view text)
{
    while (!text.empty()) {
        auto const before = text.size();
        char32_t const character = take_character(text);
        if (character < U' ' || character == U'\x7f'
            || (character == replacement_character && before - text.size() == 1))
            return false;
    }
    return true;
}

}
