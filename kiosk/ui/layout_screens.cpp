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
    float const spare = canvas.height - 800;
    float const width = canvas.width - canvas.rail_size() - 64;
    float const text_width = width + 32 - 338;
    float const upper = spare * 0.3F;
    layout.ring = map.disc(176, 232 + upper, ring_radius);
    layout.title = map.line(338, 196 + upper, text_width);
    layout.promise = map.line(338, 276 + upper, text_width);
    float const card_y = 392 + spare * 0.55F;
    layout.card = map.rect({32, card_y, width, 168});
    float const column = (width - 16) / 3;
    for (int index = 0; index < questions; ++index) {
        float const x = 64 + static_cast<float>(index) * column;
        layout.columns.push_back(
            {map.disc(x + 48, card_y + 84, 48), map.line(x + 120, card_y + 62, column - 152),
                map.line(x + 120, card_y + 104, column - 152), index == 0 ? 0 : map.px(x - 32)});
    }
    float const line_y = card_y + 232 + spare * 0.15F;
    for (int index = 0; index < steps; ++index) {
        float const x = 64 + static_cast<float>(index) * column;
        layout.steps.push_back({map.disc(x + 16, line_y, 16), map.line(x, line_y + 50, column - 32),
            map.line(x, line_y + 90, column - 32)});
    }
}

void place_thanks_down(ThanksLayout& layout, Canvas const& canvas, int questions, int steps)
{
    auto const& map = canvas.map;
    float const spare = canvas.height - 1280;
    float const width = canvas.width - 48;
    float const text_width = canvas.width - 56;
    float const upper = spare * 0.25F;
    layout.ring = map.disc(146, 216 + upper, ring_radius);
    layout.title = map.line(32, 398 + upper, text_width);
    layout.promise = map.line(32, 470 + upper, text_width);
    float const card_y = 576 + spare * 0.5F;
    layout.card = map.rect({24, card_y, width, 240});
    float const column = width / 3;
    for (int index = 0; index < questions; ++index) {
        float const x = 24 + static_cast<float>(index) * column;
        layout.columns.push_back(
            {map.disc(x + column / 2, card_y + 80, 48), map.line(x + 8, card_y + 156, column - 16),
                map.line(x + 8, card_y + 198, column - 16), index == 0 ? 0 : map.px(x)});
    }
    for (int index = 0; index < steps; ++index) {
        float const y = card_y + 288 + spare * 0.15F + static_cast<float>(index) * (92 + spare * 0.05F);
        layout.steps.push_back(
            {map.disc(48, y, 16), map.line(88, y, width - 88), map.line(88, y + 38, width - 88)});
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

TimeoutLayout timeout_layout(Stage const& stage)
{
    Canvas const canvas = canvas_of(stage);
    auto const& map = canvas.map;
    float const x = (canvas.width - 736) / 2;
    float const y = (canvas.height - 480) / 2;
    TimeoutLayout layout;
    layout.modal = map.rect({x, y, 736, 480});
    layout.ring = map.disc(x + 104, y + 112, 58);
    layout.ring_stroke = map.px(12);
    layout.title = map.line(x + 210, y + 88, 486);
    layout.text = map.line(x + 210, y + 146, 486);
    layout.more_time = map.rect({x + 40, y + 216, 456, 224});
    layout.give_up = map.rect({x + 512, y + 216, 184, 224});
    return layout;
}

ApologyLayout apology_layout(Stage const& stage)
{
    Canvas const canvas = canvas_of(stage);
    auto const& map = canvas.map;
    ApologyLayout layout;
    layout.ring_stroke = map.px(ring_stroke);
    if (canvas.is_portrait()) {
        float const y = canvas.height * 0.33F;
        float const width = canvas.width - 56;
        layout.ring = map.disc(146, y - 160, ring_radius);
        layout.title = map.line(32, y + 40, width);
        layout.text = map.line(32, y + 116, width);
        layout.advice = map.line(32, y + 170, width);
    } else {
        float const y = canvas.height / 2;
        float const width = canvas.width - canvas.rail_size() - 338 - 32;
        layout.ring = map.disc(176, y - 8, ring_radius);
        layout.title = map.line(338, y - 66, width);
        layout.text = map.line(338, y + 10, width);
        layout.advice = map.line(338, y + 62, width);
    }
    return layout;
}

}
