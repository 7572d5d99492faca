#pragma once

#include "kiosk/input/pinyin_engine.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::kiosk {

enum class TypingMode { Pinyin, English };
enum class KeyPage { Letters, Numbers, Symbols };
enum class HanziOutput { Simplified, Traditional };

/// What the keyboard shows: everything a customer has typed that is not yet in the text.
struct Composition {
    TypingMode mode = TypingMode::Pinyin;
    KeyPage page = KeyPage::Letters;
    bool shift = false; ///< English: the next letter is a capital
    std::string preedit; ///< shown after the text: words already chosen, then the letters by syllable
    std::string letters; ///< those still to be chosen for
    std::vector<std::string> candidates; ///< all of them, best first; the screen shows as many as fit
    bool expanded = false; ///< the candidates cover the keys
    bool engine_ready = true; ///< false: pinyin is still loading; letters are kept meanwhile

    bool is_empty() const { return preedit.empty() && candidates.empty(); }
    friend bool operator==(Composition const&, Composition const&) = default;
};

/// The typing of one customer: keys in, text out. Pure but for the engine; keeps nothing
/// over reset(). Key names: "a" … "z" and any other single character as itself,
/// "backspace", "space", "shift", "mode" (pinyin/English), "numbers", "symbols", "letters",
/// "more" (show all candidates, or hide them again).
class Composer {
public:
    /// Borrows the engine.
    explicit Composer(PinyinEngine& engine);

    /// What a key did to the text.
    struct Outcome {
        std::string typed; ///< to be appended
        bool erases = false; ///< the text's last character goes (nothing was being composed)

        friend bool operator==(Outcome const&, Outcome const&) = default;
    };
    Outcome press(std::string_view key);
    Outcome choose(std::size_t candidate);
    /// Ends composing as the screen is left: the chosen words and the raw letters as typed.
    Outcome finish();
    /// Asks the engine again when it has become ready meanwhile. True: something changed.
    bool refresh();

    /// A new customer: nothing composed, `mode` and `output` as the language wants.
    void reset(TypingMode mode, HanziOutput output);
    Composition const& composition() const { return composition_; }

private:
    PinyinEngine& engine_;
    Composition composition_;
};

}
