#pragma once

#include <optional>
#include <string>

namespace listenpost::kiosk {

enum class ManagerScreen {
    Closed, ///< the customers' screens are on
    Pin,
    Overview,
};

/// As in the UI map: manager_pin, manager_overview.
char const* name(ManagerScreen screen);

/// What the PIN's screen says beside its keys.
enum class PinNote {
    None,
    Wrong,
    Locked, ///< see PinView::seconds_left
    NotSet, ///< there is no PIN yet, and nothing else to see
    Failed, ///< the disk or the file does not allow judging one
};

struct PinView {
    std::size_t digits = 0; ///< entered so far
    bool is_busy = false; ///< the disk or the hash is being waited for
    PinNote note = PinNote::None;
    int wrong = 0; ///< in a row
    int seconds_left = 0; ///< until the next may be tried …
    int seconds_of = 0; ///< … of so many

    bool takes_digits() const
    {
        return !is_busy && note != PinNote::Locked && note != PinNote::NotSet && note != PinNote::Failed;
    }
    friend bool operator==(PinView const&, PinView const&) = default;
};

/// What the manager sees, but for the figures.
struct ManagerView {
    ManagerScreen screen = ManagerScreen::Closed;
    std::string language;
    PinView pin;

    bool is_open() const { return screen != ManagerScreen::Closed; }
    friend bool operator==(ManagerView const&, ManagerView const&) = default;
};

}
