#include "kiosk/ui/ui_map.h"

#include "tests/kiosk/ui/screen_rig.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;
using nlohmann::json;

TEST_CASE("The UI map is the JSON that tests and assistive tools read", "[kiosk][ui]")
{
    UiMap map;
    map.begin("rate", "en");
    map.add({"rate.quality.1", "Very \"poor\"", {1, 2, 3, 4}, true, true});
    map.add({"submit", "2 to go", {5, 6, 7, 8}, false, std::nullopt});
    json const expected = {{"screen", "rate"}, {"lang", "en"},
        {"widgets",
            {{{"id", "rate.quality.1"}, {"label", "Very \"poor\""}, {"x", 1}, {"y", 2}, {"w", 3}, {"h", 4},
                 {"enabled", true}, {"value", true}},
                {{"id", "submit"}, {"label", "2 to go"}, {"x", 5}, {"y", 6}, {"w", 7}, {"h", 8},
                    {"enabled", false}, {"value", nullptr}}}}};
    CHECK(json::parse(map.json()) == expected);
    map.set_focus("submit");
    auto const with_focus = json::parse(map.json());
    CHECK_FALSE(with_focus["widgets"][0].contains("focused"));
    CHECK(with_focus["widgets"][1]["focused"] == true);
    map.begin("thanks", "zh-CN");
    CHECK(json::parse(map.json())["widgets"].empty());
}

TEST_CASE("A hidden place is in the JSON, and nowhere where a focus or a voice would find it", "[kiosk][ui]")
{
    UiMap map;
    map.begin("rate", "en");
    map.add_hidden("manager.open", {0, 0, 124, 124});
    CHECK(map.widgets().empty());
    CHECK_FALSE(map.find("manager.open"));
    REQUIRE(map.find_hidden("manager.open"));
    json const widget = json::parse(map.json())["widgets"][0];
    CHECK(widget["hidden"] == true);
    CHECK(widget["w"] == 124);
    map.begin("rate", "en");
    CHECK_FALSE(map.find_hidden("manager.open"));
}

TEST_CASE(
    "The manager's way in is there while nobody's response is open, and never else", "[kiosk][ui][manager]")
{
    ScreenRig rig(1280, 800);
    auto const is_there = [&](View const& view) {
        rig.draw(view);
        return rig.map().find_hidden("manager.open") != nullptr;
    };
    for (Screen const screen : {Screen::Attract, Screen::Rate, Screen::OutOfService}) {
        CHECK(is_there(view_of(screen, "en")));
        CHECK_FALSE(is_there(view_of(screen, "en", {{"service", 2, {}}})));
    }
    for (Screen const screen :
        {Screen::Reasons, Screen::FollowUp, Screen::Comment, Screen::Thanks, Screen::TimeoutWarning}) {
        View view = view_of(screen, "en");
        if (screen == Screen::FollowUp)
            view.follow_up = shipped_survey().questions.back().id;
        CHECK_FALSE(is_there(view));
    }
    View panel = view_of(Screen::Rate, "en");
    panel.panel = Panel::Languages;
    CHECK_FALSE(is_there(panel));
    View saving = view_of(Screen::Rate, "en");
    saving.saving = true;
    CHECK_FALSE(is_there(saving));
}

TEST_CASE("The rating screen lists fifteen faces by their ids, the chosen ones as true", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    rig.draw(view_of(Screen::Rate, "en", {{"service", 2, {}}}));
    json const map = json::parse(rig.map().json());
    CHECK(map["screen"] == "rate");
    int faces = 0;
    for (auto const& widget : map["widgets"]) {
        std::string const id = widget["id"];
        if (!id.starts_with("rate."))
            continue;
        ++faces;
        CHECK(widget["value"] == (id == "rate.service.2"));
    }
    CHECK(faces == 15);
    CHECK(rig.map().find("rate.cleanliness.5")->label == "Excellent");
}
