#include "kiosk/ui/layout_typing.h"

#include "kiosk/input/keyboard_layout.h"
#include "kiosk/ui/layout_grid.h"

#include <algorithm>
#include <cmath>

namespace listenpost::kiosk {
namespace {

constexpr float gap = theme::gap;
constexpr float key_gap = 8;

/// Heights of the hand zone's rows. In low reach all that is touched, phrases and buttons
/// too, shares the lower part of the screen.
struct Heights {
    float bar;
    float key;
    float buttons; ///< back, skip, submit
    float phrase;
};

Heights heights_for(Canvas const& canvas)
{
    if (canvas.aids.low_reach)
        return {.bar = 72, .key = 85, .buttons = 88, .phrase = 88};
    if (canvas.is_portrait())
        return {.bar = 96, .key = 116, .buttons = 104, .phrase = 88};
    return {.bar = 96, .key = 112, .buttons = 112, .phrase = 88};
}

float margin_of(Canvas const& canvas) { return canvas.is_portrait() ? 12.F : 44.F; }

void place_keys(TypingLayout& layout, Canvas const& canvas, Heights const& heights)
{
    auto const& map = canvas.map;
    float const margin = margin_of(canvas);
    float const top = canvas.height - 12 - 3 * heights.key - 2 * key_gap - (canvas.aids.low_reach ? 8 : 16)
        - heights.bar - 12;
    layout.hand = map.rect({0, top, canvas.width, canvas.height - top});
    layout.left = margin * map.scale;
    layout.unit = (canvas.width - 2 * margin + key_gap) / KeyboardLayout::units * map.scale;
    layout.gap = map.px(key_gap);
    float y = top + 12;
    layout.bar_row = map.rect({margin, y, canvas.width - 2 * margin, heights.bar});
    y += heights.bar + (canvas.aids.low_reach ? 8 : 16);
    for (auto& row : layout.key_rows) {
        row = map.rect({margin, y, canvas.width - 2 * margin, heights.key});
        y += heights.key + key_gap;
    }
}

/// Back, field, skip, submit side by side; phrases under them.
void place_across(TypingLayout& layout, Canvas const& canvas, Heights const& heights, bool with_phrases)
{
    auto const& map = canvas.map;
    float const margin = margin_of(canvas);
    float const top = static_cast<float>(layout.hand.y) / map.scale;
    float const right = canvas.width - margin;
    layout.headline = map.line(margin, 44, canvas.width * 0.52F);
    layout.notice = map.line(right, 44, canvas.width * 0.40F);
    float const y = 80;
    constexpr float back_width = theme::rail_tile;
    constexpr float button_width = 144;
    float const submit_x = right - button_width;
    float const skip_x = submit_x - gap - button_width;
    int const rows = with_phrases
        ? std::max(1, static_cast<int>((top - gap - y - heights.buttons) / (heights.phrase + gap)))
        : 0;
    float const phrases_top = top - static_cast<float>(rows) * (heights.phrase + gap);
    float const buttons_height = heights.buttons;
    layout.back = map.rect({margin, y, back_width, buttons_height});
    layout.skip = map.rect({skip_x, y, button_width, buttons_height});
    layout.submit = map.rect({submit_x, y, button_width, buttons_height});
    float const field_x = margin + back_width + gap;
    layout.field = map.rect({field_x, y, skip_x - gap - field_x, phrases_top - gap - y});
    for (int row = 0; row < rows; ++row)
        layout.phrase_rows.push_back(map.rect({margin,
            phrases_top + static_cast<float>(row) * (heights.phrase + gap), right - margin, heights.phrase}));
}

/// The field above, over the whole width; then phrases; back, skip and submit above the
/// keys. In low reach the phrases stand between those buttons: above them is out of reach.
void place_down(TypingLayout& layout, Canvas const& canvas, Heights const& heights, bool with_phrases)
{
    auto const& map = canvas.map;
    bool const upright = canvas.is_portrait();
    bool const low = canvas.aids.low_reach;
    float const margin = upright ? 24.F : 44.F;
    float const top = static_cast<float>(layout.hand.y) / map.scale;
    float const right = canvas.width - margin;
    float const buttons_y = top - gap - heights.buttons;
    float const button_width = upright && low ? 120 : 168;
    float const left = margin + 2 * (button_width + gap); // of what is between the buttons
    float const submit_width = !low ? right - left : upright ? 156.F : 220.F;
    layout.back = map.rect({margin, buttons_y, button_width, heights.buttons});
    layout.skip = map.rect({margin + button_width + gap, buttons_y, button_width, heights.buttons});
    layout.submit = map.rect({right - submit_width, buttons_y, submit_width, heights.buttons});
    layout.headline = map.line(margin, 56, upright ? right - margin : canvas.width * 0.52F);
    layout.notice
        = upright ? map.line(right, 108, right - margin) : map.line(right, 56, canvas.width * 0.40F);
    float const header = upright ? 140.F : 92.F;
    float field_bottom = buttons_y - gap;
    if (with_phrases && low) {
        layout.phrase_rows.push_back(
            map.rect({left, buttons_y, right - submit_width - gap - left, heights.phrase}));
    } else if (with_phrases) {
        constexpr float least_field = 150;
        constexpr int most_rows = 4;
        float const row_height = heights.phrase + gap;
        int const rows
            = std::clamp(static_cast<int>((field_bottom - header - least_field) / row_height), 0, most_rows);
        field_bottom -= static_cast<float>(rows) * row_height;
        for (int row = 0; row < rows; ++row)
            layout.phrase_rows.push_back(map.rect({margin,
                field_bottom + gap + static_cast<float>(row) * row_height, right - margin, heights.phrase}));
    }
    layout.field = map.rect({margin, header, right - margin, field_bottom - header});
}

}

int TypingLayout::unit_x(int column) const
{
    return static_cast<int>(std::lround(left + static_cast<float>(column) * unit));
}

TypingLayout::Cell TypingLayout::cell(Rect const& row, int from, int to) const
{
    int const half = gap / 2;
    return {.seen = {from, row.y, to - from, row.h},
        .touched = {from - half, row.y - half, to - from + 2 * half, row.h + 2 * half}};
}

TypingLayout::Cell TypingLayout::bar(int column, int width) const
{
    return cell(bar_row, unit_x(column), unit_x(column + width) - gap);
}

TypingLayout::Cell TypingLayout::key(int row, int column, int width) const
{
    return cell(key_rows.at(static_cast<std::size_t>(row)), unit_x(column), unit_x(column + width) - gap);
}

TypingLayout typing_layout(Stage const& stage, bool with_phrases)
{
    Canvas const canvas = canvas_of(stage);
    Heights const heights = heights_for(canvas);
    TypingLayout layout;
    place_keys(layout, canvas, heights);
    if (canvas.is_portrait() || canvas.aids.low_reach)
        place_down(layout, canvas, heights, with_phrases);
    else
        place_across(layout, canvas, heights, with_phrases);
    return layout;
}

}
