#include "platform/window/sdl_events.h"

#include <SDL.h>

namespace listenpost {

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
            break;
        case SDL_RENDER_TARGETS_RESET:
        case SDL_RENDER_DEVICE_RESET:
            outcome.is_device_lost = true;
            break;
        default:
            take_pointer(event, events, now, size);
        }
    }
    return outcome;
}

void SdlEvents::take_pointer(SDL_Event const& event, WindowEvents& events, SteadyTime now, PixelSize size)
{
    auto const add = [&](std::int64_t pointer, float x, float y, PointerPhase phase) {
        events.pointers.push_back({now, pointer, x, y, phase});
    };
    auto const add_mouse = [&](int x, int y, PointerPhase phase) {
        add(mouse_pointer, static_cast<float>(x), static_cast<float>(y), phase);
    };
    auto const add_finger = [&](PointerPhase phase) {
        // SDL counts fingers from 0; 0 is the mouse here.
        add(event.tfinger.fingerId + 1, event.tfinger.x * static_cast<float>(size.width),
            event.tfinger.y * static_cast<float>(size.height), phase);
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
    case SDL_FINGERDOWN:
        add_finger(PointerPhase::Down);
        break;
    case SDL_FINGERUP:
        add_finger(PointerPhase::Up);
        break;
    case SDL_FINGERMOTION:
        add_finger(PointerPhase::Move);
        break;
    default:
        break;
    }
}

}
