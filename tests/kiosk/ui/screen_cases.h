#pragma once

#include "kiosk/flow/view.h"
#include "kiosk/model/survey.h"
#include "kiosk/ui/layout.h"

#include <string>
#include <vector>

namespace listenpost::kiosk::test {

/// A state of a screen worth looking at and measuring.
struct ScreenCase {
    std::string name;
    View view;
};

/// Every customer's screen of the shipped survey at its fullest and its emptiest, for
/// tables: what is added here is measured on every size and seen in the gallery.
std::vector<ScreenCase> screen_cases(std::string const& language, Aids aids = {});

/// Every further question of a survey, first unanswered, then with all that can be chosen
/// chosen; but for those answered in words, whose screen is the keyboard's.
std::vector<ScreenCase> follow_up_cases(Survey const& survey, std::string const& language, Aids aids = {});

/// A window, and how large its pixels are on a panel that such kiosks have.
struct PanelSize {
    char const* panel;
    int width;
    int height;
    double millimetres_per_pixel;
};
std::vector<PanelSize> const& panel_sizes();

}
