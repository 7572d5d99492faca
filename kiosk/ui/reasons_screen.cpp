#include "kiosk/ui/faces.h"
#include "kiosk/ui/rail.h"
#include "kiosk/ui/screen_parts.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

/// What was said about the question, in few words.
void draw_said(Ui& ui, Question const& question, Answer const& answer, ReasonsRow const& row)
{
    write(ui, ui.say(question.title), row.title, row.title_size, ui.palette.ink);
    draw_face_said(ui.list, ui.palette, to_vec(row.face.centre), static_cast<float>(row.face.radius),
        question.face_of(*answer.score));
    write(ui, label_of(ui, question, *answer.score), row.said, row.said_size, ui.palette.ink2);
}

void draw_reason_chips(Ui& ui, Question const& question, Answer const& answer, ReasonsRow const& row)
{
    for (std::size_t index = 0; index < question.reasons.size(); ++index) {
        Reason const& reason = question.reasons[index];
        bool const chosen = std::ranges::count(answer.reasons, reason.id) > 0;
        bool const tapped = chip(ui, "reason." + question.id + "." + reason.id, ui.say(reason.text),
            row.chips[index], row.hits[index], row.chip_size, chosen, unless_saving(ui));
        if (tapped)
            ui.events.push_back(event::ReasonToggled {question.id, reason.id});
    }
}

void draw_low(Ui& ui, Question const& question, Answer const& answer, ReasonsRow const& row)
{
    fill(ui, row.card, ui.palette.clay_tint);
    draw_said(ui, question, answer, row);
    draw_reason_chips(ui, question, answer, row);
}

/// A question that needs no reasons: what was said, at the face that said it.
void draw_settled(Ui& ui, Question const& question, Answer const* answer, RateRow const& row)
{
    draw_question(ui, question, row, ui.palette.ink2);
    if (!answer || !answer->score)
        return;
    auto const index = static_cast<std::size_t>(*answer->score - question.lowest_score());
    Disc const& face = row.faces[index];
    draw_face(ui.list, ui.palette, to_vec(face.centre), static_cast<float>(face.radius),
        question.face_of(*answer->score), FaceState::Rest, ui.stage.scale);
    write_centred(ui, label_of(ui, question, *answer->score),
        {static_cast<float>(face.centre.x), static_cast<float>(row.label_y)},
        static_cast<float>(row.label_width), row.label_size, 1, ui.palette.ink2);
}

/// Every question stays where it was rated: the low ones open up for their reasons,
/// the others step back.
void draw_all(Ui& ui)
{
    int const count = static_cast<int>(ui.survey.first_page());
    std::vector<int> faces;
    for (int index = 0; index < count; ++index)
        faces.push_back(ui.survey.questions[static_cast<std::size_t>(index)].highest_score());
    auto const rows = rate_rows(ui.stage, faces);
    for (int index = 0; index < count; ++index) {
        Question const& question = ui.survey.questions[static_cast<std::size_t>(index)];
        Answer const* const answer = ui.view.draft.find(question.id);
        bool const low
            = answer && answer->score && std::ranges::count(ui.view.low_questions, question.id) > 0;
        if (low)
            draw_low(ui, question, *answer,
                reasons_row(ui.stage, count, index, static_cast<int>(question.reasons.size())));
        else
            draw_settled(ui, question, answer, rows[static_cast<std::size_t>(index)]);
    }
}

void draw_one(Ui& ui)
{
    auto const& low = ui.view.low_questions;
    if (low.empty())
        return;
    auto const& id = low[std::min(ui.view.current, low.size() - 1)];
    Question const* const question = ui.survey.find(id);
    Answer const* const answer = ui.view.draft.find(id);
    if (question && answer && answer->score)
        draw_low(ui, *question, *answer, reasons_alone(ui.stage, static_cast<int>(question->reasons.size())));
}

}

void draw_reasons(Ui& ui)
{
    draw_brand(ui);
    draw_headline_with_hint(ui, ui.say(Text::ReasonsHeadline), ui.say(Text::ReasonsHint));
    if (asks_alone(ui))
        draw_one(ui);
    else
        draw_all(ui);
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
