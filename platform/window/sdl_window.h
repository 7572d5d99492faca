#pragma once

#include "platform/window/wake_set.h"
#include "platform/window/window.h"

namespace listenpost {

/// A window on whatever display SDL finds. Errors: Unreachable, Io.
Result<std::unique_ptr<Window>> create_sdl_window(
    WindowOptions const& options, Clock const& clock, WakeSet wake_set);

}
