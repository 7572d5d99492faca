#pragma once

struct SDL_Window;

namespace listenpost {

/// The connection on which the display sends its events. SDL 2.26's own wait is not
/// enough: it cannot wait for our descriptors too, and it polls on some drivers.
/// Threads: the one of the window.
class DisplayConnection {
public:
    /// Of a window that outlives it.
    static DisplayConnection of(SDL_Window* window);

    /// -1 when SDL has none (console, dummy).
    int descriptor() const { return descriptor_; }

    /// Whether the display's library has read events that SDL has not taken: the descriptor
    /// will say nothing of them. (Whatever waits for an answer of the X server reads the
    /// events before it, and SDL does so within its own taking of events.)
    bool holds_events() const { return pending_ != nullptr && pending_(display_) > 0; }

private:
    void* display_ = nullptr;
    int descriptor_ = -1;
    int (*pending_)(void*) = nullptr;
};

/// Whether this machine has a GPU at all. Asked before OpenGL is loaded, because where
/// there is none that loads a software one: a hundred megabytes and many milliseconds.
bool has_render_node();

}
