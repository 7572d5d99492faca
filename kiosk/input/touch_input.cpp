#include "kiosk/input/touch_input.h"

namespace listenpost::kiosk {

void TouchInput::feed(std::span<PointerEvent const> events)
{
    for (PointerEvent const& event : events) {
        bool const is_finger = event.pointer != mouse_pointer;
        bool const is_imitation = !is_finger && last_finger_ && event.time - *last_finger_ < imitation_window;
        if (is_finger)
            last_finger_ = event.time;
        if (event.phase == PointerPhase::Down) {
            bool const is_taken
                = holder_ && holder_ != event.pointer && event.time - holder_moved_ < resting_time;
            bool const is_full = queue_.size() >= most_queued;
            if (is_taken || is_imitation || is_full)
                continue;
            if (holder_)
                enqueue({.time = event.time, .pointer = *holder_, .phase = PointerPhase::Cancel});
            holder_ = event.pointer;
        } else if (holder_ != event.pointer) {
            continue;
        } else if (event.phase != PointerPhase::Move) {
            holder_.reset();
        }
        holder_moved_ = event.time;
        enqueue(event);
    }
}

void TouchInput::enqueue(PointerEvent const& event)
{
    // Of movements in a row only the last is ever seen.
    if (event.phase == PointerPhase::Move && !queue_.empty() && queue_.back().phase == PointerPhase::Move) {
        queue_.back() = event;
        return;
    }
    queue_.push_back(event);
}

TouchFrame TouchInput::next_frame()
{
    if (!current_.is_down)
        current_.is_present = false;
    while (!queue_.empty()) {
        PointerEvent const event = queue_.front();
        queue_.pop_front();
        bool const is_move = event.phase == PointerPhase::Move;
        current_ = {.is_present = event.phase != PointerPhase::Cancel,
            .is_down = event.phase == PointerPhase::Down || is_move,
            .x = event.x,
            .y = event.y};
        // Only the last of many movements is worth a frame, and it must be seen before
        // an up that follows: that is the frame's end as well.
        bool const is_last_move = is_move && (queue_.empty() || queue_.front().phase != PointerPhase::Move);
        if (!is_move || is_last_move)
            break;
    }
    return current_;
}

bool TouchInput::has_more() const { return !queue_.empty() || (current_.is_present && !current_.is_down); }

void TouchInput::cancel()
{
    queue_.clear();
    holder_.reset();
    current_ = {};
}

}
