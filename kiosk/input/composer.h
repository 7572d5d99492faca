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
/// "more" (show all candidates, or hide them again). Any other name does nothing.
///
/// Composing pinyin: letters wait for a candidate; one that uses a part of them is chosen
/// and the rest goes on. Backspace takes a letter, then gives the last chosen word's
/// letters back, and only then erases text. While the engine loads, letters are kept and
/// what would end composing (space, punctuation) waits too: nobody wants raw letters.
class Composer {
public:
    static constexpr std::size_t max_letters = 48; ///< chosen for or not
    static constexpr std::size_t max_candidates = 120;

    /// Borrows the engine, and the converter for traditional output: without one it stays simplified.
    explicit Composer(PinyinEngine& engine, HanziConverter* converter = nullptr);

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
    /// Candidates that are shown never change by themselves: a finger may be on its way.
    bool refresh();

    /// A new customer: nothing composed, `mode` and `output` as the language wants.
    void reset(TypingMode mode, HanziOutput output);
    Composition const& composition() const { return composition_; }

private:
    struct ChosenWord {
        std::string text; ///< simplified
        std::string letters; ///< what to give back
    };
    bool is_composing() const { return !chosen_.empty() || !composition_.letters.empty(); }
    bool is_ready() const;
    bool may_become_ready() const { return !is_ready() && !engine_.is_missing(); }
    Outcome press_letter(char letter);
    Outcome press_character(std::string_view character);
    Outcome press_backspace();
    Outcome press_space();
    std::string take_all(); ///< the first candidates for all letters, or the letters themselves
    std::string take_chosen();
    void choose_word(std::size_t candidate);
    std::string shown(std::string const& simplified) const;
    void update();

    PinyinEngine& engine_;
    HanziConverter* converter_;
    HanziOutput output_ = HanziOutput::Simplified;
    Composition composition_;
    std::vector<ChosenWord> chosen_;
    std::vector<PinyinCandidate> candidates_; ///< as the engine said them, beside the shown ones
};

}
