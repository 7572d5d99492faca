#include "tests/kiosk/flow/manager.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>
#include <random>
#include <utility>

using namespace listenpost;
using namespace listenpost::kiosk;
using listenpost::test::Manager;
using namespace std::chrono_literals;

TEST_CASE("Nothing opens the manager's view but the way in and the right PIN", "[flow][manager]")
{
    Manager manager;
    CHECK_FALSE(manager.flow.view().is_open());
    CHECK_FALSE(manager.flow.next_tick());
    manager.judged(PinVerdict::Right);
    manager.tap(manager_event::DigitPressed {1});
    CHECK(manager.flow.view() == ManagerView {});

    manager.open();
    CHECK(manager.flow.view().screen == ManagerScreen::Pin);
    manager.judged(PinVerdict::Right); // nobody asked
    CHECK(manager.flow.view().screen == ManagerScreen::Pin);
    CHECK(manager.enter("258013") == "258013");
    CHECK(manager.pin().is_busy);
    manager.judged(PinVerdict::Right);
    CHECK(manager.flow.view().screen == ManagerScreen::Overview);
    CHECK(manager.flow.view().pin.digits == 0);
}

TEST_CASE("While a PIN is looked at or judged no digit is taken", "[flow][manager]")
{
    Manager manager;
    manager.send(manager_event::Opened {});
    manager.tap(manager_event::DigitPressed {1});
    CHECK(manager.pin().digits == 0);
    manager.send(manager_event::PinLooked {{.is_set = true}});
    manager.enter("258013");
    manager.tap(manager_event::DigitPressed {1});
    CHECK(manager.pin().digits == 0);
}

TEST_CASE("Digits can be taken back one by one, or all", "[flow][manager]")
{
    Manager manager;
    manager.open();
    manager.enter("2580");
    CHECK(manager.pin().digits == 4);
    manager.tap(manager_event::DigitRemoved {});
    CHECK(manager.pin().digits == 3);
    manager.tap(manager_event::PinCleared {});
    CHECK(manager.pin().digits == 0);
    manager.tap(manager_event::DigitRemoved {});
    CHECK(manager.enter("258013") == "258013");
}

TEST_CASE("A wrong PIN says how many may still be tried, then how long to wait, and counts the seconds down",
    "[flow][manager]")
{
    Manager manager;
    manager.open();
    manager.enter("111222");
    manager.judged(PinVerdict::Wrong, {true, 1, 0ms, 0s});
    CHECK(manager.pin().note == PinNote::Wrong);
    CHECK(manager.pin().wrong == 1);
    CHECK(manager.pin().takes_digits());
    manager.enter("111222");
    manager.judged(PinVerdict::Wrong, {true, 3, 30s, 30s});
    CHECK(manager.pin().note == PinNote::Locked);
    CHECK(manager.pin().seconds_left == 30);
    CHECK(manager.pin().seconds_of == 30);
    CHECK(manager.enter("258013").empty());
    for (int left = 29; left > 15; --left) {
        auto const tick = manager.flow.next_tick();
        REQUIRE(tick);
        manager.now = std::max(manager.now, *tick);
        manager.send(manager_event::Tick {});
        if (manager.pin().seconds_left > left)
            ++left; // the touches above took longer than a second
    }
    CHECK(manager.pin().seconds_left <= 16);
    manager.now += 16s;
    manager.send(manager_event::Tick {});
    CHECK(manager.pin().note == PinNote::None);
    CHECK(manager.enter("258013") == "258013");
}

TEST_CASE("A wait that was there before is shown as soon as the screen opens", "[flow][manager]")
{
    Manager manager;
    manager.open({true, 5, 2min, 5min});
    CHECK(manager.pin().note == PinNote::Locked);
    CHECK(manager.pin().seconds_left == 120);
    CHECK(manager.pin().seconds_of == 300);
    CHECK_FALSE(manager.pin().takes_digits());
}

TEST_CASE("Without a PIN, and where none can be judged, there is nothing to enter", "[flow][manager]")
{
    Manager manager;
    manager.open(PinState {});
    CHECK(manager.pin().note == PinNote::NotSet);
    CHECK(manager.enter("258013").empty());
    manager.tap(manager_event::WentBack {});
    CHECK(manager.flow.view() == ManagerView {});

    manager.send(manager_event::Opened {});
    manager.send(manager_event::PinFailed {});
    CHECK(manager.pin().note == PinNote::Failed);
    CHECK(manager.enter("258013").empty());
}

