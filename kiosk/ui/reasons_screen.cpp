#include "kiosk/ui/faces.h"
#include "kiosk/ui/rail.h"
#include "kiosk/ui/screen_parts.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

/// What was said about the question, in few words.
void draw_said(Ui& ui, Question const& question, Answer const& answer, ReasonsRow const& row)
{
    write(ui, ui.say(question.title), row.title, theme::heading, ui.palette.ink);
    draw_face_said(
        ui.list, ui.palette, to_vec(row.face.centre), static_cast<float>(row.face.radius), *answer.score);
    auto const index = static_cast<std::size_t>(*answer.score - Survey::lowest_score);
    write(ui, ui.say(ui.survey.score_labels[index]), row.said, theme::chip, ui.palette.ink2);
}

void draw_reason_chips(Ui& ui, Question const& question, Answer const& answer, ReasonsRow const& row)
{
    for (std::size_t index = 0; index < question.reasons.size(); ++index) {
        Reason const& reason = question.reasons[index];
        bool const chosen = std::ranges::count(answer.reasons, reason.id) > 0;
        bool const tapped = chip(ui, "reason." + question.id + "." + reason.id, ui.say(reason.text),
            row.chips[index], row.hits[index], theme::chip, chosen, unless_saving(ui));
        if (tapped)
            ui.events.push_back(event::ReasonToggled {question.id, reason.id});
    }
}

/// A question that needs no reasons: what was said, at the face that said it.
void draw_settled(Ui& ui, Question const& question, Answer const* answer, RateRow const& row)
{
    draw_question(ui, question, row, ui.palette.ink2);
    if (!answer)
        return;
    auto const index = static_cast<std::size_t>(*answer->score - Survey::lowest_score);
    Disc const& face = row.faces[index];
    draw_face(ui.list, ui.palette, to_vec(face.centre), static_cast<float>(face.radius), *answer->score,
        FaceState::Rest, ui.stage.scale);
    write_centred(ui, ui.say(ui.survey.score_labels[index]),
        {static_cast<float>(face.centre.x), static_cast<float>(row.label_y)},
        static_cast<float>(row.label_width), theme::chip, 1, ui.palette.ink2);
}

}

/// Every question stays where it was rated: the low ones open up for their reasons,
/// the others step back.
void draw_reasons(Ui& ui)
{
    draw_brand(ui);
    draw_headline_with_hint(ui, ui.say(Text::ReasonsHeadline), ui.say(Text::ReasonsHint));
    auto const& questions = ui.survey.questions;
    int const count = static_cast<int>(questions.size());
    auto const rows = rate_rows(ui.stage, count);
    for (std::size_t index = 0; index < questions.size(); ++index) {
        Question const& question = questions[index];
        Answer const* const answer = ui.view.draft.find(question.id);
        bool const low = answer && std::ranges::count(ui.view.low_questions, question.id) > 0;
        if (!low) {
            draw_settled(ui, question, answer, rows[index]);
            continue;
        }
        auto const row = reasons_row(
            ui.stage, count, static_cast<int>(index), static_cast<int>(question.reasons.size()));
        fill(ui, row.card, ui.palette.clay_tint);
        draw_said(ui, question, *answer, row);
        draw_reason_chips(ui, question, *answer, row);
    }
    draw_privacy(ui);

    draw_rail(ui);
    if (rail_back(ui))
        ui.events.push_back(event::WentBack {});
    if (!ui.survey.phrases.empty() && rail_comment(ui))
        ui.events.push_back(event::CommentOpened {});
    if (rail_submit(ui))
        ui.events.push_back(event::Submitted {});
}

}
