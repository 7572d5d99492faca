#pragma once

#include <array>
#include <vector>

/// Where everything stands, from the screen's size alone: no text is measured and
/// nothing is drawn here.
///
/// The design is drawn for 1280x800 (landscape) and 800x1280 (portrait). A screen
/// of another size shows it scaled by the smaller ratio; what is then left over in
/// one direction is given to the cards, the chips and the space between columns.
/// All results are whole pixels of the screen.
///
/// Large text and low reach ask one question a screen. In low reach the rail lies below
/// whatever the orientation, and nothing can be touched in the upper part.
namespace listenpost::kiosk {

struct Point {
    int x = 0;
    int y = 0;
};

struct Rect {
    int x = 0;
    int y = 0;
    int w = 0;
    int h = 0;

    int right() const { return x + w; }
    int bottom() const { return y + h; }
    Point centre() const { return {x + w / 2, y + h / 2}; }
    friend bool operator==(Rect const&, Rect const&) = default;
};

/// A round thing.
struct Disc {
    Point centre;
    int radius = 0;
};

/// One line's place: its left end and the height of its centre, and how wide it may get.
struct Line {
    Point at;
    int width = 0;
};

enum class Orientation { Landscape, Portrait };
enum class RailSide { Right, Below };

/// What a customer may ask of the layout.
struct Aids {
    bool large_text = false;
    bool low_reach = false;
    /// On the manager's screens large text makes all of the design larger, and its cards stand on several
    /// parts of a screen instead; 1: on the customers'.
    float zoom = 1;
    float rail_below = 0; ///< its height in design pixels, where it is not the customers'

    bool one_by_one() const { return large_text || low_reach; }
    friend bool operator==(Aids const&, Aids const&) = default;
};

/// What all screens share: the ground, the header and the rail.
struct Stage {
    float scale = 1; ///< pixels for one design pixel
    Orientation orientation = Orientation::Landscape;
    RailSide rail_side = RailSide::Right;
    Aids aids;
    int reach_top = 0; ///< nothing that is touched begins above it
    Rect screen;
    Rect reading; ///< the paper
    Rect rail;
    Disc mark;
    Line brand;
    Line headline;
    Line subline; ///< no width: there is no room for one
    Point lock; ///< the icon before the privacy line
    Line privacy;
    Rect body; ///< the cards' common box: between header and privacy line

    // Buttons of the rail, never nearer to each other than a gap. A button that a
    // screen does not have leaves its place empty: nothing moves into it.
    Rect language;
    Rect access;
    Rect upper; ///< the way back
    Rect lower; ///< what else there is: comment, skip, once more
    Rect submit;

    /// Design pixels to whole screen pixels.
    int px(float design) const;
};

Stage stage_for(int width, int height, Aids aids = {});

/// Where the manager's gesture is made: the mark's corner, and the one opposite.
struct ManagerCorners {
    Rect rest;
    Rect tap;
};
ManagerCorners manager_corners(Stage const& stage);

/// A question and its faces. Sizes are design ems, before large text.
struct RateRow {
    Rect card;
    Line title;
    float title_size = 0;
    Line hint;
    float hint_size = 0;
    enum class Hint { Below, Beside } hint_place = Hint::Below; ///< the title; beside: on its line
    std::vector<Disc> faces;
    std::vector<Rect> hits;
    int label_y = 0;
    int label_width = 0;
    float label_size = 0;
};

/// `faces`: how many each question has. The rows fill the body.
std::vector<RateRow> rate_rows(Stage const& stage, std::vector<int> const& faces);
/// One question alone on the screen. In low reach its texts stand above the card.
RateRow rate_alone(Stage const& stage, int faces);

/// A question with its chips.
struct ReasonsRow {
    Rect card;
    Line title;
    float title_size = 0;
    Disc face; ///< what was said
    Line said;
    float said_size = 0;
    std::vector<Rect> chips; ///< what is seen
    std::vector<Rect> hits; ///< what is touched: up to the middle of the space between them
    float chip_size = 0;
};

/// `index` of `questions`: its card is that of rate_rows()[index].
ReasonsRow reasons_row(Stage const& stage, int questions, int index, int reasons);
ReasonsRow reasons_alone(Stage const& stage, int reasons);

struct AttractLayout {
    Point brand; ///< centres, as all the others
    Line headline;
    Line subline;
    std::vector<Disc> faces;
    Line start;
    std::vector<Line> start_elsewhere; ///< the same in other languages
};

/// `drift`: which of a few places near the middle the picture takes.
AttractLayout attract_layout(Stage const& stage, int drift);

/// A panel over the screen: a headline, a field of buttons, and the way out.
struct PanelLayout {
    Rect modal;
    Line headline;
    Line hint;
    std::vector<Rect> buttons;
    Rect close;
};

PanelLayout languages_layout(Stage const& stage, int languages);
PanelLayout access_layout(Stage const& stage, int aids);
PanelLayout drives_layout(Stage const& stage, int drives);

struct CommentLayout {
    Rect field;
    std::vector<Rect> chips;
    std::vector<Rect> hits;
};

CommentLayout comment_layout(Stage const& stage, int phrases);

struct ThanksLayout {
    Disc ring; ///< to the middle of its stroke
    int ring_stroke = 0;
    Line title;
    Line promise;
    Rect card;
    struct Column {
        Disc face;
        Line question;
        Line said;
        int divider_x = 0; ///< left of it; 0: none
    };
    std::vector<Column> columns;
    enum class Direction { Across, Down } direction = Direction::Across;
    struct Step {
        Disc dot;
        Line when;
        Line what;
    };
    std::vector<Step> steps;
};

ThanksLayout thanks_layout(Stage const& stage, int questions, int steps);

struct TimeoutLayout {
    Rect modal;
    Disc ring;
    int ring_stroke = 0;
    Line title;
    Line text;
    Rect more_time;
    Rect give_up;
};

TimeoutLayout timeout_layout(Stage const& stage);

struct ApologyLayout {
    Disc ring;
    int ring_stroke = 0;
    Line title;
    Line text; ///< the first of several
};

ApologyLayout apology_layout(Stage const& stage);

}
