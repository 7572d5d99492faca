#include "sync/agent/wait_for_reason.h"

#include <algorithm>

namespace listenpost::sync {
namespace {

using namespace std::chrono_literals;

/// A customer's taps come in bursts, and our own writes wake us too: looking once
/// after a burst is enough.
constexpr std::chrono::milliseconds burst = 300ms;

}

WakeReasons wait_for_reason(Wait const& wait, Clock const& clock, std::optional<SteadyTime> next)
{
    std::optional<std::chrono::milliseconds> timeout;
    if (next)
        timeout = std::max(*next - clock.steady_now(), 0ms);
    auto reasons = wait(timeout);
    if (reasons.timeout())
        return reasons;
    auto const look_at = clock.steady_now() + burst;
    while (!reasons.stop && clock.steady_now() < look_at) {
        auto const more = wait(look_at - clock.steady_now());
        reasons.stop = more.stop;
        reasons.network = reasons.network || more.network;
        reasons.files = reasons.files || more.files;
    }
    return reasons;
}

}
