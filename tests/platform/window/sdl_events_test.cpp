#include "platform/window/sdl_events.h"

#include <SDL.h>
#include <catch2/catch.hpp>
#include <cstdlib>

using namespace listenpost;
using std::chrono::milliseconds;

namespace {

constexpr PixelSize size {640, 480};

/// SDL's own driver that shows nothing, and an empty queue.
struct Sdl {
    Sdl()
    {
        ::setenv("SDL_VIDEODRIVER", "dummy", 1);
        REQUIRE(SDL_InitSubSystem(SDL_INIT_VIDEO) == 0);
        SDL_EventState(SDL_KEYDOWN, SDL_ENABLE);
        SDL_EventState(SDL_TEXTINPUT, SDL_ENABLE);
        SDL_FlushEvents(SDL_FIRSTEVENT, SDL_LASTEVENT);
    }
    ~Sdl() { SDL_QuitSubSystem(SDL_INIT_VIDEO); }
};

bool always_held(SdlFinger const&) { return true; }

void push_key(SDL_Keycode key, int modifiers = KMOD_NONE, bool is_repeat = false)
{
    SDL_Event event {};
    event.type = SDL_KEYDOWN;
    event.key.keysym.sym = key;
    event.key.keysym.mod = static_cast<std::uint16_t>(modifiers);
    event.key.repeat = is_repeat ? 1 : 0;
    REQUIRE(SDL_PushEvent(&event) == 1);
}

void push_finger(SDL_EventType type, SDL_FingerID id, float x = 0.5F)
{
    SDL_Event event {};
    event.type = type;
    event.tfinger.touchId = 5;
    event.tfinger.fingerId = id;
    event.tfinger.x = x;
    event.tfinger.y = 0.5F;
    REQUIRE(SDL_PushEvent(&event) == 1);
}

std::vector<Key> keys_of(SdlEvents& events, SteadyTime now = SteadyTime(milliseconds(10'000)))
{
    WindowEvents taken;
    events.take_all(taken, now, size);
    CHECK(taken.pointers.empty());
    CHECK_FALSE(taken.close);
    std::vector<Key> keys;
    for (KeyPress const& press : taken.keys) {
        CHECK(press.time == now);
        keys.push_back(press.key);
    }
    return keys;
}

}

TEST_CASE("An arrow keypad is understood, in the order of pressing", "[window][keys]")
{
    Sdl const sdl;
    SdlEvents events(WindowMode::FullScreen);
    for (SDL_Keycode const key : {SDLK_UP, SDLK_DOWN, SDLK_LEFT, SDLK_RIGHT, SDLK_RETURN, SDLK_KP_ENTER,
             SDLK_SPACE, SDLK_ESCAPE, SDLK_BACKSPACE, SDLK_TAB})
        push_key(key, KMOD_NUM | KMOD_CAPS); // locks are no chord
    push_key(SDLK_TAB, KMOD_LSHIFT);
    CHECK(keys_of(events)
        == std::vector {Key::Up, Key::Down, Key::Left, Key::Right, Key::Select, Key::Select, Key::Select,
            Key::Back, Key::Back, Key::Next, Key::Previous});
}

TEST_CASE("Every other key and every chord is swallowed", "[window][keys]")
{
    Sdl const sdl;
    SdlEvents events(WindowMode::FullScreen);
    for (SDL_Keycode const key :
        {SDLK_a, SDLK_q, SDLK_F1, SDLK_F4, SDLK_F11, SDLK_PRINTSCREEN, SDLK_LGUI, SDLK_LALT, SDLK_LCTRL,
            SDLK_DELETE, SDLK_HOME, SDLK_MENU, SDLK_SYSREQ, SDLK_POWER, SDLK_SLEEP, SDLK_VOLUMEUP, SDLK_5})
        push_key(key);
    for (int const modifier :
        {KMOD_LCTRL, KMOD_RCTRL, KMOD_LALT, KMOD_RALT, KMOD_LGUI, KMOD_RGUI, KMOD_MODE}) {
        for (SDL_Keycode const key :
            {SDLK_F4, SDLK_c, SDLK_TAB, SDLK_RETURN, SDLK_ESCAPE, SDLK_UP, SDLK_SPACE})
            push_key(key, modifier);
    }
    SDL_Event text {};
    text.type = SDL_TEXTINPUT;
    text.text.text[0] = 'x';
    REQUIRE(SDL_PushEvent(&text) == 1);
    SDL_Event quit {};
    quit.type = SDL_QUIT;
    REQUIRE(SDL_PushEvent(&quit) == 1);
    CHECK(keys_of(events).empty());
}

TEST_CASE("A held arrow repeats at most eight times a second, a held Select never", "[window][keys]")
{
    Sdl const sdl;
    SdlEvents events(WindowMode::FullScreen);
    std::size_t arrows = 0;
    std::size_t selects = 0;
    for (int ms = 0; ms < 1'000; ms += 10) {
        push_key(SDLK_DOWN, KMOD_NONE, ms != 0);
        arrows += keys_of(events, SteadyTime(milliseconds(20'000 + ms))).size();
    }
    for (int ms = 0; ms < 1'000; ms += 10) {
        push_key(SDLK_RETURN, KMOD_NONE, ms != 0);
        selects += keys_of(events, SteadyTime(milliseconds(30'000 + ms))).size();
    }
    CHECK(arrows > 4);
    CHECK(arrows <= 8);
    CHECK(selects == 1);
}

TEST_CASE("A hammered keyboard does not fill memory", "[window][keys]")
{
    Sdl const sdl;
    SdlEvents events(WindowMode::FullScreen);
    for (int count = 0; count < 1'000; ++count)
        push_key(SDLK_RIGHT);
    CHECK(keys_of(events).size() == SdlEvents::most_keys);
    push_key(SDLK_LEFT);
    CHECK(keys_of(events) == std::vector {Key::Left});
}

TEST_CASE("Ten fingers keep their names, and a finger on another place is another", "[window]")
{
    Sdl const sdl;
    SdlEvents events(WindowMode::FullScreen, always_held);
    for (SDL_FingerID id = 0; id < 10; ++id)
        push_finger(SDL_FINGERDOWN, id, static_cast<float>(id) / 10);
    for (SDL_FingerID id = 0; id < 10; ++id)
        push_finger(SDL_FINGERUP, id, static_cast<float>(id) / 10);
    WindowEvents taken;
    events.take_all(taken, SteadyTime {}, size);
    REQUIRE(taken.pointers.size() == 20);
    for (std::size_t finger = 0; finger < 10; ++finger) {
        CHECK(taken.pointers[finger].phase == PointerPhase::Down);
        CHECK(taken.pointers[finger].pointer != mouse_pointer);
        CHECK(taken.pointers[finger + 10].phase == PointerPhase::Up);
        CHECK(taken.pointers[finger + 10].pointer == taken.pointers[finger].pointer);
        CHECK(taken.pointers[finger].x == Approx(64.0 * static_cast<double>(finger)));
    }
}

TEST_CASE("A finger whose touch screen is unplugged is cancelled, once", "[window]")
{
    Sdl const sdl;
    bool is_plugged_in = true;
    SdlEvents events(WindowMode::FullScreen, [&](SdlFinger const&) { return is_plugged_in; });
    push_finger(SDL_FINGERDOWN, 3);
    WindowEvents down;
    events.take_all(down, SteadyTime {}, size);
    REQUIRE(down.pointers.size() == 1);

    is_plugged_in = false;
    WindowEvents gone;
    events.take_all(gone, SteadyTime(milliseconds(500)), size);
    REQUIRE(gone.pointers.size() == 1);
    CHECK(gone.pointers[0].phase == PointerPhase::Cancel);
    CHECK(gone.pointers[0].pointer == down.pointers[0].pointer);

    WindowEvents after;
    events.take_all(after, SteadyTime(milliseconds(600)), size);
    CHECK(after.timeout());
}

TEST_CASE("SDL knows no finger of a touch screen that is not there", "[window]")
{
    Sdl const sdl;
    CHECK_FALSE(sdl_holds({5, 3}));
}

TEST_CASE("Other buttons, the wheel and what is dropped are nothing", "[window]")
{
    Sdl const sdl;
    SdlEvents events(WindowMode::FullScreen);
    for (std::uint8_t const button : {SDL_BUTTON_MIDDLE, SDL_BUTTON_RIGHT, SDL_BUTTON_X1, SDL_BUTTON_X2}) {
        SDL_Event press {};
        press.type = SDL_MOUSEBUTTONDOWN;
        press.button.button = button;
        SDL_PushEvent(&press);
        press.type = SDL_MOUSEBUTTONUP;
        SDL_PushEvent(&press);
    }
    SDL_Event wheel {};
    wheel.type = SDL_MOUSEWHEEL;
    wheel.wheel.y = 3;
    SDL_PushEvent(&wheel);
    SDL_Event drop {};
    drop.type = SDL_DROPBEGIN;
    SDL_PushEvent(&drop);
    WindowEvents taken;
    events.take_all(taken, SteadyTime {}, size);
    CHECK(taken.timeout());
}

TEST_CASE("The window is told that it was covered, resized and uncovered", "[window]")
{
    Sdl const sdl;
    SdlEvents events(WindowMode::FullScreen);
    auto const outcome_of = [&](SDL_WindowEventID what) {
        SDL_Event event {};
        event.type = SDL_WINDOWEVENT;
        event.window.event = static_cast<std::uint8_t>(what);
        SDL_PushEvent(&event);
        WindowEvents taken;
        auto const outcome = events.take_all(taken, SteadyTime {}, size);
        CHECK_FALSE(taken.close);
        return outcome;
    };
    CHECK(outcome_of(SDL_WINDOWEVENT_MINIMIZED).is_covered);
    CHECK(outcome_of(SDL_WINDOWEVENT_HIDDEN).is_covered);
    CHECK(outcome_of(SDL_WINDOWEVENT_FOCUS_LOST).is_covered);
    CHECK(outcome_of(SDL_WINDOWEVENT_SIZE_CHANGED).is_resized);
    CHECK(outcome_of(SDL_WINDOWEVENT_EXPOSED).is_exposed);
    CHECK_FALSE(outcome_of(SDL_WINDOWEVENT_CLOSE).is_covered);
}
