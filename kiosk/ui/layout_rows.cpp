#include "kiosk/ui/layout.h"

#include "kiosk/ui/layout_grid.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

constexpr float gap = theme::gap;
constexpr float pad = 32; ///< inside a landscape card
constexpr float pad_portrait = 24;
constexpr float chip_gap = 8;
constexpr float chosen_ring = 12; ///< what a chosen face grows by

/// One above the other, as high as the body allows, but no higher than looks well.
Box row_box(Canvas const& canvas, int questions, int index)
{
    Box const body = canvas.body();
    float const count = static_cast<float>(questions);
    float const most = canvas.is_portrait() ? 400 : 320;
    float const height = std::min(most, (body.h - (count - 1) * gap) / count);
    float const unused = body.h - count * height - (count - 1) * gap;
    return {body.x, body.y + unused / 2 + static_cast<float>(index) * (height + gap), body.w, height};
}

/// Title above the faces; else beside them.
bool is_stacked(Canvas const& canvas, Box const& card) { return canvas.is_portrait() || card.h >= 264; }

/// Where faces and chips are. A wide screen's spare width is shared with the question.
Box answers_box(Canvas const& canvas, Box const& card)
{
    if (is_stacked(canvas, card))
        return {card.x + 16, card.y + 72, card.w - 32, card.h - 72};
    float const left = 272 + (card.w - 1048) * 0.4F;
    return {card.x + left, card.y, card.w - left - 16, card.h};
}

/// Faces side by side over the whole width of `answers`.
struct Faces {
    int count;
    float radius;
    float centre_y;
};

float pitch(Box const& answers, int count) { return answers.w / static_cast<float>(count); }

void place_faces(RateRow& row, Mapper const& map, Box const& answers, Faces const& faces)
{
    float const width = pitch(answers, faces.count);
    float const radius = std::min(faces.radius, width / 2 - chosen_ring);
    row.label_width = map.px(width - 8);
    for (int index = 0; index < faces.count; ++index) {
        float const x = answers.x + static_cast<float>(index) * width;
        row.faces.push_back(map.disc(x + width / 2, faces.centre_y, radius));
        row.hits.push_back(map.rect({x, answers.y, width, answers.h}));
    }
}

RateRow beside_row(Mapper const& map, Box const& card, Box const& answers, int faces)
{
    float const spare = card.h - 200;
    float const centre = card.y + card.h / 2;
    float const width = answers.x - card.x - pad - 8;
    RateRow row;
    row.title = map.line(card.x + pad, centre - 22, width);
    row.title_size = theme::heading;
    row.hint = map.line(card.x + pad, centre + 28, width);
    row.hint_size = theme::body;
    row.label_y = map.px(centre + 72 + spare / 4);
    row.label_size = theme::chip;
    place_faces(row, map, answers, {faces, 58 + std::min(10.F, spare / 3), centre - 18 - spare / 8});
    return row;
}

RateRow stacked_row(Mapper const& map, Box const& card, Box const& answers, int faces)
{
    float const spare = card.h - 272;
    RateRow row;
    row.title = map.line(card.x + pad_portrait, card.y + 45 + spare / 4, card.w - 2 * pad_portrait);
    row.title_size = theme::heading;
    row.hint = row.title;
    row.hint_size = theme::chip;
    row.hint_place = RateRow::Hint::Beside;
    row.label_y = map.px(card.y + 239 + spare * 0.8F);
    row.label_size = theme::chip;
    place_faces(row, map, answers, {faces, 57 + std::min(20.F, spare / 4), card.y + 145 + spare / 2});
    return row;
}

/// Texts of a question alone on the screen: in its card, or over it when the card has to
/// stand low.
struct AloneTexts {
    float x;
    float title_y;
    float below_y;
    float width;
    float lower_end; ///< where what is touched may begin
};

