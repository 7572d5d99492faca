#pragma once

#include "kiosk/ui/fonts.h"

#include <string>
#include <string_view>
#include <vector>

namespace listenpost::kiosk {

/// A text cut into lines, at the size that fits.
struct FittedText {
    std::vector<std::string> lines;
    float pixels = 0; ///< em
    /// False: even the smallest size was too wide and the text was cut short with "…".
    bool whole = true;

    float line_height() const { return pixels * 1.32F; }
    float height() const { return line_height() * static_cast<float>(lines.size()); }
};

/// At most `max_lines` lines of about the same length, none wider than `width`; two
/// rather where a reader pauses, and a short label rather a little smaller in one. A
/// text that does not fit, or only with a word cut in two, is made smaller in steps, down
/// to about two thirds; then a Korean or Japanese word is cut before anything is lost.
FittedText fit_text(Fonts& fonts, std::string_view text, float pixels, float width, int max_lines);

}
