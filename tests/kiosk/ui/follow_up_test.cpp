#include "tests/kiosk/ui/screen_rig.h"

#include <catch2/catch.hpp>

using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

/// A question of each kind behind one rating by faces.
Survey survey_of_all_kinds()
{
    Survey survey = read_shipped_survey("staff-pulse");
    Survey const& restaurant = shipped_survey();
    survey.first_page_count = 1; // the second rating by faces becomes a further question
    for (char const* const id : {"dish", "wait"})
        survey.questions.push_back(*restaurant.find(id));
    return survey;
}

View asking(Survey const& survey, std::string id, std::vector<Answer> answers = {})
{
    View view = view_of(Screen::FollowUp, "zh-CN", std::move(answers), survey);
    view.follow_up = std::move(id);
    view.can_go_back = true;
    return view;
}

template <typename T>
T const& only(std::vector<Event> const& events)
{
    REQUIRE(events.size() == 1);
    REQUIRE(std::holds_alternative<T>(events.front()));
    return std::get<T>(events.front());
}

/// The widgets that say they are chosen.
std::vector<std::string> chosen_of(UiMap const& map)
{
    std::vector<std::string> ids;
    for (auto const& widget : map.widgets())
        if (widget.value == true)
            ids.push_back(widget.id);
    return ids;
}

}

TEST_CASE("Every option of a choice tells that it was tapped", "[kiosk][ui]")
{
    Survey const survey = survey_of_all_kinds();
    ScreenRig rig(1280, 800, {}, survey);
    for (std::string const id : {"improve", "dish"}) {
        for (auto const& option : survey.find(id)->options) {
            auto const events = rig.tap(asking(survey, id), "option." + id + "." + option.id);
            CHECK(only<event::OptionToggled>(events).question == id);
            CHECK(only<event::OptionToggled>(events).option == option.id);
        }
    }
}

TEST_CASE("Every chip of minutes tells how many, and the last one that it may be more", "[kiosk][ui]")
{
    Survey const survey = survey_of_all_kinds();
    ScreenRig rig(1280, 800, {}, survey);
    for (int const minutes : survey.find("wait")->minutes) {
        auto const events = rig.tap(asking(survey, "wait"), "minutes.wait." + std::to_string(minutes));
        CHECK(only<event::MinutesChosen>(events).question == "wait");
        CHECK(only<event::MinutesChosen>(events).minutes == minutes);
    }
    CHECK(rig.map().find("minutes.wait.30")->label == "30 分钟");
    CHECK(rig.map().find("minutes.wait.45")->label == "45 分钟以上");
}

TEST_CASE("A score is asked by the numbers 0 to 10, whose ends have words", "[kiosk][ui]")
{
    Survey const survey = survey_of_all_kinds();
    ScreenRig rig(1280, 800, {}, survey);
    for (int score = 0; score <= 10; ++score) {
        auto const events = rig.tap(asking(survey, "recommend"), "rate.recommend." + std::to_string(score));
        CHECK(only<event::Rated>(events).question == "recommend");
        CHECK(only<event::Rated>(events).score == score);
    }
    CHECK(rig.map().find("rate.recommend.0")->label == "0 一定不会");
    CHECK(rig.map().find("rate.recommend.5")->label == "5");
    CHECK(rig.map().find("rate.recommend.10")->label == "10 一定会");
}

TEST_CASE("The numbers stand in one row where each is a finger wide, else in two", "[kiosk][ui]")
{
    Survey const survey = survey_of_all_kinds();
    for (bool const upright : {false, true}) {
        ScreenRig rig(upright ? 800 : 1280, upright ? 1280 : 800, {}, survey);
        rig.draw(asking(survey, "recommend"));
        auto const top = [&](char const* id) { return rig.map().find(id)->box.y; };
        CHECK(top("rate.recommend.0") == top("rate.recommend.5"));
        CHECK((top("rate.recommend.10") > top("rate.recommend.0")) == upright);
    }
}

TEST_CASE("A further rating by faces is rated as the first ones are", "[kiosk][ui]")
{
    Survey const survey = survey_of_all_kinds();
    ScreenRig rig(1280, 800, {}, survey);
    for (int score = 1; score <= 4; ++score) {
        auto const events = rig.tap(asking(survey, "team"), "rate.team." + std::to_string(score));
        CHECK(only<event::Rated>(events).question == "team");
        CHECK(only<event::Rated>(events).score == score);
    }
}

TEST_CASE("What was answered before is shown", "[kiosk][ui]")
{
    Survey const survey = survey_of_all_kinds();
    ScreenRig rig(1280, 800, {}, survey);
    std::vector<Answer> const answers {{.question = "team", .score = 3},
        {.question = "recommend", .score = 0}, {.question = "improve", .choices = {"pay"}},
        {.question = "dish", .choices = {"rice", "soup"}}, {.question = "wait", .minutes = 10}};
    auto const chosen = [&](char const* id) {
        rig.draw(asking(survey, id, answers));
        return chosen_of(rig.map());
    };
    CHECK(chosen("team") == std::vector<std::string> {"rate.team.3"});
    CHECK(chosen("recommend") == std::vector<std::string> {"rate.recommend.0"});
    CHECK(chosen("improve") == std::vector<std::string> {"option.improve.pay"});
    CHECK(chosen("dish") == std::vector<std::string> {"option.dish.rice", "option.dish.soup"});
    CHECK(chosen("wait") == std::vector<std::string> {"minutes.wait.10"});
    for (auto const& answer : answers) {
        INFO(answer.question);
        rig.draw(asking(survey, answer.question));
        CHECK(chosen_of(rig.map()).empty());
        listenpost::Picture const unanswered = rig.picture();
        rig.draw(asking(survey, answer.question, answers));
        CHECK(rig.picture().pixels != unanswered.pixels);
    }
}

TEST_CASE("From every further question lead three ways: back, without an answer, and on", "[kiosk][ui]")
{
    Survey const survey = survey_of_all_kinds();
    ScreenRig rig(1280, 800, {}, survey);
    for (auto const id : {"team", "recommend", "improve", "dish", "wait", "idea"}) {
        INFO(id);
        View view = asking(survey, id);
        only<event::WentBack>(rig.tap(view, "back"));
        only<event::Skipped>(rig.tap(view, "skip"));
        only<event::Submitted>(rig.tap(view, "submit"));
        CHECK(rig.map().find("submit")->label == "下一步");
        view.can_go_back = false;
        rig.draw(view);
        CHECK_FALSE(rig.map().find("back"));
    }
}

TEST_CASE("While the disk is waited for, no further question can be answered", "[kiosk][ui]")
{
    Survey const survey = survey_of_all_kinds();
    ScreenRig rig(1280, 800, {}, survey);
    for (auto const& [id, widget] : {std::pair("recommend", "rate.recommend.7"),
             {"improve", "option.improve.pay"}, {"wait", "minutes.wait.5"}, {"team", "rate.team.2"}}) {
        INFO(widget);
        View view = asking(survey, id);
        view.saving = true;
        CHECK(rig.tap(view, widget).empty());
    }
}
