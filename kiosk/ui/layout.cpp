#include "kiosk/ui/layout.h"

#include "kiosk/ui/layout_grid.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

constexpr float gap = theme::gap;
constexpr float tile = theme::rail_tile;

/// Upwards from the bottom: submit, lower, upper; downwards from the top: language, access.
void place_rail_right(Stage& stage, Canvas const& canvas)
{
    auto const& map = canvas.map;
    float const x = canvas.width - canvas.rail_size() + gap;
    float const width = canvas.rail_size() - 2 * gap;
    float const submit_height = 208;
    float const submit_y = canvas.height - gap - submit_height;
    stage.language = map.rect({x, gap, width, tile});
    stage.access = map.rect({x, gap + tile + gap, width, tile});
    stage.submit = map.rect({x, submit_y, width, submit_height});
    stage.lower = map.rect({x, submit_y - gap - tile, width, tile});
    stage.upper = map.rect({x, submit_y - 2 * (gap + tile), width, tile});
}

void place_rail_below(Stage& stage, Canvas const& canvas)
{
    auto const& map = canvas.map;
    float const y = canvas.height - canvas.rail_size() + 12;
    float const height = canvas.rail_size() - 24;
    float const width = canvas.is_portrait() ? tile : 168;
    float x = canvas.margin();
    for (Rect* place : {&stage.language, &stage.access, &stage.upper, &stage.lower}) {
        *place = map.rect({x, y, width, height});
        x += width + gap;
    }
    stage.submit = map.rect({x, y, canvas.width - canvas.margin() - x, height});
}

}

float Canvas::rail_size() const
{
    if (rail_is_below() && aids.rail_below > 0)
        return aids.rail_below;
    if (rail_is_below())
        return 24 + (aids.large_text ? 148.F : tile);
    return 32 + (aids.large_text ? 176.F : 136.F);
}

Box Canvas::body() const
{
    float const top = (is_portrait() ? 224.F : 120.F) + (aids.large_text ? 20.F : 0.F);
    float const privacy = (is_portrait() ? 64.F : 48.F);
    return {margin(), top, reading_width() - 2 * margin(), reading_height() - privacy - top};
}

Box Canvas::reachable() const
{
    Box const all = body();
    float const top = std::max(all.y, reach_top());
    return {all.x, top, all.w, all.y + all.h - top};
}

Canvas canvas_for(int width, int height, Aids aids)
{
    bool const portrait = height > width;
    float const w = static_cast<float>(width);
    float const h = static_cast<float>(height);
    float const scale = (portrait ? std::min(w / 800, h / 1280) : std::min(w / 1280, h / 800)) * aids.zoom;
    return {{scale}, portrait ? Orientation::Portrait : Orientation::Landscape, w / scale, h / scale, aids};
}

Canvas canvas_of(Stage const& stage) { return canvas_for(stage.screen.w, stage.screen.h, stage.aids); }

Grid grid(Mapper const& map, Box const& area, int count, int rows, float between)
{
    Grid result;
    float const height = (area.h + between) / static_cast<float>(rows);
    for (int row = 0; row < rows; ++row) {
        int const columns = count / rows + (row < count % rows ? 1 : 0);
        float const width = (area.w + between) / static_cast<float>(std::max(1, columns));
        float const y = area.y + static_cast<float>(row) * height;
        for (int column = 0; column < columns; ++column) {
            float const x = area.x + static_cast<float>(column) * width;
            result.seen.push_back(map.rect({x, y, width - between, height - between}));
            result.touched.push_back(map.rect({x - between / 2, y - between / 2, width, height}));
        }
    }
    return result;
}

int Stage::px(float design) const { return Mapper {scale}.px(design); }

Stage stage_for(int width, int height, Aids aids)
{
    Canvas const canvas = canvas_for(width, height, aids);
    auto const& map = canvas.map;
    Box const body = canvas.body();
    bool const portrait = canvas.is_portrait();

    Stage stage;
    stage.scale = map.scale;
    stage.orientation = canvas.orientation;
    stage.rail_side = canvas.rail_is_below() ? RailSide::Below : RailSide::Right;
    stage.aids = aids;
    stage.reach_top = map.px(canvas.reach_top());
    stage.screen = {0, 0, width, height};
    stage.body = map.rect(body);
    float const text_x = theme::margin;
    float const text_width = canvas.reading_width() - text_x - canvas.margin();
    float const larger = aids.large_text ? 1.F : 0.F;
    float const brand_y = portrait ? 48 : 32;
    stage.mark = map.disc(48, brand_y, 16);
    stage.brand = map.line(76, brand_y, text_width - 44);
    stage.headline = map.line(text_x, portrait ? 120 + 4 * larger : 82 + 8 * larger, text_width);
    if (portrait)
        stage.subline = map.line(text_x, 180 + 14 * larger, text_width);
    float const privacy_y = body.y + body.h + (portrait ? 35 : 24);
    stage.lock = map.point(44, privacy_y - 1);
    stage.privacy = map.line(66, privacy_y, text_width - 34);
    if (canvas.rail_is_below()) {
        int const top = map.px(canvas.reading_height());
        stage.rail = {0, top, width, height - top};
        stage.reading = {0, 0, width, top};
        place_rail_below(stage, canvas);
    } else {
        int const left = map.px(canvas.reading_width());
        stage.rail = {left, 0, width - left, height};
        stage.reading = {0, 0, left, height};
        place_rail_right(stage, canvas);
    }
    return stage;
}

}
