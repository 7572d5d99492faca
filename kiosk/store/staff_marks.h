#pragma once

#include "kiosk/model/staff_event.h"
#include "kiosk/store/response_reader.h"
#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "platform/os/files.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace listenpost::kiosk {

struct Survey;

/// What staff has done about a response last.
struct StaffMark {
    CommentState state = CommentState::Seen;
    std::string by;
    std::string note; ///< may be empty
    std::int64_t seq = 0; ///< of the event
    std::int64_t of_seq = 0; ///< of the response when it was marked: adopt() may have moved it since
    Stamp at; ///< when it was written
    std::optional<std::int64_t>
        at_ms; ///< the same by what the box knows of its clocks, UTC; nothing: unknown
};

/// Which ratings are so low that staff should look: a score of 1, the worst face of five, to one of these
/// questions, whether or not a comment came with it; of a response that counts in the manager's figures, so
/// not of one that broke a misuse rule, nor of another survey. Until somebody marks the response, as seen or
/// as dealt with, the kiosk's first screen has a small dot beside the mark (Screens::set_staff_dot()).
struct LowRatings {
    std::vector<std::string> questions; ///< ids: those rated with five faces, see five_face_questions()
    std::chrono::days within {7}; ///< older ones are left alone
    std::string survey {}; ///< the id of the one that asks them; empty: of whichever
};

/// What staff has marked of the responses in store.db, kept up to date in memory: refresh() reads what is new
/// and no more. The first one reads all staff events (by their index) and the responses of the last days,
/// however many the file has besides: with 1,000,000 responses see FORMAT.md, "Staff events".
///
/// Of several events about one response the latest counts: of one boot by its steady clock, else by the
/// times that a set clock or its boot's note gives both (place_by_box()), else by seq.
/// A response that adopt() has moved keeps its marks; in a file that was replaced (a salvage) all is read
/// anew.
///
/// Never writes, never waits for who does, and has store.db open during refresh() only: what a process opens
/// while the disk is read-only stays so for all its threads until the last has closed it, and the kiosk that
/// waits for the disk could not write.
///
/// Threads: one at a time, any.
class StaffMarks {
public:
    /// `store`: store.db, which need not be there yet.
    StaffMarks(std::filesystem::path store, LowRatings low)
        : store_(std::move(store))
        , low_(std::move(low))
    {
    }

    /// Errors: NotFound (the kiosk has not opened the store yet), Invalid (another format), Corrupt, Busy,
    /// Io; what was read before stands then.
    Result<> refresh(Stamp const& now);

    /// Nothing: nobody has marked it, as of the last refresh(). The pointer lives until the next one.
    StaffMark const* find(StoredResponse const& response) const;

    /// of_seq of all marks that say DealtWith, in no order. Whether the row is still that response, find()
    /// says.
    std::vector<std::int64_t> dealt_with() const;

    /// Whether a response of the last days has a very low rating that nobody has marked. Under a clock that
    /// nobody has set the last days end with the newest response of a set one; a response under such a clock
    /// is as old as the next one of a set clock, and as new as any until there is one.
    bool has_unmarked_low_rating() const { return has_unmarked_low_; }

    /// Who has marked responses: different ones, who did so last first. At most so many.
    std::vector<std::string> recent_initials(std::size_t most) const;

    /// How an event names this response. Nothing: before the first refresh().
    std::optional<ResponseRef> ref_of(StoredResponse const& response) const;

private:
    using Tap = std::pair<std::string, std::int64_t>; ///< boot, steady ms: what tells a response for good
    struct LowTap {
        Tap tap;
        std::optional<std::int64_t> opened_ms; ///< by a set clock: its own, or not later than this
    };

    Result<> open();
    Result<> read_events();
    Result<> read_clocks();
    Result<> look_for_erasures();
    void forget_events();
    Result<> read_low_ratings(Stamp const& now);
    void take_event(StoredResponse const& row);
    bool is_low(StoredResponse const& response) const;
    void take_time(StoredResponse const& response);
    void look_for_unmarked(Stamp const& now);
    std::int64_t earliest_ms(Stamp const& now) const;

    std::filesystem::path store_;
    LowRatings low_;
    std::optional<ResponseReader> reader_; ///< during refresh()
    FileIdentity file_;
    std::vector<Install> installs_;
    std::vector<BootClock> clocks_;
    std::string erasures_; ///< ResponseReader::erasures()
    std::map<Tap, StaffMark> marks_;
    std::vector<LowTap> low_taps_; ///< of the last days, oldest first
    std::int64_t events_read_to_ = 0; ///< seq
    std::int64_t responses_read_to_ = 0; ///< seq; 0: none yet
    std::int64_t newest_set_ms_ = 0; ///< of the responses that were read
    bool has_unmarked_low_ = false;
};

/// The ids of the questions that are rated with five faces.
std::vector<std::string> five_face_questions(Survey const& survey);

}
