#include "kiosk/ui/layout_manager.h"

#include "kiosk/ui/layout_grid.h"

#include <algorithm>
#include <utility>

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

constexpr float heat_width = 600;

/// Cards below one another, as on an upright screen.
bool is_narrow(Canvas const& canvas) { return canvas.is_portrait() || canvas.is_zoomed(); }

float tabs_top(Canvas const& canvas) { return canvas.is_portrait() ? 80 : 64; }

std::vector<Rect> details_tabs(Canvas const& canvas)
{
    float const width = is_narrow(canvas) ? canvas.reading_width() - 2 * canvas.margin() : heat_width;
    Box const box {canvas.margin(), tabs_top(canvas), width, theme::least_chip_height};
    return grid(canvas.map, box, 2, 1, 0).seen;
}

/// Tiles of the rail, the way back where it is on all screens.
void place_actions(MarkLayout& layout, Stage const& stage, Canvas const& canvas)
{
    auto const& map = canvas.map;
    if (!canvas.rail_is_below()) {
        float const x = canvas.reading_width() + gap;
        float const width = canvas.rail_size() - 2 * gap;
        if (canvas.is_zoomed()) {
            float const quarter = (canvas.height - gap) / 4;
            float y = gap;
            for (Rect* place : {&layout.dealt_with, &layout.seen, &layout.next_part, &layout.back}) {
                *place = map.rect({x, y, width, quarter - gap});
                y += quarter;
            }
            return;
        }
        constexpr float tile = 232;
        layout.dealt_with = map.rect({x, gap, width, tile});
        layout.seen = map.rect({x, gap + tile + gap, width, tile});
        layout.back = stage.submit;
        return;
    }
    float const back = canvas.is_zoomed() ? 112 : 168;
    float const y = canvas.reading_height() + 12;
    float const height = canvas.rail_size() - 24;
    float left = canvas.margin();
    float const next = canvas.is_zoomed() ? back + gap : 0;
    float const tile = (canvas.width - 2 * left - back - next - 2 * gap) / 2;
    if (canvas.is_zoomed()) {
        layout.next_part = map.rect({left, y, back, height});
        left += next;
    }
    layout.back = map.rect({left, y, back, height});
    layout.seen = map.rect({left + back + gap, y, tile, height});
    layout.dealt_with = map.rect({left + back + tile + 2 * gap, y, tile, height});
}

}

Stage manager_stage_for(int width, int height, Aids aids)
{
    Aids own;
    if (aids.large_text) {
        own.zoom = theme::large_text;
        own.rail_below = 176; // tabs in two rows: upright, seven beside one another are too narrow
    }
    return stage_for(width, height, own);
}

Rect manager_body(Stage const& stage)
{
    Canvas const canvas = canvas_of(stage);
    float const top = canvas.is_portrait() ? 80 : 64;
    return canvas.map.rect({canvas.margin(), top, canvas.reading_width() - 2 * canvas.margin(),
        canvas.reading_height() - gap - top});
}

bool is_in_parts(Stage const& stage) { return stage.aids.zoom > 1; }

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
    if (canvas.is_zoomed() && canvas.rail_is_below()) // tiles leave it no room that nothing else stands in
        layout.back = map.rect({canvas.width / 2, canvas.reading_height() + 12,
            canvas.width / 2 - canvas.margin(), canvas.rail_size() - 24});
    if (canvas.is_portrait()) {
        float const spare = std::max(0.F, canvas.reading_height() - 1132);
        float const title_y = canvas.is_zoomed() ? 108 : 128 + spare * 0.25F;
        place_pin_texts(layout, map, {32, title_y, canvas.width - 64, 0}, canvas.is_zoomed() ? 120 : 168);
        layout.forgotten = map.line(32, canvas.is_zoomed() ? 474 : 548 + spare * 0.4F, canvas.width - 64);
        float const keys_y = canvas.is_zoomed() ? 504 : 584 + spare * 0.6F;
        layout.keys
            = grid(map, {24, keys_y, canvas.width - 48, canvas.reading_height() - keys_y - 24}, 12, 4, gap)
                  .seen;
        return layout;
    }
    float const keys_width = canvas.is_zoomed() ? 392 : 488;
    float const keys_height = canvas.is_zoomed() ? 544 : 592;
    float const middle = canvas.reading_height() / 2;
    float const left = canvas.is_zoomed() ? canvas.margin() : 64;
    float const keys_x = canvas.reading_width() - (canvas.is_zoomed() ? 32 : 56) - keys_width;
    place_pin_texts(layout, map, {left, middle - 184, keys_x - left - left, 0}, 184);
    layout.forgotten = map.line(left, middle + 268, keys_x - left - left);
    layout.keys = grid(map, {keys_x, middle - keys_height / 2, keys_width, keys_height}, 12, 4, gap).seen;
    return layout;
}

