#include "kiosk/ui/charts.h"
#include "tests/kiosk/ui/golden.h"
#include "tests/kiosk/ui/manager_month.h"
#include "tests/kiosk/ui/manager_rig.h"
#include "tests/kiosk/ui/manager_samples.h"
#include "tests/kiosk/ui/screen_cases.h"
#include "tests/support/sample_month.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

constexpr double least_em = 2.4; ///< mm, of what had to shrink most on a screen that is read, not touched

void check_page(ManagerRig& rig, ManagerScreen screen, Period period, PanelSize const& size, std::size_t page)
{
    for (auto const& language : shipped_survey().languages) {
        INFO(name(screen) << " " << days_of(period) << " days " << language << " " << size.width << "x"
                          << size.height << " page " << page);
        ManagerView view = view_of(screen, language, period);
        view.questions_page = page;
        auto const drawn = rig.draw(view);
        CHECK(drawn.cut_texts == std::vector<std::string> {});
        CHECK(drawn.smallest_text * size.millimetres_per_pixel >= least_em);
        for (auto const& widget : rig.map().widgets()) {
            INFO(widget.id);
            CHECK(widget.box.right() <= size.width);
            CHECK(widget.box.bottom() <= size.height);
        }
    }
}

void check_texts(ManagerRig& rig, ManagerScreen screen, Period period, PanelSize const& size)
{
    for (std::size_t page = 0; page < (screen == ManagerScreen::Distribution ? 2U : 1U); ++page)
        check_page(rig, screen, period, size, page);
}

}

TEST_CASE("On every panel and in every language the manager's texts are whole and large enough to be read",
    "[kiosk][ui][manager][sizes]")
{
    for (auto const& size : panel_sizes()) {
        ManagerRig rig(size.width, size.height);
        for (Period const period : {Period::Today, Period::SevenDays, Period::TwentyEightDays}) {
            for (auto const& figures : {bad_week(period), with_everything(bad_week(period))}) {
                rig.figures = figures;
                for (ManagerScreen const screen : manager_figure_screens)
                    check_texts(rig, screen, period, size);
            }
        }
    }
}

TEST_CASE(
    "Whatever is wrong with sending is said whole, with what to do about it", "[kiosk][ui][manager][sizes]")
{
    for (auto const& size : panel_sizes()) {
        ManagerRig rig(size.width, size.height);
        rig.figures = bad_week(Period::Today);
        for (auto trouble = SendingTrouble::None; trouble <= SendingTrouble::Stopped;
             trouble = static_cast<SendingTrouble>(static_cast<int>(trouble) + 1)) {
            INFO(name(trouble));
            rig.figures.delivery = delivery(rig.figures.now, trouble);
            check_texts(rig, ManagerScreen::Delivery, Period::Today, size);
        }
    }
}

TEST_CASE(
    "What was asked for another period, or another list, is drawn as not there yet", "[kiosk][ui][manager]")
{
    for (ManagerScreen const screen : manager_figure_screens) {
        INFO(name(screen));
        ManagerRig rig(1280, 800);
        auto const drawn = [&](ManagerFigures const& figures) {
            rig.figures = figures;
            rig.draw(view_of(screen, "zh-CN", Period::TwentyEightDays));
            return rig.picture().pixels;
        };
        ManagerFigures other = bad_week(Period::Today);
        ManagerFigures none = other;
        none.summary = nullptr;
        none.responses = nullptr;
        CHECK(drawn(other) == drawn(none));
        ManagerFigures const& right = bad_week(Period::TwentyEightDays);
        other.summary = right.summary;
        other.responses = right.responses;
        CHECK(drawn(other) != drawn(none));
    }
    ManagerRig rig(1280, 800);
    rig.figures = bad_week(Period::SevenDays);
    ManagerView view = view_of(ManagerScreen::Responses, "zh-CN", Period::SevenDays);
    rig.draw(view);
    CHECK(rig.map().find("page.next"));
    view.list.with_comment_only = false;
    rig.draw(view);
    CHECK_FALSE(rig.map().find("page.next"));
}

