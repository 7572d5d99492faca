#pragma once

#include "kiosk/ui/layout.h"

#include <vector>

/// Where everything stands on the manager's screens; see layout.h.
namespace listenpost::kiosk {

struct PinLayout {
    Line title;
    Line hint;
    std::vector<Disc> dots;
    Rect card; ///< what is wrong, if anything is
    Disc ring; ///< in the card
    int ring_stroke = 0;
    Line card_title; ///< beside the ring
    Line card_text; ///< the first of up to three
    Line forgotten;
    std::vector<Rect> keys; ///< 1 to 9, clear, 0, backspace
    Rect back;
};

PinLayout pin_layout(Stage const& stage);

}
