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
             Case {"manager-contrast-distribution.en", ManagerScreen::Distribution, "en", Period::SevenDays},
             Case {"manager-contrast-list.ko", ManagerScreen::Responses, "ko", Period::SevenDays},
             Case {"manager-contrast-mark.zh-CN", ManagerScreen::Mark, "zh-CN", Period::SevenDays},
             Case {"manager-contrast-delivery.ja", ManagerScreen::Delivery, "ja", Period::Today}}) {
        DYNAMIC_SECTION(each.name)
        {
            ManagerRig rig(each.width, each.height);
            rig.figures = bad_week(each.period);
            ManagerView view = with(view_of(each.screen, each.language, each.period), contrast);
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
