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
    ManagerLeave,
    ManagerToday,
    ManagerDays, ///< {n} days, on a tab
    ManagerOverview,
    ManagerDetails,
    ManagerDelivery,
    ManagerLastDays, ///< {n} days up to today
    ManagerDate, ///< {weekday}, {month} (its name), {day}
    ManagerDay, ///< the same, short: on axes
    ManagerMoment, ///< {weekday} and {time} of a response of the last days
    Month1,
    Month2,
    Month3,
    Month4,
    Month5,
    Month6,
    Month7,
    Month8,
    Month9,
    Month10,
    Month11,
    Month12,
    Weekday1,
    Weekday2,
    Weekday3,
    Weekday4,
    Weekday5,
    Weekday6,
    Weekday7,
    ManagerIndex,
    ManagerIndexOther, ///< of a survey that asks for something else
    ManagerMargin, ///< {n}: half of an interval
    ManagerPlus, ///< {n}: a rise
    ManagerMinus, ///< {n}: a fall
    ManagerUsualDay, ///< {weekday}
    ManagerUsual,
    ManagerAgainst, ///< {usual} as above, {change}
    ManagerNoUsual,
    ManagerTooFew, ///< ratings for a figure
    ManagerFew, ///< the same, in a cell
    ManagerNone,
    ManagerDistribution, ///< of each question's answers
    ManagerAnswers, ///< {n} to a question
    ManagerMean, ///< {n}
    ManagerUntil, ///< {n} responses up to {time}, where {usual} are usual
    ManagerUncertain, ///< {n} of them; why
    ManagerUncertainTime, ///< what a list of those is of
    ManagerCounting, ///< {n} of {of}
    ManagerLoading,
    ManagerFailing,
    ManagerResponses, ///< {n}
    ManagerUsualCount, ///< {n} responses
    ManagerComplete, ///< {n} percent
    ManagerPartial, ///< {n} percent
    ManagerPlay, ///< beside a response that broke a misuse rule
    ManagerFlagged, ///< {n} percent; not in scores
    ManagerWaited, ///< {n} minutes, the median
    ManagerHours,
    ManagerTrend,
    ManagerLow, ///< end of the colours' legend
    ManagerHigh,
    ManagerReasons,
    ManagerTimesUnit, ///< of reasons: how often chosen
    ManagerNoReasons,
    ManagerCalm,
    ManagerWorse, ///< {when} {question} {now} {less}
    ManagerBetter,
    ManagerStandoutReason, ///< {n} {reason}, behind the sentence; by number
    ManagerStandoutEnd,
    ManagerFromTo, ///< {from} {to}, whole hours
    ManagerHour, ///< {n}, on an axis
    ManagerHeat,
    ManagerHeatHint,
    ManagerHeatTouch, ///< the same, and how to get at the cells
    ManagerHourUnit, ///< what stands in a cell of one weekday
    ManagerFrom, ///< {n} and more, in a legend
    ManagerBelow, ///< {n}, in a legend
    ManagerLegendFew,
    ManagerComments,
    ManagerLowFirst,
    ManagerNewestFirst,
    ManagerOnlyLow, ///< a filter: some score of 2 or less
    ManagerOnlyComments, ///< a filter
    ManagerMore, ///< {n} further ones; by number
    ManagerNoComments,
    ManagerPage, ///< {from} to {to} of {n}
    ManagerPrevious,
    ManagerNext,
    ManagerOnlyOpen, ///< a filter: nobody has dealt with it yet
    ManagerNoneOpen, ///< of what the filters ask for
    MarkSeen, ///< what was done about a response: read
    MarkDealtWith, ///< likewise
    MarkNobody, ///< so far
    MarkNoComment, ///< ratings alone
    MarkErased, ///< instead of a comment
    MarkInitials, ///< of who marks
    MarkInitialsHint,
    MarkWhoFirst, ///< why nothing can be marked yet
    MarkNote,
    MarkNotePlaceholder,
    MarkNotePrivacy,
    MarkKeeping,
    MarkFails,
    MarkEarlierFails,
    TroubleNone, ///< as SendingTrouble, in its order
    TroubleUnknown,
    TroubleNeverRan,
    TroubleNotEnrolled,
    TroubleStarting,
    TroubleUnreachable,
    TroubleNotTheHub,
    TroubleCertificate,
    TroubleClock,
    TroubleUnknownBox,
    TroubleHubBusy,
    TroubleHubOlder,
    TroubleDiskFull,
    TroubleOwnFile,
    TroubleStopped,
    AdviceNone, ///< likewise
    AdviceUnknown,
    AdviceNeverRan,
    AdviceNotEnrolled,
    AdviceStarting,
    AdviceUnreachable,
    AdviceNotTheHub,
    AdviceCertificate,
    AdviceClock,
    AdviceUnknownBox,
    AdviceHubBusy,
    AdviceHubOlder,
    AdviceDiskFull,
    AdviceOwnFile,
    AdviceStopped,
    TroubleRefused, ///< {n}: all else has arrived
    AdviceRefused,
    DeliveryCaptured,
    DeliveryDelivered,
    DeliveryWaiting,
    DeliveryRefused,
    DeliveryContact,
    DeliveryOldest,
    DeliveryNext,
    DeliveryDisk,
    DeliveryDiskFree, ///< {free} of {all}, gigabytes
    DeliveryClock,
    DeliveryClockSet,
    DeliveryClockUnset,
    DeliveryVersion,
    DeliveryNever,
    DeliveryNotKnown, ///< a figure that cannot be read
    DeliveryWhy,
    WhyInvalid, ///< {n} rows
    WhyConflict, ///< {n} rows
    WhyOther, ///< {n} rows, {code}
    DeliveryListAll, ///< what a list of Delivery is of
    DeliveryListGone, ///< {n} more
    DeliveryListNone,
    DeliveryRowStaff, ///< a row that is no response
    DeliveryRowNext, ///< nothing holds it up
    DeliveryRowInvalid, ///< as WhyInvalid, of one row
    DeliveryRowConflict,
    AgoNow,
    AgoMinutes, ///< {n}; by number
    AgoHours, ///< {n}; by number
    AgoDays, ///< {n}; by number
    WeekTitle, ///< the printed page
    WeekStore, ///< {id}
    WeekRange, ///< {from} to {to}, dates
    WeekMade, ///< {date}, {time}
    WeekTrend,
    WeekCalm,
    WeekTooEarly,
    WeekNotes, ///< several sentences
    WeekPrivacy,
    ExportButton, ///< {period}: what of
    ExportLooking,
    ExportDrawing,
    ExportRunning, ///< {n} percent of the table
    ExportFinishing,
    ExportHint,
    ExportTableOnly, ///< {n} responses; as ExportDone
    ExportDone, ///< {n} responses; then in the order of ExportOutcome
    ExportNoDrive,
    ExportChoose,
    ExportReadOnly,
    ExportFull,
    ExportPulledOut,
    ExportUnreadable,
    ExportCancelled,
    ExportFailed,
    ExportExchanged, ///< over the choice: what was chosen is no longer there
    TableTime, ///< columns of the exported table
    TablePlace,
    TableLanguage,
    TableOutcome,
    TableComplete,
    TablePartial,
    TableReasons, ///< behind a question's title
    TableOther,
    TableComment,
    TableFlags,
    TableHandled,
    TableSeen,
    TableDealtWith,
    TableHandledBy,
    TableNote,
    TableHandledAt,
    TableInstall,
    TableNumber,
    ManagerWithoutTime, ///< {n} responses of a box whose clock was not set: in no figure
};
inline constexpr std::size_t text_count = static_cast<std::size_t>(Text::ManagerWithoutTime) + 1;

char const* key_of(Text text);

/// All languages' texts. Every language that loads has every text, none empty,
/// with the same placeholders. Immutable; read by every thread.
class Strings {
public:
    /// What a placeholder is filled with: a whole number, or a text that is ready for the screen.
    struct Value {
        Value(int number)
            : text(std::to_string(number))
            , is_one(number == 1)
        {
        }
        Value(std::string ready)
            : text(std::move(ready))
        {
        }
        Value(std::string_view ready)
            : text(ready)
        {
        }

        std::string text;
        bool is_one = false;
    };
    /// Values for placeholders, by name.
    using Values = std::vector<std::pair<std::string_view, Value>>;

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
