#pragma once

#include "kiosk/model/score_statistics.h"
#include "kiosk/ui/widgets.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// The manager's charts: pure drawing of figures that were computed elsewhere. Every mark has its number
/// printed on or above it; a mean of fewer than few_ratings, or of fewer customers than that, has an outline
/// and no colour.
namespace listenpost::kiosk {

/// 0 (worst) to 4: which of Palette::chart a mean on five has.
std::size_t chart_step(double mean);
/// The step of the number as it is printed with one decimal: 4.2 has the colour that the legend gives 4.2.
std::size_t printed_step(double mean);
/// A mark of a mean: filled with its colour, or of too few hollow.
void draw_mark(
    Ui& ui, Rect const& box, Mean const& mean, bool is_few, float radius, theme::Colour few_outline);
/// A box in the colour of that step, with the palette's edge.
void fill_mark(Ui& ui, Rect const& box, std::size_t step, float design_radius);

/// One of a row of bars: as high as its count, coloured by its mean.
struct Bar {
    std::string id; ///< of the widget that it is
    std::string label; ///< below it
    std::int64_t count = 0;
    Mean mean; ///< on five

    bool is_few() const { return count < few_ratings || mean.is_too_few(); }
};
/// Bars side by side that fill `area`, labels below the line; of many, only as many labels as there is room
/// for. Returns the one that was tapped.
std::optional<std::size_t> draw_bars(Ui& ui, Rect const& area, std::span<Bar const> bars);

/// Many bars, in rows below one another on one scale, so that each has room for its number.
struct BarRows {
    std::vector<std::string> columns; ///< above the first row
    std::vector<std::string> rows; ///< before their first bar
    std::vector<Bar> bars; ///< row by row
};
/// Returns the one that was tapped.
std::optional<std::size_t> draw_bar_rows(Ui& ui, Rect const& area, BarRows const& rows);

/// The part of 1 to 5 that a group of means is drawn on.
struct ScoreAxis {
    double low = 3;
    double step = 0.5;
    static constexpr double high = 5;

    /// With room for all of them: 3 to 5, or 1 to 5.
    static ScoreAxis for_means(std::span<Mean const> means, std::span<std::optional<double> const> usual);
    /// Along a line of screen pixels.
    float place(double score, float left, float right) const
    {
        return left + (right - left) * static_cast<float>((score - low) / (high - low));
    }
};
/// A mean as a dot in its interval, and what is usual as a tick, on a line of its own.
void draw_interval(
    Ui& ui, ScoreAxis const& axis, Line const& line, Mean const& mean, std::optional<double> usual);
/// The axis's numbers below such lines.
void draw_score_axis(Ui& ui, ScoreAxis const& axis, Line const& line);

/// What the colours mean: from low to high.
void draw_colour_legend(Ui& ui, Point right, std::string_view low, std::string_view high);

/// A field of cells: rows of the same things at other times.
struct HeatCell {
    std::string id;
    Mean mean;
    std::int64_t responses = 0;

    bool is_few() const { return responses < few_ratings || mean.is_too_few(); }
};
struct HeatMap {
    std::vector<std::string> columns;
    std::vector<std::string> rows;
    std::vector<HeatCell> cells; ///< row by row
    /// Of the widgets that the columns' heads are, each as wide as its column; empty: heads are only read,
    /// and so is one of an empty id.
    std::vector<std::string> column_ids;
    std::optional<std::size_t> chosen_column;
    std::string few; ///< printed where there are too few ratings
    /// The worst cell of all that may be read, to be framed; nothing: none stands out below the others.
    std::optional<std::size_t> worst;
};
struct HeatTouch {
    std::optional<std::size_t> cell;
    std::optional<std::size_t> column;
};
/// What was tapped.
HeatTouch draw_heat_map(Ui& ui, Rect const& area, HeatMap const& map);

}
