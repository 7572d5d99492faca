#include "platform/window/x11_screen.h"

#include "platform/base/log.h"

#include <SDL.h>
#include <SDL_syswm.h>

namespace listenpost {
namespace {

/// What is needed of Xlib, from the library that SDL has loaded already: linking it
/// would make every box need X11. Never unloaded, as SDL itself holds it to the end.
struct Xlib {
    bool load()
    {
        library = SDL_LoadObject("libX11.so.6");
        return library != nullptr && find("XGetWindowAttributes", get_attributes)
            && find("XSelectInput", select_input) && find("XDefaultRootWindow", default_root)
            && find("XMoveResizeWindow", move_resize) && find("XFlush", flush);
    }

    template <typename Function>
    bool find(char const* name, Function& function) const
    {
        function = reinterpret_cast<Function>(SDL_LoadFunction(library, name));
        return function != nullptr;
    }

    /// SDL takes its display away while an output is unplugged or changes its mode, and then
    /// reads through a null pointer: in SDL_RaiseWindow and elsewhere (2.26). What this file
    /// does needs none of its display events.
    static void keep_displays(Display* display, ::Window root)
    {
        void* const xrandr = SDL_LoadObject("libXrandr.so.2");
        if (xrandr == nullptr)
            return; // then SDL does not listen either
        auto const select
            = reinterpret_cast<void (*)(Display*, ::Window, int)>(SDL_LoadFunction(xrandr, "XRRSelectInput"));
        if (select != nullptr)
            select(display, root, 0);
    }

    void* library = nullptr;
    int (*get_attributes)(Display*, ::Window, XWindowAttributes*) = nullptr;
    int (*select_input)(Display*, ::Window, long) = nullptr;
    ::Window (*default_root)(Display*) = nullptr;
    int (*move_resize)(Display*, ::Window, int, int, unsigned, unsigned) = nullptr;
    int (*flush)(Display*) = nullptr;
};

}

struct X11Screen::Impl {
    /// SDL has asked for events of this window too, and XSelectInput replaces what was asked for.
    bool listen(::Window target, long events)
    {
        XWindowAttributes attributes;
        if (xlib.get_attributes(display, target, &attributes) == 0)
            return false;
        xlib.select_input(display, target, attributes.your_event_mask | events);
        return true;
    }

    void take(XEvent const& event)
    {
        if (event.type == ConfigureNotify && event.xconfigure.window == root)
            follow(event.xconfigure.width, event.xconfigure.height);
        else if (event.type == VisibilityNotify && event.xvisibility.window == window)
            is_covered = event.xvisibility.state != VisibilityUnobscured;
    }

    /// The server tells of a change several times, and of the root's other changes too.
    void follow(int new_width, int new_height)
    {
        if (new_width == width && new_height == height)
            return;
        width = new_width;
        height = new_height;
        log(LogLevel::Info, "window.screen_changed", {{"width", width}, {"height", height}});
        fill_screen();
    }

    void fill_screen() const
    {
        xlib.move_resize(display, window, 0, 0, static_cast<unsigned>(width), static_cast<unsigned>(height));
        xlib.flush(display); // SDL may wait for events next, and the request would stay here
    }

    Xlib xlib;
    Display* display = nullptr;
    ::Window root = 0;
    ::Window window = 0;
    int width = 0;
    int height = 0;
    bool is_covered = false;
};

X11Screen::X11Screen(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl))
{
}

X11Screen::~X11Screen() { SDL_SetEventFilter(nullptr, nullptr); }

bool X11Screen::is_covered() const { return impl_->is_covered; }

bool X11Screen::is_filled_by(PixelSize window) const
{
    return window == PixelSize {impl_->width, impl_->height};
}

void X11Screen::fill() { impl_->fill_screen(); }

/// SDL asks before an event enters its queue. X11's own never do: they would end a wait.
int X11Screen::filter(void* impl, SDL_Event* event)
{
    if (event->type != SDL_SYSWMEVENT)
        return 1;
    static_cast<Impl*>(impl)->take(event->syswm.msg->msg.x11.event);
    return 0;
}

std::unique_ptr<X11Screen> X11Screen::follow(SDL_Window* window)
{
    SDL_SysWMinfo info;
    SDL_VERSION(&info.version);
    if (SDL_GetWindowWMInfo(window, &info) != SDL_TRUE || info.subsystem != SDL_SYSWM_X11)
        return nullptr;
    auto impl = std::make_unique<Impl>();
    if (!impl->xlib.load())
        return nullptr;
    impl->display = info.info.x11.display;
    impl->window = info.info.x11.window;
    impl->root = impl->xlib.default_root(impl->display);
    SDL_GetWindowSize(window, &impl->width, &impl->height);
    XWindowAttributes root;
    if (!impl->listen(impl->window, VisibilityChangeMask) || !impl->listen(impl->root, StructureNotifyMask)
        || impl->xlib.get_attributes(impl->display, impl->root, &root) == 0)
        return nullptr;
    Xlib::keep_displays(impl->display, impl->root);
    SDL_SetEventFilter(filter, impl.get());
    SDL_EventState(SDL_SYSWMEVENT, SDL_ENABLE);
    impl->follow(root.width, root.height); // it may have changed since the window was made
    return std::unique_ptr<X11Screen>(new X11Screen(std::move(impl)));
}

}
