#pragma once

#include "kiosk/ui/layout.h"

/// Where a further question's answers stand. The question itself is the header's, except in
/// low reach: there it stands, larger, over what can be touched.
namespace listenpost::kiosk {

struct FollowUpTexts {
    Line title;
    Line hint;
    Point lock;
    Line privacy;
};

/// For low reach only: elsewhere the stage's own lines are used.
FollowUpTexts follow_up_texts(Stage const& stage);

/// Answers as chips.
struct ChoiceLayout {
    std::vector<Rect> chips; ///< what is seen
    std::vector<Rect> hits; ///< what is touched: up to the middle of the space between them
    float chip_size = 0;
};

ChoiceLayout choice_layout(Stage const& stage, int options);

/// The numbers of a scale, in one row where each is still a finger wide, else in two.
struct NumbersLayout {
    std::vector<Rect> tiles;
    std::vector<Rect> hits;
    float number_size = 0;
    Line worst; ///< at the first number; begins where the row begins
    Line best; ///< at the last number; its text ends where the line ends
    float end_size = 0;
};

NumbersLayout numbers_layout(Stage const& stage, int numbers);

}
