#include "platform/os/system_clock.h"
#include "platform/window/window.h"

#include <SDL.h>
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <thread>
#include <unistd.h>

using namespace listenpost;
using std::chrono::milliseconds;

namespace {

/// SDL's own driver that shows nothing: everything but the display is real.
std::unique_ptr<Window> dummy_window(WindowMode mode, Clock const& clock, int stop_descriptor = -1)
{
    ::setenv("SDL_VIDEODRIVER", "dummy", 1);
    auto window = Window::create({.title = "test",
                                     .size = {640, 480},
                                     .mode = mode,
                                     .renderer = RendererChoice::Software,
                                     .stop_descriptor = stop_descriptor},
        clock);
    REQUIRE(window);
    // What opening it caused is not what a test asks for.
    while ((*window)->wait(milliseconds(0)).redraw) { }
    return std::move(*window);
}

void push(SDL_Event event) { REQUIRE(SDL_PushEvent(&event) == 1); }

SDL_Event mouse_button(
    SDL_EventType type, int x, int y, std::uint32_t which = 0, std::uint8_t button = SDL_BUTTON_LEFT)
{
    SDL_Event event {};
    event.type = type;
    event.button.which = which;
    event.button.button = button;
    event.button.x = x;
    event.button.y = y;
    return event;
}

SDL_Event mouse_motion(int x, int y)
{
    SDL_Event event {};
    event.type = SDL_MOUSEMOTION;
    event.motion.x = x;
    event.motion.y = y;
    return event;
}

SDL_Event finger(SDL_EventType type, SDL_FingerID id, float x, float y)
{
    SDL_Event event {};
    event.type = type;
    event.tfinger.fingerId = id;
    event.tfinger.x = x;
    event.tfinger.y = y;
    return event;
}

struct Pipe {
    Pipe() { REQUIRE(::pipe(ends) == 0); }
    ~Pipe()
    {
        ::close(ends[0]);
        ::close(ends[1]);
    }
    int ends[2] {};
};

}

TEST_CASE("Without a display a window is a picture in memory", "[window]")
{
    SystemClock const clock;
    auto window = Window::create({.title = "test", .size = {320, 200}, .mode = WindowMode::Headless}, clock);
    REQUIRE(window);
    CHECK((*window)->size() == PixelSize {320, 200});
    CHECK((*window)->gpu() == nullptr);
    (*window)->framebuffer().row(199)[319] = 0xFF123456;
    PixelRect const all {0, 0, 320, 200};
    (*window)->present({&all, 1});
    CHECK((*window)->framebuffer().row(199)[319] == 0xFF123456);
    CHECK((*window)->wait(milliseconds(0)).timeout());

    CHECK(Window::create({.title = "", .size = {0, 200}, .mode = WindowMode::Headless}, clock).error().code
        == Errc::Invalid);
    CHECK(Window::create({.title = "", .size = {100000, 2}, .mode = WindowMode::Headless}, clock).error().code
        == Errc::Invalid);
}

TEST_CASE("A wait ends by another thread, and a wake before the wait is not lost", "[window]")
{
    SystemClock const clock;
    for (bool const is_headless : {true, false}) {
        CAPTURE(is_headless);
        auto window = is_headless
            ? std::move(*Window::create({.title = "test", .mode = WindowMode::Headless}, clock))
            : dummy_window(WindowMode::Windowed, clock);
        window->wake();
        CHECK(window->wait(std::nullopt).woken);
        std::thread other([&] { window->wake(); });
        CHECK(window->wait(std::nullopt).woken);
        other.join();
        CHECK(window->wait(milliseconds(0)).timeout());
    }
}

TEST_CASE("A wait ends when the stop descriptor becomes readable", "[window]")
{
    SystemClock const clock;
    Pipe stop;
    for (bool const is_headless : {true, false}) {
        auto window = is_headless
            ? std::move(*Window::create(
                {.title = "test", .mode = WindowMode::Headless, .stop_descriptor = stop.ends[0]}, clock))
            : dummy_window(WindowMode::Windowed, clock, stop.ends[0]);
        if (is_headless) {
            CHECK_FALSE(window->wait(milliseconds(0)).stop);
            REQUIRE(::write(stop.ends[1], "x", 1) == 1);
        }
        CHECK(window->wait(std::nullopt).stop);
        CHECK(window->wait(std::nullopt).stop); // and from then on
    }
}

