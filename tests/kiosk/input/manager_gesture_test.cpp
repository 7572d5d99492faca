#include "kiosk/input/manager_gesture.h"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace std::chrono_literals;

namespace {

constexpr Corner first {0, 0, 124, 124};
constexpr Corner second {1156, 676, 124, 124};

/// Fingers on a screen of 1280x800.
struct Hand {
    ManagerGesture gesture;
    SteadyTime now {1000s};
    bool made = false;

    void event(PointerPhase phase, float x, float y, std::int64_t pointer = 7)
    {
        std::vector<PointerEvent> const one {{now, pointer, x, y, phase}};
        made = gesture.feed(one, first, second) || made;
    }
    void touch(float x, float y, std::chrono::milliseconds time)
    {
        event(PointerPhase::Down, x, y);
        now += time;
        event(PointerPhase::Up, x, y);
        now += 300ms;
    }
    void keys(std::vector<Key> const& all, std::chrono::milliseconds between = 200ms)
    {
        for (Key const key : all) {
            made = gesture.feed(KeyPress {now, key}) || made;
            now += between;
        }
    }
};

std::vector<Key> const sequence {
    Key::Back, Key::Up, Key::Back, Key::Down, Key::Back, Key::Up, Key::Back, Key::Down};

}

TEST_CASE("Three seconds on the mark, then the corner opposite, is the way in", "[input][manager]")
{
    Hand hand;
    hand.touch(48, 32, 3s);
    CHECK_FALSE(hand.made);
    hand.touch(1200, 740, 80ms);
    CHECK(hand.made);
}

TEST_CASE("What a customer's hands do is no way in", "[input][manager]")
{
    Hand hand;
    SECTION("too short") { hand.touch(48, 32, 2'999ms); }
    SECTION("beside the mark") { hand.touch(130, 32, 5s); }
    SECTION("slides out of the corner and back")
    {
        hand.event(PointerPhase::Down, 48, 32);
        hand.now += 1s;
        hand.event(PointerPhase::Move, 200, 32);
        hand.event(PointerPhase::Move, 48, 32);
        hand.now += 4s;
        hand.event(PointerPhase::Up, 48, 32);
    }
    SECTION("a second finger joins")
    {
        hand.event(PointerPhase::Down, 48, 32);
        hand.event(PointerPhase::Down, 600, 400, 8);
        hand.event(PointerPhase::Up, 600, 400, 8);
        hand.now += 4s;
        hand.event(PointerPhase::Up, 48, 32);
    }
    SECTION("something else is touched between")
    {
        hand.touch(48, 32, 4s);
        hand.touch(600, 400, 80ms);
    }
    SECTION("too late for the second half")
    {
        hand.touch(48, 32, 4s);
        hand.now += 3s;
    }
    SECTION("another screen has come meanwhile")
    {
        hand.touch(48, 32, 4s);
        hand.gesture.reset();
    }
    SECTION("a touch that was taken back")
    {
        hand.event(PointerPhase::Down, 48, 32);
        hand.now += 4s;
        hand.event(PointerPhase::Cancel, 48, 32);
    }
    hand.touch(1200, 740, 80ms);
    CHECK_FALSE(hand.made);
}

TEST_CASE("The way in is made anew each time", "[input][manager]")
{
    Hand hand;
    hand.touch(48, 32, 4s);
    hand.touch(1200, 740, 80ms);
    REQUIRE(hand.made);
    hand.made = false;
    hand.touch(1200, 740, 80ms);
    CHECK_FALSE(hand.made);
    hand.touch(48, 32, 4s);
    hand.touch(1200, 740, 80ms);
    CHECK(hand.made);
}

TEST_CASE("A keypad has a sequence of its own", "[input][manager]")
{
    Hand hand;
    hand.keys(sequence);
    CHECK(hand.made);
    hand.made = false;
    SECTION("a wrong key begins anew")
    {
        hand.keys({Key::Back, Key::Up, Key::Back, Key::Down, Key::Back, Key::Up, Key::Back});
        hand.keys({Key::Left, Key::Down});
        CHECK_FALSE(hand.made);
    }
    SECTION("a slip at the start does no harm")
    {
        hand.keys({Key::Back});
        hand.keys(sequence);
        CHECK(hand.made);
    }
    SECTION("too slow")
    {
        hand.keys(sequence, 3s);
        CHECK_FALSE(hand.made);
    }
    SECTION("a finger between")
    {
        hand.keys({Key::Back, Key::Up, Key::Back, Key::Down, Key::Back});
        hand.touch(600, 400, 50ms);
        hand.keys({Key::Up, Key::Back, Key::Down});
        CHECK_FALSE(hand.made);
    }
}

TEST_CASE("An hour of drumming on the screen and the keypad finds no way in", "[input][manager]")
{
    std::mt19937 random(6);
    auto const up_to = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
    Hand hand;
    SteadyTime const end = hand.now + 1h;
    while (hand.now < end) {
        if (up_to(3) == 0)
            hand.keys({static_cast<Key>(up_to(7))}, 50ms);
        else
            hand.touch(static_cast<float>(up_to(1279)), static_cast<float>(up_to(799)),
                std::chrono::milliseconds(up_to(1500)));
    }
    CHECK_FALSE(hand.made);
}
