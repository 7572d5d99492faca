#include "kiosk/ui/layout.h"

#include "kiosk/ui/layout_grid.h"

#include <algorithm>
#include <array>

/// What covers the whole screen or lies over another one: attract, panels, time-out.
namespace listenpost::kiosk {
namespace {

constexpr float gap = theme::gap;
constexpr float inside = 32; ///< between a modal's edge and what is in it

/// In the middle, or as low as it goes.
Box modal_box(Canvas const& canvas, float width, float height)
{
    float const y = canvas.aids.low_reach ? canvas.height - gap - height : (canvas.height - height) / 2;
    return {(canvas.width - width) / 2, y, width, height};
}

struct Field {
    int count;
    int columns;
    float least_height;
    float most_height;
};

/// Headline and hint, the field, the way out below it. Where the screen is too low for
/// the field's usual height, it is what gives.
PanelLayout panel(Canvas const& canvas, float width, float head, Field const& field)
{
    auto const& map = canvas.map;
    float const close_height = theme::rail_tile;
    float const rows = static_cast<float>((field.count + field.columns - 1) / field.columns);
    float const around = close_height + gap + inside;
    float const room = canvas.aids.low_reach ? theme::low_reach - gap - around - gap
                                             : canvas.height - 2 * gap - head - around;
    float const field_height
        = std::clamp(room, rows * (field.least_height + gap) - gap, rows * (field.most_height + gap) - gap);
    Box const modal = modal_box(canvas, width, head + field_height + around);
    Box const area {modal.x + inside, modal.y + head, modal.w - 2 * inside, field_height};
    PanelLayout layout;
    layout.modal = map.rect(modal);
    layout.headline = map.line(area.x, modal.y + 56 * canvas.text(), area.w);
    layout.hint = map.line(area.x, modal.y + 102 * canvas.text(), area.w);
    layout.buttons = grid(map, area, field.count, static_cast<int>(rows), gap).seen;
    layout.close = map.rect({area.x, area.y + area.h + gap, area.w, close_height});
    return layout;
}

}

AttractLayout attract_layout(Stage const& stage, int drift)
{
    // Round the middle, never twice at one place in a row.
    static constexpr std::array<std::array<int, 2>, 8> places {
        {{0, 0}, {1, 1}, {-1, 0}, {0, -1}, {1, 0}, {-1, -1}, {0, 1}, {1, -1}}};
    Canvas const canvas = canvas_of(stage);
    auto const& map = canvas.map;
    auto const& place = places[static_cast<std::size_t>(drift) % places.size()];
    float const x = canvas.width / 2 + theme::attract_drift * static_cast<float>(place[0]);
    float const y = canvas.height / 2 + theme::attract_drift * static_cast<float>(place[1]);
    float const stretch = canvas.is_portrait() ? 1.25F : canvas.height / 800;
    float const width = canvas.width - 2 * (theme::attract_drift + 24);
    auto const line = [&](float below_middle) { return map.line(x, y + below_middle * stretch, width); };
    AttractLayout layout;
    layout.brand = map.point(x, y - 296 * stretch);
    layout.headline = line(canvas.is_portrait() ? -180 : -164);
    layout.subline = line(-66);
    float const radius = canvas.is_portrait() ? 54 : 64;
    float const pitch = canvas.is_portrait() ? 136 : 176;
    for (int index = 0; index < 5; ++index)
        layout.faces.push_back(
            map.disc(x + pitch * static_cast<float>(index - 2), y + 102 * stretch, radius));
    layout.start = line(258);
    layout.start_elsewhere = {line(304), line(342)};
    return layout;
}

PanelLayout languages_layout(Stage const& stage, int languages)
{
    Canvas const canvas = canvas_of(stage);
    int const most_columns = canvas.is_portrait() && !canvas.aids.low_reach ? 3 : 4;
    int const columns = languages <= 4 ? 2 : languages <= 6 ? 3 : most_columns;
    float const width = canvas.is_portrait() ? canvas.width - 48 : 880;
    return panel(canvas, width, 104 * canvas.text(), {languages, columns, theme::least_chip_height, 148});
}

PanelLayout access_layout(Stage const& stage, int aids)
{
    Canvas const canvas = canvas_of(stage);
    float const width = canvas.is_portrait() ? canvas.width - 48 : 912;
    return panel(canvas, width, 136 * canvas.text(), {aids, std::min(aids, 2), 128, 148});
}

PanelLayout drives_layout(Stage const& stage, int drives)
{
    Canvas const canvas = canvas_of(stage);
    float const width = canvas.is_portrait() ? canvas.width - 48 : 912;
    return panel(canvas, width, 164 * canvas.text(), {drives, drives <= 2 ? 1 : 2, theme::least_hit, 136});
}

TimeoutLayout timeout_layout(Stage const& stage)
{
    Canvas const canvas = canvas_of(stage);
    auto const& map = canvas.map;
    auto const [x, y, width, height] = modal_box(canvas, 736, 480);
    TimeoutLayout layout;
    layout.modal = map.rect({x, y, width, height});
    layout.ring = map.disc(x + 104, y + 112, 58);
    layout.ring_stroke = map.px(12);
    layout.title = map.line(x + 210, y + 88, 486);
    layout.text = map.line(x + 210, y + 146, 486);
    layout.more_time = map.rect({x + 40, y + 216, 456, 224});
    layout.give_up = map.rect({x + 512, y + 216, 184, 224});
    return layout;
}

}
