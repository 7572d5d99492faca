#pragma once

#include "kiosk/model/boot_clock.h"
#include "kiosk/model/response.h"
#include "kiosk/model/staff_event.h"
#include "kiosk/store/conflict_request.h"
#include "kiosk/store/erasure.h"
#include "kiosk/store/install_list.h"
#include "kiosk/store/retention.h"
#include "platform/base/result.h"
#include "platform/sqlite/database.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace listenpost::kiosk {

/// What is looked at before store.db is opened for writing.
enum class StoreCheck {
    None,
    Whole, ///< everything: check_store()
};

/// What becomes of a draft that the file holds when it is opened.
enum class LeftDraft {
    Close, ///< an earlier run left it behind: it becomes a response, closed by `restart`
    Keep, ///< this run wrote it, and may be in the middle of that response
};

/// store.db: what customers said. Only the kiosk writes it; the agent reads it
/// (ResponseReader). Format: kiosk/store/FORMAT.md.
///
/// Life of a response:
///   draft   save_draft() by the screen, at the first tap and at every later one;
///           there is at most one.
///   closed  close_draft() by the screen (finish, time-out), or open() after a
///           crash. Gets the next seq, and what was rated never changes again. No seq is given twice,
///           whatever has become of the response that had it.
///   erased  erase(), when head office had its words erased: all else of it stays.
///   moved   adopt(), when the hub knows its seq from another box: the same response, under
///           another install and seq.
///   removed remove_old(), long after the hub has acknowledged it; nothing else removes one.
///
/// A staff event is a row of the same sequence, and lives as a closed response does: it is moved and
/// removed like one, and never changes.
///
/// Durability: a call that returned without an error survives kill -9 and power
/// loss (WAL, synchronous=FULL), for one fdatasync.
/// Threads: one at a time; on the box that is StoreThread's.
class ResponseStore {
public:
    /// Creates the file with a new install id, migrates an older one, and closes or keeps the draft that it
    /// holds. Where the hub has more of the current install than the file (delivery.db says so), it drops the
    /// draft and makes a new install. Keeps the copy of whose its responses are (IdentityCopy) up to date.
    /// Errors: Invalid (written by a newer version), Corrupt, Full, Busy, Io. After Corrupt the files are as
    /// they were, as far as SQLite can help it.
    static Result<ResponseStore> open(std::filesystem::path const& path, StoreCheck check = StoreCheck::None,
        LeftDraft left = LeftDraft::Close);

    /// Of the responses closed from now on: the last of ResponseReader::installs().
    std::string const& install_id() const { return install_id_; }

    /// Replaces the draft, and notes what `draft.opened` knows of the time, see note_clock(), with
    /// the same fdatasync. Errors: Full, Io, Corrupt; the old draft stands then.
    Result<> save_draft(Draft const& draft, Outcome outcome_if_left);

    /// Gives the draft its seq. Errors: NotFound (no draft), Full, Io, Corrupt;
    /// the draft stands then.
    Result<std::int64_t> close_draft(ClosedBy closed_by, SteadyTime closed);

    /// Writes what staff has done under the next seq, its note masked, and notes what `now` knows of the time
    /// with the same fdatasync. The draft stays as it is. Doing the same again, of the same moment, does
    /// nothing. Errors: Invalid (see fit_to_keep()), Full, Busy, Io, Corrupt; nothing was written then, as
    /// far as is known.
    Result<> add_event(StaffEvent event, Stamp const& now);

    /// After LeftDraft::Keep: makes `draft` the one on disk again, whatever became of it meanwhile,
    /// unless the response that was opened when it was (one screen opens one at a time) is closed.
    /// Closes another customer's draft by `restart`. Reads all responses. Errors: as save_draft().
    Result<> take_up_draft(Draft const& draft, Outcome outcome_if_left);
    /// After LeftDraft::Keep, where no response is open: closes the draft by `restart`, if there is
    /// one. Errors: as close_draft().
    Result<> close_left_draft();

    /// Moves the responses it names to the current install, in their order and with the next
    /// seqs; if they are the current install's, a new one is made first and is the current one
    /// from then on. Those that are not, or no longer, in the file as that install's are passed
    /// over: doing the same again does nothing. How many were moved. In one transaction, about
    /// 20 us a response. Errors: Full, Busy, Io, Corrupt; all stands as it was then.
    Result<std::size_t> adopt(ConflictRequest const& request);

    /// Takes what a person has written out of the responses it names, for good: comment, `text` of the
    /// answers, note of a staff event, wherever in store.db's files they stand; see erase_words(). What was
    /// rated, the seq and the count stay. Those that the file has no longer are done. Doing the same
    /// again does nothing. `is_wanted`: see EraseTerms. Errors: Full, Busy, Io, Corrupt; call it again then.
    Result<Erased> erase(EraseRequest const& request, std::function<bool()> is_wanted = {});

    /// Notes that the wall clock of this boot is set, and what it says: once a boot, and again
    /// when the clock has moved more than a second against the steady one since. All else
    /// (no clock set, no news, a moment before the noted one) writes nothing.
    /// Errors: Full, Io, Corrupt; what was noted stands then.
    Result<> note_clock(Stamp const& now);

    /// Counts the day as one that this box has lived through, if it is one; see lived_days.h.
    Result<> note_day(Stamp const& now);
    /// Removes what has been kept long enough, a part at a time; see remove_old_responses(). While
    /// a draft is open nothing is done, so that the customer's taps wait for nothing. True: more
    /// may be due.
    Result<bool> remove_old(RetentionRule const& rule, Stamp const& now);

    /// The last seq that was given, 0 before the first. Errors: Io, Corrupt.
    Result<std::int64_t> last_seq();

    /// See top_up_reserve().
    Result<bool> top_up_reserve();
    /// Makes room in the WAL, where the disk has none to make it longer.
    Result<> fold_back_wal();
    /// It was found damaged: closing it will change nothing any more.
    void leave_files_as_they_are() { database_.at_close(sqlite::AtClose::LeaveFiles); }

private:
    ResponseStore(std::filesystem::path path, sqlite::Database database, std::string install_id,
        sqlite::Statement save, sqlite::Statement close, sqlite::Statement clear);
    Result<> add_install(Install const& install, char const* made_for);
    void keep_identity_copy();
    Result<bool> is_news(Stamp const& stamp);
    Result<> write_clock(Stamp const& stamp);
    Result<> write_draft(Draft const& draft, Outcome outcome_if_left);
    Result<> leave_install_behind(std::int64_t mark);
    /// `rows`: a table and a WHERE.
    Result<bool> has_row_of(char const* rows, Stamp const& opened);
    Result<std::int64_t> close(ClosedBy closed_by, std::optional<std::int64_t> closed_steady_ms);

    std::filesystem::path path_;
    sqlite::Database database_;
    std::string install_id_;
    sqlite::Statement save_;
    sqlite::Statement close_;
    sqlite::Statement clear_;
    BootClock noted_; ///< what boot_clock says of its boot; no boot id: not looked up yet
};

}
