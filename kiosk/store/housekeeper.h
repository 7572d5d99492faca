#pragma once

#include "kiosk/store/response_store.h"
#include "platform/base/clock.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace listenpost::kiosk {

/// What store.db needs besides the screen's writes. At the start, after each closed response
/// and once an hour it notes what this boot knows of the time, and adopts the responses that
/// the hub knows from another box (inbox/conflict.json, see ConflictRequest), erases what head office
/// has erased (inbox/erase.json, see EraseRequest), and tops up the reserve for a full disk: there are thanks
/// on the screen then, and nobody taps. A minute after the start, and every hour, it begins to remove what
/// has been kept long enough (RetentionRule), a part a second, and none while a draft is open. Owns no
/// thread, never sleeps: once until_due() is 0 and there is nothing to write, run step(). What fails is told
/// in the log and done again at the next occasion; nothing depends on its success. Damage of store.db is for
/// the caller, too. Threads: one at a time; on the box that is StoreThread's.
class Housekeeper {
public:
    /// `data`: the box's folder. `keep`: acknowledged responses. `clock` must outlive it.
    Housekeeper(std::filesystem::path const& data, std::chrono::days keep, Clock const& clock);

    /// Until the next step(); 0 at the start.
    std::chrono::milliseconds until_due() const;
    /// A response was closed or a staff event written: a step is due.
    void row_added() { due_ = clock_->steady_now(); }
    /// Another store.db than before, it may be: a step is due, and what was asked for is to be done in it,
    /// too.
    void store_opened();
    /// Keeps a tap that comes meanwhile waiting for no more than one short transaction, or now and
    /// then for the reserve's, see top_up_reserve(). What takes longer, when words are erased, asks
    /// `is_wanted` all the while, and stops when somebody waits; it is not begun again for minutes. Errors:
    /// Corrupt (store.db): what else was due is left for the next step.
    Result<> step(ResponseStore& store, std::function<bool()> const& is_wanted = {});

private:
    Result<> note_time(ResponseStore& store, Stamp const& now);
    /// A file for the kiosk, which stays until the agent has seen the outcome.
    struct Request {
        std::filesystem::path file;
        std::string settled {}; ///< what it said when it was carried out
    };
    /// What it says, unless that is settled or cannot be read.
    std::optional<std::string> read_request(Request& request, std::size_t max_bytes, std::string_view event);
    Result<> adopt_conflicts(ResponseStore& store);
    Result<Erased> erase_words(ResponseStore& store, std::function<bool()> const& is_wanted);
    Result<> remove_old(ResponseStore& store, Stamp const& now);
    Result<> tell_failure(std::string_view event, Error const& error);
    void tell_once(std::string_view event, std::string const& detail);

    Request conflicts_;
    Request erasures_;
    Clock const* clock_;
    SteadyTime due_;
    SteadyTime erase_not_before_ {}; ///< customers have interrupted it
    RetentionRule retention_;
    SteadyTime retention_due_;
    std::map<std::string, std::string, std::less<>> told_; ///< by event: what went wrong last
};

}
