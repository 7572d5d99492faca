#include "kiosk/ui/faces.h"
#include "kiosk/ui/rail.h"
#include "kiosk/ui/screen_parts.h"

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

void draw_faces(Ui& ui, Question const& question, RateRow const& row)
{
    auto const& colours = ui.palette;
    Answer const* const answer = ui.view.draft.find(question.id);
    for (int score = Survey::lowest_score; score <= Survey::highest_score; ++score) {
        auto const index = static_cast<std::size_t>(score - Survey::lowest_score);
        auto const label = ui.say(ui.survey.score_labels[index]);
        bool const chosen = answer && answer->score == score;
        Press const state = press(ui, "rate." + question.id + "." + std::to_string(score), label,
            row.hits[index], unless_saving(ui), chosen);
        Disc const& face = row.faces[index];
        draw_face(ui.list, colours, to_vec(face.centre), static_cast<float>(face.radius), score,
            state_of(state, answer, score), ui.stage.scale);
        bool const quiet = answer && !chosen && !state.held;
        write_centred(ui, label, {static_cast<float>(face.centre.x), static_cast<float>(row.label_y)},
            static_cast<float>(row.label_width), theme::chip, 1, quiet ? colours.ink2 : colours.ink);
        if (state.done)
            ui.events.push_back(event::Rated {question.id, score});
    }
}

}

void draw_rate(Ui& ui)
{
    draw_brand(ui);
    write(ui, ui.say(ui.survey.headline), ui.stage.headline,
        ui.stage.orientation == Orientation::Portrait ? theme::title_portrait : theme::title, ui.palette.ink);
    if (ui.stage.subline.width > 0)
        write(ui, ui.say(ui.survey.subline), ui.stage.subline, theme::body_large, ui.palette.ink2);
    auto const& questions = ui.survey.questions;
    auto const rows = rate_rows(ui.stage, static_cast<int>(questions.size()));
    for (std::size_t index = 0; index < questions.size(); ++index) {
        fill(ui, rows[index].card, ui.palette.card);
        draw_question(ui, questions[index], rows[index], ui.palette.ink);
        draw_faces(ui, questions[index], rows[index]);
    }
    draw_privacy(ui);

    draw_rail(ui);
    if (!ui.view.draft.answers.empty() && !ui.survey.phrases.empty() && rail_comment(ui))
        ui.events.push_back(event::CommentOpened {});
    if (ui.view.unrated > 0)
        rail_progress(ui);
    else if (rail_submit(ui))
        ui.events.push_back(event::Submitted {});
}

}
