#pragma once

/// What a character is written in, as far as cutting lines has to know.
namespace listenpost::kiosk {

/// Syllables and jamo. Korean puts blanks between its words, and breaks lines there.
constexpr bool is_hangul(char32_t c)
{
    return (c >= 0xAC00 && c <= 0xD7FF) || (c >= 0x3130 && c <= 0x318F) || (c >= 0x1100 && c <= 0x11FF)
        || (c >= 0xA960 && c <= 0xA97F);
}

/// Stands for itself: a line may break on either side of it.
constexpr bool is_ideographic(char32_t c) { return c >= 0x2E80 && !is_hangul(c); }

constexpr bool is_hiragana(char32_t c) { return c >= 0x3041 && c <= 0x309F; }

/// With ー, which lengthens the sound before it.
constexpr bool is_katakana(char32_t c) { return (c >= 0x30A1 && c <= 0x30FA) || c == 0x30FC; }

constexpr bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

constexpr bool is_latin_letter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z'); }

}
