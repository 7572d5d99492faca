#include "kiosk/ui/layout.h"

#include "kiosk/ui/layout_grid.h"
#include "kiosk/ui/theme.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

constexpr float gap = theme::gap;
constexpr float least = theme::least_hit;

/// Upwards from the bottom: submit, lower, upper; downwards from the top: language, access.
void place_rail_right(Stage& stage, Canvas const& canvas)
{
    auto const& map = canvas.map;
    float const x = canvas.width - canvas.rail_size() + gap;
    float const width = canvas.rail_size() - 2 * gap;
    float const submit_y = canvas.height - gap - 216;
    float const lower_height = 128;
    stage.language = map.rect({x, gap, width, least});
    stage.access = map.rect({x, gap + least + gap, width, least});
    stage.submit = map.rect({x, submit_y, width, 216});
    stage.lower = map.rect({x, submit_y - gap - lower_height, width, lower_height});
    stage.upper = map.rect({x, submit_y - 2 * gap - lower_height - least, width, least});
}

void place_rail_below(Stage& stage, Canvas const& canvas)
{
    auto const& map = canvas.map;
    float const y = canvas.height - canvas.rail_size() + 12;
    float const submit_width = canvas.width - 2 * canvas.margin() - 4 * (least + gap);
    float x = canvas.margin();
    for (Rect* place : {&stage.language, &stage.access, &stage.upper, &stage.lower}) {
        *place = map.rect({x, y, least, least});
        x += least + gap;
    }
    stage.submit = map.rect({x, y, submit_width, least});
}

}

Box Canvas::body() const
{
    if (is_portrait())
        return {24, 224, width - 48, height - rail_size() - 64 - 224};
    return {32, 120, width - rail_size() - 64, height - 48 - 120};
}

Canvas canvas_for(int width, int height)
{
    bool const portrait = height > width;
    float const w = static_cast<float>(width);
    float const h = static_cast<float>(height);
    float const scale = portrait ? std::min(w / 800, h / 1280) : std::min(w / 1280, h / 800);
    return {{scale}, portrait ? Orientation::Portrait : Orientation::Landscape, w / scale, h / scale};
}

Canvas canvas_of(Stage const& stage) { return canvas_for(stage.screen.w, stage.screen.h); }

Grid grid(Mapper const& map, Box const& area, int count, int rows, float gap)
{
    Grid result;
    float const height = (area.h + gap) / static_cast<float>(rows);
    for (int row = 0; row < rows; ++row) {
        int const columns = count / rows + (row < count % rows ? 1 : 0);
        float const width = (area.w + gap) / static_cast<float>(std::max(1, columns));
        float const y = area.y + static_cast<float>(row) * height;
        for (int column = 0; column < columns; ++column) {
            float const x = area.x + static_cast<float>(column) * width;
            result.seen.push_back(map.rect({x, y, width - gap, height - gap}));
            result.touched.push_back(map.rect({x - gap / 2, y - gap / 2, width, height}));
        }
    }
    return result;
}

int Stage::px(float design) const { return Mapper {scale}.px(design); }

Stage stage_for(int width, int height)
{
    Canvas const canvas = canvas_for(width, height);
    auto const& map = canvas.map;
    Box const body = canvas.body();
    bool const portrait = canvas.is_portrait();

    Stage stage;
    stage.scale = map.scale;
    stage.orientation = canvas.orientation;
    stage.screen = {0, 0, width, height};
    stage.body = map.rect(body);
    float const text_x = theme::margin;
    float const text_width = canvas.width - text_x - canvas.margin() - (portrait ? 0 : canvas.rail_size());
    float const brand_y = portrait ? 48 : 32;
    stage.mark = map.disc(48, brand_y, 16);
    stage.brand = map.line(76, brand_y, text_width - 44);
    stage.headline = map.line(text_x, portrait ? 120 : 82, text_width);
    if (portrait)
        stage.subline = map.line(text_x, 180, text_width);
    float const privacy_y = body.y + body.h + (portrait ? 35 : 24);
    stage.lock = map.point(44, privacy_y - 1);
    stage.privacy = map.line(66, privacy_y, text_width - 34);
    if (portrait) {
        int const top = map.px(canvas.height - canvas.rail_size());
        stage.rail = {0, top, width, height - top};
        stage.reading = {0, 0, width, top};
        place_rail_below(stage, canvas);
    } else {
        int const left = map.px(canvas.width - canvas.rail_size());
        stage.rail = {left, 0, width - left, height};
        stage.reading = {0, 0, left, height};
        place_rail_right(stage, canvas);
    }
    return stage;
}

}
