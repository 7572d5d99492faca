#include "kiosk/input/touch_input.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <vector>

using namespace listenpost;
using namespace listenpost::kiosk;
using std::chrono::milliseconds;

namespace {

constexpr auto Down = PointerPhase::Down;
constexpr auto Move = PointerPhase::Move;
constexpr auto Up = PointerPhase::Up;
constexpr auto Cancel = PointerPhase::Cancel;

PointerEvent event(std::int64_t pointer, PointerPhase phase, float x = 0, float y = 0, int ms = 0)
{
    return {SteadyTime(milliseconds(ms)), pointer, x, y, phase};
}

/// All frames until there is nothing more to see.
std::vector<TouchFrame> frames_of(TouchInput& input, std::vector<PointerEvent> const& events)
{
    input.feed(events);
    std::vector<TouchFrame> frames;
    while (input.has_more())
        frames.push_back(input.next_frame());
    return frames;
}

constexpr TouchFrame nothing {};

}

TEST_CASE("A tap that begins and ends within one frame is still seen down and up", "[input]")
{
    TouchInput input;
    auto const frames = frames_of(input, {event(7, Down, 10, 20), event(7, Up, 11, 21)});
    REQUIRE(frames.size() == 3);
    CHECK(frames[0] == TouchFrame {true, true, 10, 20});
    CHECK(frames[1] == TouchFrame {true, false, 11, 21});
    CHECK_FALSE(frames[2].is_present); // nothing stays highlighted
}

TEST_CASE("Many quick taps in one batch are all seen", "[input]")
{
    TouchInput input;
    std::vector<PointerEvent> events;
    for (int tap = 0; tap < 5; ++tap) {
        events.push_back(event(tap + 1, Down, static_cast<float>(tap), 0));
        events.push_back(event(tap + 1, Up, static_cast<float>(tap), 0));
    }
    int downs = 0;
    bool was_down = false;
    for (TouchFrame const& frame : frames_of(input, events)) {
        downs += frame.is_down && !was_down ? 1 : 0;
        was_down = frame.is_down;
    }
    CHECK(downs == 5);
    CHECK_FALSE(was_down);
}

TEST_CASE("A resting finger asks for no frames", "[input]")
{
    TouchInput input;
    CHECK_FALSE(input.has_more());
    CHECK(frames_of(input, {event(1, Down, 5, 5)}).size() == 1);
    CHECK_FALSE(input.has_more());
    CHECK(input.next_frame()
        == TouchFrame {true, true, 5, 5}); // still down in a frame drawn for another reason
    frames_of(input, {event(1, Up, 5, 5)});
    CHECK_FALSE(input.has_more());
    CHECK_FALSE(input.next_frame().is_present);
}

TEST_CASE("Of many movements the last is seen, before the finger lifts", "[input]")
{
    TouchInput input;
    auto const frames = frames_of(
        input, {event(1, Down, 1, 1), event(1, Move, 2, 2), event(1, Move, 300, 3), event(1, Up, 300, 3)});
    REQUIRE(frames.size() == 4);
    CHECK(frames[1] == TouchFrame {true, true, 300, 3});
    CHECK(frames[2] == TouchFrame {true, false, 300, 3});
}

TEST_CASE("While one finger is down no other counts", "[input]")
{
    TouchInput input;
    auto const frames = frames_of(input,
        {event(1, Down, 10, 10), event(2, Down, 500, 500), event(2, Move, 400, 400), event(2, Up, 400, 400),
            event(1, Up, 10, 10)});
    for (TouchFrame const& frame : frames)
        CHECK((!frame.is_present || frame.x == 10));

    SECTION("and a palm that stays does not lock the next finger out")
    {
        TouchInput palm;
        palm.feed(std::vector {event(1, Down, 1, 1), event(2, Down, 600, 600), event(1, Up, 1, 1)});
        while (palm.has_more())
            palm.next_frame();
        auto const later
            = frames_of(palm, {event(3, Down, 9, 9), event(2, Up, 600, 600), event(3, Up, 9, 9)});
        REQUIRE(later.size() == 3);
        CHECK(later[0] == TouchFrame {true, true, 9, 9});
        CHECK(later[1] == TouchFrame {true, false, 9, 9});
    }
}

