#pragma once

#include "kiosk/ui/layout.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::kiosk {

/// Something that can be touched now, or could if it were enabled.
struct Widget {
    std::string id; ///< stable: rate.<question>.<score>, submit, lang.<code> …
    std::string label; ///< what it says, in the screen's language
    Rect box; ///< what reacts to a touch, in window pixels
    bool enabled = true;
    /// Whether it is chosen: faces, chips and switches. Empty for plain buttons.
    std::optional<bool> value;

    friend bool operator==(Widget const&, Widget const&) = default;
};

/// The widgets of one frame, collected while it is drawn, for tests and assistive
/// tools. Lists only what can be touched: nothing that lies under an overlay.
class UiMap {
public:
    /// Forgets the last frame.
    void begin(std::string_view screen, std::string_view language);
    void add(Widget widget) { widgets_.push_back(std::move(widget)); }
    /// A place that reacts to fingers though no picture and no voice says so, or one that is for who knows
    /// it; no focus stands on it. json() lists it among the widgets, with "hidden":true.
    void add_hidden(std::string id, Rect const& box)
    {
        hidden_.push_back({std::move(id), {}, box, true, {}});
    }
    /// The widget that an arrow keypad stands on; empty: none.
    void set_focus(std::string_view id) { focus_ = id; }

    std::vector<Widget> const& widgets() const { return widgets_; }
    Widget const* find(std::string_view id) const;
    Widget const* find_hidden(std::string_view id) const;

    /// {"screen":…,"lang":…,"widgets":[{"id","label","x","y","w","h","enabled","value"}]} and a
    /// line end; "value" is true, false, or null for plain buttons. The one widget that the
    /// focus stands on also has "focused":true. Where the size of a pixel is known,
    /// "mm_per_pixel" says it, so that sizes can be checked in millimetres.
    std::string json(std::optional<float> millimetres_per_pixel = std::nullopt) const;

    friend bool operator==(UiMap const&, UiMap const&) = default;

private:
    std::string screen_;
    std::string language_;
    std::string focus_;
    std::vector<Widget> widgets_;
    std::vector<Widget> hidden_;
};

}