namespace {

/// Periods and the next part above; views, aids and the way out below.
ManagerRail rail_of_two_rows(Canvas const& canvas)
{
    auto const& map = canvas.map;
    constexpr float between = 12;
    constexpr float columns = 5;
    float const left = canvas.margin();
    float const width = canvas.width - 2 * left;
    float const tile = (width - 2 * between) / columns;
    float const height = (canvas.rail_size() - 3 * between) / 2;
    float const upper = canvas.reading_height() + between;
    float const lower = upper + height + between;
    auto const piece = [&](float from, float y, float tiles) {
        return map.rect({from, y, tile * tiles, height});
    };
    ManagerRail rail;
    rail.period_group = piece(left, upper, 3);
    rail.view_group = piece(left, lower, 3);
    for (int index = 0; index < 3; ++index) {
        rail.periods.push_back(piece(left + tile * static_cast<float>(index), upper, 1));
        rail.views.push_back(piece(left + tile * static_cast<float>(index), lower, 1));
    }
    float const fourth = left + 3 * tile + between;
    rail.next_part = map.rect({fourth, upper, 2 * tile + between, height});
    rail.access = piece(fourth, lower, 1);
    rail.leave = piece(fourth + tile + between, lower, 1);
    return rail;
}

}

ManagerRail manager_rail(Stage const& stage)
{
    Canvas const canvas = canvas_of(stage);
    if (canvas.rail_is_below() && canvas.aids.rail_below > 0)
        return rail_of_two_rows(canvas);
    auto const& map = canvas.map;
    ManagerRail rail;
    constexpr int periods = 3;
    constexpr int views = 3;
    bool const is_below = canvas.rail_is_below();
    float const start = is_below ? canvas.margin() : gap;
    float const end = is_below ? canvas.width - canvas.margin() : canvas.height - gap;
    float const between = is_below ? 12 : 16;
    constexpr float sign = 72; // of the aids, where there is no room for words beside the tabs
    float const aids = is_below ? sign : 0;
    bool const has_parts = canvas.is_zoomed();
    float const tiles = periods + views + (is_below ? 1 : 2) + (has_parts ? 1 : 0);
    float const gaps = has_parts ? 4 : 3;
    float const tile = std::min(120.F, (end - start - gaps * between - aids) / tiles);
    float const across = is_below ? canvas.reading_height() + 12 : canvas.width - canvas.rail_size() + gap;
    float const width = canvas.rail_size() - (is_below ? 24.F : 2 * gap);
    auto const piece = [&](float from, float length) {
        return map.rect(is_below ? Box {from, across, length, width} : Box {across, from, width, length});
    };
    rail.period_group = piece(start, tile * periods);
    for (int index = 0; index < periods; ++index)
        rail.periods.push_back(piece(start + tile * static_cast<float>(index), tile));
    float const views_start = start + tile * periods + between;
    rail.view_group = piece(views_start, tile * views);
    for (int index = 0; index < views; ++index)
        rail.views.push_back(piece(views_start + tile * static_cast<float>(index), tile));
    float const access = is_below ? aids : tile;
    rail.access = piece(end - tile - between - access, access);
    if (has_parts)
        rail.next_part = piece(end - 2 * (tile + between) - access, tile);
    rail.leave = piece(end - tile, tile);
    return rail;
}

