#pragma once

#include "kiosk/ui/ui_map.h"
#include "platform/base/key_press.h"

#include <string>

namespace listenpost::kiosk {

/// Where an arrow keypad stands on the screen: one widget, or nowhere while only fingers
/// are used. Pure; knows widgets by the map of the last frame.
class Focus {
public:
    /// The first key only shows where the focus is. Returns the widget that was chosen, if
    /// the key chose one.
    std::string take(listenpost::Key key, UiMap const& map);

    /// After every frame: stays on its widget, goes to the nearest when that is gone, and to
    /// the first one of another screen.
    void follow(UiMap const& map, bool is_other_screen);

    /// A finger is used, or the customer has gone.
    void hide() { id_.clear(); }

    bool is_shown() const { return !id_.empty(); }
    /// Empty while hidden.
    std::string const& id() const { return id_; }

private:
    void stand_on(Widget const* widget);
    void move(listenpost::Key key, UiMap const& map);

    std::string id_;
    Point place_; ///< the middle of the widget, should it vanish
};

}
