#pragma once

#include "kiosk/flow/view.h"
#include "kiosk/input/composer.h"
#include "kiosk/model/survey.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::kiosk {

/// What turns keys into Hanzi.
struct Typing {
    PinyinEngine& pinyin;
    HanziConverter* traditional = nullptr; ///< without one, traditional output stays simplified
};

/// What may be written in a place.
enum class Writing {
    Text, ///< at most Draft::max_comment_characters
    Initials, ///< letters, see is_initials(): Latin ones are capitals, and typed first
};

/// What one customer writes: the comment, and the answers to questions that ask for a
/// text; or what one manager does. Holds the words as typed, so that they can be corrected; gives them out
/// only with personal data masked. Pure but for the pinyin engine.
class TextEditor {
public:
    /// All are borrowed.
    TextEditor(Survey const& survey, Typing typing);

    /// The place of the comment; every other place is a question's id.
    static constexpr std::string_view comment {};

    /// A new customer: nothing of the one before is left in memory.
    void reset(std::string_view language);
    /// The keyboard of the language; phrases that were chosen are said in it from now on.
    void change_language(std::string_view from, std::string_view to);
    /// What is typed from now on goes there.
    void open(std::string_view place, Writing writing = Writing::Text);
    /// The composed letters become text; nothing is edited any more.
    void close();

    /// False: the text is as before.
    bool press(std::string_view key);
    bool choose_candidate(std::size_t index);
    /// The engine has loaded meanwhile.
    void refresh_candidates() { composer_.refresh(); }
    /// Puts the phrase at the comment's end, or takes it out.
    void toggle_phrase(std::size_t index, std::string_view language);
    void clear(std::string_view place);
    /// Instead of what stands there. Nothing is being edited.
    void write(std::string_view place, std::string_view text) { texts_[std::string(place)] = text; }

    bool has_phrase(std::size_t index, std::string_view language) const;
    bool has_room_for_phrase(std::size_t index, std::string_view language) const;

    /// Masked. While it is being edited, without a number that may still become a telephone
    /// number: what is never to be kept must not be kept for a second.
    std::string to_store(std::string_view place) const;
    bool is_composing() const { return !composer_.composition().is_empty(); }
    Editor view() const;

private:
    bool take(Composer::Outcome const& outcome);
    void hold_shift();
    std::size_t most_characters() const;
    void append(std::string_view typed);
    void set_keyboard(std::string_view language);
    void erase_last();
    std::string const& raw(std::string_view place) const;

    Survey const& survey_;
    Typing typing_;
    Composer composer_;
    std::map<std::string, std::string, std::less<>> texts_; ///< as typed, by place
    std::string place_;
    Writing writing_ = Writing::Text;
    TypingMode mode_ = TypingMode::Pinyin; ///< the language's
    HanziOutput output_ = HanziOutput::Simplified; ///< likewise
    bool is_open_ = false;
};

}
