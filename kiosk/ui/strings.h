#pragma once

#include "platform/base/result.h"

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace listenpost::kiosk {

/// The texts of the chrome: what the screens say that is not the survey's.
/// key_of() gives each one's key in assets/strings/*.json.
enum class Text {
    LanguageName, ///< the language's own name for itself
    Contrast,
    RateLeft, ///< {n} questions still without a tap; by number
    RateProgress, ///< {done} of {all}
    CommentOpen,
    Submit,
    Back,
    Skip,
    ReasonsHeadline,
    ReasonsHint,
    CommentHeadline,
    CommentOptional,
    CommentPlaceholder,
    CommentCount, ///< {n} characters of at most {most}
    ThanksEnd,
    ThanksAgain,
    ThanksUnrated,
    TimeoutHeadline,
    TimeoutText, ///< {n} seconds left; by number
    TimeoutMoreTime,
    TimeoutGiveUp,
    OutOfServiceHeadline,
    OutOfServiceText,
    OutOfServiceAdvice,
    NextStep, ///< the main button where more follows
    AttractStart,
    AttractClosed, ///< outside the opening hours
    LanguagesMore, ///< opens the panel of all languages
    LanguagesHeadline,
    AccessOpen, ///< opens the panel of aids
    AccessHeadline,
    AccessHint,
    AccessLarge,
    AccessLowReach,
    AccessSpeech,
    AccessOn, ///< state of a switch
    AccessOff,
    PanelClose,
    FollowUpChooseOne,
    FollowUpChooseMany,
    FollowUpMinutes, ///< {n} minutes, on a chip
    FollowUpMinutesMost, ///< the last chip
    FollowUpPlaceholder,
    CommentPrivacy, ///< beside the field
    CommentMasked, ///< once something was masked
    KeySpace,
    KeyLetters, ///< back to the letters
    KeyNumbers,
    KeySymbols,
    KeyPinyin, ///< the mode key's two halves
    KeyEnglish,
    KeyShift, ///< read aloud
    KeyBackspace, ///< read aloud
    PinyinLoading,
    SpokenChosen, ///< read aloud after a label
    SpokenWelcome,
    ManagerTitle,
    ManagerPinHint,
    ManagerPinWrong,
    ManagerPinTries, ///< {n} more before there is a wait; by number
    ManagerPinLocked, ///< {n} wrong ones in a row; by number
    ManagerPinWaitSeconds, ///< {n}; by number
    ManagerPinWaitMinutes, ///< {n}; by number
    ManagerPinForgotten,
    ManagerPinNotSet,
    ManagerPinNotSetHow,
    ManagerPinFailed,
    ManagerPinFailedHow,
    ManagerPinClear,
};
inline constexpr std::size_t text_count = static_cast<std::size_t>(Text::ManagerPinClear) + 1;

char const* key_of(Text text);

/// All languages' texts. Every language that loads has every text, none empty,
/// with the same placeholders. Immutable; read by every thread.
class Strings {
public:
    /// Values for placeholders, by name.
    using Values = std::vector<std::pair<std::string_view, int>>;

    /// `files`: JSON by language tag. Errors: Invalid; the detail names language and key.
    static Result<Strings> parse(std::map<std::string, std::string> const& files);
    /// Every *.json of `folder`, named by its language tag. Errors: as parse(), NotFound, Io, Full.
    static Result<Strings> load(std::filesystem::path const& folder);

    /// In a language we have no texts for: English, or whatever there is.
    std::string_view get(std::string_view language, Text text) const;
    /// With the placeholders filled in; `{n}` also chooses the plural form.
    std::string get(std::string_view language, Text text, Values const& values) const;

    std::vector<std::string> languages() const;

private:
    struct Entry {
        std::string one; ///< empty: as `other`
        std::string other;
    };
    using Table = std::array<Entry, text_count>;

    Table const& table(std::string_view language) const;

    std::map<std::string, Table, std::less<>> tables_;
};

}
