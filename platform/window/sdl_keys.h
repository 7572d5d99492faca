#pragma once

#include "platform/base/key_press.h"

#include <chrono>
#include <optional>

struct SDL_KeyboardEvent;

namespace listenpost {

/// Turns SDL's key presses into those of an arrow keypad; all else is swallowed:
/// other keys, and every chord with Ctrl, Alt, AltGr or Super.
///
/// A held arrow or Tab repeats, at most once in `repeat_interval`, however fast the
/// display repeats. Select and Back do not: a key that stays down while the screens
/// change must not answer one question after another.
class SdlKeys {
public:
    std::optional<KeyPress> take(SDL_KeyboardEvent const& event, SteadyTime now);

    static constexpr std::chrono::milliseconds repeat_interval {125};

private:
    SteadyTime last_taken_ {};
};

}