TEST_CASE("After a minute without a touch it closes by itself and keeps nothing", "[flow][manager]")
{
    Manager manager;
    SECTION("from the figures") { manager.let_in(); }
    SECTION("from a PIN half entered")
    {
        manager.open();
        manager.enter("258");
    }
    SECTION("from a wait")
    {
        manager.open({true, 9, 1h, 1h});
        manager.tap(manager_event::DigitPressed {1});
    }
    SteadyTime const touched = manager.now;
    manager.now = touched + 59'999ms;
    manager.send(manager_event::Tick {});
    CHECK(manager.flow.view().is_open());
    manager.now = touched + 60s;
    manager.send(manager_event::Tick {});
    CHECK(manager.flow.view() == ManagerView {});
    CHECK_FALSE(manager.flow.next_tick());
}

TEST_CASE(
    "Whoever touches after the minute is another person, also where no tick came in time", "[flow][manager]")
{
    Manager manager;
    manager.let_in();
    manager.now += 1h; // the box was suspended
    manager.send(manager_event::Touched {});
    CHECK_FALSE(manager.flow.view().is_open());
}

TEST_CASE("An answer that comes after somebody left lets nobody in", "[flow][manager]")
{
    Manager manager;
    manager.open();
    manager.enter("258013");
    manager.tap(manager_event::WentBack {});
    CHECK_FALSE(manager.flow.view().is_open());
    SECTION("while it is closed")
    {
        manager.judged(PinVerdict::Right);
        CHECK_FALSE(manager.flow.view().is_open());
    }
    SECTION("when the next person has opened it, and even entered another PIN")
    {
        manager.send(manager_event::Opened {});
        manager.judged(PinVerdict::Right);
        CHECK(manager.flow.view().screen == ManagerScreen::Pin);
        manager.send(manager_event::PinLooked {{.is_set = true}});
        CHECK(manager.enter("111222") == "111222");
        manager.judged(PinVerdict::Wrong);
        CHECK(manager.flow.view().screen == ManagerScreen::Pin);
    }
    SECTION("nor does the next person's own answer get lost by it")
    {
        manager.send(manager_event::Opened {});
        manager.judged(PinVerdict::Wrong);
        manager.send(manager_event::PinLooked {{.is_set = true}});
        manager.enter("258013");
        manager.judged(PinVerdict::Right);
        CHECK(manager.flow.view().screen == ManagerScreen::Overview);
    }
}

TEST_CASE(
    "Inside, views and periods ask for what they show, and back leads from a list to where it was opened",
    "[flow][manager]")
{
    Manager manager;
    manager.let_in();
    CHECK(manager.flow.view().period == Period::Today);

    auto asked = manager.tap(manager_event::PeriodChosen {Period::SevenDays});
    REQUIRE(asked.size() == 1);
    CHECK(std::get<manager_request::AskFigures>(asked[0]).period == Period::SevenDays);

    asked = manager.tap(manager_event::ViewChosen {ManagerScreen::Details});
    REQUIRE(asked.size() == 2);
    auto const& comments = std::get<manager_request::AskResponses>(asked[1]);
    CHECK(comments.period == Period::SevenDays);
    CHECK((comments.list.with_comment_only && comments.list.lowest_first));

    ListFilter filter;
    filter.weekday = 4;
    asked = manager.tap(manager_event::ListChosen {filter});
    CHECK(manager.flow.view().screen == ManagerScreen::Responses);
    REQUIRE(asked.size() == 1);
    CHECK(std::get<manager_request::AskResponses>(asked[0]).list == filter);
    asked = manager.tap(manager_event::PeriodChosen {Period::TwentyEightDays});
    REQUIRE(asked.size() == 2);
    CHECK(std::get<manager_request::AskFigures>(asked[0]).period == Period::TwentyEightDays);
    CHECK(std::get<manager_request::AskResponses>(asked[1]).period == Period::TwentyEightDays);
    CHECK(manager.flow.view().screen == ManagerScreen::Responses);
    filter.offset = 6;
    manager.tap(manager_event::ListChosen {filter});
    manager.tap(manager_event::WentBack {});
    CHECK(manager.flow.view().screen == ManagerScreen::Details);

    manager.tap(manager_event::ViewChosen {ManagerScreen::Distribution});
    manager.tap(manager_event::QuestionsTurned {1});
    CHECK(manager.flow.view().questions_page == 1);
    manager.tap(manager_event::ListChosen {filter});
    manager.tap(manager_event::WentBack {});
    CHECK(manager.flow.view().screen == ManagerScreen::Distribution);
    CHECK(manager.flow.view().questions_page == 1);
    manager.tap(manager_event::ViewChosen {ManagerScreen::Details});
    manager.tap(manager_event::QuestionsTurned {1});
    CHECK(manager.flow.view().questions_page == 0);

    asked = manager.tap(manager_event::ViewChosen {ManagerScreen::Delivery});
    CHECK(std::holds_alternative<manager_request::AskDelivery>(asked.back()));
    manager.tap(manager_event::PeriodChosen {Period::Today});
    CHECK(manager.flow.view().screen == ManagerScreen::Overview);
    manager.tap(manager_event::WentBack {});
    CHECK(manager.flow.view() == ManagerView {});
}