TEST_CASE("Mouse and finger arrive in order, in pixels", "[window]")
{
    SystemClock const clock;
    auto window = dummy_window(WindowMode::Windowed, clock);
    push(mouse_button(SDL_MOUSEBUTTONDOWN, 10, 20));
    push(mouse_motion(30, 40));
    push(mouse_button(SDL_MOUSEBUTTONUP, 30, 40));
    push(finger(SDL_FINGERDOWN, 0, 0.5F, 0.25F));
    push(finger(SDL_FINGERUP, 0, 0.5F, 0.25F));
    auto const events = window->wait(std::nullopt).pointers;
    REQUIRE(events.size() == 5);
    CHECK(events[0].phase == PointerPhase::Down);
    CHECK(events[0].pointer == mouse_pointer);
    CHECK(events[1].phase == PointerPhase::Move);
    CHECK(events[2].phase == PointerPhase::Up);
    CHECK(events[2].x == 30);
    CHECK(events[3].pointer != mouse_pointer);
    CHECK(events[3].x == 320);
    CHECK(events[3].y == 120);
    CHECK(events[4].pointer == events[3].pointer);
}

TEST_CASE("What is no touch does not wake the program", "[window]")
{
    SystemClock const clock;
    auto window = dummy_window(WindowMode::FullScreen, clock);
    push(mouse_motion(1, 1)); // hovering
    push(mouse_button(SDL_MOUSEBUTTONDOWN, 1, 1, SDL_TOUCH_MOUSEID)); // imitating a finger
    push(mouse_button(SDL_MOUSEBUTTONDOWN, 1, 1, 0, SDL_BUTTON_RIGHT));
    push(mouse_button(SDL_MOUSEBUTTONUP, 1, 1)); // of a press that was none
    SDL_Event key {};
    key.type = SDL_KEYDOWN;
    key.key.keysym.sym = SDLK_q;
    SDL_PushEvent(&key);
    CHECK(window->wait(milliseconds(0)).timeout());
}

TEST_CASE("The close button closes a window, and never the kiosk", "[window]")
{
    SystemClock const clock;
    SDL_Event quit {};
    quit.type = SDL_QUIT;
    {
        auto window = dummy_window(WindowMode::Windowed, clock);
        push(quit);
        CHECK(window->wait(milliseconds(0)).close);
    }
    auto kiosk = dummy_window(WindowMode::FullScreen, clock);
    push(quit);
    CHECK(kiosk->wait(milliseconds(0)).timeout());
}

TEST_CASE("The framebuffer keeps what was drawn until the size changes, and says when", "[window]")
{
    SystemClock const clock;
    auto window = dummy_window(WindowMode::Windowed, clock);
    auto framebuffer = window->framebuffer();
    REQUIRE(framebuffer.size() == PixelSize {640, 480});
    unsigned const revision = window->contents_revision();
    framebuffer.row(3)[5] = 0xFFABCDEF;
    PixelRect const part {0, 0, 16, 16};
    window->present({&part, 1});
    CHECK(window->framebuffer().row(3)[5] == 0xFFABCDEF);
    CHECK(window->contents_revision() == revision);

    SDL_SetWindowSize(
        SDL_GetWindowFromID(1) != nullptr ? SDL_GetWindowFromID(1) : SDL_GetWindowFromID(2), 800, 600);
    bool is_told = false;
    for (WindowEvents events = window->wait(milliseconds(0)); !events.timeout();
         events = window->wait(milliseconds(0)))
        is_told = is_told || events.redraw;
    CHECK(is_told);
    CHECK(window->size() == PixelSize {800, 600});
    CHECK(window->framebuffer().size() == PixelSize {800, 600});
    CHECK(window->contents_revision() != revision);
}