OverviewLayout overview_layout(Stage const& stage)
{
    Canvas const canvas = canvas_of(stage);
    auto const& map = canvas.map;
    float const left = canvas.margin();
    float const width = canvas.reading_width() - 2 * left;
    float const bottom = canvas.reading_height() - gap;
    if (canvas.is_portrait()) {
        constexpr float index = 300;
        return {map.rect({left, 80, index, 232}),
            map.rect({left + index + gap, 80, width - index - gap, 232}), map.rect({left, 328, width, 104}),
            map.rect({left, 448, width, 340}), map.rect({left, 804, width, bottom - 804})};
    }
    constexpr float index = 376;
    constexpr float reasons = 384;
    float const lower = bottom - 408;
    return {map.rect({left, 64, index, 224}), map.rect({left + index + gap, 64, width - index - gap, 224}),
        map.rect({left, 304, width, 88}), map.rect({left, 408, width - reasons - gap, lower}),
        map.rect({left + width - reasons, 408, reasons, lower})};
}

DetailsLayout details_layout(Stage const& stage)
{
    Canvas const canvas = canvas_of(stage);
    auto const& map = canvas.map;
    float const left = canvas.margin();
    float const width = canvas.reading_width() - 2 * left;
    float const bottom = canvas.reading_height() - gap;
    if (canvas.is_zoomed()) {
        float const below = tabs_top(canvas) + theme::least_chip_height + gap;
        return {map.rect({left, tabs_top(canvas), width, bottom - tabs_top(canvas)}), details_tabs(canvas),
            map.rect({left, below, width, bottom - below}), 2};
    }
    if (canvas.is_portrait())
        return {map.rect({left, tabs_top(canvas), width, 664}), details_tabs(canvas),
            map.rect({left, 760, width, bottom - 760})};
    return {map.rect({left, 64, heat_width, bottom - 64}), details_tabs(canvas),
        map.rect({left + heat_width + gap, 64, width - heat_width - gap, bottom - 64})};
}

Rect DistributionLayout::card(int from, int count, int of) const
{
    auto const edge = [&](int unit) { return cards.y + (cards.h + gap) * unit / of; };
    return {cards.x, edge(from), cards.w, edge(from + count) - gap - edge(from)};
}

DistributionLayout distribution_layout(Stage const& stage)
{
    Canvas const canvas = canvas_of(stage);
    auto const& map = canvas.map;
    float const left = canvas.margin();
    float const width = canvas.reading_width() - 2 * left;
    float const bottom = canvas.reading_height() - gap;
    constexpr float height = theme::least_chip_height;
    constexpr float more = 128;
    bool const portrait = is_narrow(canvas);
    Box beside {left + heat_width + gap, tabs_top(canvas), width - heat_width - gap, height};
    if (portrait)
        beside = {left, tabs_top(canvas) + height + gap, width, height};
    Box const shares {beside.x, beside.y, beside.w - more - gap, height};
    float const cards_y = beside.y + height + gap;
    DistributionLayout layout;
    layout.tabs = details_tabs(canvas);
    layout.shares = grid(map, shares, 2, 1, gap).seen;
    layout.more = map.rect({beside.x + beside.w - more, beside.y, more, height});
    layout.cards = map.rect({left, cards_y, width, bottom - cards_y});
    layout.gap = map.px(gap);
    layout.titles_above = portrait;
    layout.option_columns = portrait ? 2 : 3;
    if (canvas.is_zoomed())
        layout.units = canvas.is_portrait() ? 2 : 1;
    return layout;
}

