#pragma once

#include "kiosk/flow/manager_flow.h"
#include "kiosk/input/no_pinyin.h"
#include "tests/support/sample_responses.h"

#include <catch2/catch.hpp>

namespace listenpost::test {

/// A manager before the screen, whose PIN is judged by the test.
struct Manager {
    kiosk::NoPinyin engine;
    kiosk::Survey survey = sample_survey();
    kiosk::ManagerFlow flow {survey, {engine}};
    SteadyTime now {std::chrono::seconds(100)};

    std::vector<kiosk::ManagerRequest> send(kiosk::ManagerEvent const& event)
    {
        return flow.handle(event, now);
    }

    /// What a finger does: it touches, and what it hit tells.
    std::vector<kiosk::ManagerRequest> tap(kiosk::ManagerEvent const& event)
    {
        now += std::chrono::milliseconds(300);
        send(kiosk::manager_event::Touched {});
        return send(event);
    }

    /// Enters six digits; the PIN that is to be judged.
    std::string enter(std::string_view pin)
    {
        std::string asked;
        for (char const digit : pin)
            for (auto const& request : tap(kiosk::manager_event::DigitPressed {digit - '0'}))
                if (auto const* const judge = std::get_if<kiosk::manager_request::JudgePin>(&request))
                    asked = judge->pin;
        return asked;
    }

    void open(kiosk::PinState const& state = {.is_set = true})
    {
        auto const requests = send(kiosk::manager_event::Opened {});
        REQUIRE(requests.size() == 1);
        REQUIRE(std::holds_alternative<kiosk::manager_request::LookAtPin>(requests.front()));
        send(kiosk::manager_event::PinLooked {state});
    }
    void judged(kiosk::PinVerdict verdict, kiosk::PinState state = {.is_set = true})
    {
        send(kiosk::manager_event::PinJudged {{verdict, state}});
    }
    void let_in()
    {
        open();
        enter("258013");
        judged(kiosk::PinVerdict::Right);
        REQUIRE(flow.view().screen == kiosk::ManagerScreen::Overview);
    }
    kiosk::PinView const& pin() const { return flow.view().pin; }
};

}