TEST_CASE("What has become of responses has no period: its lists lead back to where they were opened",
    "[flow][manager][delivery]")
{
    Manager manager;
    manager.let_in();
    manager.tap(manager_event::ViewChosen {ManagerScreen::Delivery});
    ListFilter list;
    list.delivery = DeliveryList {DeliveryState::Refused, "invalid"};
    auto asked = manager.tap(manager_event::ListChosen {list});
    CHECK(manager.flow.view().screen == ManagerScreen::Responses);
    REQUIRE(asked.size() == 2);
    CHECK(std::get<manager_request::AskResponses>(asked[0]).list == list);
    CHECK(std::holds_alternative<manager_request::AskDelivery>(asked[1])); // why what waits does
    CHECK(list_query(list, {}).delivery == list.delivery);

    SECTION("by the way back")
    {
        asked = manager.tap(manager_event::WentBack {});
        CHECK(manager.flow.view().screen == ManagerScreen::Delivery);
        CHECK(std::holds_alternative<manager_request::AskDelivery>(asked.back()));
    }
    SECTION("and who chooses a period sees how that went")
    {
        manager.tap(manager_event::PeriodChosen {Period::SevenDays});
        CHECK(manager.flow.view().screen == ManagerScreen::Overview);
        CHECK(manager.flow.view().period == Period::SevenDays);
    }
}

TEST_CASE("Whichever screen a period is chosen on, its figures are asked for", "[flow][manager]")
{
    for (ManagerScreen const screen : {ManagerScreen::Overview, ManagerScreen::Details,
             ManagerScreen::Distribution, ManagerScreen::Delivery, ManagerScreen::Responses}) {
        INFO(name(screen));
        Manager manager;
        manager.let_in();
        if (screen == ManagerScreen::Responses)
            manager.tap(manager_event::ListChosen {});
        else
            manager.tap(manager_event::ViewChosen {screen});
        REQUIRE(manager.flow.view().screen == screen);
        auto const asked = manager.tap(manager_event::PeriodChosen {Period::TwentyEightDays});
        CHECK(std::ranges::any_of(asked, [](ManagerRequest const& request) {
            auto const* const figures = std::get_if<manager_request::AskFigures>(&request);
            return figures && figures->period == Period::TwentyEightDays;
        }));
    }
}

TEST_CASE("Outside, nobody is told a figure", "[flow][manager]")
{
    Manager manager;
    manager.open();
    for (ManagerEvent const& event : {ManagerEvent(manager_event::PeriodChosen {Period::SevenDays}),
             ManagerEvent(manager_event::ViewChosen {ManagerScreen::Details}),
             ManagerEvent(manager_event::QuestionsTurned {1}), ManagerEvent(manager_event::ListChosen {})}) {
        CHECK(manager.tap(event).empty());
        CHECK(manager.flow.view().screen == ManagerScreen::Pin);
    }
}

TEST_CASE("An export is of the period that is shown, and onto the stick that was chosen", "[flow][manager]")
{
    Manager manager;
    CHECK(manager.tap(manager_event::ExportPressed {}).empty());
    CHECK(manager.tap(manager_event::ExportDismissed {}).empty());
    manager.let_in();
    manager.tap(manager_event::PeriodChosen {Period::SevenDays});
    auto const whichever = manager.tap(manager_event::ExportPressed {});
    REQUIRE(whichever.size() == 1);
    CHECK(std::get<manager_request::Export>(whichever.front()).period == Period::SevenDays);
    CHECK(std::get<manager_request::Export>(whichever.front()).drive.empty());
    auto const chosen = manager.tap(manager_event::ExportPressed {"/media/blue"});
    REQUIRE(chosen.size() == 1);
    CHECK(std::get<manager_request::Export>(chosen.front()).drive == "/media/blue");
    auto const dismissed = manager.tap(manager_event::ExportDismissed {});
    REQUIRE(dismissed.size() == 1);
    CHECK(std::holds_alternative<manager_request::ForgetExport>(dismissed.front()));
}

