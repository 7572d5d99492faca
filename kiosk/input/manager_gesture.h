#pragma once

#include "platform/base/key_press.h"
#include "platform/base/pointer_event.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>

namespace listenpost::kiosk {

/// A rectangle of the window, in pixels.
struct Corner {
    int x = 0;
    int y = 0;
    int w = 0;
    int h = 0;
};

/// How a manager asks for the PIN on a screen that shows no way to it. Pure.
///
/// One finger rests for three seconds on the mark at the top left, lifts, and within three more taps the
/// corner opposite. Both corners say nothing to a customer, the hand has to cross the whole screen, and
/// resting is what neither a tap, a swipe, a leaning arm (it slides, or a second finger joins) nor a child's
/// drumming does: by accident nobody comes further than the first half. With a keypad: Back, Up, Back, Down,
/// and the same again. Back means nothing where a customer begins, so nobody presses it there four times
/// between arrows.
class ManagerGesture {
public:
    /// Whether these pointers, as they came, made it whole. `first`, `second`: the corners on this screen.
    bool feed(std::span<PointerEvent const> pointers, Corner const& first, Corner const& second);
    bool feed(listenpost::KeyPress const& key);
    /// Begins anew: another screen is on.
    void reset();

    static constexpr std::chrono::milliseconds rest {3'000};
    static constexpr std::chrono::milliseconds second_within {3'000};
    static constexpr std::chrono::milliseconds keys_within {15'000}; ///< from the first to the last

private:
    void begin(PointerEvent const& event, Corner const& first);
    bool end(PointerEvent const& event, Corner const& first, Corner const& second);

    std::optional<PointerEvent> down_; ///< the one finger that is on the screen
    bool is_clean_ = false; ///< it came alone and has not left its corner
    std::optional<SteadyTime> rested_; ///< when the first half was done
    std::size_t keys_ = 0; ///< of the sequence, so far
    SteadyTime first_key_ {};
};

}
