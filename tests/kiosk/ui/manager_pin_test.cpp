#include "tests/kiosk/ui/golden.h"
#include "tests/kiosk/ui/manager_rig.h"
#include "tests/kiosk/ui/screen_cases.h"

#include <catch2/catch.hpp>
#include <set>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

ManagerView locked(std::string const& language, int wrong, int left, int of)
{
    ManagerView view = pin_view(language, PinNote::Locked);
    view.pin.wrong = wrong;
    view.pin.seconds_left = left;
    view.pin.seconds_of = of;
    return view;
}

ManagerView wrong(std::string const& language)
{
    ManagerView view = pin_view(language, PinNote::Wrong);
    view.pin.wrong = 2;
    view.pin.digits = 2;
    return view;
}

}

TEST_CASE("The PIN's keys tell their digits, and the way back is always there", "[kiosk][ui][manager]")
{
    ManagerRig rig(1280, 800);
    ManagerView const view = pin_view("zh-CN");
    for (int digit = 0; digit < 10; ++digit) {
        auto const events = rig.tap(view, "pin." + std::to_string(digit));
        REQUIRE(events.size() == 1);
        CHECK(std::get<manager_event::DigitPressed>(events.front()).digit == digit);
    }
    CHECK(std::holds_alternative<manager_event::PinCleared>(rig.tap(view, "pin.clear").at(0)));
    CHECK(std::holds_alternative<manager_event::DigitRemoved>(rig.tap(view, "pin.backspace").at(0)));
    for (PinNote const note :
        {PinNote::None, PinNote::Wrong, PinNote::Locked, PinNote::NotSet, PinNote::Failed})
        CHECK(
            std::holds_alternative<manager_event::WentBack>(rig.tap(pin_view("zh-CN", note), "back").at(0)));
}

TEST_CASE("During a wait, and without a PIN, no key of the PIN's can be touched", "[kiosk][ui][manager]")
{
    ManagerRig rig(1280, 800);
    for (PinNote const note : {PinNote::Locked, PinNote::NotSet, PinNote::Failed}) {
        rig.draw(pin_view("zh-CN", note));
        for (auto const& widget : rig.map().widgets())
            CHECK(widget.enabled == (widget.id == "back"));
    }
}

TEST_CASE("On every panel and in every language the PIN's texts are whole and its keys a finger wide",
    "[kiosk][ui][manager][sizes]")
{
    for (auto const& size : panel_sizes()) {
        ManagerRig rig(size.width, size.height);
        for (auto const& language : shipped_survey().languages)
            for (auto const& view : {pin_view(language), wrong(language), locked(language, 3, 28, 30),
                     locked(language, 12, 3600, 3600), pin_view(language, PinNote::NotSet),
                     pin_view(language, PinNote::Failed)}) {
                INFO(size.width << "x" << size.height << " " << language << " note "
                                << static_cast<int>(view.pin.note));
                auto const drawn = rig.draw(view);
                CHECK(drawn.cut_texts == std::vector<std::string> {});
                CHECK(drawn.smallest_text * size.millimetres_per_pixel >= 2.9);
                for (auto const& widget : rig.map().widgets()) {
                    INFO(widget.id);
                    CHECK(widget.box.w * size.millimetres_per_pixel >= 20);
                    CHECK(widget.box.h * size.millimetres_per_pixel >= 20);
                    CHECK(widget.box.bottom() <= size.height);
                    CHECK(widget.box.right() <= size.width);
                }
            }
    }
}

TEST_CASE("The PIN's screens look as the pictures that were looked at", "[kiosk][ui][manager][golden]")
{
    struct Case {
        char const* name;
        ManagerView view;
        int width = 1280;
        int height = 800;
    };
    ManagerView entering = pin_view("zh-CN");
    entering.pin.digits = 4;
    for (auto const& each :
        {Case {"manager-pin.zh-CN", entering}, Case {"manager-pin-locked.zh-CN", locked("zh-CN", 3, 28, 30)},
            Case {"manager-pin-wrong.en", wrong("en"), 1024, 600},
            Case {"manager-pin-not-set.en", pin_view("en", PinNote::NotSet)},
            Case {"manager-pin-locked-portrait.ja", locked("ja", 7, 3481, 3600), 800, 1280}}) {
        DYNAMIC_SECTION(each.name)
        {
            ManagerRig rig(each.width, each.height);
            rig.draw(each.view);
            compare_with_golden(rig.picture(), each.name);
        }
    }
}
