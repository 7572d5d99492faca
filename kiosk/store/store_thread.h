#pragma once

#include "kiosk/model/draft_write.h"
#include "kiosk/store/housekeeper.h"
#include "kiosk/store/response_store.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>

namespace listenpost::kiosk {

/// What became of the writes.
struct StoreNews {
    std::uint64_t stored_revision = 0; ///< every draft's write up to this one is on disk
    std::uint64_t stored_events = 0; ///< every staff event up to this number is on disk
    std::uint64_t closed = 0; ///< responses that were closed on disk
    bool failing = false; ///< it is not open, or the next write cannot be done; it tries again by itself
    bool is_open = false;
};

/// Opens the store and writes to it without ever keeping the screen waiting. Writes are done
/// in order; one that fails is tried again once a second until it succeeds, for the
/// tap must not be lost: nothing after it is done before. A store that cannot be opened is
/// tried again after a while; one that turns out to be damaged while it is written, or while house
/// is kept, is closed and opened again, which salvages it; the response that was open goes on then with
/// what its customer said last, though no draft was salvaged. Housekeeping is done when there is
/// nothing to write.
/// Threads: submit() and news() from the screen's thread; `wake` is called from the
/// store's own.
class StoreThread {
public:
    /// Called on the store's own thread, whenever there is no store.
    using Open = std::function<Result<ResponseStore>()>;

    /// `wake`: there is news; must be callable from any thread. `housekeeper`: nothing, and
    /// only what is submitted is done.
    StoreThread(Open open, std::function<void()> wake, std::optional<Housekeeper> housekeeper = std::nullopt,
        std::chrono::milliseconds open_again_after = std::chrono::seconds(5));
    /// With a store that is open already, and is not opened again.
    StoreThread(ResponseStore store, std::function<void()> wake,
        std::optional<Housekeeper> housekeeper = std::nullopt);
    /// Finishes what was submitted, unless the disk refuses it.
    ~StoreThread();
    StoreThread(StoreThread const&) = delete;
    StoreThread& operator=(StoreThread const&) = delete;

    void submit(DraftWrite write);
    /// Queues behind what was submitted before, and leaves the draft alone. The event's number, 1 for the
    /// first: StoreNews::stored_events says when it is kept. `now`: when it was done.
    /// Errors: Invalid (see fit_to_keep()): nothing was queued.
    Result<std::uint64_t> submit(StaffEvent event, Stamp now);
    StoreNews news() const;

private:
    enum class Next { Write, KeepHouse, End };
    struct AddEvent {
        std::uint64_t number;
        StaffEvent event;
        Stamp now;
    };
    using Write = std::variant<SaveDraft, CloseDraft, AddEvent>;

    void run();
    void open(std::unique_lock<std::mutex>& lock);
    Next wait_for_work(std::unique_lock<std::mutex>& lock);
    void write(std::unique_lock<std::mutex>& lock);
    void keep_house(std::unique_lock<std::mutex>& lock);
    bool is_wanted() const;
    void close_if_damaged(Result<> const& done);
    Result<> take_up_draft();
    Result<> perform(SaveDraft const& write);
    Result<> perform(CloseDraft const& write);
    Result<> perform(AddEvent const& write);
    Result<> perform_with_room(Write const& write);
    void note_stored(Write const& write);
    void tell(std::unique_lock<std::mutex>& lock, Result<> const& done);

    Open open_; ///< may be empty
    std::optional<ResponseStore> store_;
    std::function<void()> wake_;
    std::optional<Housekeeper> housekeeper_; ///< the thread's own
    std::chrono::milliseconds open_again_after_ {};
    std::optional<SaveDraft> open_draft_; ///< the thread's own: begun to be written last, and not closed yet
    bool is_taken_up_ = true; ///< the thread's own: the draft on disk is that one, or there is none
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Write> writes_;
    std::uint64_t last_event_ = 0; ///< the number of the one that was submitted last
    StoreNews news_;
    std::string told_; ///< the failure that the log has got
    bool stopping_ = false;
    std::thread thread_; ///< last: starts when all else is ready
};

}
