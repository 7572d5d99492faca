#pragma once

#include "platform/base/clock.h"
#include "platform/base/key_press.h"
#include "platform/base/pixels.h"
#include "platform/base/pointer_event.h"
#include "platform/base/result.h"
#include "platform/window/gpu_canvas.h"

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace listenpost {

enum class WindowMode {
    Windowed, ///< has a close button, for developing
    FullScreen, ///< the kiosk: no pointer to be seen, nothing on a keyboard ends it
    Headless, ///< no display at all: the picture is only in memory
};

enum class RendererChoice {
    Auto, ///< the GPU if there is a real one, else software
    Software,
    Gpu, ///< any accelerated renderer, or an error
};

struct WindowOptions {
    std::string title;
    PixelSize size {1280, 800}; ///< ignored in full screen
    WindowMode mode = WindowMode::Windowed;
    RendererChoice renderer = RendererChoice::Auto;
    /// Readable when the program shall stop (StopSignal); borrowed; -1 for none.
    int stop_descriptor = -1;
};

/// Why a wait ended. None of them: the time was over.
struct WindowEvents {
    bool stop = false; ///< the stop descriptor became readable
    bool close = false; ///< the close button; never in full screen
    bool woken = false; ///< wake() was called
    bool redraw = false; ///< the size changed or the picture was lost: see contents_revision()
    std::vector<PointerEvent> pointers; ///< in the order of happening
    std::vector<KeyPress> keys; ///< of an arrow keypad, in the order of happening

    bool timeout() const { return !stop && !close && !woken && !redraw && pointers.empty() && keys.empty(); }
};

/// The one window. Software path: draw into framebuffer(), then present() what changed.
/// GPU path: gpu() is not null and framebuffer() is not to be used.
/// A keyboard that somebody plugs in is an arrow keypad and nothing else (KIOSK_SETUP.md
/// says what the display must be told so that this is the whole truth).
/// Threads: the thread that made it, except wake().
class Window {
public:
    virtual ~Window() = default;

    /// Errors: Unreachable (no display), Io, Invalid (size).
    static Result<std::unique_ptr<Window>> create(WindowOptions const& options, Clock const& clock);

    /// Blocks without polling until something happens or the time is over; forever
    /// without a timeout. Mouse movements without a pressed button do not end it.
    /// On the console (KMSDRM), where SDL has no descriptor to wait for, it looks
    /// for input every 10 ms.
    virtual WindowEvents wait(std::optional<std::chrono::milliseconds> timeout) = 0;

    /// Ends the wait of now or the next one. From any thread.
    virtual void wake() = 0;

    virtual PixelSize size() const = 0;
    /// From the display's own word, if it is believable.
    virtual std::optional<float> millimetres_per_pixel() const = 0;

    /// The pixels that the next present() shows; they stay as drawn until
    /// contents_revision() changes. The span holds until the next wait().
    virtual PixelSpan framebuffer() = 0;
    /// Another number = all pixels are undefined: draw everything.
    virtual unsigned contents_revision() const = 0;
    /// Shows these parts of the framebuffer. Nothing for an empty list.
    virtual void present(std::span<PixelRect const> changed) = 0;

    /// Null on the software path. Belongs to the window.
    virtual GpuCanvas* gpu() = 0;
};

}
