#pragma once

#include "kiosk/ui/widgets.h"

/// The acting side of the screen: the same places on every screen.
namespace listenpost::kiosk {

/// The ground, and what every screen offers: language and aids.
void draw_rail(Ui& ui);

/// The ground alone.
void draw_rail_ground(Ui& ui);
/// The way to the aids' panel; where the box has no room for words the sign alone.
void draw_access_tile(Ui& ui, Rect const& box);

/// Back, in the upper place.
bool rail_back(Ui& ui);
/// In the upper place: the way to all languages, where the language tile does not show them all.
void rail_languages(Ui& ui);
/// The way to the comment, in the lower place.
bool rail_comment(Ui& ui);
/// An outlined button in the lower place.
bool rail_other(Ui& ui, std::string id, std::string_view label);

/// The main button while it has to wait for ratings: the ring and what is missing.
void rail_progress(Ui& ui);
/// The main button; `label` where it does something else than send.
bool rail_submit(Ui& ui, Text label = Text::Submit);
/// The main button with the seconds until the screen ends by itself.
bool rail_countdown(Ui& ui, std::string_view label);

}
