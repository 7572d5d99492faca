#include "kiosk/ui/announcements.h"

#include "tests/kiosk/ui/screen_rig.h"

#include <catch2/catch.hpp>

using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

using Catch::Matchers::Contains;

UiMap map_of(std::vector<Widget> widgets)
{
    UiMap map;
    map.begin("sample", "en");
    for (auto& widget : widgets)
        map.add(std::move(widget));
    return map;
}

View spoken_view(Screen screen)
{
    View view = view_of(screen, "en");
    view.spoken = true;
    return view;
}

/// A customer who has just switched it on, and has heard the welcome.
struct Listener {
    explicit Listener(View first, UiMap map = {}, std::string focus = {})
        : view(std::move(first))
    {
        REQUIRE_FALSE(announcements.next(view, map, focus).empty());
    }
    View view;
    Announcements announcements {shipped_survey(), shipped_strings()};
};

}

TEST_CASE("Who did not ask for it hears nothing, and nor does the next customer", "[kiosk][ui][spoken]")
{
    Announcements announcements(shipped_survey(), shipped_strings());
    UiMap const map = map_of({{"submit", "Done", {}, true, {}}});
    View view = view_of(Screen::Rate, "en");
    announcements.key_pressed();
    CHECK(announcements.next(view, map, "submit").empty());
    view.spoken = true;
    CHECK_THAT(announcements.next(view, map, "submit"), Contains("Reading aloud"));
    view.spoken = false;
    announcements.key_pressed();
    CHECK(announcements.next(view, map, "submit").empty());
}

TEST_CASE("Another screen is told with what the focus stands on, and only once", "[kiosk][ui][spoken]")
{
    Listener listener(spoken_view(Screen::Rate));
    listener.view.screen = Screen::Comment;
    UiMap const map = map_of({{"skip", "Skip", {}, true, {}}});
    auto const text = listener.announcements.next(listener.view, map, "skip");
    CHECK_THAT(text, Contains("Anything to add?") && Contains("Skip"));
    CHECK(listener.announcements.next(listener.view, map, "skip").empty());
}

TEST_CASE("A key that leads nowhere has everything repeated", "[kiosk][ui][spoken]")
{
    UiMap const map = map_of({{"skip", "Skip", {}, true, {}}});
    Listener listener(spoken_view(Screen::Comment), map, "skip");
    listener.announcements.key_pressed();
    CHECK_THAT(listener.announcements.next(listener.view, map, "skip"),
        Contains("Anything to add?") && Contains("Skip"));
}

TEST_CASE("What was chosen is said, and a switch in both directions", "[kiosk][ui][spoken]")
{
    Listener listener(
        spoken_view(Screen::Rate), map_of({{"rate.service.4", "Good", {}, true, false}}), "rate.service.4");
    CHECK(listener.announcements.next(
              listener.view, map_of({{"rate.service.4", "Good", {}, true, true}}), "rate.service.4")
        == "Service: Good, chosen");

    listener.view.panel = Panel::Access;
    auto const with = [](bool on) { return map_of({{"access.large", "Large text", {}, true, on}}); };
    listener.announcements.next(listener.view, with(false), "access.large");
    CHECK(listener.announcements.next(listener.view, with(true), "access.large") == "Large text, On");
    CHECK(listener.announcements.next(listener.view, with(false), "access.large") == "Large text, Off");
}

TEST_CASE("Of a comment only the keypad's own keys are said", "[kiosk][ui][spoken]")
{
    UiMap const map = map_of({{"key.h", "h", {}, true, {}}, {"key.i", "i", {}, true, {}}});
    Listener listener(spoken_view(Screen::Comment), map);
    // By a finger: silence.
    listener.view.editor.text = "hi";
    CHECK(listener.announcements.next(listener.view, map, {}).empty());
    // By the keypad: the key, when it is reached and again each time it has written.
    listener.announcements.key_pressed();
    CHECK(listener.announcements.next(listener.view, map, "key.i") == "i");
    for (auto const* const text : {"hii", "hiii"}) {
        listener.view.editor.text = text;
        listener.announcements.key_pressed();
        CHECK(listener.announcements.next(listener.view, map, "key.i") == "i");
    }
    listener.announcements.key_pressed(); // shift, say: nothing is written
    CHECK(listener.announcements.next(listener.view, map, "key.i") == "i");
}

TEST_CASE("A candidate that has taken another's place is said", "[kiosk][ui][spoken]")
{
    Listener listener(
        spoken_view(Screen::Comment), map_of({{"candidate.0", "你", {}, true, {}}}), "candidate.0");
    listener.view.editor.composition.preedit = "ni hao";
    CHECK(listener.announcements.next(
              listener.view, map_of({{"candidate.0", "你好", {}, true, {}}}), "candidate.0")
        == "你好");
}

TEST_CASE("A masked number is not read out: it is said that it is hidden", "[kiosk][ui][spoken]")
{
    UiMap const map = map_of({{"key.8", "8", {}, true, {}}});
    Listener listener(spoken_view(Screen::Comment), map, "key.8");
    listener.view.editor.text = "call ***";
    listener.view.editor.is_masked = true;
    auto const text = listener.announcements.next(listener.view, map, "key.8");
    CHECK(text == shipped_strings().get("en", Text::CommentMasked));
}

TEST_CASE("The time-out says how long there is, and says it again near the end", "[kiosk][ui][spoken]")
{
    Listener listener(spoken_view(Screen::Rate));
    listener.view.screen = Screen::TimeoutWarning;
    UiMap const map = map_of({{"more_time", "Continue", {}, true, {}}});
    std::vector<int> said;
    for (int left = 20; left > 0; --left) {
        listener.view.countdown = left;
        auto const text = listener.announcements.next(listener.view, map, "more_time");
        if (text.empty())
            continue;
        said.push_back(left);
        CHECK_THAT(text, Contains("Still there?") && Contains(std::to_string(left)));
    }
    CHECK(said == std::vector<int> {20, 10});
}
