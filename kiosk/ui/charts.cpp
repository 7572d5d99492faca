#include "kiosk/ui/charts.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace listenpost::kiosk {
namespace {

/// Of a hollow mark, inside the box.
constexpr float hollow = 2;

std::string with_decimals(double value, int decimals)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

/// Below their bars, from the last on (which is today), as many as have room; none beyond the chart's ends.
void draw_labels(Ui& ui, Rect const& area, std::span<Bar const> bars, std::span<int const> middles, float y)
{
    float const pixels = ui.text_pixels(theme::axis);
    float widest = 0;
    for (auto const& bar : bars)
        widest = std::max(widest, ui.fonts.width(bar.label, pixels));
    float const pitch = bars.size() > 1 ? static_cast<float>(middles[1] - middles[0]) : widest;
    auto const stride = static_cast<std::size_t>(std::max(1.F, std::ceil((widest + ui.scaled(10)) / pitch)));
    float free_until = static_cast<float>(area.right());
    for (std::size_t index = bars.size(); index-- > 0;) {
        if ((bars.size() - 1 - index) % stride != 0)
            continue;
        float const half = ui.fonts.width(bars[index].label, pixels) / 2;
        float x = static_cast<float>(middles[index]);
        if (index + 1 == bars.size())
            x = std::min(x, free_until - half);
        if (x + half > free_until || x - half < static_cast<float>(area.x))
            continue;
        ui.fonts.draw(ui.list, bars[index].label, {x, y}, pixels, ui.palette.ink2, Align::Centre);
        free_until = x - half - ui.scaled(10);
    }
}

/// 1, 2 or 5 times a power of ten: at most four of them up to `most`.
std::int64_t grid_step(std::int64_t most)
{
    for (std::int64_t power = 1;; power *= 10)
        for (std::int64_t const step : {power, 2 * power, 5 * power})
            if (most / step <= 4)
                return step;
}

/// Lines with numbers behind bars that are too narrow for numbers of their own.
void draw_count_grid(Ui& ui, Rect const& field, int line_y, float room, std::int64_t most)
{
    std::int64_t const step = grid_step(most);
    for (std::int64_t count = step; count <= most; count += step) {
        int const y = line_y
            - static_cast<int>(std::lround(room * static_cast<float>(count) / static_cast<float>(most)));
        fill(ui, {field.x, y, field.w, std::max(1, ui.stage.px(1))}, ui.palette.line, 0);
        ui.fonts.draw(ui.list, std::to_string(count),
            {static_cast<float>(field.x - ui.stage.px(10)), static_cast<float>(y)},
            ui.text_pixels(theme::axis), ui.palette.ink2, Align::Right);
    }
}

constexpr float head_height = 68; ///< of a column that can be touched

/// What the column is of. Whether it was touched.
bool draw_column_head(Ui& ui, HeatMap const& map, std::size_t column, Rect const& box)
{
    bool const is_button = !map.column_ids.empty() && !map.column_ids[column].empty();
    bool const is_chosen = is_button && map.chosen_column == column;
    Press state;
    if (is_button) {
        state = press(ui, map.column_ids[column], map.columns[column], box, Enabled::Yes, is_chosen);
        if (is_chosen)
            fill(ui, box, ui.palette.chosen_chip, theme::gap);
        else if (state.held)
            fill(ui, box, ui.palette.sunk, theme::gap);
        if (!is_chosen)
            outline(ui, box, state.held ? ui.palette.ink : ui.palette.edge, theme::outline, theme::gap);
    }
    auto const colour = is_chosen ? ui.palette.on_chosen_chip : is_button ? ui.palette.ink : ui.palette.ink2;
    write_centred(ui, map.columns[column], to_vec(box.centre()), static_cast<float>(box.w) - ui.scaled(4),
        theme::axis, 1, colour);
    return state.done;
}

/// In a row of such: its number above it, its column all that can be touched. Whether it was.
bool draw_bar_of_row(Ui& ui, Rect const& box, Bar const& bar, std::int64_t most)
{
    if (bar.count == 0)
        return false;
    Press const state = press(ui, bar.id, bar.label + ": " + std::to_string(bar.count), box);
    if (state.held)
        fill(ui, box, ui.palette.sunk, 8);
    int const line_y = box.bottom() - ui.stage.px(4);
    int const room = line_y - box.y - ui.stage.px(26);
    int const height = std::max(2,
        static_cast<int>(std::lround(
            static_cast<double>(room) * static_cast<double>(bar.count) / static_cast<double>(most))));
    int const half = std::min(box.w * 2 / 5, ui.stage.px(36));
    int const middle = box.centre().x;
    draw_mark(ui, {middle - half, line_y - height, 2 * half, height}, bar.mean, bar.is_few(),
        std::min(6.F, static_cast<float>(height) / 2), ui.palette.edge);
    ui.fonts.draw(ui.list, std::to_string(bar.count),
        {static_cast<float>(middle), static_cast<float>(line_y - height - ui.stage.px(14))},
        ui.text_pixels(theme::axis), ui.palette.ink, Align::Centre);
    return state.done;
}

}

