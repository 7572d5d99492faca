#pragma once

#include "kiosk/ui/fonts.h"
#include "kiosk/ui/logo.h"
#include "kiosk/ui/manager_figures.h"
#include "kiosk/ui/page.h"
#include "kiosk/ui/strings.h"

#include <chrono>
#include <limits>
#include <memory>
#include <string>
#include <vector>

/// A store's last seven days on one sheet of A4, for printing: white paper, every figure in digits, readable
/// without colours.
namespace listenpost::kiosk {

struct WeekFigures {
    Summary summary; ///< of SevenDays
    ResponsePage comments; ///< of the same, lowest first
    std::string place; ///< the store's name; may be empty
    std::string store_id; ///< likewise
    std::chrono::local_time<std::chrono::milliseconds> made {}; ///< on the store's clocks
    std::int64_t counted = 0; ///< of so many responses on the box the figures know …
    std::int64_t of = 0; ///< … of so many
};

struct WeekStyle {
    std::string language;
    int dots_per_inch = 300; ///< 150 or more
};

/// What there was no room for; see Screens::Drawn.
struct WeekDrawn {
    std::vector<std::string> cut_texts;
    float smallest_text = std::numeric_limits<float>::max(); ///< em in pixels
};

PixelSize week_page_size(int dots_per_inch);

/// As Page. `logo`: drawn in place of the mark where there is one.
std::unique_ptr<Page> draw_week_page(Fonts& fonts, Survey const& survey, Strings const& strings, Logo& logo,
    WeekFigures const& week, WeekStyle const& style, WeekDrawn& drawn);

}