TEST_CASE(
    "Where all is dealt with, the list of what is not says so, and that only", "[kiosk][ui][manager][golden]")
{
    ManagerRig rig(1280, 800);
    rig.figures = bad_week(Period::SevenDays);
    auto const drawn = [&](ManagerView const& view) {
        ResponsePage none;
        none.query = list_query(view.list, rig.figures.responses->query.of);
        rig.figures.responses = std::make_shared<ResponsePage const>(none);
        rig.draw(view);
        return rig.picture().pixels;
    };
    ManagerView view = view_of(ManagerScreen::Responses, "zh-CN", Period::SevenDays);
    view.list.low_only = true;
    std::vector<decltype(rig.picture().pixels)> pictures;
    for (bool const is_open : {false, true})
        for (bool const has_comment : {false, true}) {
            view.list.open_only = is_open;
            view.list.with_comment_only = has_comment;
            pictures.push_back(drawn(view));
        }
    // What stands in the middle of the card, away from the filters, which show what is on.
    auto const middle = [&](std::size_t index) {
        auto const& pixels = pictures[index];
        return std::vector(pixels.begin() + 1280 * 300, pixels.begin() + 1280 * 500);
    };
    CHECK(middle(0) != middle(1)); // no ratings, no comments
    CHECK(middle(2) == middle(3)); // nothing left to deal with
    CHECK(middle(2) != middle(0));
    CHECK(middle(2) != middle(1));
    compare_with_golden(rig.picture(), "manager-list-none-open.zh-CN");
}

TEST_CASE(
    "A page that stands in for one that is gone leads back, and says which it is", "[kiosk][ui][manager]")
{
    ManagerRig rig(1280, 800);
    rig.figures = bad_week(Period::SevenDays);
    ManagerView view = view_of(ManagerScreen::Responses, "zh-CN", Period::SevenDays);
    view.list.offset = 12;
    ResponsePage page = *rig.figures.responses;
    page.query = list_query(view.list, page.query.of);
    page.total = 12;
    page.offset = 6;
    rig.figures.responses = std::make_shared<ResponsePage const>(page);
    auto const events = rig.tap(view, "page.previous");
    REQUIRE(events.size() == 1);
    CHECK(std::get<manager_event::ListChosen>(events.front()).list.offset == 0);
    CHECK_FALSE(rig.map().find("page.next"));
}

TEST_CASE("A flagged response in a list is marked as such, and whole", "[kiosk][ui][manager][sizes]")
{
    for (auto const& size : panel_sizes()) {
        ManagerRig rig(size.width, size.height);
        rig.figures = bad_week(Period::SevenDays);
        rig.draw(view_of(ManagerScreen::Responses, "en", Period::SevenDays));
        auto const unmarked = rig.picture().pixels;
        ResponsePage page = *rig.figures.responses;
        REQUIRE_FALSE(page.responses.empty());
        for (auto& response : page.responses)
            response.flags = {"fast"};
        rig.figures.responses = std::make_shared<ResponsePage const>(page);
        check_texts(rig, ManagerScreen::Responses, Period::SevenDays, size);
        check_texts(rig, ManagerScreen::Details, Period::SevenDays, size);
        rig.draw(view_of(ManagerScreen::Responses, "en", Period::SevenDays));
        CHECK(rig.picture().pixels != unmarked);
    }
}

