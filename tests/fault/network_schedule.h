#pragma once

#include "tests/fault/hub_process.h"
#include "tests/fault/misbehaving_hub.h"
#include "tests/fault/network_box.h"
#include "tests/fault/promises.h"

#include <cstdint>

namespace listenpost::test {

/// The one hub and the two lines to it that all schedules of a run share.
struct Shop {
    HubProcess& hub;
    MisbehavingHub& plain;
    MisbehavingHub& tls;
};

/// Sends a new box through faults that the seed decides, then makes the line honest and judges
/// what has become of its responses. Lost is what is neither at the hub nor, poisoned, in
/// quarantine; twice also what is at the hub and nobody said. The one detail is the whole story.
Findings run_schedule(Shop& shop, std::uint64_t seed, Wrapper const& wrapper = {});

/// Where a sweep cuts: every `stride`-th byte from `first` on.
struct Sweep {
    std::size_t first = 0;
    std::size_t stride = 1;
};
struct SweepResult {
    Findings findings;
    std::size_t request_bytes = 0; ///< that a cut was tried after; the handshake's among them
    std::size_t reply_bytes = 0;
    std::size_t cuts = 0;
};

/// Cuts the line after a number of bytes of a new connection's request, and of its reply, one
/// after the other until they are over; each time a response is on its way.
SweepResult sweep_cuts(HubProcess& hub, MisbehavingHub& line, Sweep const& sweep);

}
