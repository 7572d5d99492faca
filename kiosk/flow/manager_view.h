#pragma once

#include "kiosk/flow/view.h"
#include "kiosk/model/staff_event.h"
#include "kiosk/summary/response_list.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace listenpost::kiosk {

enum class ManagerScreen {
    Closed, ///< the customers' screens are on
    Pin,
    Overview, ///< how it goes
    Details, ///< when and why
    Distribution, ///< of each question: beside Details, under the same tab
    Delivery, ///< has it arrived
    Responses, ///< those behind a figure, or the comments
    Mark, ///< one of them: what was said, and what is done about it
    MarkInitials, ///< who does it: the keyboard
    MarkNote, ///< what to note about it: the keyboard
};

inline constexpr std::size_t manager_screens = static_cast<std::size_t>(ManagerScreen::MarkNote) + 1;

/// As in the UI map: manager_pin, manager_overview, manager_details, manager_distribution, manager_delivery,
/// manager_responses, manager_mark, manager_mark_initials, manager_mark_note.
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

/// Which responses a list shows, beside its period: as ResponseQuery.
struct ListFilter {
    std::optional<StoreDay> day;
    std::optional<int> weekday;
    std::optional<std::pair<int, int>> hours; ///< from, to
    std::string question;
    std::string reason;
    std::string choice;
    std::optional<std::pair<int, int>> minutes; ///< from, to, both belong to it
    int lowest_score = 0;
    int highest_score = 10;
    bool low_only = false;
    bool with_comment_only = false;
    bool with_flagged = false;
    bool lowest_first = false;
    bool open_only = false; ///< not dealt with yet
    ResponseQuery::Kind kind = ResponseQuery::Kind::All;
    std::optional<DeliveryList> delivery; ///< whatever the period
    std::size_t offset = 0;

    friend bool operator==(ListFilter const&, ListFilter const&) = default;
};
/// On a page of Responses.
inline constexpr std::size_t listed_at_once = 6;
/// A page of such a list.
ResponseQuery list_query(ListFilter const& list, SummaryQuery of);

enum class Keeping {
    No,
    Waits, ///< for the disk
    Fails, ///< so far; it is tried again by itself
};

/// Of the response that is being marked.
struct MarkView {
    ResponseRef of;
    std::string initials; ///< letters, see is_initials(); empty: not said yet
    std::string note; ///< personal data masked; may be empty
    Editor editor; ///< of the one that is being typed
    Keeping keeping = Keeping::No;

    bool is_complete() const { return !initials.empty(); }
    friend bool operator==(MarkView const&, MarkView const&) = default;
};

/// What the manager has switched on, as a customer can; it ends with the visit.
struct ManagerAids {
    bool high_contrast = false;
    bool large_text = false;

    friend bool operator==(ManagerAids const&, ManagerAids const&) = default;
};

/// What the manager sees, but for the figures.
struct ManagerView {
    ManagerScreen screen = ManagerScreen::Closed;
    std::string language;
    ManagerAids aids;
    bool is_choosing_aids = false; ///< their panel lies over the screen
    PinView pin;
    Period period = Period::Today;
    ListFilter list; ///< of Responses
    std::size_t part
        = 0; ///< of a screen that large text has made too large for one; only the screen knows how many
    std::optional<int> weekday; ///< of Details, 0 Monday: whose hours stand in the comments' place
    std::size_t questions_page = 0; ///< of Distribution; how many there are only the screen knows
    MarkView mark; ///< of Mark, MarkInitials and MarkNote; empty elsewhere
    bool earlier_mark_fails = false; ///< one that was left behind is not on disk; it is tried again by itself

    bool is_open() const { return screen != ManagerScreen::Closed; }
    friend bool operator==(ManagerView const&, ManagerView const&) = default;
};

}
