#pragma once

#include "kiosk/model/draft_write.h"
#include "kiosk/store/response_store.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace listenpost::kiosk {

/// What became of the writes.
struct StoreNews {
    std::uint64_t stored_revision = 0; ///< everything up to this one is on disk
    bool failing = false; ///< the next one cannot be written; it is tried again by itself
};

/// Writes to the store without ever keeping the screen waiting. Writes are done
/// in order; one that fails is tried again once a second until it succeeds, for the
/// tap must not be lost: nothing after it is done before.
/// Threads: submit() and news() from the screen's thread; `wake` is called from the
/// store's own.
class StoreThread {
public:
    /// `wake`: there is news; must be callable from any thread.
    StoreThread(ResponseStore store, std::function<void()> wake);
    /// Finishes what was submitted, unless the disk refuses it.
    ~StoreThread();
    StoreThread(StoreThread const&) = delete;
    StoreThread& operator=(StoreThread const&) = delete;

    void submit(DraftWrite write);
    StoreNews news() const;

private:
    void run();

    ResponseStore store_;
    std::function<void()> wake_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<DraftWrite> writes_;
    StoreNews news_;
    bool stopping_ = false;
    std::thread thread_; ///< last: starts when all else is ready
};

}
