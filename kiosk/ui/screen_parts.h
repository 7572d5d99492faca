#pragma once

#include "kiosk/ui/widgets.h"

#include <span>

/// One function for each screen, each in a file of its own.
namespace listenpost::kiosk {

/// What the survey asks as a whole: over questions with faces.
void draw_survey_headline(Ui& ui);
/// Title and hint of a row of faces.
void draw_question(Ui& ui, Question const& question, RateRow const& row, theme::Colour title_colour);
/// The faces of a rating, for touching; what was touched goes to `ui.events`.
void draw_faces(Ui& ui, Question const& question, RateRow const& row);
/// What a face says.
std::string_view label_of(Ui const& ui, Question const& question, int score);
/// One question fills the screen: because somebody wants it larger, or there is no other.
bool asks_alone(Ui const& ui);

void draw_attract(Ui& ui);
void draw_rate(Ui& ui);
void draw_reasons(Ui& ui);
void draw_comment_screen(Ui& ui);
/// The further question that the view names.
void draw_follow_up(Ui& ui);
/// A further question that is answered in words: a whole screen.
void draw_text_question(Ui& ui, Question const& question);
/// Its answers alone: chips of a choice, chips of minutes, numbers of a score.
void draw_choice(Ui& ui, Question const& question);
void draw_minutes(Ui& ui, Question const& question);
void draw_numbers(Ui& ui, Question const& question);
/// The acting side of every further question.
void draw_follow_up_rail(Ui& ui);
void draw_thanks(Ui& ui);
/// Over the screen that was drawn before it.
void draw_timeout(Ui& ui);
void draw_out_of_service(Ui& ui);

/// Over the screen that was drawn before them; a touch beside them closes them.
void draw_languages(Ui& ui);
/// Switches for these aids; what was switched goes to `ui.events`.
void draw_access(Ui& ui, std::span<Access const> offered);

}