TEST_CASE("A finger that came down before the screen was there means nothing on it", "[flow][manager]")
{
    Manager manager;
    manager.open();
    manager.now += 100ms;
    manager.send(manager_event::Touched {});
    manager.send(manager_event::DigitPressed {1});
    manager.send(manager_event::WentBack {});
    CHECK(manager.flow.view().is_open());
    CHECK(manager.pin().digits == 0);
}

TEST_CASE("A weekday's hours are open on the details until another view is chosen", "[flow][manager]")
{
    Manager manager;
    manager.let_in();
    manager.tap(manager_event::WeekdayChosen {4});
    CHECK_FALSE(manager.flow.view().weekday); // there is no heat map
    manager.tap(manager_event::ViewChosen {ManagerScreen::Details});
    manager.tap(manager_event::WeekdayChosen {4});
    CHECK(manager.flow.view().weekday == 4);
    manager.send(manager_event::Touched {});
    manager.send(manager_event::WeekdayChosen {}); // aimed at what stood there before
    CHECK(manager.flow.view().weekday == 4);

    manager.tap(manager_event::ListChosen {});
    manager.tap(manager_event::WentBack {});
    CHECK(manager.flow.view().weekday == 4);
    manager.tap(manager_event::WeekdayChosen {});
    CHECK_FALSE(manager.flow.view().weekday);
    manager.tap(manager_event::WeekdayChosen {0});
    manager.tap(manager_event::ViewChosen {ManagerScreen::Details});
    CHECK_FALSE(manager.flow.view().weekday);
}

TEST_CASE("Each screen comes back with the part that was seen of it", "[flow][manager]")
{
    Manager manager;
    manager.tap(manager_event::PartTurned {1});
    manager.let_in();
    CHECK(manager.flow.view().part == 0);
    manager.tap(manager_event::PartTurned {2});
    CHECK(manager.flow.view().part == 2);
    manager.tap(manager_event::ListChosen {});
    CHECK(manager.flow.view().part == 0);
    manager.tap(manager_event::ListChosen {{}, 1}); // turned back
    CHECK(manager.flow.view().part == 1);
    manager.tap(manager_event::ResponseChosen {{}});
    CHECK(manager.flow.view().part == 0);
    manager.tap(manager_event::PartTurned {1});
    manager.tap(manager_event::InitialsOpened {});
    manager.tap(manager_event::TextDone {});
    CHECK(manager.flow.view().part == 1); // the form, still
    manager.tap(manager_event::WentBack {});
    CHECK(manager.flow.view().part == 1); // of the list
    manager.tap(manager_event::ResponseChosen {{}});
    CHECK(manager.flow.view().part == 0); // the next response is read first
    manager.tap(manager_event::WentBack {});
    manager.tap(manager_event::WentBack {});
    CHECK(manager.flow.view().part == 2); // of the overview
    manager.tap(manager_event::ViewChosen {ManagerScreen::Details});
    CHECK(manager.flow.view().part == 0);
    manager.tap(manager_event::WeekdayChosen {3});
    CHECK(manager.flow.view().part == 1); // where its hours are
}

TEST_CASE("What helps to see and to reach is the visit's alone", "[flow][manager]")
{
    Manager manager;
    manager.send(manager_event::Opened {.aids = {.high_contrast = true}});
    manager.send(manager_event::PinLooked {{.is_set = true}});
    CHECK(manager.flow.view().aids == ManagerAids {.high_contrast = true}); // of the screen before
    manager.tap(manager_event::AidsOpened {});
    CHECK_FALSE(manager.flow.view().is_choosing_aids); // the PIN's screen has no way to them
    manager.enter("258013");
    manager.judged(PinVerdict::Right);

    manager.tap(manager_event::AidToggled {Access::Large});
    CHECK_FALSE(manager.flow.view().aids.large_text); // the panel is not there
    manager.tap(manager_event::AidsOpened {});
    REQUIRE(manager.flow.view().is_choosing_aids);
    manager.tap(manager_event::AidToggled {Access::Large});
    manager.tap(manager_event::AidToggled {Access::LowReach});
    manager.tap(manager_event::AidToggled {Access::Contrast});
    CHECK(manager.flow.view().aids == ManagerAids {.large_text = true});

    SECTION("the way back leads out of the panel first")
    {
        manager.tap(manager_event::WentBack {});
        CHECK_FALSE(manager.flow.view().is_choosing_aids);
        CHECK(manager.flow.view().screen == ManagerScreen::Overview);
        CHECK(manager.flow.view().aids.large_text);
    }
    SECTION("it stays from screen to screen")
    {
        manager.tap(manager_event::AidsClosed {});
        manager.tap(manager_event::ViewChosen {ManagerScreen::Details});
        CHECK(manager.flow.view().aids.large_text);
    }
    SECTION("who leaves, or is gone, takes it along")
    {
        if (GENERATE(false, true)) {
            manager.tap(manager_event::AidsClosed {});
            manager.tap(manager_event::WentBack {});
        } else {
            manager.now += 61s;
            manager.send(manager_event::Tick {});
        }
        CHECK_FALSE(manager.flow.view().is_open());
        manager.let_in();
        CHECK(manager.flow.view().aids == ManagerAids {});
    }
}

