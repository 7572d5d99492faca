#pragma once

#include "kiosk/store/response_store.h"
#include "platform/base/clock.h"

#include <chrono>

namespace listenpost::kiosk {

/// What store.db needs besides the screen's writes: it notes what this boot knows of the
/// time, at the start, after each closed response and once an hour.
/// Owns no thread, never sleeps: once until_due() is 0 and there is nothing to write, run
/// step().
/// A step that fails is told in the log and done again at the next occasion; nothing
/// depends on its success.
/// Threads: one at a time; on the box that is StoreThread's.
class Housekeeper {
public:
    /// `clock` must outlive it.
    explicit Housekeeper(Clock const& clock);

    /// Until the next step(); 0 at the start.
    std::chrono::milliseconds until_due() const;
    /// A response was closed: a step is due.
    void response_closed() { due_ = clock_->steady_now(); }
    /// Keeps a tap that comes meanwhile waiting for no more than one short transaction.
    void step(ResponseStore& store);

private:
    Clock const* clock_;
    SteadyTime due_;
};

}
