#pragma once

#include "kiosk/model/draft_write.h"
#include "kiosk/store/housekeeper.h"
#include "kiosk/store/response_store.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace listenpost::kiosk {

/// What became of the writes.
struct StoreNews {
    std::uint64_t stored_revision = 0; ///< everything up to this one is on disk
    bool failing = false; ///< the next one cannot be written; it is tried again by itself
};

/// Writes to the store without ever keeping the screen waiting. Writes are done
/// in order; one that fails is tried again once a second until it succeeds, for the
/// tap must not be lost: nothing after it is done before. Housekeeping is done when there
/// is nothing to write.
/// Threads: submit() and news() from the screen's thread; `wake` is called from the
/// store's own.
class StoreThread {
public:
    /// `wake`: there is news; must be callable from any thread. `housekeeper`: nothing, and
    /// only what is submitted is done.
    StoreThread(ResponseStore store, std::function<void()> wake,
        std::optional<Housekeeper> housekeeper = std::nullopt);
    /// Finishes what was submitted, unless the disk refuses it.
    ~StoreThread();
    StoreThread(StoreThread const&) = delete;
    StoreThread& operator=(StoreThread const&) = delete;

    void submit(DraftWrite write);
    StoreNews news() const;

private:
    void run();
    bool wait_for_work(std::unique_lock<std::mutex>& lock);

    ResponseStore store_;
    std::function<void()> wake_;
    std::optional<Housekeeper> housekeeper_; ///< the thread's own
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<DraftWrite> writes_;
    StoreNews news_;
    bool stopping_ = false;
    std::thread thread_; ///< last: starts when all else is ready
};

}
