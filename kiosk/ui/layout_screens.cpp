#include "kiosk/ui/layout.h"

#include "kiosk/ui/layout_grid.h"
#include "kiosk/ui/theme.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

constexpr float gap = theme::gap;
constexpr float ring_radius = 104;
constexpr float ring_stroke = 20;

int comment_columns(Canvas const& canvas, int phrases)
{
    if (canvas.is_portrait())
        return phrases <= 10 ? 2 : 3;
    return phrases <= 4 ? 2 : 3;
}

void place_thanks_across(ThanksLayout& layout, Canvas const& canvas, int questions, int steps)
{
    auto const& map = canvas.map;
    float const spare = canvas.reading_height() - 800; // less than nothing over a rail below
    float const text = canvas.text();
    float const width = canvas.reading_width() - 64;
    float const text_width = width + 32 - 338;
    float const upper = spare * 0.3F;
    layout.ring = map.disc(176, 232 + upper, ring_radius + std::min(0.F, spare * 0.15F));
    layout.title = map.line(338, 196 + upper, text_width);
    layout.promise = map.line(338, 276 + upper + (text - 1) * 60, text_width);
    float const card_y = 392 + spare * 0.55F;
    float const card_height = 168 + std::min(0.F, spare * 0.15F);
    layout.card = map.rect({32, card_y, width, card_height});
    float const across = static_cast<float>(std::max(questions, 1));
    float const column = (width - 16) / across;
    float const middle = card_y + card_height / 2;
    for (int index = 0; index < questions; ++index) {
        float const x = 64 + static_cast<float>(index) * column;
        layout.columns.push_back(
            {map.disc(x + 48, middle, 48), map.line(x + 116, middle - 22 * text, column - 156),
                map.line(x + 116, middle + 20 * text, column - 156), index == 0 ? 0 : map.px(x - 32)});
    }
    float const step_column = (width - 16) / 3;
    // Over a rail below there is little room, and with large text still less.
    float const to_steps = spare < 0 ? 44 - 40 * (text - 1) : 64 + spare * 0.15F;
    float const line_y = card_y + card_height + to_steps;
    for (int index = 0; index < steps; ++index) {
        float const x = 64 + static_cast<float>(index) * step_column;
        layout.steps.push_back(
            {map.disc(x + 16, line_y, 16), map.line(x, line_y + 46 + 4 * text, step_column - 32),
                map.line(x, line_y + 50 + 40 * text, step_column - 32)});
    }
}

void place_thanks_down(ThanksLayout& layout, Canvas const& canvas, int questions, int steps)
{
    auto const& map = canvas.map;
    float const spare = canvas.reading_height() - 1136;
    float const text = canvas.text();
    float const width = canvas.width - 48;
    float const text_width = canvas.width - 56;
    float const upper = spare * 0.25F;
    layout.ring = map.disc(146, 216 + upper, ring_radius);
    layout.title = map.line(32, 390 + upper + (text - 1) * 32, text_width);
    layout.promise = map.line(32, 464 + upper + (text - 1) * 72, text_width);
    float const card_y = 568 + spare * 0.5F + (text - 1) * 64;
    layout.card = map.rect({24, card_y, width, 240});
    float const column = width / static_cast<float>(std::max(questions, 1));
    for (int index = 0; index < questions; ++index) {
        float const x = 24 + static_cast<float>(index) * column;
        layout.columns.push_back(
            {map.disc(x + column / 2, card_y + 76, 48), map.line(x + 8, card_y + 154, column - 16),
                map.line(x + 8, card_y + 160 + 38 * text, column - 16), index == 0 ? 0 : map.px(x)});
    }
    for (int index = 0; index < steps; ++index) {
        float const y = card_y + 284 + spare * 0.15F + static_cast<float>(index) * (92 + spare * 0.05F);
        layout.steps.push_back(
            {map.disc(48, y, 16), map.line(88, y, width - 88), map.line(88, y + 38 * text, width - 88)});
    }
}

}

CommentLayout comment_layout(Stage const& stage, int phrases)
{
    Canvas const canvas = canvas_of(stage);
    auto const& map = canvas.map;
    Box const body = canvas.body();
    float const field_height = canvas.is_portrait() ? 160 : 136;
    float const chips_y = body.y + field_height + gap;
    int const columns = comment_columns(canvas, phrases);
    int const rows = std::max(1, (phrases + columns - 1) / columns);
    float const most = static_cast<float>(rows) * (144 + gap) - gap;
    float const height = std::min(body.y + body.h - chips_y, most);

    CommentLayout layout;
    layout.field = map.rect({body.x, body.y, body.w, field_height});
    Grid chips = grid(map, {body.x, chips_y, body.w, height}, phrases, rows, gap);
    layout.chips = std::move(chips.seen);
    layout.hits = std::move(chips.touched);
    return layout;
}

ThanksLayout thanks_layout(Stage const& stage, int questions, int steps)
{
    Canvas const canvas = canvas_of(stage);
    ThanksLayout layout;
    layout.ring_stroke = canvas.map.px(ring_stroke);
    if (canvas.is_portrait()) {
        layout.direction = ThanksLayout::Direction::Down;
        place_thanks_down(layout, canvas, questions, steps);
    } else {
        place_thanks_across(layout, canvas, questions, steps);
    }
    return layout;
}

ApologyLayout apology_layout(Stage const& stage)
{
    Canvas const canvas = canvas_of(stage);
    auto const& map = canvas.map;
    float const text = canvas.text();
    ApologyLayout layout;
    layout.ring_stroke = map.px(ring_stroke);
    if (canvas.is_portrait()) {
        float const y = canvas.height * 0.33F;
        float const width = canvas.width - 56;
        layout.ring = map.disc(146, y - 160, ring_radius);
        layout.title = map.line(32, y + 40, width);
        layout.text = map.line(32, y + 40 + 76 * text, width);
    } else {
        float const y = canvas.reading_height() / 2;
        float const width = canvas.reading_width() - 338 - 32;
        layout.ring = map.disc(176, y - 8, ring_radius);
        layout.title = map.line(338, y - 66, width);
        layout.text = map.line(338, y - 66 + 76 * text, width);
    }
    return layout;
}

}
