#include "platform/window/sdl_window.h"

#include "platform/base/log.h"
#include "platform/window/sdl_display.h"
#include "platform/window/sdl_events.h"
#include "platform/window/sdl_gpu_canvas.h"
#include "platform/window/x11_screen.h"

#include <SDL.h>
#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace listenpost {

namespace {

constexpr std::chrono::milliseconds poll_without_descriptor {10};
/// Between two attempts to come back on top: who fights back must not cost us the processor.
constexpr std::chrono::milliseconds between_raises {500};

Error sdl_error(Errc code, char const* what) { return {code, std::string(what) + ": " + SDL_GetError()}; }

void set_hints()
{
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1"); // StopSignal has them
    SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "0"); // a finger is not also a mouse
    SDL_SetHint(SDL_HINT_MOUSE_TOUCH_EVENTS, "0");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1"); // the shop decides when its display sleeps
    // SDL would ask a session bus about screensavers and input methods, and where there
    // is no bus start one: a process and a socket that the kiosk has no use for.
    ::setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:", 1);
    SDL_SetHint(SDL_HINT_VIDEO_MINIMIZE_ON_FOCUS_LOSS, "0"); // nothing may uncover what is below
    SDL_SetHint(SDL_HINT_ALLOW_ALT_TAB_WHILE_GRABBED, "0"); // SDL itself would minimise us
}

/// Never gets into the queue, so it never ends a wait.
void ignore_what_no_customer_does()
{
    for (SDL_EventType const type : {SDL_KEYUP, SDL_TEXTEDITING, SDL_TEXTINPUT, SDL_KEYMAPCHANGED,
             SDL_MOUSEWHEEL, SDL_DROPFILE, SDL_DROPTEXT, SDL_DROPBEGIN, SDL_DROPCOMPLETE, SDL_CLIPBOARDUPDATE,
             SDL_DOLLARGESTURE, SDL_DOLLARRECORD, SDL_MULTIGESTURE})
        SDL_EventState(type, SDL_IGNORE);
    SDL_StopTextInput(); // SDL starts it by itself; it wakes input methods
}

/// Pointer unseen, and the keyboard ours before any window manager's: its shortcuts do not work.
void hold_the_screen(SDL_Window* window)
{
    SDL_ShowCursor(SDL_DISABLE);
    SDL_SetWindowKeyboardGrab(window, SDL_TRUE);
    // Without a window manager nobody else would give us the focus, and a grab needs it.
    SDL_SetWindowInputFocus(window);
}

/// SDL's last resorts draw to nowhere: fine when asked for, a dark screen when not.
bool is_real_display(std::string_view driver)
{
    return std::getenv("SDL_VIDEODRIVER") != nullptr || (driver != "offscreen" && driver != "dummy");
}

class SdlWindow final : public Window {
public:
    SdlWindow(WakeSet wake_set, WindowMode mode, Clock const& clock, SDL_Window* window)
        : wake_set_(std::move(wake_set))
        , mode_(mode)
        , events_(mode)
        , clock_(clock)
        , window_(window)
        , connection_(DisplayConnection::of(window))
    {
        wake_set_.watch_display(connection_.descriptor());
        update_size();
    }
    ~SdlWindow() override
    {
        x11_screen_.reset();
        canvas_.reset();
        SDL_DestroyWindow(window_);
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
    }

    void use(std::unique_ptr<GpuCanvas> canvas)
    {
        canvas_ = std::move(canvas);
        connection_ = DisplayConnection::of(window_); // the renderer may have made the window anew
        wake_set_.watch_display(connection_.descriptor());
    }

    /// After use(), which may make the window anew.
    void keep_the_screen()
    {
        hold_the_screen(window_);
        x11_screen_ = X11Screen::follow(window_);
    }