DeliveryLayout delivery_layout(Stage const& stage)
{
    Canvas const canvas = canvas_of(stage);
    auto const& map = canvas.map;
    float const left = canvas.margin();
    float const width = canvas.reading_width() - 2 * left;
    float const bottom = canvas.reading_height() - gap;
    bool const portrait = canvas.is_portrait();
    float const top = portrait ? 80 : 64;
    float const counts_y = top + 152 + gap;
    float const counts_height = portrait ? 296 : 128;
    DeliveryLayout layout;
    if (canvas.is_zoomed()) { // the rows on a part of their own
        constexpr float strip_height = 120;
        float const strip_y = bottom - strip_height;
        float const state = portrait ? 216 : 152;
        float const counts_top = top + state + gap;
        layout.state = map.rect({left, top, width, state});
        layout.counts
            = grid(map, {left, counts_top, width, strip_y - gap - counts_top}, 4, portrait ? 2 : 1, gap).seen;
        layout.rows = map.rect({left, top, width, bottom - top});
        layout.take_along = map.rect({left, strip_y, width, strip_height});
        layout.parts = 2;
        return layout;
    }
    layout.state = map.rect({left, top, width, 152});
    layout.counts = grid(map, {left, counts_y, width, counts_height}, 4, portrait ? 2 : 1, gap).seen;
    float const rows_y = counts_y + counts_height + gap;
    constexpr float strip = 96;
    layout.rows = map.rect({left, rows_y, width, bottom - rows_y - strip - gap});
    layout.take_along = map.rect({left, bottom - strip, width, strip});
    return layout;
}

ResponsesLayout responses_layout(Stage const& stage, std::size_t rows)
{
    Canvas const canvas = canvas_of(stage);
    auto const& map = canvas.map;
    float const left = canvas.margin();
    float const width = canvas.reading_width() - 2 * left;
    float const top = canvas.is_portrait() ? 80 : 64;
    float const bottom = canvas.reading_height() - gap;
    constexpr float chip_height = theme::least_chip_height;
    constexpr float pager = 96;
    ResponsesLayout layout;
    layout.card = map.rect({left, top, width, bottom - top});
    int const filter_rows = canvas.is_portrait() ? 2 : 1;
    float const filters_height = static_cast<float>(filter_rows) * (chip_height + gap) - gap;
    Grid filters = grid(map, {left + 24, top + 16, width - 48, filters_height}, 4, filter_rows, gap);
    layout.filters = std::move(filters.seen);
    float const rows_y = top + 16 + filters_height + 12;
    float const pager_y = bottom - 12 - pager;
    layout.rows = grid(map, {left + 24, rows_y, width - 48, pager_y - 8 - rows_y}, static_cast<int>(rows),
        static_cast<int>(rows), 0)
                      .seen;
    float const button = canvas.is_zoomed() ? 160 : 200;
    layout.previous = map.rect({left + 24, pager_y, button, pager});
    layout.next = map.rect({left + width - 24 - button, pager_y, button, pager});
    layout.page = map.line(left + width / 2, pager_y + pager / 2, width - 2 * button - 96);
    return layout;
}

MarkLayout mark_layout(Stage const& stage, std::size_t chips)
{
    Canvas const canvas = canvas_of(stage);
    auto const& map = canvas.map;
    float const left = canvas.margin();
    float const width = canvas.reading_width() - 2 * left;
    float const top = canvas.is_portrait() ? 80 : 64;
    float const bottom = canvas.reading_height() - gap;
    constexpr float row = theme::least_chip_height;
    int const rows = canvas.is_portrait() ? 3 : 2;
    float const form_height = static_cast<float>(rows) * (row + gap) + gap;
    float const form_y = canvas.is_zoomed() ? top : bottom - form_height;
    float const x = left + gap;
    float const inside = width - 2 * gap;
    MarkLayout layout;
    layout.response = map.rect({left, top, width, form_y - gap - top});
    layout.form = map.rect({left, form_y, width, form_height});
    if (canvas.is_zoomed()) {
        layout.response = map.rect({left, top, width, bottom - top});
        layout.parts = 2;
    }
    float const initials = canvas.is_portrait() ? inside : 344;
    layout.initials = map.rect({x, form_y + gap, initials, row});
    Box const offered = canvas.is_portrait()
        ? Box {x, form_y + 2 * gap + row, inside, row}
        : Box {x + initials + gap, form_y + gap, inside - initials - gap, row};
    layout.offered = map.rect(offered);
    layout.chips = grid(map, offered, static_cast<int>(chips), 1, gap).seen;
    layout.note = map.rect({x, form_y + form_height - gap - row, inside, row});
    place_actions(layout, stage, canvas);
    return layout;
}

}
