#pragma once

#include "platform/base/clock.h"
#include "platform/base/pixels.h"
#include "platform/window/window.h"

union SDL_Event;

namespace listenpost {

/// Turns SDL's events into ours. Everything a keyboard sends is dropped.
class SdlEvents {
public:
    explicit SdlEvents(WindowMode mode)
        : mode_(mode)
    {
    }

    /// What the window itself has to do about the events taken.
    struct Outcome {
        bool is_resized = false;
        bool is_exposed = false; ///< the display lost what it showed
        bool is_device_lost = false; ///< the GPU lost its textures
    };

    /// Takes all that SDL has, without waiting; appends to `events`.
    Outcome take_all(WindowEvents& events, SteadyTime now, PixelSize size);

private:
    void take_pointer(SDL_Event const& event, WindowEvents& events, SteadyTime now, PixelSize size);

    WindowMode mode_;
    bool is_mouse_down_ = false;
};

}
