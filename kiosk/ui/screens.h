#pragma once

#include "kiosk/flow/flow.h"
#include "kiosk/ui/focus.h"
#include "kiosk/ui/fonts.h"
#include "kiosk/ui/keyboard.h"
#include "kiosk/ui/layout.h"
#include "kiosk/ui/logo.h"
#include "kiosk/ui/strings.h"
#include "kiosk/ui/theme.h"
#include "kiosk/ui/ui_map.h"

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace listenpost::kiosk {

struct Ui;

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
        /// Em in pixels of the smallest text: how far texts had to shrink to fit.
        float smallest_text = std::numeric_limits<float>::max();
    };

    /// Between ImGui::NewFrame() and ImGui::Render(); fills the window of that size.
    Drawn draw(View const& view, int width, int height, SteadyTime now);

    /// A key of an arrow keypad: moves the focus, or chooses what it stands on, which the
    /// next draw() tells like a touch.
    void press_key(listenpost::Key key);
    /// A finger is used: no focus is to be seen.
    void hide_focus() { focus_.hide(); }
    /// The widget that the focus stands on; empty while there is none.
    std::string const& focus() const { return focus_.id(); }
    /// Whether there is something that staff should look at (StaffMarks::has_unmarked_low_rating()): then a
    /// small dot stands left of the mark while nobody has begun, quiet enough that no customer wonders, and
    /// the map has `manager.dot` among what is hidden. It is nothing to touch.
    void set_staff_dot(bool is_on) { staff_dot_ = is_on; }

    /// The survey's logo instead of the product's mark, from the next draw() on.
    void set_logo(std::optional<DecodedPicture> logo) { logo_.set(std::move(logo)); }

    /// The store's name from the next draw() on.
    void set_place(std::string place) { place_ = std::move(place); }

    /// The widgets of the last draw().
    UiMap const& map() const { return map_; }

private:
    /// What counts as one screen for the focus.
    struct Scene {
        Screen screen = Screen::Attract;
        Panel panel = Panel::None;
        std::string follow_up {};
        std::size_t current = 0;

        friend bool operator==(Scene const&, Scene const&) = default;
    };

    float newest_segment(View const& view, SteadyTime now);
    bool enter_scene(View const& view);
    void move_focus(Ui& ui, bool is_other_scene);

    Survey const& survey_;
    Strings const& strings_;
    Fonts& fonts_;
    std::string place_;
    Logo logo_;
    bool staff_dot_ = false;
    theme::Palette light_;
    UiMap map_;
    Stage stage_;
    TypingState typing_;
    Focus focus_;
    Scene scene_;
    bool had_begun_ = false; ///< in the last frame somebody had tapped
    std::string activated_; ///< chosen with a key, to be told by the next frame

    Screen last_screen_ = Screen::OutOfService;
    int last_unrated_ = 0;
    std::optional<SteadyTime> segment_since_;
};

}
