#include "tests/kiosk/ui/golden.h"
#include "tests/kiosk/ui/manager_rig.h"
#include "tests/kiosk/ui/manager_samples.h"
#include "tests/kiosk/ui/screen_cases.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

constexpr ManagerAids contrast {.high_contrast = true};

ManagerView with(ManagerView view, ManagerAids aids)
{
    view.aids = aids;
    return view;
}

ManagerEvent only(ManagerRig& rig, ManagerView const& view, std::string_view id)
{
    auto const events = rig.tap(view, id);
    INFO(id);
    REQUIRE(events.size() == 1);
    return events.front();
}

/// Of the whole picture, how bright its ground is: the colour that most pixels have.
std::uint32_t ground_of(Picture const& picture)
{
    std::map<std::uint32_t, std::size_t> counts;
    for (auto const pixel : picture.pixels)
        ++counts[pixel];
    return std::ranges::max_element(counts, {}, [](auto const& each) { return each.second; })->first;
}

/// A store that is open round the clock.
ManagerFigures round_the_clock()
{
    ManagerFigures figures = bad_week(Period::TwentyEightDays);
    auto summary = std::make_shared<Summary>(*figures.summary);
    for (auto& weekday : summary->heat_map)
        for (std::size_t hour = 0; hour < weekday.size(); ++hour)
            if (weekday[hour].responses == 0)
                weekday[hour] = weekday[12 + hour % 8];
    figures.summary = summary;
    return figures;
}

ManagerView details(std::string const& language, std::optional<int> weekday)
{
    ManagerView view = view_of(ManagerScreen::Details, language, Period::TwentyEightDays);
    view.weekday = weekday;
    return view;
}

}

TEST_CASE("A weekday of the heat map leads to its hours, and each to its responses", "[kiosk][ui][manager]")
{
    ManagerRig rig(1280, 800);
    rig.figures = bad_week(Period::TwentyEightDays);
    auto const friday
        = std::get<manager_event::WeekdayChosen>(only(rig, details("en", {}), "figure.weekday.5"));
    CHECK(friday.weekday == 4);
    ManagerView const view = details("en", 4);
    auto const list = std::get<manager_event::ListChosen>(only(rig, view, "figure.hour_cell.12")).list;
    CHECK(list == std::get<manager_event::ListChosen>(only(rig, view, "figure.cell.5.12")).list);
    auto const& noon = rig.figures.summary->heat_map[4][12];
    CHECK(rig.map().find("figure.hour_cell.12")->label.ends_with(" · " + std::to_string(noon.responses)));
    for (auto const* const id : {"figure.weekday.5", "view.comments.back"})
        CHECK_FALSE(std::get<manager_event::WeekdayChosen>(only(rig, view, id)).weekday);

    rig.figures = bad_week(Period::Today); // a Friday: of the other days nothing can be seen
    rig.draw(view_of(ManagerScreen::Details, "en"));
    CHECK(rig.map().find("figure.weekday.5"));
    CHECK_FALSE(rig.map().find("figure.weekday.4"));
}

TEST_CASE(
    "Whatever is behind the heat map's cells is reached by a finger, on every panel, also round the clock",
    "[kiosk][ui][manager][sizes]")
{
    for (auto const& size : panel_sizes()) {
        ManagerRig rig(size.width, size.height);
        for (auto const& [figures, least] :
            {std::pair(bad_week(Period::TwentyEightDays), 10.0), {round_the_clock(), 8.5}}) {
            rig.figures = figures;
            for (auto const& language : shipped_survey().languages) {
                INFO(size.width << "x" << size.height << " " << language);
                auto const drawn = rig.draw(details(language, 4));
                CHECK(drawn.cut_texts == std::vector<std::string> {});
                CHECK(drawn.smallest_text * size.millimetres_per_pixel >= 2.4);
                int hours = 0;
                for (auto const& widget : rig.map().widgets()) {
                    bool const is_hour = widget.id.starts_with("figure.hour_cell.");
                    hours += is_hour ? 1 : 0;
                    if (!is_hour && !widget.id.starts_with("figure.weekday.")
                        && widget.id != "view.comments.back")
                        continue;
                    INFO(widget.id);
                    CHECK(widget.box.w * size.millimetres_per_pixel >= 10);
                    CHECK(widget.box.h * size.millimetres_per_pixel >= (is_hour ? least : 10));
                    CHECK(widget.box.bottom() < size.height);
                }
                CHECK(hours == (least < 10 ? 24 : 12));
            }
        }
    }
}

