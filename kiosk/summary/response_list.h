#pragma once

#include "kiosk/model/response.h"
#include "kiosk/model/staff_event.h"
#include "kiosk/model/survey.h"
#include "kiosk/summary/period.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace listenpost::kiosk {

enum class ResponseOrder { NewestFirst, LowestScoreFirst };

/// What has become of a row of store.db, as DeliveryCounts counts them.
enum class DeliveryState { Captured, Delivered, Waiting, Refused }; ///< Captured: any of the others

/// The rows behind a figure of DeliveryFigures.
struct DeliveryList {
    DeliveryState state = DeliveryState::Captured;
    std::string code {}; ///< of Refused: only what was refused with it; empty: whatever was
    friend bool operator==(DeliveryList const&, DeliveryList const&) = default;
};

/// Which responses: those behind a figure of a Summary, or a feed of comments. All that is set must
/// be so.
struct ResponseQuery {
    SummaryQuery of; ///< period, zone, day change, survey, touchpoint
    std::optional<StoreDay> day; ///< one of the period's
    std::optional<int> weekday; ///< of the store's day, 0 Monday … 6 Sunday
    /// Hours on the store's clocks, as in Standout::Hours: `from` to before `to`; 22 to 2 is a night.
    struct Hours {
        int from = 0;
        int to = 24;
        friend bool operator==(Hours const&, Hours const&) = default;
    };
    std::optional<Hours> hours;
    std::string question; ///< it was rated, chosen from, …; empty: any
    int lowest_score = 0; ///< of `question`; where that is empty: of any rating, as it is stored
    int highest_score = 10;
    bool low_only = false; ///< a rating of it by faces was one of the two worst of the five that are drawn
    std::string reason; ///< of `question`, or of any; empty: whatever
    std::string choice; ///< an option that was chosen, likewise
    struct Minutes {
        int from = 0;
        int to = 0; ///< belongs to it
        friend bool operator==(Minutes const&, Minutes const&) = default;
    };
    std::optional<Minutes> minutes; ///< of `question`, or of any
    bool with_comment_only = false;
    bool with_flagged = false; ///< figures are made without them
    enum class Kind {
        All,
        Complete,
        Partial, ///< who left before the end
        Flagged, ///< and no others, whatever with_flagged says
        UncertainTime, ///< as Summary::provisional_time
    };
    Kind kind = Kind::All;
    bool open_only = false; ///< nobody of the store has dealt with it: not marked, or only as seen
    /// Those behind a figure of Delivery, staff events among them, of all times and surveys: of the rest only
    /// zone, day change, offset and limit count then; the newest come first.
    std::optional<DeliveryList> delivery;
    ResponseOrder order = ResponseOrder::NewestFirst;
    std::size_t offset = 0;
    std::size_t limit = 50; ///< at most 1,000
    friend bool operator==(ResponseQuery const&, ResponseQuery const&) = default;
};

/// What staff has done about a response last.
struct ListedMark {
    CommentState state = CommentState::Seen;
    std::string by;
    std::string note; ///< UTF-8, personal data masked; may be empty
    /// On the store's clocks; nothing: no clock was set.
    std::optional<std::chrono::local_time<std::chrono::milliseconds>> local_time;
    StoreDay day {}; ///< the store's, where there is a time
};

/// Where it stands on its way to head office.
struct ListedDelivery {
    DeliveryState state = DeliveryState::Waiting; ///< never Captured
    std::string code {}; ///< of Refused: the hub's
    std::string detail {}; ///< the same in its own words, English; may be empty
};

/// One of them, as it stands in store.db.
struct ListedResponse {
    ResponseRef ref; ///< what a StaffEvent about it says; install and seq are its identity at the hub, too
    std::chrono::local_time<std::chrono::milliseconds> local_time; ///< first tap, on the store's clocks
    StoreDay day; ///< the store's
    std::string touchpoint;
    std::string language;
    Outcome outcome = Outcome::Partial;
    std::vector<Answer> answers;
    std::string comment; ///< UTF-8, personal data masked
    std::vector<std::string> flags; ///< misuse rules broken
    std::optional<ListedMark> mark {}; ///< nothing: nobody has marked it
    bool comment_erased = false; ///< there was a comment, until head office had it erased
    std::optional<ListedDelivery> delivery {}; ///< in a list of Delivery
    bool is_event = false; ///< what staff has done, which `mark` says; there are no answers, and no comment
    bool has_time = true; ///< without it nobody knows local_time and day
};

/// A page of them, immutable.
struct ResponsePage {
    ResponseQuery query;
    std::size_t total = 0; ///< that fit the query, all pages
    std::vector<ListedResponse> responses; ///< from `offset`
    std::vector<std::string>
        initials {}; ///< who has marked responses, of whatever period; the last one first
    /// query.offset; where there are not so many, any more or at all, where the last page begins.
    std::size_t offset = 0;
    /// In a list of Delivery: so many more belong to its figure and are no longer on the box.
    std::int64_t gone = 0;
};
/// Of those at most.
inline constexpr std::size_t initials_offered = 4;

}
