#pragma once

#include "kiosk/flow/flow.h"
#include "kiosk/ui/fonts.h"
#include "kiosk/ui/layout.h"
#include "kiosk/ui/strings.h"
#include "kiosk/ui/ui_map.h"

#include <optional>
#include <string>
#include <vector>

namespace listenpost::kiosk {

/// The customer's screens: draws a View with ImGui and tells what was touched.
///
///     frame.begin(touch.next_frame(), now);
///     auto drawn = screens.draw(flow.view(), width, height, now);
///     frame.end();
///     … handle drawn.events, then draw again if the view changed or drawn.moving …
///
/// Pure but for two things: what the finger holds (ImGui's), and when the ring's
/// newest segment began to grow. Never emits event::Touched or event::Tick: the
/// caller sees fingers and clocks itself. Threads: ImGui's.
class Screens {
public:
    /// All are borrowed. `place` is the store's name beside the brand; may be empty.
    Screens(Survey const& survey, Strings const& strings, Fonts& fonts, std::string place = {});

    struct Drawn {
        std::vector<Event> events; ///< in the order they happened
        /// Something moves until then: draw another frame at once. At most 160 ms away.
        std::optional<SteadyTime> moving_until;
        /// Texts that were cut short because they did not fit: the survey wants shorter ones.
        std::vector<std::string> cut_texts;
    };

    /// Between ImGui::NewFrame() and ImGui::Render(); fills the window of that size.
    Drawn draw(View const& view, int width, int height, SteadyTime now);

    /// The store's name from the next draw() on.
    void set_place(std::string place) { place_ = std::move(place); }

    /// The widgets of the last draw().
    UiMap const& map() const { return map_; }

private:
    float newest_segment(View const& view, SteadyTime now);

    Survey const& survey_;
    Strings const& strings_;
    Fonts& fonts_;
    std::string place_;
    UiMap map_;
    Stage stage_;

    Screen last_screen_ = Screen::OutOfService;
    int last_unrated_ = 0;
    std::optional<SteadyTime> segment_since_;
};

}
