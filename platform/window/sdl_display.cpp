#include "platform/window/sdl_display.h"

#include <SDL.h>
#include <SDL_syswm.h>
#include <filesystem>

namespace listenpost {

namespace {

using Function = int (*)(void*);

/// `int name(argument)` of a library that SDL has loaded already: linking it would make
/// every box need every display system. Never unloaded, as SDL itself holds it to the end.
Function function_of(char const* library, char const* name)
{
    void* const handle = SDL_LoadObject(library);
    return handle != nullptr ? reinterpret_cast<Function>(SDL_LoadFunction(handle, name)) : nullptr;
}

}

DisplayConnection DisplayConnection::of(SDL_Window* window)
{
    DisplayConnection connection;
    Function descriptor = nullptr;
    SDL_SysWMinfo info;
    SDL_VERSION(&info.version);
    if (SDL_GetWindowWMInfo(window, &info) != SDL_TRUE)
        return connection;
    switch (info.subsystem) {
    case SDL_SYSWM_X11:
        connection.display_ = info.info.x11.display;
        connection.pending_ = function_of("libX11.so.6", "XPending");
        descriptor = function_of("libX11.so.6", "XConnectionNumber");
        break;
    case SDL_SYSWM_WAYLAND:
        connection.display_ = info.info.wl.display;
        descriptor = function_of("libwayland-client.so.0", "wl_display_get_fd");
        break;
    default:
        break;
    }
    if (descriptor != nullptr)
        connection.descriptor_ = descriptor(connection.display_);
    return connection;
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
