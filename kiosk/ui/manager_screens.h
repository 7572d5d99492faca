#pragma once

#include "kiosk/flow/manager_flow.h"
#include "kiosk/model/survey.h"
#include "kiosk/ui/focus.h"
#include "kiosk/ui/fonts.h"
#include "kiosk/ui/keyboard.h"
#include "kiosk/ui/layout.h"
#include "kiosk/ui/logo.h"
#include "kiosk/ui/manager_figures.h"
#include "kiosk/ui/strings.h"
#include "kiosk/ui/theme.h"
#include "kiosk/ui/ui_map.h"

#include <limits>
#include <string>
#include <vector>

namespace listenpost::kiosk {

/// The manager's screens: draws a ManagerView with ImGui and tells what was touched. Used as Screens is, in
/// the same frames, while the view is open; never together with it. Threads: ImGui's.
class ManagerScreens {
public:
    /// All are borrowed.
    ManagerScreens(Survey const& survey, Strings const& strings, Fonts& fonts);

    struct Drawn {
        std::vector<ManagerEvent> events; ///< in the order they happened
        std::vector<std::string> cut_texts; ///< see Screens::Drawn
        float smallest_text = std::numeric_limits<float>::max();
    };

    /// Between ImGui::NewFrame() and ImGui::Render(); fills the window of that size. Only an open view.
    Drawn draw(ManagerView const& view, ManagerFigures const& figures, int width, int height, SteadyTime now);

    void press_key(listenpost::Key key) { activated_ = focus_.take(key, map_); }
    void hide_focus() { focus_.hide(); }
    void set_logo(std::optional<DecodedPicture> logo) { logo_.set(std::move(logo)); }
    void set_place(std::string place) { place_ = std::move(place); }

    /// The widgets of the last draw().
    UiMap const& map() const { return map_; }

private:
    Survey const& survey_;
    Strings const& strings_;
    Fonts& fonts_;
    std::string place_;
    Logo logo_;
    theme::Palette light_;
    UiMap map_;
    Stage stage_;
    Aids aids_; ///< that it was laid out for
    TypingState typing_;
    Focus focus_;
    ManagerScreen last_screen_ = ManagerScreen::Closed;
    bool was_choosing_aids_ = false;
    std::string activated_; ///< chosen with a key, to be told by the next frame
};

}
