#pragma once

#include "platform/base/clock.h"
#include "platform/base/pixels.h"
#include "platform/window/sdl_keys.h"
#include "platform/window/window.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

union SDL_Event;

namespace listenpost {

/// One finger as SDL names it: the touch screen and the finger on it.
struct SdlFinger {
    std::int64_t screen;
    std::int64_t finger;
    friend bool operator==(SdlFinger const&, SdlFinger const&) = default;
};

/// Whether SDL still holds this finger down.
bool sdl_holds(SdlFinger const& finger);

/// Turns SDL's events into ours: fingers, the mouse's left button, an arrow keypad.
/// Other buttons, the wheel, other keys and whatever is dropped onto the window are none.
///
/// SDL 2.26 tells nothing of a finger whose touch screen is unplugged: after each batch
/// it is asked, and a finger that it no longer knows is cancelled.
class SdlEvents {
public:
    /// `holds` is for tests: they have no touch screen.
    explicit SdlEvents(WindowMode mode, std::function<bool(SdlFinger const&)> holds = sdl_holds)
        : mode_(mode)
        , holds_(std::move(holds))
    {
    }

    /// What the window itself has to do about the events taken.
    struct Outcome {
        bool is_resized = false;
        bool is_exposed = false; ///< the display lost what it showed
        bool is_device_lost = false; ///< the GPU lost its textures
        bool is_covered = false; ///< minimised, hidden, or without the keyboard's focus
    };

    /// Takes all that SDL has, without waiting; appends to `events`.
    Outcome take_all(WindowEvents& events, SteadyTime now, PixelSize size);

    /// Keys taken at once; nobody means more than these before the next frame.
    static constexpr std::size_t most_keys = 32;

private:
    void take_mouse(SDL_Event const& event, WindowEvents& events, SteadyTime now);

    void take_finger(SDL_Event const& event, WindowEvents& events, SteadyTime now, PixelSize size);
    void cancel_lost_fingers(WindowEvents& events, SteadyTime now);

    WindowMode mode_;
    std::function<bool(SdlFinger const&)> holds_;
    SdlKeys keys_;
    std::vector<SdlFinger> fingers_; ///< that are down
    bool is_mouse_down_ = false;
};

}