TEST_CASE("The manager's rail leads to the aids, which lie over a screen that cannot be touched",
    "[kiosk][ui][manager][access]")
{
    for (auto const& size : panel_sizes()) {
        ManagerRig rig(size.width, size.height);
        rig.figures = bad_week(Period::Today);
        for (ManagerScreen const screen : manager_figure_screens) {
            INFO(name(screen) << " " << size.width << "x" << size.height);
            ManagerView view = view_of(screen, "zh-CN");
            CHECK(std::holds_alternative<manager_event::AidsOpened>(only(rig, view, "access.open")));
            view.is_choosing_aids = true;
            rig.draw(view);
            for (auto const& widget : rig.map().widgets())
                CHECK((widget.id.starts_with("access.") || widget.id == "panel.close"));
            auto const toggled = std::get<manager_event::AidToggled>(only(rig, view, "access.contrast"));
            CHECK(toggled.access == Access::Contrast);
            CHECK(std::holds_alternative<manager_event::AidsClosed>(only(rig, view, "panel.close")));
        }
    }
}

TEST_CASE("In high contrast every one of the manager's screens is dark", "[kiosk][ui][manager][access]")
{
    ManagerRig rig(1280, 800);
    rig.figures = bad_week(Period::Today);
    for (auto const screen : {ManagerScreen::Pin, ManagerScreen::Overview, ManagerScreen::Details,
             ManagerScreen::Distribution, ManagerScreen::Delivery, ManagerScreen::Responses,
             ManagerScreen::Mark, ManagerScreen::MarkInitials, ManagerScreen::MarkNote}) {
        INFO(name(screen));
        ManagerView const view = view_of(screen, "en");
        rig.draw(view);
        auto const usual = ground_of(rig.picture());
        rig.draw(with(view, contrast));
        auto const dark = ground_of(rig.picture());
        for (int const shift : {0, 8, 16}) {
            CHECK((usual >> shift & 0xFF) > 0xE0);
            CHECK((dark >> shift & 0xFF) < 0x40);
        }
    }
}

TEST_CASE("The manager's screens in high contrast look as the pictures that were looked at",
    "[kiosk][ui][manager][access][golden]")
{
    struct Case {
        std::string name;
        ManagerScreen screen;
        std::string language;
        Period period;
        int width = 1280;
        int height = 800;
    };
    for (auto const& each : {Case {"manager-contrast-pin.zh-CN", ManagerScreen::Pin, "zh-CN", Period::Today},
             Case {"manager-contrast-today.zh-CN", ManagerScreen::Overview, "zh-CN", Period::Today},
             Case {"manager-contrast-28d-portrait.en", ManagerScreen::Overview, "en", Period::TwentyEightDays,
                 800, 1280},
             Case {"manager-contrast-details.zh-CN", ManagerScreen::Details, "zh-CN", Period::Today},
             Case {"manager-contrast-hours.en", ManagerScreen::Details, "en", Period::SevenDays},
             Case {"manager-contrast-distribution.en", ManagerScreen::Distribution, "en", Period::SevenDays},
             Case {"manager-contrast-list.ko", ManagerScreen::Responses, "ko", Period::SevenDays},
             Case {"manager-contrast-mark.zh-CN", ManagerScreen::Mark, "zh-CN", Period::SevenDays},
             Case {"manager-contrast-delivery.ja", ManagerScreen::Delivery, "ja", Period::Today}}) {
        DYNAMIC_SECTION(each.name)
        {
            ManagerRig rig(each.width, each.height);
            rig.figures = bad_week(each.period);
            ManagerView view = with(view_of(each.screen, each.language, each.period), contrast);
            if (each.name.starts_with("manager-contrast-hours"))
                view.weekday = 4;
            if (each.screen == ManagerScreen::Pin)
                view.pin = {.note = PinNote::Locked, .wrong = 3, .seconds_left = 24, .seconds_of = 30};
            if (each.screen == ManagerScreen::Mark) {
                view.mark.of = rig.figures.responses->responses.front().ref;
                view.mark.initials = "LW";
            }
            rig.draw(view);
            compare_with_golden(rig.picture(), each.name);
        }
    }
    SECTION("a weekday's hours")
    {
        for (bool const is_portrait : {false, true}) {
            ManagerRig rig(is_portrait ? 800 : 1280, is_portrait ? 1280 : 800);
            rig.figures = is_portrait ? round_the_clock() : bad_week(Period::TwentyEightDays);
            rig.draw(details(is_portrait ? "en" : "zh-CN", 4));
            compare_with_golden(
                rig.picture(), is_portrait ? "manager-hours-portrait.en" : "manager-hours.zh-CN");
        }
    }
    SECTION("manager-access.en")
    {
        ManagerRig rig(1280, 800);
        rig.figures = bad_week(Period::Today);
        ManagerView view = view_of(ManagerScreen::Overview, "en");
        view.is_choosing_aids = true;
        rig.draw(view);
        compare_with_golden(rig.picture(), "manager-access.en");
    }
}
