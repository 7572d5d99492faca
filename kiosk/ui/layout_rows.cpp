#include "kiosk/ui/layout.h"

#include "kiosk/ui/layout_grid.h"
#include "kiosk/ui/theme.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

constexpr int full_rows = 3;
constexpr float gap = theme::gap;
constexpr float pad = 32; ///< inside a landscape card
constexpr float pad_portrait = 24;
constexpr float chip_gap = 8;

Box row_box(Canvas const& canvas, int questions, int index)
{
    Box const body = canvas.body();
    float const height = (body.h - (full_rows - 1) * gap) / full_rows;
    float const unused = static_cast<float>(full_rows - questions) * (height + gap);
    return {body.x, body.y + unused / 2 + static_cast<float>(index) * (height + gap), body.w, height};
}

/// Where faces and chips are. A wide screen's spare width is shared with the question.
Box answers_box(Canvas const& canvas, Box const& card)
{
    if (canvas.is_portrait())
        return {card.x + 16, card.y + 72, card.w - 32, card.h - 72};
    float const left = 272 + (card.w - 1048) * 0.4F;
    return {card.x + left, card.y, card.w - left - 16, card.h};
}

RateRow landscape_row(Mapper const& map, Box const& card, Box const& answers)
{
    float const spare = card.h - 200;
    float const centre = card.y + card.h / 2;
    float const width = answers.x - card.x - pad - 8;
    RateRow row;
    row.title = map.line(card.x + pad, centre - 22, width);
    row.hint = map.line(card.x + pad, centre + 28, width);
    row.label_y = map.px(centre + 72 + spare / 4);
    row.faces.fill(map.disc(0, centre - 18 - spare / 8, 58 + std::min(10.F, spare / 3)));
    return row;
}

RateRow portrait_row(Mapper const& map, Box const& card)
{
    float const spare = card.h - 272;
    RateRow row;
    row.title = map.line(card.x + pad_portrait, card.y + 45 + spare / 4, card.w - 2 * pad_portrait);
    row.hint = row.title;
    row.label_y = map.px(card.y + 239 + spare * 0.75F);
    row.faces.fill(map.disc(0, card.y + 145 + spare / 2, 57 + std::min(8.F, spare / 4)));
    return row;
}

}

std::vector<RateRow> rate_rows(Stage const& stage, int questions)
{
    Canvas const canvas = canvas_of(stage);
    auto const& map = canvas.map;
    std::vector<RateRow> rows;
    for (int index = 0; index < questions; ++index) {
        Box const card = row_box(canvas, questions, index);
        Box const answers = answers_box(canvas, card);
        float const pitch = answers.w / static_cast<float>(std::tuple_size_v<decltype(RateRow::faces)>);
        RateRow row = canvas.is_portrait() ? portrait_row(map, card) : landscape_row(map, card, answers);
        row.card = map.rect(card);
        row.label_width = map.px(pitch - 8);
        for (std::size_t score = 0; score < row.faces.size(); ++score) {
            float const x = answers.x + static_cast<float>(score) * pitch;
            row.faces[score].centre.x = map.px(x + pitch / 2);
            row.hits[score] = map.rect({x, answers.y, pitch, answers.h});
        }
        rows.push_back(row);
    }
    return rows;
}

ReasonsRow reasons_row(Stage const& stage, int questions, int index, int reasons)
{
    Canvas const canvas = canvas_of(stage);
    auto const& map = canvas.map;
    Box const card = row_box(canvas, questions, index);
    Box area = answers_box(canvas, card);
    int const rows = reasons > 3 ? 2 : 1;

    ReasonsRow row;
    row.card = map.rect(card);
    if (canvas.is_portrait()) {
        float const y = card.y + 40;
        float const face_x = card.x + card.w * 2 / 3; // over the third chip
        row.title = map.line(card.x + pad_portrait, y, face_x - card.x - pad_portrait - 16);
        row.face = map.disc(face_x + 26, y, 26);
        row.said = map.line(face_x + 68, y, card.x + card.w - face_x - 68 - pad_portrait);
    } else {
        float const centre = card.y + card.h / 2;
        float const width = area.x - card.x - pad - 8;
        row.title = map.line(card.x + pad, centre - 34, width);
        row.face = map.disc(card.x + pad + 26, centre + 32, 26);
        row.said = map.line(card.x + pad + 68, centre + 32, width - 68);
    }
    // Chips in one row are as high as a finger wants; in two, as high as the card allows.
    float const chips_height = rows == 1 ? static_cast<float>(theme::least_hit) : area.h - 2 * chip_gap;
    area = {area.x, area.y + (area.h - chips_height) / 2, area.w, chips_height};
    Grid chips = grid(map, area, reasons, rows, chip_gap);
    row.chips = std::move(chips.seen);
    row.hits = std::move(chips.touched);
    return row;
}

}
