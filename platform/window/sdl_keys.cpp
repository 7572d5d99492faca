#include "platform/window/sdl_keys.h"

#include <SDL.h>

namespace listenpost {

namespace {

std::optional<Key> key_of(SDL_Keysym const& symbol)
{
    constexpr int chord = KMOD_CTRL | KMOD_ALT | KMOD_GUI | KMOD_MODE;
    if ((symbol.mod & chord) != 0)
        return std::nullopt;
    switch (symbol.sym) {
    case SDLK_UP:
        return Key::Up;
    case SDLK_DOWN:
        return Key::Down;
    case SDLK_LEFT:
        return Key::Left;
    case SDLK_RIGHT:
        return Key::Right;
    case SDLK_RETURN:
    case SDLK_KP_ENTER:
    case SDLK_SPACE:
        return Key::Select;
    case SDLK_ESCAPE:
    case SDLK_BACKSPACE:
        return Key::Back;
    case SDLK_TAB:
        return (symbol.mod & KMOD_SHIFT) != 0 ? Key::Previous : Key::Next;
    default:
        return std::nullopt;
    }
}

}

std::optional<KeyPress> SdlKeys::take(SDL_KeyboardEvent const& event, SteadyTime now)
{
    auto const key = key_of(event.keysym);
    if (!key)
        return std::nullopt;
    if (event.repeat != 0) {
        bool const may_repeat = *key != Key::Select && *key != Key::Back;
        if (!may_repeat || now - last_taken_ < repeat_interval)
            return std::nullopt;
    }
    last_taken_ = now;
    return KeyPress {.time = now, .key = *key};
}

}