std::size_t printed_step(double mean) { return chart_step(std::round(mean * 10) / 10); }

void draw_mark(
    Ui& ui, Rect const& box, Mean const& mean, bool is_few, float radius, theme::Colour few_outline)
{
    if (is_few)
        outline(ui, box, few_outline, hollow, radius);
    else
        fill_mark(ui, box, printed_step(mean.value), radius);
}

void fill_mark(Ui& ui, Rect const& box, std::size_t step, float design_radius)
{
    fill(ui, box, ui.palette.chart[step], design_radius);
    if (ui.palette.chart_edge != 0)
        outline(ui, box, ui.palette.chart_edge, 1, design_radius);
}

std::size_t chart_step(double mean)
{
    return static_cast<std::size_t>(
        std::ranges::upper_bound(theme::chart_cuts, mean) - theme::chart_cuts.begin());
}

std::optional<std::size_t> draw_bars(Ui& ui, Rect const& area, std::span<Bar const> bars)
{
    if (bars.empty())
        return std::nullopt;
    std::int64_t const most = std::max<std::int64_t>(1, std::ranges::max(bars, {}, &Bar::count).count);
    float const axis = ui.text_pixels(theme::axis);
    float const widest_count = ui.fonts.width(std::to_string(most), axis);
    bool const prints_counts = static_cast<float>(area.w) / static_cast<float>(bars.size()) >= widest_count;
    int const line_y = area.bottom() - ui.stage.px(36);
    float const room = static_cast<float>(line_y - area.y) - ui.scaled(32);
    Rect field = area;
    if (!prints_counts) {
        int const numbers = static_cast<int>(widest_count) + ui.stage.px(10);
        field = {area.x + numbers, area.y, area.w - numbers, area.h};
        draw_count_grid(ui, field, line_y, room, most);
    }
    float const pitch = static_cast<float>(field.w) / static_cast<float>(bars.size());
    int const half = static_cast<int>(std::lround(std::min(pitch * 0.82F, ui.scaled(72)) / 2));
    std::optional<std::size_t> tapped;
    std::vector<int> middles;
    for (std::size_t index = 0; index < bars.size(); ++index) {
        auto const& bar = bars[index];
        float const left = static_cast<float>(field.x) + pitch * static_cast<float>(index);
        int const middle = static_cast<int>(std::lround(left + pitch / 2));
        middles.push_back(middle);
        if (bar.count == 0)
            continue;
        int const height = std::max(1,
            static_cast<int>(std::lround(room * static_cast<float>(bar.count) / static_cast<float>(most))));
        Rect const box {middle - half, line_y - height, 2 * half, height};
        Rect const hit {static_cast<int>(left), area.y, static_cast<int>(pitch), area.h};
        Press const state = press(ui, bar.id, bar.label + ": " + std::to_string(bar.count), hit);
        if (state.done)
            tapped = index;
        if (state.held)
            fill(ui, hit, ui.palette.sunk, 8);
        draw_mark(
            ui, box, bar.mean, bar.is_few(), std::min(6.F, static_cast<float>(height) / 2), ui.palette.edge);
        if (prints_counts)
            ui.fonts.draw(ui.list, std::to_string(bar.count),
                {static_cast<float>(middle), static_cast<float>(box.y) - ui.scaled(17)}, axis, ui.palette.ink,
                Align::Centre);
    }
    draw_labels(ui, area, bars, middles, static_cast<float>(line_y) + ui.scaled(22));
    fill(ui, {field.x, line_y, field.w, std::max(1, ui.stage.px(2))}, ui.palette.edge, 0);
    return tapped;
}

