#include "tests/kiosk/flow/customer.h"
#include "tests/kiosk/flow/invariants.h"

#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <string>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace std::chrono_literals;
using listenpost::test::Customer;

namespace {

Survey const survey = test::every_kind_survey();

void to_reasons(Customer& customer)
{
    customer.rate("quality", 1);
    customer.rate("service", 1);
    customer.rate("cleanliness", 1);
    customer.touch(event::Submitted {});
}

/// Every state that a customer can meet, and the way to it.
struct State {
    char const* name;
    std::function<void(Customer&)> reach;
};

std::vector<State> const states {
    {"attract", [](Customer& customer) { customer.pass(60s); }},
    {"rate", [](Customer&) {}},
    {"rate, begun", [](Customer& customer) { customer.rate("quality", 1); }},
    {"rate, all tapped",
        [](Customer& customer) {
            customer.rate_all(5);
            customer.pass(300ms);
        }},
    {"rate, saving",
        [](Customer& customer) {
            customer.rate_all(5);
            customer.touch(event::Submitted {});
        }},
    {"reasons", to_reasons},
    {"follow_up",
        [](Customer& customer) {
            to_reasons(customer);
            customer.touch(event::Submitted {});
        }},
    {"comment",
        [](Customer& customer) {
            customer.rate("quality", 1);
            customer.touch(event::CommentOpened {});
        }},
    {"thanks",
        [](Customer& customer) {
            customer.rate_all(5);
            customer.touch(event::Submitted {});
            customer.stored();
        }},
    {"timeout",
        [](Customer& customer) {
            customer.rate("quality", 1);
            customer.pass(25s);
        }},
    {"out_of_service", [](Customer& customer) { customer.send(event::StoreFailed {}); }},
    {"out_of_service, begun",
        [](Customer& customer) {
            customer.rate("quality", 1);
            customer.send(event::StoreFailed {});
        }},
    {"rate, languages", [](Customer& customer) { customer.touch(event::PanelOpened {Panel::Languages}); }},
    {"rate, access", [](Customer& customer) { customer.touch(event::PanelOpened {Panel::Access}); }},
    {"comment, access",
        [](Customer& customer) {
            customer.rate("quality", 1);
            customer.touch(event::CommentOpened {});
            customer.touch(event::PanelOpened {Panel::Access});
        }},
};

/// Every kind of event, as it would be if the screen in front of the customer offered it.
std::vector<std::pair<char const*, Event>> const events {
    {"rated", event::Rated {"service", 2}},
    {"reason", event::ReasonToggled {"quality", "salty"}},
    {"option", event::OptionToggled {"dish", "soup"}},
    {"minutes", event::MinutesChosen {"wait", 10}},
    {"comment", event::CommentOpened {}},
    {"key", event::KeyPressed {"1"}},
    {"candidate", event::CandidateChosen {0}},
    {"pinyin ready", event::PinyinReady {}},
    {"phrase", event::PhraseToggled {0}},
    {"submit", event::Submitted {}},
    {"skip", event::Skipped {}},
    {"back", event::WentBack {}},
    {"language", event::LanguageChosen {"en"}},
    {"panel", event::PanelOpened {Panel::Access}},
    {"panel closed", event::PanelClosed {}},
    {"contrast", event::AccessToggled {Access::Contrast}},
    {"large", event::AccessToggled {Access::Large}},
    {"low reach", event::AccessToggled {Access::LowReach}},
    {"speech", event::AccessToggled {Access::Speech}},
    {"staff", event::StaffCame {}},
    {"closing time", event::OpeningChanged {false}},
    {"more time", event::MoreTime {}},
    {"give up", event::GaveUp {}},
    {"again", event::RestartPressed {}},
    {"touched", event::Touched {}},
    {"tick", event::Tick {}},
    {"stored", event::Stored {100}},
    {"store failed", event::StoreFailed {}},
};

/// Where a touch leads; every pair that is not named here stays where it is. Attract is left
/// by the touch itself; a disk that refuses leads to out_of_service from everywhere.
std::map<std::pair<std::string, std::string>, Screen> const ways {
    {{"rate, begun", "comment"}, Screen::Comment},
    {{"rate, all tapped", "comment"}, Screen::Comment},
    {{"reasons", "comment"}, Screen::Comment},
    {{"reasons", "submit"}, Screen::FollowUp},
    {{"reasons", "skip"}, Screen::FollowUp},
    {{"reasons", "back"}, Screen::Rate},
    {{"follow_up", "comment"}, Screen::Comment},
    {{"follow_up", "submit"}, Screen::FollowUp}, // the next one
    {{"follow_up", "skip"}, Screen::FollowUp},
    {{"follow_up", "back"}, Screen::Reasons},
    {{"comment", "back"}, Screen::Rate},
    {{"thanks", "submit"}, Screen::Rate},
    {{"thanks", "again"}, Screen::Rate},
    {{"timeout", "more time"}, Screen::Rate},
    {{"timeout", "give up"}, Screen::Rate},
    {{"rate, saving", "stored"}, Screen::Thanks},
    {{"out_of_service", "stored"}, Screen::Rate},
    {{"out_of_service, begun", "stored"}, Screen::Rate},
};

}

TEST_CASE("Every event in every state leads where the table says, and nowhere else", "[flow][table]")
{
    CHECK(events.size() == std::variant_size_v<Event> + 3); // each kind, and each aid once
    for (auto const& state : states)
        for (auto const& [event_name, event] : events) {
            INFO(state.name << " + " << event_name);
            Customer customer(survey);
            state.reach(customer);
            Screen const before = customer.view().screen;
            REQUIRE(std::string(state.name).starts_with(name(before)));
            std::string const kind = event_name;
            bool const is_touch = kind != "stored" && kind != "store failed" && kind != "tick"
                && kind != "pinyin ready" && kind != "closing time";
            if (is_touch)
                customer.touch(event);
            else
                customer.send(event);

            auto const way = ways.find({state.name, kind});
            Screen expected = way == ways.end() ? before : way->second;
            if (before == Screen::Attract && is_touch)
                expected = Screen::Rate;
            if (kind == "store failed")
                expected = Screen::OutOfService;
            CHECK(customer.view().screen == expected);
            test::check_invariants(customer.view(), survey);
        }
}

TEST_CASE("A finger that was aimed at the screen before does nothing in any state", "[flow][table]")
{
    for (auto const& state : states)
        for (auto const& [event_name, event] : events) {
            std::string const kind = event_name;
            // What is not aimed at anything on the screen, and what changes nothing that is kept.
            bool const is_aimed = kind == "rated" || kind == "reason" || kind == "option" || kind == "minutes"
                || kind == "comment" || kind == "key" || kind == "phrase" || kind == "submit"
                || kind == "skip" || kind == "back" || kind == "more time" || kind == "give up"
                || kind == "again";
            if (!is_aimed)
                continue;
            INFO(state.name << " + " << event_name);
            Customer customer(survey);
            customer.send(event::Touched {});
            customer.send(event::StoreFailed {});
            customer.stored(); // the screen has just changed
            auto const before = customer.view();
            customer.touch_at_once(event);
            CHECK(customer.view().draft == before.draft);
            CHECK(customer.view().screen == before.screen);
        }
}