TEST_CASE("Whatever comes in whatever order: no figure without a right PIN, and nothing kept when closed",
    "[flow][manager][property]")
{
    int figures_asked = 0;
    for (unsigned seed = 0; seed < 200; ++seed) {
        std::mt19937 random(seed);
        auto const up_to = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
        Manager manager;
        int visit = 0; // how often it was opened
        std::deque<std::pair<ManagerRequest, int>> open_requests; // and in which visit
        for (int step = 0; step < 300; ++step) {
            manager.now += std::chrono::milliseconds(up_to(9) == 0 ? up_to(70'000) : up_to(500));
            auto const is_inside = [&] {
                return manager.flow.view().is_open() && manager.flow.view().screen != ManagerScreen::Pin;
            };
            bool const was_inside = is_inside();
            bool const was_open = manager.flow.view().is_open();
            bool is_right = false; // and an answer to this visit's own PIN
            std::vector<ManagerRequest> requests;
            int const what = up_to(15);
            if (what == 0) {
                requests = manager.send(manager_event::Opened {});
            } else if (what <= 2 && !open_requests.empty()) {
                auto const [request, asked_in] = open_requests.front();
                open_requests.pop_front();
                bool const is_look = std::holds_alternative<manager_request::LookAtPin>(request);
                PinState const state {
                    up_to(5) > 0, up_to(9), std::chrono::seconds(up_to(1) * up_to(100)), 100s};
                is_right = !is_look && up_to(1) == 0 && asked_in == visit;
                if (up_to(9) == 0)
                    requests = manager.send(manager_event::PinFailed {});
                else if (is_look)
                    requests = manager.send(manager_event::PinLooked {state});
                else
                    requests = manager.send(manager_event::PinJudged {
                        {is_right || asked_in != visit ? PinVerdict::Right : PinVerdict::Wrong,
                            {.is_set = true}}});
            } else if (what == 3) {
                requests = manager.tap(manager_event::WentBack {});
            } else if (what == 4) {
                requests = manager.send(manager_event::Tick {});
            } else if (what == 5) {
                requests = manager.tap(manager_event::PeriodChosen {static_cast<Period>(up_to(2))});
            } else if (what == 6) {
                requests = manager.tap(manager_event::ViewChosen {static_cast<ManagerScreen>(up_to(9))});
            } else if (what == 7) {
                requests = up_to(1) == 0 ? manager.tap(manager_event::ListChosen {})
                    : up_to(1) == 0      ? manager.tap(manager_event::ExportDismissed {})
                                         : manager.tap(manager_event::ExportPressed {"/media/stick"});
            } else if (what == 8) {
                requests = up_to(2) == 0 ? manager.tap(manager_event::ResponseChosen {{}})
                    : up_to(1) == 0      ? manager.tap(manager_event::InitialsChosen {"LW"})
                                         : manager.tap(manager_event::AidsOpened {});
            } else if (what == 9) {
                requests = manager.tap(manager_event::Marked {CommentState::Seen});
            } else {
                requests = manager.tap(manager_event::DigitPressed {up_to(9)});
            }
            for (auto const& request : requests) {
                bool const is_of_pin = std::holds_alternative<manager_request::LookAtPin>(request)
                    || std::holds_alternative<manager_request::JudgePin>(request);
                REQUIRE((is_of_pin || is_inside()));
                figures_asked += is_of_pin ? 0 : 1;
            }
            if (!was_open && manager.flow.view().is_open())
                ++visit;
            for (auto const& request : requests)
                if (std::holds_alternative<manager_request::LookAtPin>(request)
                    || std::holds_alternative<manager_request::JudgePin>(request))
                    open_requests.emplace_back(request, visit);
            if (!was_inside && is_inside())
                REQUIRE(is_right);
            if (!manager.flow.view().is_open())
                REQUIRE(manager.flow.view() == ManagerView {});
        }
    }
    CHECK(figures_asked > 100); // somebody did come in
}
