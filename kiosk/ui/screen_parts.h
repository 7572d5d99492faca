#pragma once

#include "kiosk/ui/widgets.h"

/// One function for each screen, each in a file of its own.
namespace listenpost::kiosk {

/// Title and hint of a row of faces.
void draw_question(Ui& ui, Question const& question, RateRow const& row, theme::Colour title_colour);

void draw_rate(Ui& ui);
void draw_reasons(Ui& ui);
void draw_comment_screen(Ui& ui);
void draw_thanks(Ui& ui);
/// Over the screen that was drawn before it.
void draw_timeout(Ui& ui);
void draw_out_of_service(Ui& ui);

}
