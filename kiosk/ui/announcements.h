#pragma once

#include "kiosk/flow/view.h"
#include "kiosk/ui/spoken.h"
#include "kiosk/ui/ui_map.h"

#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace listenpost::kiosk {

/// Decides what spoken mode says, from one picture to the next. Pure.
///
/// Another screen is told whole, with what the focus stands on; after that only what has
/// changed. What somebody writes is never said, only the keys of a keypad that wrote it:
/// who types with a finger sees the screen, and a shop has ears.
class Announcements {
public:
    Announcements(Survey const& survey, Strings const& strings)
        : survey_(survey)
        , strings_(strings)
    {
    }

    /// A key of the keypad was pressed. One that changes nothing, as an arrow at the edge,
    /// has everything said once more; of a keyboard, its key.
    void key_pressed() { has_key_ = true; }

    /// What a frame is worth saying; empty: nothing. `view`, `map` and `focus` belong together.
    std::string next(View const& view, UiMap const& map, std::string const& focus);

private:
    using Place = std::tuple<Screen, Panel, std::string, std::size_t, std::string>;
    using State = std::pair<std::string, bool>; ///< of a face, a chip or a switch, by id

    std::string changes(Spoken const& spoken, UiMap const& map, Widget const* focused) const;
    std::string newly_set(Spoken const& spoken, UiMap const& map) const;
    void remember(View const& view, UiMap const& map, Widget const* focused);

    Survey const& survey_;
    Strings const& strings_;
    bool is_on_ = false;
    bool has_key_ = false;
    Place place_;
    std::string focus_; ///< id and label: a candidate's place keeps its id
    std::vector<State> states_;
    bool is_masked_ = false;
    std::size_t written_ = 0; ///< a hash: the words themselves are not ours to keep
    int countdown_ = 0;
};

}