    WindowEvents wait(std::optional<std::chrono::milliseconds> timeout) override;
    void wake() override { wake_set_.wake(); }
    PixelSize size() const override { return size_; }
    std::optional<float> millimetres_per_pixel() const override;
    PixelSpan framebuffer() override;
    unsigned contents_revision() const override { return contents_revision_; }
    void present(std::span<PixelRect const> changed) override;
    GpuCanvas* gpu() override { return canvas_.get(); }

private:
    void take_events(WindowEvents& events);
    void come_back();
    bool has_the_screen() const
    {
        return !x11_screen_ || (!x11_screen_->is_covered() && x11_screen_->is_filled_by(size_));
    }
    void update_size() { SDL_GetWindowSize(window_, &size_.width, &size_.height); }

    WakeSet wake_set_;
    WindowMode mode_;
    SdlEvents events_;
    Clock const& clock_;
    SDL_Window* window_;
    DisplayConnection connection_;
    std::unique_ptr<GpuCanvas> canvas_;
    std::unique_ptr<X11Screen> x11_screen_; ///< in full screen
    SteadyTime raised_ {}; ///< when it last came back
    PixelSize size_;
    SDL_Surface* surface_ = nullptr; ///< SDL's
    void* surface_pixels_ = nullptr; ///< to notice that SDL made it anew
    Picture converted_; ///< what is drawn, when the display has another pixel format
    unsigned contents_revision_ = 0;
};

WindowEvents SdlWindow::wait(std::optional<std::chrono::milliseconds> timeout)
{
    using std::chrono::steady_clock;
    auto const start = steady_clock::now();
    WindowEvents events;
    while (true) {
        do
            take_events(events);
        while (connection_.holds_events());
        std::optional<std::chrono::milliseconds> remaining = timeout;
        if (timeout) {
            auto const passed
                = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - start);
            remaining = std::max(*timeout - passed, std::chrono::milliseconds::zero());
        }
        if (!has_the_screen()) {
            if (clock_.steady_now() >= raised_ + between_raises)
                come_back();
            remaining = std::min(remaining.value_or(between_raises), between_raises);
        }
        bool const is_over = !events.timeout() || (remaining && remaining->count() == 0);
        if (is_over)
            remaining = std::chrono::milliseconds::zero();
        else if (connection_.descriptor() < 0)
            remaining = std::min(remaining.value_or(poll_without_descriptor), poll_without_descriptor);
        auto const ready = wake_set_.wait(remaining);
        events.stop = ready.stop;
        events.woken = ready.woken;
        if (is_over || ready.stop || ready.woken)
            return events;
    }
}

void SdlWindow::take_events(WindowEvents& events)
{
    auto const outcome = events_.take_all(events, clock_.steady_now(), size_);
    if (outcome.is_resized)
        update_size();
    if (outcome.is_covered && mode_ == WindowMode::FullScreen)
        come_back();
    bool const is_lost = outcome.is_resized || outcome.is_device_lost || (outcome.is_exposed && canvas_);
    if (is_lost) {
        ++contents_revision_;
        events.redraw = true;
    } else if (outcome.is_exposed && surface_ != nullptr) {
        SDL_UpdateWindowSurface(window_); // the pixels are still there
    }
}

/// Something took the screen, a part of it or the keyboard: a kiosk takes it back.
void SdlWindow::come_back()
{
    raised_ = clock_.steady_now();
    std::uint32_t const flags = SDL_GetWindowFlags(window_);
    if ((flags & (SDL_WINDOW_MINIMIZED | SDL_WINDOW_HIDDEN)) != 0) {
        SDL_ShowWindow(window_);
        SDL_RestoreWindow(window_);
    } else if ((flags & SDL_WINDOW_INPUT_FOCUS) == 0 || !has_the_screen()) {
        SDL_RaiseWindow(window_);
    }
    if (x11_screen_ && !x11_screen_->is_filled_by(size_))
        x11_screen_->fill();
}

std::optional<float> SdlWindow::millimetres_per_pixel() const
{
    float dots_per_inch = 0;
    constexpr float millimetres_per_inch = 25.4F;
    constexpr float smallest = 30; // below and above, the display's word is not to be believed
    constexpr float largest = 600;
    if (SDL_GetDisplayDPI(SDL_GetWindowDisplayIndex(window_), nullptr, &dots_per_inch, nullptr) != 0
        || dots_per_inch < smallest || dots_per_inch > largest)
        return std::nullopt;
    return millimetres_per_inch / dots_per_inch;
}

