#include "kiosk/ui/focus.h"

#include "tests/kiosk/ui/screen_rig.h"

#include <catch2/catch.hpp>
#include <set>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

using listenpost::Key;

/// Two rows of three, and a tall button at their right.
UiMap sample_map()
{
    UiMap map;
    map.begin("sample", "en");
    for (int row = 0; row < 2; ++row)
        for (int column = 0; column < 3; ++column) {
            char const name = static_cast<char>('a' + row * 3 + column);
            map.add({std::string(1, name), "", {column * 110, row * 110, 100, 100}, name != 'e', {}});
        }
    map.add({"tall", "", {330, 0, 100, 210}, true, {}});
    return map;
}

}

TEST_CASE("The first key only shows where the focus is", "[kiosk][ui][focus]")
{
    Focus focus;
    UiMap const map = sample_map();
    CHECK(focus.take(Key::Select, map).empty());
    CHECK(focus.id() == "a");
    CHECK(focus.take(Key::Select, map) == "a");
    focus.hide();
    CHECK_FALSE(focus.is_shown());
}

TEST_CASE("Arrows go to what lies straight ahead, and past what cannot be used", "[kiosk][ui][focus]")
{
    Focus focus;
    UiMap const map = sample_map();
    focus.take(Key::Down, map);
    REQUIRE(focus.id() == "a");
    focus.take(Key::Right, map);
    CHECK(focus.id() == "b");
    focus.take(Key::Right, map);
    CHECK(focus.id() == "c");
    focus.take(Key::Right, map);
    CHECK(focus.id() == "tall");
    focus.take(Key::Right, map);
    CHECK(focus.id() == "tall"); // there is nothing further
    focus.take(Key::Left, map);
    CHECK((focus.id() == "c" || focus.id() == "f"));
    focus.take(Key::Up, map);
    CHECK(focus.id() == "c");
    focus.take(Key::Down, map);
    CHECK(focus.id() == "f");
    focus.take(Key::Left, map);
    CHECK(focus.id() == "d"); // e cannot be used
}

TEST_CASE("Tab goes through everything, round and back", "[kiosk][ui][focus]")
{
    Focus focus;
    UiMap const map = sample_map();
    std::string order;
    for (int step = 0; step < 8; ++step) {
        focus.take(Key::Next, map);
        order += focus.id() + " ";
    }
    CHECK(order == "a b c d f tall a b ");
    focus.take(Key::Previous, map);
    CHECK(focus.id() == "a");
}

TEST_CASE("A widget that vanishes gives the focus to its nearest neighbour", "[kiosk][ui][focus]")
{
    Focus focus;
    UiMap const map = sample_map();
    focus.take(Key::Down, map);
    focus.take(Key::Down, map);
    REQUIRE(focus.id() == "d");
    UiMap smaller;
    smaller.begin("sample", "en");
    smaller.add({"x", "", {0, 120, 100, 100}, true, {}});
    smaller.add({"y", "", {300, 0, 100, 100}, true, {}});
    focus.follow(smaller, false);
    CHECK(focus.id() == "x");
    focus.follow(map, true);
    CHECK(focus.id() == "a");
}

TEST_CASE(
    "Arrow keys reach every widget of the rating screen, and choose like a finger", "[kiosk][ui][focus]")
{
    ScreenRig rig(1280, 800);
    View const view = view_of(Screen::Rate, "zh-CN", {{"quality", 5, {}}});
    rig.draw(view);
    rig.press(Key::Down);
    rig.draw(view);
    std::set<std::string> reached {rig.focus()};
    // A walk over the whole screen: right to the end, one down, back to the left.
    for (int row = 0; row < 10; ++row) {
        for (int step = 0; step < 12; ++step) {
            rig.press(row % 2 == 0 ? Key::Right : Key::Left);
            rig.draw(view);
            reached.insert(rig.focus());
        }
        rig.press(Key::Down);
        rig.draw(view);
        reached.insert(rig.focus());
    }
    for (int step = 0; step < 10; ++step) {
        rig.press(Key::Up);
        rig.draw(view);
        reached.insert(rig.focus());
    }
    for (auto const& widget : rig.map().widgets())
        if (widget.enabled) {
            INFO(widget.id);
            CHECK(reached.contains(widget.id));
        }

    while (rig.focus() != "rate.service.4") {
        rig.press(Key::Next);
        rig.draw(view);
    }
    rig.press(Key::Select);
    auto const drawn = rig.draw(view);
    REQUIRE(drawn.events.size() == 1);
    CHECK(std::get<event::Rated>(drawn.events.front()).question == "service");
    CHECK(std::get<event::Rated>(drawn.events.front()).score == 4);
    CHECK(rig.draw(view).events.empty()); // once
}

TEST_CASE("The focus is seen", "[kiosk][ui][focus]")
{
    ScreenRig rig(1280, 800);
    View const view = view_of(Screen::Rate, "zh-CN");
    rig.draw(view);
    Picture without = rig.picture();
    rig.press(Key::Down);
    rig.draw(view);
    Picture with = rig.picture();
    int changed = 0;
    for (int y = 0; y < 800; ++y)
        for (int x = 0; x < 1280; ++x)
            changed += with.span().row(y)[x] != without.span().row(y)[x] ? 1 : 0;
    CHECK(changed > 1'000);
}
