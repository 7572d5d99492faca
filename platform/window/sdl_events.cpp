#include "platform/window/sdl_events.h"

#include <SDL.h>
#include <algorithm>

namespace listenpost {

namespace {

/// SDL counts fingers from 0; 0 is the mouse here.
std::int64_t pointer_of(SdlFinger const& finger) { return finger.finger + 1; }

}

bool sdl_holds(SdlFinger const& finger)
{
    bool is_known = false;
    for (int index = 0; index < SDL_GetNumTouchDevices() && !is_known; ++index)
        is_known = SDL_GetTouchDevice(index) == finger.screen;
    // Asking for an unplugged screen would make SDL look for all of them anew.
    if (!is_known)
        return false;
    for (int index = 0; index < SDL_GetNumTouchFingers(finger.screen); ++index) {
        SDL_Finger const* const held = SDL_GetTouchFinger(finger.screen, index);
        if (held != nullptr && held->id == finger.finger)
            return true;
    }
    return false;
}

SdlEvents::Outcome SdlEvents::take_all(WindowEvents& events, SteadyTime now, PixelSize size)
{
    Outcome outcome;
    SDL_Event event;
    while (SDL_PollEvent(&event) == 1) {
        switch (event.type) {
        case SDL_QUIT:
            // In full screen this is Alt+F4 or the like: customers do not close the kiosk.
            events.close = events.close || mode_ == WindowMode::Windowed;
            break;
        case SDL_WINDOWEVENT:
            outcome.is_resized = outcome.is_resized || event.window.event == SDL_WINDOWEVENT_SIZE_CHANGED;
            outcome.is_exposed = outcome.is_exposed || event.window.event == SDL_WINDOWEVENT_EXPOSED;
            outcome.is_covered = outcome.is_covered || event.window.event == SDL_WINDOWEVENT_MINIMIZED
                || event.window.event == SDL_WINDOWEVENT_HIDDEN
                || event.window.event == SDL_WINDOWEVENT_FOCUS_LOST;
            break;
        case SDL_KEYDOWN:
            if (auto const press = keys_.take(event.key, now); press && events.keys.size() < most_keys)
                events.keys.push_back(*press);
            break;
        case SDL_FINGERDOWN:
        case SDL_FINGERUP:
        case SDL_FINGERMOTION:
            take_finger(event, events, now, size);
            break;
        case SDL_RENDER_TARGETS_RESET:
        case SDL_RENDER_DEVICE_RESET:
            outcome.is_device_lost = true;
            break;
        default:
            take_mouse(event, events, now);
        }
    }
    cancel_lost_fingers(events, now);
    return outcome;
}

void SdlEvents::take_finger(SDL_Event const& event, WindowEvents& events, SteadyTime now, PixelSize size)
{
    SdlFinger const finger {event.tfinger.touchId, event.tfinger.fingerId};
    auto phase = PointerPhase::Move;
    if (event.type == SDL_FINGERDOWN) {
        phase = PointerPhase::Down;
        if (std::ranges::find(fingers_, finger) == fingers_.end())
            fingers_.push_back(finger);
    } else if (event.type == SDL_FINGERUP) {
        phase = PointerPhase::Up;
        std::erase(fingers_, finger);
    }
    events.pointers.push_back({now, pointer_of(finger), event.tfinger.x * static_cast<float>(size.width),
        event.tfinger.y * static_cast<float>(size.height), phase});
}

/// The queue is empty now, so what SDL holds is what it has told.
void SdlEvents::cancel_lost_fingers(WindowEvents& events, SteadyTime now)
{
    std::erase_if(fingers_, [&](SdlFinger const& finger) {
        if (holds_(finger))
            return false;
        events.pointers.push_back({now, pointer_of(finger), 0, 0, PointerPhase::Cancel});
        return true;
    });
}

void SdlEvents::take_mouse(SDL_Event const& event, WindowEvents& events, SteadyTime now)
{
    auto const add_mouse = [&](int x, int y, PointerPhase phase) {
        events.pointers.push_back({now, mouse_pointer, static_cast<float>(x), static_cast<float>(y), phase});
    };
    // SDL was told not to imitate a mouse with fingers; a driver's event says who it was.
    bool const is_imitated = event.type == SDL_MOUSEMOTION ? event.motion.which == SDL_TOUCH_MOUSEID
                                                           : event.button.which == SDL_TOUCH_MOUSEID;
    switch (event.type) {
    case SDL_MOUSEBUTTONDOWN:
        if (event.button.button == SDL_BUTTON_LEFT && !is_imitated) {
            is_mouse_down_ = true;
            add_mouse(event.button.x, event.button.y, PointerPhase::Down);
        }
        break;
    case SDL_MOUSEBUTTONUP:
        if (event.button.button == SDL_BUTTON_LEFT && is_mouse_down_) {
            is_mouse_down_ = false;
            add_mouse(event.button.x, event.button.y, PointerPhase::Up);
        }
        break;
    case SDL_MOUSEMOTION:
        if (is_mouse_down_ && !is_imitated)
            add_mouse(event.motion.x, event.motion.y, PointerPhase::Move);
        break;
    default:
        break;
    }
}

}
