#pragma once

#include "platform/base/clock.h"

namespace listenpost {

/// What an assistive arrow keypad says. A keyboard has no other word here.
enum class Key {
    Up,
    Down,
    Left,
    Right,
    Select, ///< Enter, the number block's Enter, Space
    Back, ///< Escape, Backspace
    Next, ///< Tab
    Previous, ///< Shift+Tab
};

struct KeyPress {
    SteadyTime time {};
    Key key = Key::Select;
    friend bool operator==(KeyPress const&, KeyPress const&) = default;
};

}
