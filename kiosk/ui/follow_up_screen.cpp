#include "kiosk/ui/icons.h"
#include "kiosk/ui/layout_follow_up.h"
#include "kiosk/ui/rail.h"
#include "kiosk/ui/screen_parts.h"

namespace listenpost::kiosk {
namespace {

/// What the question says, or else how it is answered.
std::string_view hint_of(Ui const& ui, Question const& question)
{
    auto const hint = ui.say(question.hint);
    if (!hint.empty())
        return hint;
    if (question.kind == QuestionKind::SingleChoice || question.kind == QuestionKind::Minutes)
        return ui.say(Text::FollowUpChooseOne);
    return question.kind == QuestionKind::MultipleChoice ? ui.say(Text::FollowUpChooseMany) : hint;
}

void draw_header(Ui& ui, Question const& question)
{
    auto const title = ui.say(question.title);
    auto const hint = hint_of(ui, question);
    if (!ui.stage.aids.low_reach) {
        draw_headline_with_hint(ui, title, hint);
        return draw_privacy(ui);
    }
    FollowUpTexts const texts = follow_up_texts(ui.stage);
    write(ui, title, texts.title, theme::title_portrait, ui.palette.ink);
    write(ui, hint, texts.hint, theme::body_large, ui.palette.ink2);
    draw_lock(ui.list, to_vec(texts.lock), ui.scaled(20), ui.palette.ink2);
    write(ui, ui.say(ui.survey.privacy), texts.privacy, theme::small, ui.palette.ink2);
}

/// As the first page asks when it asks one by one.
void draw_by_faces(Ui& ui, Question const& question)
{
    draw_survey_headline(ui);
    RateRow const row = rate_alone(ui.stage, question.highest_score() - question.lowest_score() + 1);
    fill(ui, row.card, ui.palette.card);
    draw_question(ui, question, row, ui.palette.ink);
    draw_faces(ui, question, row);
    draw_privacy(ui);
}

void draw_answers(Ui& ui, Question const& question)
{
    switch (question.kind) {
    case QuestionKind::Rating:
        return draw_numbers(ui, question);
    case QuestionKind::SingleChoice:
    case QuestionKind::MultipleChoice:
        return draw_choice(ui, question);
    case QuestionKind::Minutes:
        return draw_minutes(ui, question);
    case QuestionKind::Text:
        return; // a screen of its own
    }
}

}

void draw_follow_up_rail(Ui& ui)
{
    draw_rail(ui);
    if (ui.view.can_go_back && rail_back(ui))
        ui.events.push_back(event::WentBack {});
    if (rail_other(ui, "skip", ui.say(Text::Skip)))
        ui.events.push_back(event::Skipped {});
    if (rail_submit(ui, Text::NextStep))
        ui.events.push_back(event::Submitted {});
}

void draw_follow_up(Ui& ui)
{
    Question const* const question = ui.survey.find(ui.view.follow_up);
    if (question && question->kind == QuestionKind::Text)
        return draw_text_question(ui, *question);
    draw_brand(ui);
    if (question && question->kind == QuestionKind::Rating && question->scale != Scale::Nps) {
        draw_by_faces(ui, *question);
    } else if (question) {
        draw_header(ui, *question);
        draw_answers(ui, *question);
    }
    draw_follow_up_rail(ui);
}

}
