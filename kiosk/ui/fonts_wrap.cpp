#include "kiosk/ui/fonts.h"

#include "kiosk/ui/script.h"
#include "platform/base/utf8.h"

#include <string_view>

namespace listenpost::kiosk {

namespace {

/// Must not begin a line: closing brackets, what ends a phrase, and in Japanese what
/// belongs to the sound before it.
bool is_closing(char32_t c)
{
    constexpr std::u32string_view closing
        = U"、。，．：；？！）］｝》〉」』】〕〗〙〛”’…·・‐〜～゠,.:;?!)]}%％℃‰"
          U"ー々〻ゝゞヽヾぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ";
    constexpr std::u32string_view half_width = U"｡｣､･ｧｨｩｪｫｬｭｮｯｰﾞﾟ";
    return closing.find(c) != std::u32string_view::npos || half_width.find(c) != std::u32string_view::npos;
}

/// Must not end a line.
bool is_opening(char32_t c)
{
    constexpr std::u32string_view opening = U"（［｛《〈「『【〔〖〘〚｢“‘([{$￥¥￦";
    return opening.find(c) != std::u32string_view::npos;
}

bool is_blank(char32_t c) { return c == U' ' || c == U'\u3000'; }

bool may_break(char32_t before, char32_t after)
{
    if (is_closing(after) || is_opening(before))
        return false;
    if (is_blank(before))
        return true;
    // A particle stays with the Hanja or the number it follows.
    if (is_hangul(before) || is_hangul(after))
        return false;
    // Nor is a number parted from what it counts.
    return is_ideographic(before) || (is_ideographic(after) && !is_digit(before));
}

std::string_view without_blanks_behind(std::string_view line)
{
    while (!line.empty() && line.back() == ' ')
        line.remove_suffix(1);
    return line;
}

}

std::vector<std::string_view> Fonts::wrap(std::string_view text, float pixels, float max_width)
{
    std::vector<std::string_view> lines;
    std::size_t line = 0; // where the current line starts
    std::size_t good_break = 0; // the last place in it where it may end
    float used = 0; // width of the line so far
    float used_at_break = 0;
    char32_t last = 0;
    auto const end_line = [&](std::size_t end, std::size_t next) {
        lines.push_back(without_blanks_behind(text.substr(line, end - line)));
        line = good_break = next;
    };

    std::string_view rest = text;
    while (!rest.empty()) {
        std::size_t const at = text.size() - rest.size();
        char32_t const character = take_character(rest);
        if (character == U'\n') {
            end_line(at, at + 1);
            used = used_at_break = 0;
            last = 0;
            continue;
        }
        if (at > line && may_break(last, character)) {
            good_break = at;
            used_at_break = used;
        }
        float const advance = width(text.substr(at, text.size() - rest.size() - at), pixels);
        // A blank may hang over the edge: it is not seen.
        if (used + advance > max_width && at > line && !is_blank(character)) {
            // A word wider than the whole line is cut where it must be.
            bool const has_good_break = good_break > line;
            std::size_t const end = has_good_break ? good_break : at;
            used -= has_good_break ? used_at_break : used;
            end_line(end, end);
            used_at_break = 0;
        }
        used += advance;
        last = character;
    }
    if (line < text.size() || lines.empty())
        end_line(text.size(), text.size());
    return lines;
}

}
