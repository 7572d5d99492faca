#pragma once

#include "platform/base/clock.h"

#include <cstdint>

namespace listenpost {

/// The mouse's `pointer`; fingers have others.
inline constexpr std::int64_t mouse_pointer = 0;

enum class PointerPhase {
    Down,
    Move, ///< only between Down and Up: nothing hovers on a screen for fingers
    Up,
    Cancel, ///< it went away without meaning a tap
};

/// One finger or the mouse's left button: the two look the same from here on.
struct PointerEvent {
    SteadyTime time {};
    std::int64_t pointer = mouse_pointer; ///< tells fingers apart while they are down
    float x = 0; ///< pixels of the window, from its left upper corner
    float y = 0;
    PointerPhase phase = PointerPhase::Down;
    friend bool operator==(PointerEvent const&, PointerEvent const&) = default;
};

}
