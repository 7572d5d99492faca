#pragma once

#include "kiosk/ui/layout.h"

#include <vector>

/// Where everything stands on the manager's screens; see layout.h.
namespace listenpost::kiosk {

/// stage_for() of the manager's screens.
Stage manager_stage_for(int width, int height, Aids aids);
/// Between the header and the rail.
Rect manager_body(Stage const& stage);
/// Whether cards are so large that they stand on several parts of a screen.
bool is_in_parts(Stage const& stage);

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

/// The rail inside: groups of tabs, each tab a finger wide.
struct ManagerRail {
    Rect period_group;
    std::vector<Rect> periods;
    Rect view_group;
    std::vector<Rect> views;
    Rect access;
    Rect next_part; ///< of no size where every screen is whole
    Rect leave;
};
ManagerRail manager_rail(Stage const& stage);

/// Cards of the overview.
struct OverviewLayout {
    Rect index;
    Rect ratings;
    Rect sentence;
    Rect bars;
    Rect reasons;
};
OverviewLayout overview_layout(Stage const& stage);

struct DetailsLayout {
    Rect heat;
    std::vector<Rect> tabs; ///< the same card's upper end: this screen, and the distribution
    Rect comments;
    std::size_t parts = 1; ///< 2: the heat map on the first, the comments on the second; tabs on both
};
DetailsLayout details_layout(Stage const& stage);

/// Cards of questions below one another. One may be as high as two.
struct DistributionLayout {
    std::vector<Rect> tabs; ///< where DetailsLayout has them
    std::vector<Rect> shares; ///< two
    Rect more; ///< the next questions
    Rect cards; ///< all of them
    int gap = 0; ///< between two
    int units = 3; ///< that have room
    bool titles_above = false; ///< the bars of a card; false: beside them
    int option_columns = 0;

    /// Units `from` to `from` + `count` of so many that fill the screen.
    Rect card(int from, int count, int of) const;
};
DistributionLayout distribution_layout(Stage const& stage);

struct DeliveryLayout {
    Rect state;
    std::vector<Rect> counts; ///< four
    Rect rows;
    Rect take_along; ///< below the rows, on the same card
    std::size_t parts = 1; ///< 2: the rows alone on the second
};
DeliveryLayout delivery_layout(Stage const& stage);

struct ResponsesLayout {
    Rect card;
    std::vector<Rect> filters; ///< four chips
    std::vector<Rect> rows;
    Rect previous;
    Rect next;
    Line page; ///< its middle
};
ResponsesLayout responses_layout(Stage const& stage, std::size_t rows);

/// One response above, what is done about it below; the acting side has the two ways to mark it.
struct MarkLayout {
    Rect response;
    Rect form;
    Rect initials;
    Rect offered; ///< of initials; or what keeps them from being stored
    std::vector<Rect> chips; ///< in it
    Rect note;
    Rect dealt_with;
    Rect seen;
    std::size_t parts = 1; ///< 2: the form on the second
    Rect next_part; ///< of no size where there is one
    Rect back;
};
MarkLayout mark_layout(Stage const& stage, std::size_t chips);

}
