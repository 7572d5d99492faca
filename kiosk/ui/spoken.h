#pragma once

#include "kiosk/flow/view.h"
#include "kiosk/model/survey.h"
#include "kiosk/ui/strings.h"
#include "kiosk/ui/ui_map.h"

#include <string>

namespace listenpost::kiosk {

/// What spoken mode says, in the screen's language. Pure.
struct Spoken {
    View const& view;
    Survey const& survey;
    Strings const& strings;

    /// What the screen asks or tells.
    std::string screen() const;
    /// What the focus stands on: "Quality: Good, chosen"; "Large text, On".
    std::string widget(Widget const& widget) const;
};

}
