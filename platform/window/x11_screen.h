#pragma once

#include "platform/base/pixels.h"

#include <memory>

struct SDL_Window;
union SDL_Event;

namespace listenpost {

/// What becomes of a full-screen window on X11 that SDL 2.26 does not look for.
///  - The screen changes its resolution or is turned: the window becomes as large. (A
///    window manager would see to it; without one nobody does.)
///  - Another window lies over it: is_covered() tells, even while this one keeps the
///    keyboard, of which SDL would tell.
/// Threads: the one of the window.
class X11Screen {
public:
    /// Nothing on other display systems. One at a time: SDL's event filter is its own.
    /// `window` must outlive it.
    static std::unique_ptr<X11Screen> follow(SDL_Window* window);
    ~X11Screen();
    X11Screen(X11Screen const&) = delete;
    X11Screen& operator=(X11Screen const&) = delete;

    /// As of the last event that SDL took.
    bool is_covered() const;
    bool is_filled_by(PixelSize window) const;

    /// Asks once more for the whole screen: a window manager may have had another idea.
    void fill();

private:
    struct Impl;
    explicit X11Screen(std::unique_ptr<Impl> impl);
    static int filter(void* impl, SDL_Event* event);
    std::unique_ptr<Impl> impl_;
};

}