AloneTexts alone_texts(Canvas const& canvas, Box const& card)
{
    Box const body = canvas.body();
    float const text = canvas.text();
    if (canvas.aids.low_reach) {
        float const middle = body.y + (card.y - body.y) * (canvas.is_portrait() ? 0.7F : 0.5F);
        return {body.x + 8, middle - 34 * text, middle + 30 * text, body.w - 16, card.y};
    }
    float const x = card.x + (canvas.is_portrait() ? pad_portrait : 40);
    float const top = card.y + (canvas.is_portrait() ? card.h * 0.10F : 0);
    float const width = card.w - 2 * (x - card.x);
    return {x, top + 66 * text, top + 130 * text, width, top + 168 * text};
}

}

std::vector<RateRow> rate_rows(Stage const& stage, std::vector<int> const& faces)
{
    Canvas const canvas = canvas_of(stage);
    auto const& map = canvas.map;
    int const questions = static_cast<int>(faces.size());
    std::vector<RateRow> rows;
    for (int index = 0; index < questions; ++index) {
        Box const card = row_box(canvas, questions, index);
        Box const answers = answers_box(canvas, card);
        int const count = faces[static_cast<std::size_t>(index)];
        rows.push_back(is_stacked(canvas, card) ? stacked_row(map, card, answers, count)
                                                : beside_row(map, card, answers, count));
        rows.back().card = map.rect(card);
    }
    return rows;
}

RateRow rate_alone(Stage const& stage, int faces)
{
    Canvas const canvas = canvas_of(stage);
    auto const& map = canvas.map;
    Box const card = canvas.reachable();
    AloneTexts const texts = alone_texts(canvas, card);
    float const text = canvas.text();
    RateRow row;
    row.card = map.rect(card);
    row.title = map.line(texts.x, texts.title_y, texts.width);
    row.title_size = theme::title_portrait;
    row.hint = map.line(texts.x, texts.below_y, texts.width);
    row.hint_size = theme::body_large;
    row.label_size = canvas.is_portrait() ? theme::chip : theme::body_large;
    Box const answers {card.x + 16, texts.lower_end, card.w - 32, card.y + card.h - texts.lower_end};
    // Face, space and label as one group in the middle of the room.
    float const label = row.label_size * text * 1.3F;
    float const between = 22;
    float const most = (answers.h - label - between - 2 * chosen_ring - 24) / 2;
    float const radius = std::min({theme::largest_face, most, pitch(answers, faces) / 2 - chosen_ring});
    float const group = 2 * radius + between + label;
    float const top = answers.y + (answers.h - group) * 0.5F;
    row.label_y = map.px(top + group - label / 2);
    place_faces(row, map, answers, {faces, radius, top + radius});
    return row;
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
    row.title_size = theme::heading;
    row.said_size = theme::chip;
    row.chip_size = theme::chip;
    if (is_stacked(canvas, card)) {
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

ReasonsRow reasons_alone(Stage const& stage, int reasons)
{
    Canvas const canvas = canvas_of(stage);
    auto const& map = canvas.map;
    Box const card = canvas.reachable();
    AloneTexts const texts = alone_texts(canvas, card);
    float const text = canvas.text();
    ReasonsRow row;
    row.card = map.rect(card);
    row.title = map.line(texts.x, texts.title_y, texts.width);
    row.title_size = theme::title_portrait;
    float const face = 30 * text;
    row.face = map.disc(texts.x + face, texts.below_y + 4, face);
    row.said = map.line(texts.x + 2 * face + 20, texts.below_y + 4, texts.width - 2 * face - 20);
    row.said_size = theme::button;
    row.chip_size = theme::button;
    Box area {card.x + 24, texts.lower_end + 16, card.w - 48, 0};
    area.h = card.y + card.h - 24 - area.y;
    int const columns = canvas.is_portrait() && !canvas.aids.low_reach ? 2 : 3;
    int const rows = std::max(1, (reasons + columns - 1) / columns);
    area.h = std::min(area.h, static_cast<float>(rows) * (176 + gap) - gap);
    Grid chips = grid(map, area, reasons, rows, gap);
    row.chips = std::move(chips.seen);
    row.hits = std::move(chips.touched);
    return row;
}

}
