#include "kiosk/ui/layout_follow_up.h"

#include "kiosk/ui/layout_grid.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

constexpr float gap = theme::gap;
constexpr float highest_chip = 176;
constexpr float highest_tile = 208;
constexpr float least_number_width = 90; ///< 15 mm

/// Where answers may be. In low reach also where other screens have the privacy line,
/// which then stands with the question.
Box answers_box(Canvas const& canvas)
{
    Box box = canvas.reachable();
    if (canvas.aids.low_reach) {
        box.y += gap / 2; // what is touched reaches half a gap farther than what is seen
        box.h = canvas.reading_height() - gap - box.y;
    }
    return box;
}

/// Of that height, a little above the middle, where it looks centred.
Box placed(Canvas const& canvas, Box box, float height)
{
    float const spare = box.h - height;
    return {box.x, box.y + spare * (canvas.aids.low_reach ? 0.5F : 0.4F), box.w, height};
}

int rows_for(Canvas const& canvas, int options)
{
    auto const in_columns = [&](int columns) { return (options + columns - 1) / columns; };
    bool const low = canvas.aids.low_reach;
    if (canvas.is_portrait())
        return low ? std::min(3, in_columns(3)) : in_columns(options > 8 ? 3 : 2);
    if (low)
        return in_columns(options == 4 ? 4 : options > 10 ? 4 : options > 8 ? 5 : options > 6 ? 4 : 3);
    return options <= 3 ? 1 : options <= 8 ? 2 : 3;
}

float chip_size(Canvas const& canvas, int options)
{
    if (canvas.aids.low_reach)
        return options > 6 ? theme::body_large : theme::button;
    return options > 6 ? theme::button : theme::heading_small;
}

}

FollowUpTexts follow_up_texts(Stage const& stage)
{
    Canvas const canvas = canvas_of(stage);
    auto const& map = canvas.map;
    Box const body = canvas.body();
    float const text = canvas.text();
    float const lower = canvas.reach_top();
    float const privacy_y = lower - (canvas.is_portrait() ? 48.F : 32.F);
    float const middle = body.y + (privacy_y - body.y) * (canvas.is_portrait() ? 0.42F : 0.36F);
    FollowUpTexts texts;
    texts.title = map.line(body.x + 8, middle - 34 * text, body.w - 16);
    texts.hint = map.line(body.x + 8, middle + 30 * text, body.w - 16);
    texts.lock = map.point(body.x + 20, privacy_y - 1);
    texts.privacy = map.line(body.x + 42, privacy_y, body.w - 50);
    return texts;
}

ChoiceLayout choice_layout(Stage const& stage, int options)
{
    Canvas const canvas = canvas_of(stage);
    int const rows = std::max(1, rows_for(canvas, options));
    Box const box = answers_box(canvas);
    float const height = std::min(box.h, static_cast<float>(rows) * (highest_chip + gap) - gap);
    Grid chips = grid(canvas.map, placed(canvas, box, height), options, rows, gap);
    return {std::move(chips.seen), std::move(chips.touched), chip_size(canvas, options)};
}

NumbersLayout numbers_layout(Stage const& stage, int numbers)
{
    Canvas const canvas = canvas_of(stage);
    auto const& map = canvas.map;
    Box const box = answers_box(canvas);
    bool const one_row = box.w / static_cast<float>(std::max(1, numbers)) >= least_number_width;
    int const rows = one_row ? 1 : 2;
    float const between = one_row ? 8 : gap;
    float const text_height = 56 * canvas.text();
    // The worst stands over two rows and the best under them: each at its own number.
    float const above = one_row || canvas.aids.low_reach ? 0 : text_height;
    float const most = static_cast<float>(rows) * (highest_tile + between) - between;
    float const tiles_height = std::min(box.h - above - text_height, most);
    Box const group = placed(canvas, box, above + tiles_height + text_height);

    NumbersLayout layout;
    Grid tiles = grid(map, {box.x, group.y + above, box.w, tiles_height}, numbers, rows, between);
    layout.tiles = std::move(tiles.seen);
    layout.hits = std::move(tiles.touched);
    layout.number_size = one_row ? theme::title : theme::title_portrait;
    layout.end_size = theme::body_large;
    float const below_y = group.y + group.h - text_height * 0.42F;
    float const width = box.w / 2 - 8;
    layout.worst = map.line(box.x + 4, above > 0 ? group.y + text_height * 0.42F : below_y, width - 4);
    layout.best = map.line(box.x + box.w - width, below_y, width - 4);
    return layout;
}

}