TEST_CASE("A mouse that only imitates the finger is not a second tap", "[input]")
{
    TouchInput input;
    std::vector<PointerEvent> const finger {event(4, Down, 50, 50, 1000), event(4, Up, 50, 50, 1080)};
    std::vector<PointerEvent> const imitation {
        event(mouse_pointer, Down, 50, 50, 1090), event(mouse_pointer, Up, 50, 50, 1091)};
    CHECK(frames_of(input, finger).size() == 3);
    CHECK(frames_of(input, imitation).empty());

    SECTION("but a real mouse later is")
    {
        CHECK(frames_of(
                  input, {event(mouse_pointer, Down, 50, 50, 2000), event(mouse_pointer, Up, 50, 50, 2050)})
                  .size()
            == 3);
    }
    SECTION("and a mouse alone is a finger")
    {
        TouchInput alone;
        CHECK(frames_of(alone, {event(mouse_pointer, Down, 1, 1, 10), event(mouse_pointer, Up, 1, 1, 20)})
                  .size()
            == 3);
    }
}

TEST_CASE("A cancelled touch lifts where nothing is", "[input]")
{
    TouchInput input;
    auto const frames = frames_of(input, {event(1, Down, 30, 30), event(1, Cancel, 30, 30)});
    REQUIRE(frames.size() == 2);
    CHECK(frames[0].is_down);
    CHECK_FALSE(frames[1].is_down);
    CHECK_FALSE(frames[1].is_present);
    CHECK(frames_of(input, {event(2, Down, 1, 1)}).size() == 1);
}

TEST_CASE("When the screen changes under the finger, its lifting means nothing", "[input]")
{
    TouchInput input;
    frames_of(input, {event(1, Down, 30, 30)});
    input.cancel();
    CHECK(input.next_frame() == nothing);
    CHECK(frames_of(input, {event(1, Move, 31, 31), event(1, Up, 31, 31)}).empty());
    CHECK(frames_of(input, {event(1, Down, 32, 32)}).size() == 1);
}

TEST_CASE("Whatever the fingers do, downs and ups alternate and end", "[input]")
{
    std::mt19937 random(5);
    for (int round = 0; round < 200; ++round) {
        TouchInput input;
        int accepted_downs = 0;
        bool was_down = false;
        for (int step = 0; step < 200; ++step) {
            std::vector<PointerEvent> batch;
            for (unsigned count = random() % 4; count > 0; --count)
                batch.push_back(
                    event(static_cast<std::int64_t>(random() % 4), static_cast<PointerPhase>(random() % 4),
                        static_cast<float>(random() % 100), 0, step * 40));
            input.feed(batch);
            int frames = 0;
            while (input.has_more()) {
                TouchFrame const frame = input.next_frame();
                accepted_downs += frame.is_down && !was_down ? 1 : 0;
                was_down = frame.is_down;
                REQUIRE((frame.is_present || !frame.is_down));
                REQUIRE(++frames < 20);
            }
        }
        CHECK(accepted_downs > 0);
    }
}

