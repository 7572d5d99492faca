#pragma once

#include "platform/base/pointer_event.h"

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <span>

namespace listenpost::kiosk {

/// What one frame sees of the finger.
struct TouchFrame {
    bool is_present = false; ///< x and y mean something; false: nothing touches, nothing hovers
    bool is_down = false;
    float x = 0;
    float y = 0;
    friend bool operator==(TouchFrame const&, TouchFrame const&) = default;
};

/// Turns pointer events, as they come, into one state a frame.
///
/// - The first finger counts until it lifts; what else touches meanwhile (a palm, a
///   child's hand) never counts, not even its lifting. But what lies still for long (a
///   drop of water, a finger whose lifting was never told) gives way to the next one.
/// - No tap is lost: each down and each up is seen by a frame of its own, even when
///   both arrive together. While has_more(), draw another frame at once.
/// - A mouse press shortly after a finger is a driver imitating the finger: ignored.
/// - What waits for a frame is bounded: of movements in a row the last is kept, and with
///   `most_queued` events waiting (over a thousand taps that no frame has seen: no person)
///   a further touch is refused whole, never half. A touch that began is seen to its end.
/// - After an up, one more frame sees nothing touching, so nothing stays highlighted.
class TouchInput {
public:
    void feed(std::span<PointerEvent const> events);

    /// The state of the next frame.
    TouchFrame next_frame();

    /// There is something another frame has to see.
    bool has_more() const;

    /// Forgets what is held and queued, as if the finger had gone away without
    /// meaning a tap: for when another screen appears under the finger.
    void cancel();

    static constexpr std::chrono::milliseconds imitation_window {400};
    static constexpr std::chrono::milliseconds resting_time {3'000};
    static constexpr std::size_t most_queued = 4096;

    /// How many events wait for a frame: at most `most_queued` and a few.
    std::size_t queued() const { return queue_.size(); }

private:
    void enqueue(PointerEvent const& event);

    std::deque<PointerEvent> queue_;
    TouchFrame current_;
    std::optional<std::int64_t> holder_; ///< the pointer that counts, as fed
    SteadyTime holder_moved_ {};
    std::optional<SteadyTime> last_finger_;
};

}
