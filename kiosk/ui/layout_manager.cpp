#include "kiosk/ui/layout_manager.h"

#include "kiosk/ui/layout_grid.h"

namespace listenpost::kiosk {
namespace {

constexpr float gap = theme::gap;

/// Title, hint, dots and card below one another, from the title's middle.
void place_pin_texts(PinLayout& layout, Mapper const& map, Box const& texts, float card_height)
{
    float const dots_y = texts.y + 152;
    float const card_y = dots_y + 72;
    layout.title = map.line(texts.x, texts.y, texts.w);
    layout.hint = map.line(texts.x, texts.y + 72, texts.w);
    for (int index = 0; index < 6; ++index)
        layout.dots.push_back(map.disc(texts.x + 16 + 56 * static_cast<float>(index), dots_y, 15));
    layout.card = map.rect({texts.x, card_y, texts.w, card_height});
    layout.ring = map.disc(texts.x + 84, card_y + card_height / 2, 44);
    layout.ring_stroke = map.px(10);
    layout.card_title = map.line(texts.x + 32, card_y + 48, texts.w - 64);
    layout.card_text = map.line(texts.x + 32, card_y + 92, texts.w - 64);
}

}

ManagerCorners manager_corners(Stage const& stage)
{
    int const side = stage.px(theme::rail_tile);
    Rect const& screen = stage.screen;
    return {{0, 0, side, side}, {screen.w - side, screen.h - side, side, side}};
}

PinLayout pin_layout(Stage const& stage)
{
    Canvas const canvas = canvas_of(stage);
    auto const& map = canvas.map;
    PinLayout layout;
    layout.back = stage.submit;
    if (canvas.is_portrait()) {
        float const spare = canvas.reading_height() - 1132;
        place_pin_texts(layout, map, {32, 128 + spare * 0.25F, canvas.width - 64, 0}, 168);
        layout.forgotten = map.line(32, 548 + spare * 0.4F, canvas.width - 64);
        float const keys_y = 584 + spare * 0.6F;
        layout.keys
            = grid(map, {24, keys_y, canvas.width - 48, canvas.reading_height() - keys_y - 24}, 12, 4, gap)
                  .seen;
        return layout;
    }
    constexpr float keys_width = 488;
    float const middle = canvas.reading_height() / 2;
    float const keys_x = canvas.reading_width() - 56 - keys_width;
    place_pin_texts(layout, map, {64, middle - 184, keys_x - 64 - 64, 0}, 184);
    layout.forgotten = map.line(64, middle + 268, keys_x - 64 - 64);
    layout.keys = grid(map, {keys_x, middle - 296, keys_width, 592}, 12, 4, gap).seen;
    return layout;
}

}
