#pragma once

#include "kiosk/ui/frame.h"
#include "kiosk/ui/screens.h"
#include "platform/window/window.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace listenpost::kiosk::test {

/// The shipped survey, strings and font, read once.
Survey const& shipped_survey();
/// One of the shipped surveys: qsc-restaurant (which shipped_survey() is), qsc-shop, staff-pulse.
Survey read_shipped_survey(std::string const& id);
Strings const& shipped_strings();
std::filesystem::path share_folder();

/// The shipped survey with its first questions asked by so many faces each, and no others.
Survey survey_of_faces(std::vector<Scale> const& scales);

/// A view of the survey as the flow would give it, for these answers.
View view_of(Screen screen, std::string language, std::vector<Answer> answers = {},
    Survey const& survey = shipped_survey());
/// With these phrases chosen and the comment that they make.
void choose_phrases(View& view, std::vector<std::size_t> const& chosen);

/// The real screens on the real rasteriser with the real font, without a display.
/// Only one at a time (ImGui has one context).
class ScreenRig {
public:
    ScreenRig(int width, int height, std::string place = {}, Survey const& survey = shipped_survey());

    /// Draws one frame with the finger as it is.
    Screens::Drawn draw(View const& view);
    void finger_down(int x, int y) { finger_ = {true, true, static_cast<float>(x), static_cast<float>(y)}; }
    void finger_up() { finger_.is_down = false; }
    void finger_away() { finger_ = {}; }
    void press(listenpost::Key key) { screens_.press_key(key); }
    std::string focus() const { return screens_.focus(); }
    void pass(std::chrono::milliseconds time) { now_ += time; }
    SteadyTime now() const { return now_; }

    /// Touches the widget's middle for real: down, up, away. What came of it.
    std::vector<Event> tap(View const& view, std::string_view id);
    std::vector<Event> tap(View const& view, Point at);

    Screens& screens() { return screens_; }
    UiMap const& map() const { return screens_.map(); }
    Picture picture() const { return frame_->picture(); }
    Fonts& fonts() { return frame_->fonts(); }

private:
    std::unique_ptr<Clock> clock_;
    std::unique_ptr<Window> window_;
    std::unique_ptr<Frame> frame_;
    Screens screens_;
    TouchFrame finger_;
    SteadyTime now_ {};
    int width_;
    int height_;
};

}
