#pragma once

#include "kiosk/ui/layout.h"

#include <array>
#include <vector>

namespace listenpost::kiosk {

/// Where one writes: what is written above, on paper; the keys below, in the hand zone.
/// Keys are ten to a row and 20 mm apart where the screen is wide enough; an upright
/// screen makes them as wide as it can.
struct TypingLayout {
    Line headline;
    Line notice; ///< right-aligned: `at` is its right end
    Rect back;
    Rect field;
    Rect skip;
    Rect submit;
    /// Rows for phrases, upper first: none where there is no room.
    std::vector<Rect> phrase_rows;

    Rect hand; ///< the keyboard's ground
    struct Cell {
        Rect seen;
        Rect touched; ///< up to the middle of the gaps
    };
    /// In key units: column 0 to 9, `width` of them.
    Cell bar(int column, int width) const;
    Cell key(int row, int column, int width) const;
    Cell cell(Rect const& row, int left, int right) const;
    Rect bar_row;
    std::array<Rect, 3> key_rows;
    int gap = 0;
    int unit_x(int column) const; ///< left end of a column
    float left = 0;
    float unit = 0; ///< a key with its gap, in pixels
};

/// `with_phrases`: rows are kept for them, and the field gets what is left.
TypingLayout typing_layout(Stage const& stage, bool with_phrases);

}