PixelSpan SdlWindow::framebuffer()
{
    surface_ = SDL_GetWindowSurface(window_);
    if (surface_ == nullptr) {
        log(LogLevel::Error, "window.no_framebuffer", {{"error", SDL_GetError()}});
        std::abort(); // the display is gone; the supervisor starts us again
    }
    bool const is_ours = surface_->format->format == SDL_PIXELFORMAT_RGB888
        || surface_->format->format == SDL_PIXELFORMAT_ARGB8888;
    bool const is_new = surface_->pixels != surface_pixels_;
    surface_pixels_ = surface_->pixels;
    if (is_new)
        ++contents_revision_;
    if (is_ours)
        return {static_cast<std::uint32_t*>(surface_->pixels), surface_->w, surface_->h, surface_->pitch / 4};
    if (is_new || converted_.width != surface_->w || converted_.height != surface_->h)
        converted_ = Picture(surface_->w, surface_->h);
    return converted_.span();
}

void SdlWindow::present(std::span<PixelRect const> changed)
{
    if (changed.empty() || surface_ == nullptr)
        return;
    std::vector<SDL_Rect> rects;
    rects.reserve(changed.size());
    for (PixelRect const& rect : changed) {
        rects.push_back({rect.x, rect.y, rect.width, rect.height});
        if (!converted_.pixels.empty()) {
            auto* const to = static_cast<std::uint8_t*>(surface_->pixels)
                + static_cast<std::ptrdiff_t>(rect.y) * surface_->pitch
                + static_cast<std::ptrdiff_t>(rect.x) * surface_->format->BytesPerPixel;
            SDL_ConvertPixels(rect.width, rect.height, SDL_PIXELFORMAT_ARGB8888,
                converted_.span().row(rect.y) + rect.x, converted_.width * 4, surface_->format->format, to,
                surface_->pitch);
        }
    }
    SDL_UpdateWindowSurfaceRects(window_, rects.data(), static_cast<int>(rects.size()));
}

}

Result<std::unique_ptr<Window>> create_sdl_window(
    WindowOptions const& options, Clock const& clock, WakeSet wake_set)
{
    set_hints();
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0)
        return fail(sdl_error(Errc::Unreachable, "no display"));
    std::string_view const driver = SDL_GetCurrentVideoDriver();
    if (!is_real_display(driver)) {
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
        return fail(Errc::Unreachable, "no display");
    }
    ignore_what_no_customer_does();
    // On X11 SDL would draw our framebuffer through OpenGL, in software where there is no GPU.
    if (driver == "x11")
        SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");

    bool const is_full_screen = options.mode == WindowMode::FullScreen;
    SDL_Window* const handle = SDL_CreateWindow(options.title.c_str(), SDL_WINDOWPOS_CENTERED,
        SDL_WINDOWPOS_CENTERED, options.size.width, options.size.height,
        is_full_screen ? SDL_WINDOW_FULLSCREEN_DESKTOP : SDL_WINDOW_SHOWN);
    if (handle == nullptr) {
        Error error = sdl_error(Errc::Io, "window");
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
        return fail(std::move(error));
    }
    auto window = std::make_unique<SdlWindow>(std::move(wake_set), options.mode, clock, handle);

    bool const wants_gpu = options.renderer == RendererChoice::Gpu
        || (options.renderer == RendererChoice::Auto && has_render_node());
    if (wants_gpu) {
        auto canvas = create_window_canvas(
            handle, options.renderer == RendererChoice::Gpu ? Accelerator::Any : Accelerator::RealGpu);
        if (canvas)
            window->use(std::move(*canvas));
        else if (options.renderer == RendererChoice::Gpu)
            return fail(canvas.error());
    }
    if (is_full_screen)
        window->keep_the_screen();
    log(LogLevel::Info, "window.open",
        {{"driver", driver}, {"width", window->size().width}, {"height", window->size().height},
            {"renderer", window->gpu() != nullptr ? "gpu" : "software"}});
    return window;
}

}
