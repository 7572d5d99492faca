#pragma once

#include "kiosk/flow/view.h"
#include "kiosk/ui/layout_typing.h"
#include "platform/base/clock.h"

#include <optional>
#include <string>
#include <vector>

namespace listenpost::kiosk {

struct Ui;

/// What the writing screens remember between frames, beside the View. Nothing of it is
/// what somebody wrote; all of it ends with the screen.
struct TypingState {
    std::size_t first_phrase = 0; ///< of the phrases' page
    std::size_t first_candidate = 0; ///< of the page of all candidates
    std::size_t letters = 0; ///< being composed in the last frame: another number begins with the first page
    std::vector<std::string> bar; ///< what stood in the bar
    std::optional<SteadyTime> bar_touched; ///< the last tap in it
    std::optional<SteadyTime> bar_changed; ///< because of that tap
};

/// The keys and the candidates above them. Touches become event::KeyPressed and
/// event::CandidateChosen.
void draw_keyboard(Ui& ui, TypingLayout const& layout);

}
