#include "kiosk/ui/text_fit.h"

#include "kiosk/ui/script.h"
#include "platform/base/utf8.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace listenpost::kiosk {
namespace {

/// The few sizes a text may shrink to: each one means its own glyphs.
constexpr std::array<float, 5> size_steps {1.F, 0.92F, 0.84F, 0.76F, 0.68F};

float widest(Fonts& fonts, std::vector<std::string_view> const& lines, float pixels)
{
    float width = 0;
    for (auto const line : lines)
        width = std::max(width, fonts.width(line, pixels));
    return width;
}

/// A label of so many characters is read at a glance: as one line, and its Japanese as one word.
constexpr std::size_t short_label = 8;

std::size_t characters(std::string_view text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

char32_t last_character(std::string_view text)
{
    std::size_t at = text.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U)
        --at;
    text.remove_prefix(at);
    return take_character(text);
}

/// Whose words stay whole.
enum class Words : std::uint8_t { Latin, All };

/// Whether nobody would part the two. Of Chinese, and of Hanzi in general, we cannot know.
bool is_inside_word(char32_t before, char32_t after, Words words, bool is_short)
{
    if (is_latin_letter(before) && is_latin_letter(after))
        return true;
    if (words == Words::Latin)
        return false;
    if ((is_hangul(before) && is_hangul(after)) || (is_katakana(before) && is_katakana(after)))
        return true;
    if (is_digit(before) && (is_hangul(after) || is_ideographic(after)))
        return true; // a number and what it counts
    // An ending or a particle goes with what it follows; a long text has to break somewhere.
    return is_short && is_hiragana(after) && is_ideographic(before);
}

/// A word that was too wide for its line.
bool cuts_a_word(std::vector<std::string_view> const& lines, Words words)
{
    std::size_t length = 0;
    for (auto const line : lines)
        length += characters(line);
    for (std::size_t index = 1; index < lines.size(); ++index) {
        auto const before = lines[index - 1];
        auto after = lines[index];
        bool const touching = before.data() + before.size() == after.data();
        if (touching && !before.empty() && !after.empty()
            && is_inside_word(last_character(before), take_character(after), words, length <= short_label))
            return true;
    }
    return false;
}

/// As many lines as `lines`, but of about the same length: no lonely last character.
std::vector<std::string_view> balanced(Fonts& fonts, std::string_view text, float pixels,
    std::vector<std::string_view> lines, float width, Words words)
{
    float too_narrow = fonts.width(text, pixels) / static_cast<float>(lines.size()) - 1;
    float enough = width;
    while (enough - too_narrow > 1) {
        float const middle = (too_narrow + enough) / 2;
        auto candidate = fonts.wrap(text, pixels, middle);
        bool const fits = candidate.size() <= lines.size() && !cuts_a_word(candidate, words)
            && widest(fonts, candidate, pixels) <= middle;
        if (fits) {
            lines = std::move(candidate);
            enough = middle;
        } else {
            too_narrow = middle;
        }
    }
    return lines;
}

/// Two lines that end where a reader pauses: after a sentence, else after a comma, else after a
/// Japanese particle that ends a phrase. Nothing where none of these leaves two that fit.
std::vector<std::string_view> phrased(Fonts& fonts, std::string_view text, float pixels, float width)
{
    static constexpr std::array<std::array<std::string_view, 3>, 3> pauses {
        {{"。", "！", "？"}, {"，", "、", "；"}, {"は", "を", "や"}}};
    for (auto const& marks : pauses) {
        std::vector<std::string_view> best;
        float best_width = width;
        for (auto const mark : marks) {
            for (std::size_t at = text.find(mark); at != text.npos; at = text.find(mark, at + 1)) {
                std::vector<std::string_view> const lines {
                    text.substr(0, at + mark.size()), text.substr(at + mark.size())};
                if (lines[1].empty() || widest(fonts, lines, pixels) > best_width)
                    continue;
                best = lines;
                best_width = widest(fonts, lines, pixels);
            }
        }
        if (!best.empty())
            return best;
    }
    return {};
}

/// As many lines as wrapping needs, parted at the best places.
std::vector<std::string_view> parted(
    Fonts& fonts, std::string_view text, float pixels, float width, Words words)
{
    auto lines = fonts.wrap(text, pixels, width);
    if (lines.size() < 2)
        return lines;
    if (lines.size() == 2 && text.find('\n') == text.npos)
        if (auto pausing = phrased(fonts, text, pixels, width); !pausing.empty())
            return pausing;
    return balanced(fonts, text, pixels, std::move(lines), width, words);
}

bool is_all_hanzi(std::string_view text)
{
    while (!text.empty())
        if (char32_t const c = take_character(text); !is_ideographic(c) || is_hiragana(c) || is_katakana(c))
            return false;
    return true;
}

/// The size at which a short text stays one line, if that is not much smaller; or 0. Four Hanzi
/// are as well read two by two.
float size_in_one_line(Fonts& fonts, std::string_view text, float pixels, float width)
{
    constexpr float least = 0.84F;
    if (characters(text) > short_label || text.find('\n') != text.npos || is_all_hanzi(text))
        return 0;
    for (float const step : size_steps)
        if (step >= least && fonts.width(text, std::round(pixels * step)) <= width)
            return std::round(pixels * step);
    return 0;
}

}

FittedText fit_text(Fonts& fonts, std::string_view text, float pixels, float width, int max_lines)
{
    auto const most = static_cast<std::size_t>(std::max(1, max_lines));
    FittedText fitted;
    if (float const size = size_in_one_line(fonts, text, pixels, width); size > 0) {
        fitted.pixels = size;
        fitted.lines.emplace_back(text);
        return fitted;
    }
    for (Words const words : {Words::All, Words::Latin}) {
        for (float const step : size_steps) {
            fitted.pixels = std::round(pixels * step);
            auto const lines = parted(fonts, text, fitted.pixels, width, words);
            if (lines.size() > most || cuts_a_word(lines, words)
                || widest(fonts, lines, fitted.pixels) > width)
                continue;
            fitted.lines.assign(lines.begin(), lines.end());
            return fitted;
        }
    }
    auto lines = fonts.wrap(text, fitted.pixels, width);
    fitted.whole = false;
    for (std::size_t index = 0; index < std::min(most, lines.size()); ++index) {
        bool const last = index + 1 == most;
        auto const rest
            = last ? text.substr(static_cast<std::size_t>(lines[index].data() - text.data())) : lines[index];
        fitted.lines.push_back(fonts.shortened(rest, fitted.pixels, width));
    }
    return fitted;
}

}
