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

/// What all screens share: the ground, the header and the rail.
struct Stage {
    float scale = 1; ///< pixels for one design pixel
    Orientation orientation = Orientation::Landscape;
    Rect screen;
    Rect reading; ///< the paper
    Rect rail; ///< right, or below in portrait
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

Stage stage_for(int width, int height);

/// A question and its five faces.
struct RateRow {
    Rect card;
    Line title;
    Line hint; ///< landscape: below the title; portrait: the line's right part
    std::array<Disc, 5> faces;
    std::array<Rect, 5> hits;
    int label_y = 0;
    int label_width = 0;
};

/// Three rows always fill the body; with fewer questions they are in the middle.
std::vector<RateRow> rate_rows(Stage const& stage, int questions);

/// A question with its chips, in the place of its RateRow.
struct ReasonsRow {
    Rect card;
    Line title;
    Disc face; ///< what was said
    Line said;
    std::vector<Rect> chips; ///< what is seen
    std::vector<Rect> hits; ///< what is touched: up to the middle of the space between them
};

/// `index` of `questions`: its card is that of rate_rows(stage, questions)[index].
ReasonsRow reasons_row(Stage const& stage, int questions, int index, int reasons);

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
    Line text;
    Line advice;
};

ApologyLayout apology_layout(Stage const& stage);

}
