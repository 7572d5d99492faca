#pragma once

#include "kiosk/ui/frame.h"
#include "kiosk/ui/manager_screens.h"
#include "tests/kiosk/ui/screen_rig.h"
#include "tests/support/fake_clock.h"

#include <catch2/catch.hpp>

namespace listenpost::kiosk::test {

/// The manager's screens on the real rasteriser with the real font, without a display; as ScreenRig.
class ManagerRig {
public:
    ManagerRig(int width, int height, Survey const& survey = shipped_survey())
        : size_ {width, height}
        , window_(*Window::create({.title = "test", .size = size_, .mode = WindowMode::Headless}, clock_))
        , frame_(*Frame::create(*window_, share_folder() / "fonts"))
        , screens_(survey, shipped_strings(), frame_->fonts())
    {
        screens_.set_place("人民广场店");
    }

    ManagerScreens::Drawn draw(ManagerView const& view)
    {
        frame_->begin(finger_, {});
        auto drawn = screens_.draw(view, figures, size_.width, size_.height, {});
        frame_->end();
        return drawn;
    }

    /// Touches the widget's middle for real: down, up, away. What came of it.
    std::vector<ManagerEvent> tap(ManagerView const& view, std::string_view id)
    {
        draw(view);
        Widget const* const widget = map().find(id);
        INFO("widget " << id);
        REQUIRE(widget);
        Point const at = widget->box.centre();
        std::vector<ManagerEvent> all;
        for (TouchFrame const& finger :
            {TouchFrame {true, true, static_cast<float>(at.x), static_cast<float>(at.y)},
                TouchFrame {true, false, static_cast<float>(at.x), static_cast<float>(at.y)},
                TouchFrame {}}) {
            finger_ = finger;
            for (auto& event : draw(view).events)
                all.push_back(std::move(event));
        }
        return all;
    }

    ManagerFigures figures;

    ManagerScreens& screens() { return screens_; }
    UiMap const& map() const { return screens_.map(); }
    Picture picture() const { return frame_->picture(); }

private:
    PixelSize size_;
    listenpost::test::FakeClock clock_;
    std::unique_ptr<Window> window_;
    std::unique_ptr<Frame> frame_;
    ManagerScreens screens_;
    TouchFrame finger_;
};

/// The PIN's screen as the flow would show it.
inline ManagerView pin_view(std::string const& language, PinNote note = PinNote::None)
{
    ManagerView view;
    view.screen = ManagerScreen::Pin;
    view.language = language;
    view.pin.note = note;
    return view;
}

}
