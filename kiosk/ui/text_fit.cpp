#include "kiosk/ui/text_fit.h"

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

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// A word that was too wide for its line.
bool cuts_a_word(std::vector<std::string_view> const& lines)
{
    for (std::size_t index = 1; index < lines.size(); ++index) {
        auto const before = lines[index - 1];
        auto const after = lines[index];
        bool const touching = before.data() + before.size() == after.data();
        if (touching && !before.empty() && !after.empty() && is_letter(before.back())
            && is_letter(after.front()))
            return true;
    }
    return false;
}

/// As many lines as `lines`, but of about the same length: no lonely last character.
std::vector<std::string_view> balanced(
    Fonts& fonts, std::string_view text, float pixels, std::vector<std::string_view> lines, float width)
{
    float too_narrow = fonts.width(text, pixels) / static_cast<float>(lines.size()) - 1;
    float enough = width;
    while (enough - too_narrow > 1) {
        float const middle = (too_narrow + enough) / 2;
        auto candidate = fonts.wrap(text, pixels, middle);
        bool const fits = candidate.size() <= lines.size() && !cuts_a_word(candidate)
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

}

FittedText fit_text(Fonts& fonts, std::string_view text, float pixels, float width, int max_lines)
{
    auto const most = static_cast<std::size_t>(std::max(1, max_lines));
    FittedText fitted;
    for (float const step : size_steps) {
        fitted.pixels = std::round(pixels * step);
        auto lines = fonts.wrap(text, fitted.pixels, width);
        if (lines.size() > most || cuts_a_word(lines) || widest(fonts, lines, fitted.pixels) > width)
            continue;
        auto pausing = lines.size() == 2 && text.find('\n') == text.npos
            ? phrased(fonts, text, fitted.pixels, width)
            : std::vector<std::string_view>();
        if (!pausing.empty())
            lines = std::move(pausing);
        else if (lines.size() > 1)
            lines = balanced(fonts, text, fitted.pixels, std::move(lines), width);
        fitted.lines.assign(lines.begin(), lines.end());
        return fitted;
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
