#pragma once

#include "platform/base/clock.h"
#include "platform/os/wake.h"

#include <chrono>
#include <functional>
#include <optional>

namespace listenpost::sync {

/// Sleeps until there is a reason or the time is over (none: for ever): Waker::wait(), or a test's.
using Wait = std::function<WakeReasons(std::optional<std::chrono::milliseconds>)>;

/// Sleeps until it is worth stepping again: `next` has come (nothing: no such moment), or a file or
/// the network changed. A change is followed by others (a customer's taps, the steps in which a
/// network comes up), so they are gathered for a burst of 300 ms from the first, however long they go
/// on: a response that is closed is on its way well within 2 s. A stop ends it at once.
/// All reasons that were seen; none: `next` has come.
WakeReasons wait_for_reason(Wait const& wait, Clock const& clock, std::optional<SteadyTime> next);

}