std::optional<std::size_t> draw_bar_rows(Ui& ui, Rect const& area, BarRows const& rows)
{
    if (rows.bars.empty() || rows.columns.empty())
        return std::nullopt;
    float const axis = ui.text_pixels(theme::axis);
    float widest = 0;
    for (auto const& label : rows.rows)
        widest = std::max(widest, ui.fonts.width(label, axis));
    int const labels = static_cast<int>(widest) + ui.stage.px(12);
    int const head = ui.stage.px(28);
    auto const columns = static_cast<int>(rows.columns.size());
    auto const count = static_cast<int>(rows.rows.size());
    Rect const field {area.x + labels, area.y + head, area.w - labels, area.h - head};
    auto const box_of = [&](int row, int column) {
        int const left = field.x + field.w * column / columns;
        int const top = field.y + field.h * row / count;
        return Rect {left, top, field.x + field.w * (column + 1) / columns - left,
            field.y + field.h * (row + 1) / count - top};
    };
    for (int column = 0; column < columns; ++column)
        write_centred(ui, rows.columns[static_cast<std::size_t>(column)],
            {static_cast<float>(box_of(0, column).centre().x), static_cast<float>(area.y) + ui.scaled(12)},
            static_cast<float>(field.w) / static_cast<float>(columns), theme::axis, 1, ui.palette.ink2);
    std::int64_t const most = std::max<std::int64_t>(1, std::ranges::max(rows.bars, {}, &Bar::count).count);
    std::optional<std::size_t> tapped;
    for (std::size_t index = 0; index < rows.bars.size(); ++index) {
        int const row = static_cast<int>(index) / columns;
        Rect const box = box_of(row, static_cast<int>(index) % columns);
        if (draw_bar_of_row(ui, box, rows.bars[index], most))
            tapped = index;
        if (box.x != field.x)
            continue;
        int const line_y = box.bottom() - ui.stage.px(4);
        write_right(ui, rows.rows[static_cast<std::size_t>(row)],
            {field.x - ui.stage.px(12), line_y - ui.stage.px(14)}, labels, theme::axis, ui.palette.ink2);
        fill(ui, {field.x, line_y, field.w, std::max(1, ui.stage.px(2))}, ui.palette.edge, 0);
    }
    return tapped;
}

ScoreAxis ScoreAxis::for_means(std::span<Mean const> means, std::span<std::optional<double> const> usual)
{
    double least = high;
    for (auto const& mean : means)
        if (!mean.is_too_few())
            least = std::min(least, mean.interval.low);
    for (auto const& each : usual)
        least = std::min(least, each.value_or(high));
    return least >= 3 ? ScoreAxis {3, 0.5} : ScoreAxis {1, 1};
}

void draw_interval(
    Ui& ui, ScoreAxis const& axis, Line const& line, Mean const& mean, std::optional<double> usual)
{
    float const left = static_cast<float>(line.at.x);
    float const right = left + static_cast<float>(line.width);
    float const y = static_cast<float>(line.at.y);
    auto const bar = [&](float from, float to, float thickness, theme::Colour colour) {
        float const half = std::max(1.F, std::round(ui.scaled(thickness) / 2));
        ui.list.AddRectFilled({from, y - half}, {to, y + half}, colour, half);
    };
    bar(left, right, 2, ui.palette.line);
    if (usual) {
        float const x = std::round(axis.place(*usual, left, right));
        float const half = std::round(ui.scaled(20));
        float const width = std::max(2.F, std::round(ui.scaled(4)));
        ui.list.AddRectFilled(
            {x - width / 2, y - half}, {x + width / 2, y + half}, ui.palette.ink2, ui.scaled(2));
    }
    if (mean.is_too_few())
        return;
    bar(axis.place(std::max(axis.low, mean.interval.low), left, right),
        axis.place(mean.interval.high, left, right), 8, ui.palette.ink);
    ImVec2 const dot {axis.place(mean.value, left, right), y};
    ui.list.AddCircleFilled(dot, ui.scaled(14), ui.palette.ink);
    ui.list.AddCircleFilled(dot, ui.scaled(11), ui.palette.chart[chart_step(mean.value)]);
}

void draw_score_axis(Ui& ui, ScoreAxis const& axis, Line const& line)
{
    float const left = static_cast<float>(line.at.x);
    float const right = left + static_cast<float>(line.width);
    for (double score = axis.low; score <= ScoreAxis::high + 0.01; score += axis.step) {
        bool const is_whole = std::abs(score - std::round(score)) < 0.01;
        ui.fonts.draw(ui.list, with_decimals(score, is_whole ? 0 : 1),
            {axis.place(score, left, right), static_cast<float>(line.at.y)}, ui.text_pixels(theme::axis),
            ui.palette.ink2, Align::Centre);
    }
}

