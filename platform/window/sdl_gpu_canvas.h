#pragma once

#include "platform/window/gpu_canvas.h"

#include <memory>

struct SDL_Window;

namespace listenpost {

enum class Accelerator {
    RealGpu, ///< hardware only
    Any, ///< whatever SDL calls accelerated, an OpenGL in software too
};

/// Errors: Unreachable (no such accelerator).
Result<std::unique_ptr<GpuCanvas>> create_window_canvas(SDL_Window* window, Accelerator accelerator);

/// SDL's own software renderer on a picture in memory: what tests compare with, and
/// the benchmarks' baseline. Errors: Io.
Result<std::unique_ptr<GpuCanvas>> create_software_canvas(PixelSize size);

}
