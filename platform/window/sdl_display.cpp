#include "platform/window/sdl_display.h"

#include <SDL.h>
#include <SDL_syswm.h>
#include <filesystem>

namespace listenpost {

namespace {

/// Calls `int name(argument)` of a library that SDL has loaded already: linking it
/// would make every box need every display system.
int call_in_library(char const* library, char const* name, void* argument)
{
    void* const handle = SDL_LoadObject(library);
    if (handle == nullptr)
        return -1;
    auto const function = reinterpret_cast<int (*)(void*)>(SDL_LoadFunction(handle, name));
    int const result = function != nullptr ? function(argument) : -1;
    SDL_UnloadObject(handle); // SDL itself still holds it
    return result;
}

}

int display_descriptor(SDL_Window* window)
{
    SDL_SysWMinfo info;
    SDL_VERSION(&info.version);
    if (SDL_GetWindowWMInfo(window, &info) != SDL_TRUE)
        return -1;
    switch (info.subsystem) {
    case SDL_SYSWM_X11:
        return call_in_library("libX11.so.6", "XConnectionNumber", info.info.x11.display);
    case SDL_SYSWM_WAYLAND:
        return call_in_library("libwayland-client.so.0", "wl_display_get_fd", info.info.wl.display);
    default:
        return -1;
    }
}

bool has_render_node()
{
    std::error_code error;
    for (auto const& entry : std::filesystem::directory_iterator("/dev/dri", error)) {
        if (entry.path().filename().string().starts_with("renderD"))
            return true;
    }
    return false;
}

}
