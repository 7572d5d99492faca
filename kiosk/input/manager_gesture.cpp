#include "kiosk/input/manager_gesture.h"

#include <array>
#include <utility>

namespace listenpost::kiosk {
namespace {

using listenpost::Key;

constexpr std::array sequence {
    Key::Back, Key::Up, Key::Back, Key::Down, Key::Back, Key::Up, Key::Back, Key::Down};

bool is_in(Corner const& corner, PointerEvent const& event)
{
    auto const within = [](float at, int from, int size) {
        return at >= static_cast<float>(from) && at < static_cast<float>(from + size);
    };
    return within(event.x, corner.x, corner.w) && within(event.y, corner.y, corner.h);
}

}

bool ManagerGesture::feed(std::span<PointerEvent const> pointers, Corner const& first, Corner const& second)
{
    bool is_whole = false;
    for (auto const& event : pointers) {
        keys_ = 0;
        if (event.phase == PointerPhase::Down) {
            begin(event, first);
        } else if (down_ && down_->pointer == event.pointer) {
            // Only where it rests does it matter that it stays: a tap may slip.
            Corner const& place = rested_ ? second : first;
            is_clean_ = is_clean_ && event.phase != PointerPhase::Cancel && is_in(place, event);
            if (event.phase != PointerPhase::Move)
                is_whole = end(event, first, second) || is_whole;
        }
    }
    return is_whole;
}

void ManagerGesture::begin(PointerEvent const& event, Corner const& first)
{
    bool const is_alone = !down_;
    if (!is_alone) {
        is_clean_ = false;
        rested_.reset();
        return;
    }
    if (rested_ && event.time - *rested_ > second_within)
        rested_.reset();
    down_ = event;
    is_clean_ = rested_ || is_in(first, event);
}

bool ManagerGesture::end(PointerEvent const& event, Corner const& first, Corner const& second)
{
    PointerEvent const down = *std::exchange(down_, std::nullopt);
    bool const was_rested = std::exchange(rested_, std::nullopt).has_value();
    if (!is_clean_)
        return false;
    if (was_rested)
        return is_in(second, down);
    if (is_in(first, down) && event.time - down.time >= rest)
        rested_ = event.time;
    return false;
}

bool ManagerGesture::feed(listenpost::KeyPress const& key)
{
    down_.reset();
    rested_.reset();
    if (keys_ > 0 && (key.key != sequence[keys_] || key.time - first_key_ > keys_within))
        keys_ = 0;
    if (key.key != sequence[keys_])
        return false;
    if (keys_ == 0)
        first_key_ = key.time;
    if (++keys_ < sequence.size())
        return false;
    keys_ = 0;
    return true;
}

void ManagerGesture::reset() { *this = {}; }

}
