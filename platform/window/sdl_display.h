#pragma once

struct SDL_Window;

namespace listenpost {

/// The connection on which the display sends its events, or -1 when SDL has none
/// (console, dummy). SDL 2.26's own wait is not enough: it cannot wait for our
/// descriptors too, and it polls on some drivers.
int display_descriptor(SDL_Window* window);

/// Whether this machine has a GPU at all. Asked before OpenGL is loaded, because where
/// there is none that loads a software one: a hundred megabytes and many milliseconds.
bool has_render_node();

}
