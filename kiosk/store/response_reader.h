#pragma once

#include "kiosk/model/boot_clock.h"
#include "kiosk/model/erase_request.h"
#include "kiosk/model/salvage_report.h"
#include "kiosk/model/stored_response.h"
#include "kiosk/store/install_list.h"
#include "platform/base/result.h"
#include "platform/sqlite/database.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace listenpost::kiosk {

/// What everybody but the store's thread sees of store.db: never writes, never waits for who does.
/// Threads: one at a time.
class ResponseReader {
public:
    /// Errors: NotFound (the kiosk has not run yet), Invalid (other format), Corrupt, Io.
    static Result<ResponseReader> open(std::filesystem::path const& path);

    /// Oldest first, at least one; the last is the current one. Read anew by every call, for
    /// the kiosk may take another at any time; its responses then lie beyond every seq given
    /// before. So who reads last_seq() first and installs() after it knows whose all of them
    /// up to there are. Errors: Busy, Corrupt, Io.
    Result<std::vector<Install>> installs();

    /// The last seq that was given, 0 before the first. Its response, like any other, may have
    /// been moved or removed since: seqs have gaps. Errors: Busy, Corrupt, Io.
    Result<std::int64_t> last_seq();

    /// One for every boot whose clock was ever known to be set. Errors: Busy, Corrupt, Io.
    Result<std::vector<BootClock>> boot_clocks();

    /// What was salvaged when the file was found damaged, oldest first. Errors: Busy, Corrupt, Io.
    Result<std::vector<SalvageReport>> salvage_reports();

    /// Goes to the rows, responses and staff events, with `after` < seq <= `up_to`, oldest first; next() then
    /// yields them one by one.
    void seek(std::int64_t after, std::int64_t up_to);
    /// Nothing: no further one. Errors: Busy, Io, Corrupt, which is also a row that is not what was written
    /// (row_check), and a seq that is not greater than the one before: a damaged file may lead back to
    /// where the walk has been, and so without end.
    Result<std::optional<StoredResponse>> next();
    /// The response with that seq; nothing: there is none, or no longer. Ends the walk that
    /// was under way. Errors: as next().
    Result<std::optional<StoredResponse>> find(std::int64_t seq);
    /// How many rows, responses and staff events, have `after` < seq <= `up_to`. Visits each. Errors: as
    /// next().
    Result<std::int64_t> count(std::int64_t after, std::int64_t up_to);
    /// The same rows' seqs, ascending. Errors: as next(); some were visited then.
    Result<> visit_seqs(
        std::int64_t after, std::int64_t up_to, std::function<void(std::int64_t seq)> const& visit);
    /// The greatest seq of a response up to that one; 0: there is none. Errors: as next().
    Result<std::int64_t> last_response(std::int64_t up_to);
    /// The seqs of the staff events behind that one, ascending; by their index. Errors: as next().
    Result<std::vector<std::int64_t>> events_after(std::int64_t seq);
    /// The greatest seq of a response that a set clock says was opened before `wall_ms` (UTC), where it is
    /// greater than `lowest`; else that, or 0. Looks at all behind it. Errors: as next().
    Result<std::int64_t> last_before(std::int64_t wall_ms, std::int64_t lowest);
    /// Whether the kiosk has erased what the hub calls so, see EraseRequest, and no byte of it is left.
    /// Errors: Busy, Corrupt, Io.
    Result<bool> is_erased(ResponseRef const& ref);
    /// Another text than before once words have left the rows of store.db: what was read earlier may have
    /// them. Errors: Busy, Corrupt, Io.
    Result<std::string> erasures();
    /// Ends the walk, so that the kiosk's WAL can be folded back. Call it when done.
    void stop();

private:
    ResponseReader(sqlite::Database database, sqlite::Statement walk, sqlite::Statement last,
        sqlite::Statement installs);

    sqlite::Database database_;
    sqlite::Statement walk_;
    sqlite::Statement last_;
    sqlite::Statement installs_;
    std::int64_t walked_to_ = 0; ///< the last seq of the walk, or where it begins
};

}