void draw_colour_legend(Ui& ui, Point right, std::string_view low, std::string_view high)
{
    float const pixels = ui.text_pixels(theme::axis);
    float x = static_cast<float>(right.x);
    float const y = static_cast<float>(right.y);
    ui.fonts.draw(ui.list, high, {x, y}, pixels, ui.palette.ink2, Align::Right);
    x -= ui.fonts.width(high, pixels) + ui.scaled(12);
    int const patch = ui.stage.px(32);
    int const pitch = ui.stage.px(36);
    int const height = ui.stage.px(16);
    for (std::size_t step = theme::chart.size(); step-- > 0;) {
        int const left = static_cast<int>(x) - patch;
        fill_mark(ui, {left, right.y - height / 2, patch, height}, step, 4);
        x -= static_cast<float>(pitch);
    }
    x -= ui.scaled(8);
    ui.fonts.draw(ui.list, low, {x, y}, pixels, ui.palette.ink2, Align::Right);
}

HeatTouch draw_heat_map(Ui& ui, Rect const& area, HeatMap const& map)
{
    if (map.columns.empty() || map.rows.empty())
        return {};
    int const labels = ui.stage.px(86);
    int const head = ui.stage.px(map.column_ids.empty() ? 40 : head_height);
    int const space = std::max(2, ui.stage.px(map.rows.size() > 16 ? 2 : 4)); // of many each is low enough
    auto const edge = [](int from, int size, std::size_t index, std::size_t count) {
        return from + static_cast<int>(static_cast<std::size_t>(size) * index / count);
    };
    Rect const field {area.x + labels, area.y + head, area.w - labels + space, area.h - head + space};
    auto const cell_box = [&](std::size_t row, std::size_t column) {
        int const x = edge(field.x, field.w, column, map.columns.size());
        int const y = edge(field.y, field.h, row, map.rows.size());
        return Rect {x, y, edge(field.x, field.w, column + 1, map.columns.size()) - x - space,
            edge(field.y, field.h, row + 1, map.rows.size()) - y - space};
    };
    float const axis = ui.text_pixels(theme::axis);
    // Of many rows only as many names as have room.
    auto const stride = static_cast<std::size_t>(
        std::max(1.F, std::ceil(axis * static_cast<float>(map.rows.size()) / static_cast<float>(field.h))));
    HeatTouch touch;
    for (std::size_t column = 0; column < map.columns.size(); ++column) {
        Rect const cell = cell_box(0, column);
        Rect const box {cell.x, area.y, cell.w, head - ui.stage.px(map.column_ids.empty() ? 8 : 4)};
        if (draw_column_head(ui, map, column, box))
            touch.column = column;
    }
    for (std::size_t row = 0; row < map.rows.size(); ++row) {
        Point const label {field.x - ui.stage.px(12), cell_box(row, 0).centre().y};
        if (row % stride == 0)
            write_right(ui, map.rows[row], label, labels - ui.stage.px(12), theme::axis, ui.palette.ink2);
        for (std::size_t column = 0; column < map.columns.size(); ++column) {
            std::size_t const index = row * map.columns.size() + column;
            auto const& cell = map.cells[index];
            Rect const box = cell_box(row, column);
            if (cell.responses == 0)
                continue;
            draw_mark(ui, box, cell.mean, cell.is_few(), 8, ui.palette.hollow_cell);
            bool const is_few = cell.is_few();
            std::string const text = is_few ? map.few : with_decimals(cell.mean.value, 1);
            float const most = static_cast<float>(box.h) * 0.8F;
            FittedText const fitted
                = fit_text(ui.fonts, text, std::min(axis, most), static_cast<float>(box.w), 1);
            write_centred(ui, fitted, to_vec(box.centre()),
                is_few ? ui.palette.ink2 : ui.palette.on_chart[printed_step(cell.mean.value)]);
            Press const state
                = press(ui, cell.id, map.columns[column] + " " + map.rows[row] + ": " + text, box);
            if (state.held)
                outline(ui, box, ui.palette.ink, 2, 8);
            if (state.done)
                touch.cell = index;
        }
    }
    if (map.worst) {
        Rect const box = cell_box(*map.worst / map.columns.size(), *map.worst % map.columns.size());
        int const out = ui.stage.px(4);
        outline(ui, {box.x - out, box.y - out, box.w + 2 * out, box.h + 2 * out}, ui.palette.ink, 4, 10);
    }
    return touch;
}

}
