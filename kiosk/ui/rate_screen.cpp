#include "kiosk/ui/faces.h"
#include "kiosk/ui/rail.h"
#include "kiosk/ui/screen_parts.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

FaceState state_of(Press const& press, Answer const* answer, int score)
{
    if (answer && answer->score == score)
        return FaceState::Chosen;
    if (press.held)
        return FaceState::Pressed;
    return answer ? FaceState::Dim : FaceState::Rest;
}

/// Of all labels of a row, so that none looks more important than another.
float common_label_pixels(Ui& ui, Question const& question, RateRow const& row)
{
    float pixels = ui.text_pixels(row.label_size);
    for (int score = question.lowest_score(); score <= question.highest_score(); ++score)
        pixels = std::min(pixels,
            fit(ui, label_of(ui, question, score), row.label_size, static_cast<float>(row.label_width), 1)
                .pixels);
    return pixels;
}

int count_faces(Question const& question) { return question.highest_score() - question.lowest_score() + 1; }

void draw_row(Ui& ui, Question const& question, RateRow const& row)
{
    fill(ui, row.card, ui.palette.card);
    draw_question(ui, question, row, ui.palette.ink);
    draw_faces(ui, question, row);
}

}

void draw_survey_headline(Ui& ui)
{
    bool const portrait = ui.stage.orientation == Orientation::Portrait;
    write(ui, ui.say(ui.survey.headline), ui.stage.headline, portrait ? theme::title_portrait : theme::title,
        ui.palette.ink);
    if (ui.stage.subline.width > 0)
        write(ui, ui.say(ui.survey.subline), ui.stage.subline, theme::body_large, ui.palette.ink2);
}

void draw_faces(Ui& ui, Question const& question, RateRow const& row)
{
    auto const& colours = ui.palette;
    Answer const* const answer = ui.view.draft.find(question.id);
    float const pixels = common_label_pixels(ui, question, row);
    for (int score = question.lowest_score(); score <= question.highest_score(); ++score) {
        auto const index = static_cast<std::size_t>(score - question.lowest_score());
        auto const label = label_of(ui, question, score);
        bool const chosen = answer && answer->score == score;
        Press const state = press(ui, "rate." + question.id + "." + std::to_string(score), label,
            row.hits[index], unless_saving(ui), chosen);
        Disc const& face = row.faces[index];
        draw_face(ui.list, colours, to_vec(face.centre), static_cast<float>(face.radius),
            question.face_of(score), state_of(state, answer, score), ui.stage.scale);
        bool const quiet = answer && !chosen && !state.held;
        FittedText const fitted = fit_text(ui.fonts, label, pixels, static_cast<float>(row.label_width), 1);
        write_centred(ui, fitted, {static_cast<float>(face.centre.x), static_cast<float>(row.label_y)},
            quiet ? colours.ink2 : colours.ink);
        if (state.done)
            ui.events.push_back(event::Rated {question.id, score});
    }
}

void draw_rate(Ui& ui)
{
    draw_brand(ui);
    draw_survey_headline(ui);
    auto const& questions = ui.survey.questions;
    std::size_t const count = ui.survey.first_page();
    if (asks_alone(ui)) {
        Question const& question = questions[std::min(ui.view.current, count - 1)];
        draw_row(ui, question, rate_alone(ui.stage, count_faces(question)));
    } else {
        std::vector<int> faces;
        for (std::size_t index = 0; index < count; ++index)
            faces.push_back(count_faces(questions[index]));
        auto const rows = rate_rows(ui.stage, faces);
        for (std::size_t index = 0; index < count; ++index)
            draw_row(ui, questions[index], rows[index]);
    }
    draw_privacy(ui);

    draw_rail(ui);
    if (ui.view.can_go_back) {
        if (rail_back(ui))
            ui.events.push_back(event::WentBack {});
    } else {
        rail_languages(ui);
    }
    if (!ui.view.draft.answers.empty() && !ui.survey.phrases.empty() && rail_comment(ui))
        ui.events.push_back(event::CommentOpened {});
    if (ui.view.unrated > 0)
        rail_progress(ui);
    else if (rail_submit(ui))
        ui.events.push_back(event::Submitted {});
}

}