TEST_CASE("Where head office has refused some, nothing says that there is nothing to do",
    "[kiosk][ui][manager][sizes]")
{
    auto const state_of = [](ManagerRig& rig, std::string const& language) {
        rig.draw(view_of(ManagerScreen::Delivery, language));
        Widget const* const state = rig.map().find("delivery.state");
        REQUIRE(state);
        return state->label;
    };
    for (auto const& size : panel_sizes()) {
        ManagerRig rig(size.width, size.height);
        rig.figures = bad_week(Period::Today);
        rig.figures.delivery = delivery(rig.figures.now, SendingTrouble::None); // and 3 refused
        check_texts(rig, ManagerScreen::Delivery, Period::Today, size);
        CHECK(state_of(rig, "en") == "Head office has refused 3");
    }
    ManagerRig rig(1280, 800);
    rig.figures.now = WallTime(std::chrono::hours(500'000));
    DeliveryFigures fine = *delivery(rig.figures.now, SendingTrouble::None);
    fine.counts->quarantined = 0;
    rig.figures.delivery = std::make_shared<DeliveryFigures const>(fine);
    CHECK(state_of(rig, "en") == "Everything is being delivered");
}

TEST_CASE("An age is told only by a clock that can know it", "[kiosk][ui][manager]")
{
    ManagerRig rig(1280, 800);
    rig.figures.now = WallTime(std::chrono::hours(500'000));
    auto const picture = [&](std::chrono::minutes age, bool clock_is_set) {
        DeliveryFigures figures = *delivery(rig.figures.now, SendingTrouble::None);
        figures.last_contact = rig.figures.now - age;
        figures.clock_is_set = clock_is_set;
        rig.figures.delivery = std::make_shared<DeliveryFigures const>(figures);
        rig.draw(view_of(ManagerScreen::Delivery, "en"));
        return rig.picture().pixels;
    };
    using std::chrono::minutes;
    CHECK(picture(minutes(0), true) != picture(minutes(-1), true));
    CHECK(picture(minutes(-1), true) == picture(minutes(-5000), true));
    CHECK(picture(minutes(10), false) == picture(minutes(-3), false));
    CHECK(picture(minutes(10), true) != picture(minutes(11), true));
}

TEST_CASE(
    "Tabs choose period and view, and every figure leads to the responses behind it", "[kiosk][ui][manager]")
{
    ManagerRig rig(1280, 800);
    rig.figures = bad_week(Period::Today);
    ManagerView const view = view_of(ManagerScreen::Overview, "zh-CN");
    auto const only = [&](ManagerView const& on, std::string_view id) {
        auto events = rig.tap(on, id);
        REQUIRE(events.size() == 1);
        return events.front();
    };
    CHECK(std::get<manager_event::PeriodChosen>(only(view, "period.28d")).period == Period::TwentyEightDays);
    CHECK(std::get<manager_event::ViewChosen>(only(view, "view.delivery")).screen == ManagerScreen::Delivery);
    CHECK(std::holds_alternative<manager_event::WentBack>(only(view, "back")));

    auto const hour = std::get<manager_event::ListChosen>(only(view, "figure.hour.12")).list;
    CHECK(hour.hours == std::pair(12, 13));
    auto const rating = std::get<manager_event::ListChosen>(only(view, "figure.rating.service")).list;
    CHECK(rating.question == "service");
    auto const reason
        = std::get<manager_event::ListChosen>(only(view, "figure.reason.service.long_wait")).list;
    CHECK(reason.reason == "long_wait");
    rig.figures = bad_week(Period::TwentyEightDays);
    ManagerView const details = view_of(ManagerScreen::Details, "zh-CN", Period::TwentyEightDays);
    auto const cell = std::get<manager_event::ListChosen>(only(details, "figure.cell.5.12")).list;
    CHECK(cell.weekday == 4);
    CHECK(cell.hours == std::pair(12, 13));
    CHECK(std::get<manager_event::ListChosen>(only(details, "view.comments")).list.with_comment_only);
}

TEST_CASE("Each bar of a distribution leads to exactly the responses that it counts", "[kiosk][ui][manager]")
{
    ManagerRig rig(1280, 800);
    rig.figures = with_everything(bad_week(Period::TwentyEightDays));
    ManagerView view = view_of(ManagerScreen::Distribution, "en", Period::TwentyEightDays);
    auto const list = [&](std::string_view id) {
        auto events = rig.tap(view, id);
        REQUIRE(events.size() == 1);
        return std::get<manager_event::ListChosen>(events.front()).list;
    };
    auto const poor = list("figure.distribution.service.2");
    CHECK(poor.question == "service");
    CHECK(poor.lowest_score == 2);
    CHECK(poor.highest_score == 2);
    CHECK_FALSE(poor.with_flagged); // figures are made without them
    CHECK(list("figure.partial").kind == ResponseQuery::Kind::Partial);
    CHECK(list("figure.flagged").kind == ResponseQuery::Kind::Flagged);
    CHECK(list("figure.uncertain").kind == ResponseQuery::Kind::UncertainTime);
    auto const turned = rig.tap(view, "questions.more");
    REQUIRE(turned.size() == 1);
    CHECK(std::get<manager_event::QuestionsTurned>(turned.front()).page == 1);
    view.questions_page = 1;
    auto const waited = list("figure.distribution.wait.15");
    CHECK(waited.question == "wait");
    CHECK(waited.minutes == std::pair(15, 19));
    CHECK(list("figure.distribution.wait.45").minutes == std::pair(45, 24 * 60));
    auto const dish = rig.figures.summary->choices.front().options.front().id;
    CHECK(list("figure.distribution.dish." + dish).choice == dish);
    CHECK(std::get<manager_event::QuestionsTurned>(rig.tap(view, "questions.more").front()).page == 0);
    CHECK(std::get<manager_event::ViewChosen>(rig.tap(view, "view.when").front()).screen
        == ManagerScreen::Details);
}

TEST_CASE("How many responses and how many answers there are leads to as many", "[kiosk][ui][manager]")
{
    ManagerRig rig(1280, 800);
    auto const period = Period::SevenDays;
    rig.figures = bad_week(period);
    auto const check = [&](ManagerScreen screen, std::string const& id, std::int64_t count) {
        INFO(name(screen) << " " << id);
        auto const events = rig.tap(view_of(screen, "en", period), id);
        REQUIRE(events.size() == 1);
        auto const list = std::get<manager_event::ListChosen>(events.front()).list;
        CHECK(static_cast<std::int64_t>(month().page(list, period)->total) == count);
    };
    for (auto const screen : {ManagerScreen::Overview, ManagerScreen::Details, ManagerScreen::Delivery})
        check(screen, "figure.responses", rig.figures.summary->responses);
    for (auto const& rating : rig.figures.summary->ratings)
        if (rating.question != "recommend") // on the second page
            check(ManagerScreen::Distribution, "figure.answers." + rating.question, rating.counts.total());
    auto nobody = std::make_shared<Summary>(*rig.figures.summary);
    nobody->responses = 0;
    rig.figures.summary = nobody;
    rig.draw(view_of(ManagerScreen::Overview, "en", period));
    CHECK_FALSE(rig.map().find("figure.responses"));
}

TEST_CASE("Every day of four weeks has its number, and leads to its responses", "[kiosk][ui][manager]")
{
    for (auto const& size : panel_sizes()) {
        ManagerRig rig(size.width, size.height);
        rig.figures = bad_week(Period::TwentyEightDays);
        rig.draw(view_of(ManagerScreen::Overview, "en", Period::TwentyEightDays));
        for (auto const& day : rig.figures.summary->trend) {
            std::chrono::year_month_day const date(day.day);
            std::string const id = "figure.day." + std::to_string(static_cast<unsigned>(date.month())) + "-"
                + std::to_string(static_cast<unsigned>(date.day()));
            INFO(id << " " << size.width << "x" << size.height);
            Widget const* const bar = rig.map().find(id);
            REQUIRE(bar);
            CHECK(bar->label.ends_with(": " + std::to_string(day.cell.responses)));
            CHECK(bar->box.w * size.millimetres_per_pixel >= 8);
            CHECK(bar->box.h * size.millimetres_per_pixel >= 8);
        }
    }
}

TEST_CASE("A finger can hit every figure", "[kiosk][ui][manager][sizes]")
{
    constexpr double finger = 9; // mm; a cell of the heat map is lower, as a day has so many hours
    constexpr double least_cell_height = 5;
    for (auto const& size : panel_sizes()) {
        ManagerRig rig(size.width, size.height);
        for (Period const period : {Period::Today, Period::SevenDays, Period::TwentyEightDays}) {
            rig.figures = with_everything(bad_week(period));
            for (ManagerScreen const screen : manager_figure_screens) {
                rig.draw(view_of(screen, "en", period));
                for (auto const& widget : rig.map().widgets()) {
                    INFO(name(screen) << " " << size.width << "x" << size.height << " " << widget.id);
                    bool const is_cell = widget.id.starts_with("figure.cell.");
                    CHECK(widget.box.w * size.millimetres_per_pixel >= finger);
                    CHECK(
                        widget.box.h * size.millimetres_per_pixel >= (is_cell ? least_cell_height : finger));
                }
            }
        }
    }
}

TEST_CASE("That times are uncertain is said wherever they matter, and only then", "[kiosk][ui][manager]")
{
    ManagerRig rig(1280, 800);
    for (ManagerScreen const screen : manager_figure_screens) {
        INFO(name(screen));
        rig.figures = bad_week(Period::TwentyEightDays);
        rig.draw(view_of(screen, "en", Period::TwentyEightDays));
        CHECK_FALSE(rig.map().find("figure.uncertain"));
        rig.figures = with_everything(rig.figures);
        rig.draw(view_of(screen, "en", Period::TwentyEightDays));
        Widget const* const note = rig.map().find("figure.uncertain");
        REQUIRE(note);
        CHECK(note->label == "1,204 at an uncertain time: the clock of this box was not set");
    }
}

TEST_CASE("What is printed has the colour that the legend gives it", "[kiosk][ui][manager]")
{
    CHECK(chart_step(3.39) == 0);
    CHECK(chart_step(3.4) == 1);
    CHECK(chart_step(3.8) == 2);
    CHECK(chart_step(4.2) == 3);
    CHECK(chart_step(4.5) == 4);
    CHECK(chart_step(5) == 4);
}

TEST_CASE("The manager's screens look as the pictures that were looked at", "[kiosk][ui][manager][golden]")
{
    struct Case {
        std::string name;
        ManagerScreen screen;
        std::string language;
        Period period;
        int width = 1280;
        int height = 800;
        std::size_t page = 0;
        bool has_everything = false;
    };
    for (auto const& each :
        {Case {"manager-today.zh-CN", ManagerScreen::Overview, "zh-CN", Period::Today},
            Case {"manager-28d.en", ManagerScreen::Overview, "en", Period::TwentyEightDays},
            Case {"manager-today-portrait.ja", ManagerScreen::Overview, "ja", Period::Today, 800, 1280},
            Case {"manager-7d-small.ko", ManagerScreen::Overview, "ko", Period::SevenDays, 1024, 600},
            Case {"manager-details.zh-CN", ManagerScreen::Details, "zh-CN", Period::TwentyEightDays},
            Case {"manager-details-portrait.en", ManagerScreen::Details, "en", Period::TwentyEightDays, 800,
                1280},
            Case {
                "manager-distribution.zh-CN", ManagerScreen::Distribution, "zh-CN", Period::TwentyEightDays},
            Case {"manager-distribution-more.ko", ManagerScreen::Distribution, "ko", Period::SevenDays, 1280,
                800, 1, true},
            Case {
                "manager-distribution-small.ja", ManagerScreen::Distribution, "ja", Period::Today, 1024, 600},
            Case {"manager-distribution-portrait.en", ManagerScreen::Distribution, "en",
                Period::TwentyEightDays, 800, 1280},
            Case {"manager-distribution-more-portrait.en", ManagerScreen::Distribution, "en",
                Period::TwentyEightDays, 800, 1280, 1, true},
            Case {
                "manager-uncertain.en", ManagerScreen::Overview, "en", Period::SevenDays, 1280, 800, 0, true},
            Case {"manager-28d-portrait.zh-TW", ManagerScreen::Overview, "zh-TW", Period::TwentyEightDays,
                800, 1280, 0, true},
            Case {"manager-list.en", ManagerScreen::Responses, "en", Period::SevenDays},
            Case {"manager-comments.zh-CN", ManagerScreen::Responses, "zh-CN", Period::SevenDays},
            Case {"manager-delivery.zh-CN", ManagerScreen::Delivery, "zh-CN", Period::Today},
            Case {"manager-delivery-portrait.en", ManagerScreen::Delivery, "en", Period::Today, 800, 1280}}) {
        DYNAMIC_SECTION(each.name)
        {
            ManagerRig rig(each.width, each.height);
            rig.figures = bad_week(each.period);
            if (each.has_everything)
                rig.figures = with_everything(rig.figures);
            ManagerView view = view_of(each.screen, each.language, each.period);
            view.questions_page = each.page;
            if (each.name == "manager-list.en") {
                view.list = {};
                view.list.question = "service";
                view.list.lowest_score = 1;
                view.list.highest_score = 1;
                rig.figures.responses = month().page(view.list, each.period);
            }
            rig.draw(view);
            compare_with_golden(rig.picture(), each.name);
        }
    }
}

TEST_CASE(
    "A quiet store's day of few responses, and none at all, are said as such", "[kiosk][ui][manager][golden]")
{
    SECTION("few")
    {
        ManagerRig rig(1280, 800);
        bench::Month month = ManagerMonth::weeks(bench::MonthOf::Quiet);
        for (month.last_hour = 10; month.last_hour < 24; ++month.last_hour) {
            ManagerMonth quiet(month);
            rig.figures = quiet.figures(Period::Today);
            if (rig.figures.summary->responses >= 3)
                break;
        }
        REQUIRE(rig.figures.summary->responses == 3);
        rig.draw(view_of(ManagerScreen::Overview, "en"));
        compare_with_golden(rig.picture(), "manager-few.en");
        rig.draw(view_of(ManagerScreen::Details, "en"));
        compare_with_golden(rig.picture(), "manager-details-few.en");
        rig.draw(view_of(ManagerScreen::Distribution, "en"));
        compare_with_golden(rig.picture(), "manager-distribution-few.en");
    }
    SECTION("none")
    {
        ManagerMonth none(std::nullopt);
        ManagerRig rig(1280, 800);
        rig.figures = none.figures(Period::Today);
        CHECK(rig.figures.summary->responses == 0);
        rig.draw(view_of(ManagerScreen::Overview, "zh-CN"));
        compare_with_golden(rig.picture(), "manager-none.zh-CN");
        rig.draw(view_of(ManagerScreen::Details, "zh-CN"));
        compare_with_golden(rig.picture(), "manager-details-none.zh-CN");
        rig.draw(view_of(ManagerScreen::Distribution, "zh-CN"));
        compare_with_golden(rig.picture(), "manager-distribution-none.zh-CN");
    }
    SECTION("not counted yet")
    {
        ManagerRig rig(1280, 800);
        rig.figures.is_catching_up = true;
        rig.figures.counted = 12'000;
        rig.figures.of = 1'000'000;
        rig.draw(view_of(ManagerScreen::Overview, "zh-CN"));
        compare_with_golden(rig.picture(), "manager-counting.zh-CN");
    }
}
