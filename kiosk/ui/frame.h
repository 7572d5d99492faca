#pragma once

#include "kiosk/input/touch_input.h"
#include "kiosk/ui/fonts.h"
#include "kiosk/ui/gpu_renderer.h"
#include "kiosk/ui/raster.h"
#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "platform/window/window.h"

#include <filesystem>
#include <memory>
#include <optional>

struct ImGuiContext;

namespace listenpost::kiosk {

enum class Presented {
    Changed, ///< the screen shows something new
    Same, ///< nothing was drawn and nothing sent to the display
};

/// ImGui's context, the fonts and whatever draws, for one window. A program's loop:
///
///     auto events = window.wait(until_next_deadline);
///     touch.feed(events.pointers);
///     do {
///         frame.begin(touch.next_frame(), clock.steady_now());
///         … draw with ImGui and frame.fonts() …
///         frame.end();
///     } while (touch.has_more());
///
/// One per process (ImGui has one current context). Threads: the window's.
class Frame {
public:
    /// Borrows the window. Errors: as Fonts::create.
    static Result<std::unique_ptr<Frame>> create(Window& window, std::filesystem::path const& fonts_folder);
    ~Frame();
    Frame(Frame const&) = delete;
    Frame& operator=(Frame const&) = delete;

    Fonts& fonts() { return *fonts_; }

    /// ImGui::NewFrame() with the window's size, the finger and the time.
    void begin(TouchFrame touch, SteadyTime now);
    /// ImGui::Render(), then draws and presents what changed.
    Presented end();

    /// The last frame as a PNG, drawn in software whatever the window uses.
    /// Errors: as write_png.
    Result<> screenshot(std::filesystem::path const& file);
    /// The same, in memory. Empty before the first end().
    Picture picture() const;

private:
    Frame(Window& window, std::unique_ptr<Fonts> fonts);

    Window& window_;
    std::unique_ptr<Fonts> fonts_;
    ImGuiContext* context_;
    Raster raster_;
    std::optional<GpuRenderer> gpu_;
    std::optional<unsigned> contents_revision_;
    std::optional<SteadyTime> last_begin_;
};

}