TEST_CASE("What never lifts does not keep the next customer out", "[input]")
{
    TouchInput input;
    frames_of(input, {event(1, Down, 30, 30, 1'000)});

    SECTION("a drop of water gives way to a finger, and its later end means nothing")
    {
        CHECK(frames_of(input, {event(2, Down, 90, 90, 2'000), event(2, Up, 90, 90, 2'100)}).empty());
        auto const frames = frames_of(
            input, {event(3, Down, 90, 90, 5'000), event(1, Up, 30, 30, 5'050), event(3, Up, 90, 90, 5'100)});
        REQUIRE(frames.size() == 4);
        CHECK_FALSE(frames[0].is_present); // the drop goes away without a tap
        CHECK(frames[1] == TouchFrame {true, true, 90, 90});
        CHECK(frames[2] == TouchFrame {true, false, 90, 90});
    }
    SECTION("a finger that still moves stays")
    {
        frames_of(input, {event(1, Move, 31, 30, 4'000)});
        CHECK(frames_of(input, {event(3, Down, 90, 90, 5'000)}).empty());
    }
    SECTION("a finger that comes down again has lifted without our being told")
    {
        auto const frames = frames_of(input, {event(1, Down, 90, 90, 1'500), event(1, Up, 90, 90, 1'600)});
        REQUIRE(frames.size() == 4);
        CHECK_FALSE(frames[0].is_present);
        CHECK(frames[1] == TouchFrame {true, true, 90, 90});
    }
}

TEST_CASE("A thousand taps at once are all seen, and what waits stays bounded", "[input]")
{
    TouchInput input;
    std::vector<PointerEvent> storm;
    for (int tap = 0; tap < 1'000; ++tap) {
        storm.push_back(event(tap + 1, Down, static_cast<float>(tap)));
        for (int step = 0; step < 20; ++step)
            storm.push_back(event(tap + 1, Move, static_cast<float>(tap)));
        storm.push_back(event(tap + 1, Up, static_cast<float>(tap)));
    }
    input.feed(storm);
    CHECK(input.queued() <= TouchInput::most_queued + 3);
    int ups = 0;
    while (input.has_more()) {
        TouchFrame const frame = input.next_frame();
        if (frame.is_present && !frame.is_down) {
            REQUIRE(frame.x == static_cast<float>(ups));
            ++ups;
        }
    }
    CHECK(ups == 1'000);

    for (int again = 0; again < 50; ++again)
        input.feed(storm); // and no frame in between
    CHECK(input.queued() <= TouchInput::most_queued + 3);
    while (input.has_more())
        input.next_frame();
    CHECK(frames_of(input, {event(9'999, Down, 7), event(9'999, Up, 7)}).size() == 3);
}

namespace {

/// Fingers, palms and unplugged screens at random, and the taps that must come of it.
struct Storm {
    std::mt19937 random;
    std::vector<PointerEvent> events;
    std::vector<float> owed; ///< x of each tap that began with nothing else on the screen
    int ms = 1'000;
    float next_x = 1;

    void add(std::int64_t pointer, PointerPhase phase, float x)
    {
        ms += static_cast<int>(random() % 30);
        events.push_back(event(pointer, phase, x, 0, ms));
    }
    /// One finger alone at first; others may come, go and stay a while meanwhile.
    void tap_with_company()
    {
        float const x = next_x++;
        auto const finger = static_cast<std::int64_t>(1 + random() % 10);
        add(finger, Down, x);
        std::vector<std::int64_t> others;
        for (auto steps = random() % 12; steps > 0; --steps) {
            auto const other = static_cast<std::int64_t>(11 + random() % 9);
            bool const is_down = std::find(others.begin(), others.end(), other) != others.end();
            switch (random() % 3) {
            case 0:
                add(finger, Move, x);
                break;
            case 1:
                add(other, is_down ? Move : Down, -x);
                if (!is_down)
                    others.push_back(other);
                break;
            default:
                if (is_down) {
                    add(other, random() % 2 == 0 ? Up : Cancel, -x);
                    std::erase(others, other);
                }
            }
        }
        add(finger, Up, x);
        owed.push_back(x);
        for (std::int64_t const other : others)
            add(other, random() % 2 == 0 ? Up : Cancel, -x);
    }
    /// A finger that means nothing: its screen is unplugged under it.
    void unplugged()
    {
        add(1, Down, -1);
        add(1, Cancel, 0);
    }
};

}

TEST_CASE("Whatever else touches, a tap that begins alone is seen exactly once", "[input][property]")
{
    for (unsigned seed = 0; seed < 500; ++seed) {
        CAPTURE(seed);
        Storm storm {.random = std::mt19937(seed), .events = {}, .owed = {}};
        for (int step = 0; step < 60; ++step)
            storm.random() % 6 == 0 ? storm.unplugged() : storm.tap_with_company();

        TouchInput input;
        std::vector<float> seen;
        bool was_down = false;
        auto const draw = [&] {
            TouchFrame const frame = input.next_frame();
            if (was_down && !frame.is_down && frame.is_present)
                seen.push_back(frame.x);
            was_down = frame.is_down;
        };
        std::span<PointerEvent const> rest = storm.events;
        while (!rest.empty()) {
            auto const batch = std::min<std::size_t>(rest.size(), 1 + storm.random() % 40);
            input.feed(rest.first(batch));
            rest = rest.subspan(batch);
            for (auto frames = storm.random() % 30; frames > 0 && input.has_more(); --frames)
                draw();
        }
        while (input.has_more())
            draw();
        REQUIRE(seen == storm.owed);
        REQUIRE_FALSE(input.next_frame().is_present); // and nothing is stuck
        REQUIRE(frames_of(input, {event(3, Down, 5, 5, storm.ms), event(3, Up, 5, 5, storm.ms)}).size() == 3);
    }
}
