#pragma once

#include "kiosk/input/composer.h"

#include <array>
#include <string>
#include <vector>

namespace listenpost::kiosk {

enum class KeyKind {
    Letter, ///< types; `label` is drawn
    Character, ///< a digit or a mark; `label` is drawn
    Page, ///< another page of keys; `label` is drawn
    Space, ///< the word comes from the strings
    Backspace, ///< an icon
    Shift, ///< an icon; lit while Composition::shift
    Mode, ///< pinyin or English; the words come from the strings
    More, ///< an icon; only while there are candidates
};

struct Key {
    std::string name; ///< as Composer::press() takes it
    KeyKind kind = KeyKind::Character;
    std::string label;
    int column = 0; ///< in key units from the left
    int width = 1; ///< in key units

    friend bool operator==(Key const&, Key const&) = default;
};

/// Which keys stand where, in units of a key: a bar and three rows of ten. The same
/// places on every page and in both modes, in landscape and portrait, so that no key
/// moves under a finger; only the marks in the middle change.
struct KeyboardLayout {
    static constexpr int units = 10; ///< a row
    static constexpr double key_millimetres = 20; ///< a unit, wherever the screen is wide enough

    /// Mode left, more right. Between them the candidates while there are any, else the
    /// marks of a sentence (and shift in English).
    std::vector<Key> bar;
    std::array<std::vector<Key>, 3> rows;
};

KeyboardLayout keyboard_layout(Composition const& composition);

}
