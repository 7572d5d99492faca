#pragma once

#include "tests/fault/hub_process.h"
#include "tests/fault/misbehaving_hub.h"
#include "tests/fault/network_box.h"

#include <cstdint>
#include <string>

namespace listenpost::test {

/// What came of a schedule. In numbers of responses, but `stuck`, which is 0 or 1.
struct Damage {
    std::int64_t lost = 0; ///< closed and neither at the hub nor, poisoned, in quarantine
    std::int64_t doubled = 0; ///< more than once at the hub, or there and nobody said it
    std::int64_t stuck = 0; ///< the line was honest, and the agent did not come to an end
    std::string story; ///< what happened, when any is not 0

    bool any() const { return lost + doubled + stuck > 0; }
    Damage& operator+=(Damage const& other);
};

/// The one hub and the two lines to it that all schedules of a run share.
struct Shop {
    HubProcess& hub;
    MisbehavingHub& plain;
    MisbehavingHub& tls;
};

/// Sends a new box through faults that the seed decides, then makes the line honest and judges
/// what has become of its responses.
Damage run_schedule(Shop& shop, std::uint64_t seed, Wrapper const& wrapper = {});

/// Where a sweep cuts: every `stride`-th byte from `first` on.
struct Sweep {
    std::size_t first = 0;
    std::size_t stride = 1;
};
struct SweepResult {
    Damage damage;
    std::size_t request_bytes = 0; ///< that a cut was tried after; the handshake's among them
    std::size_t reply_bytes = 0;
    std::size_t cuts = 0;
};

/// Cuts the line after a number of bytes of a new connection's request, and of its reply, one
/// after the other until they are over; each time a response is on its way.
SweepResult sweep_cuts(HubProcess& hub, MisbehavingHub& line, Sweep const& sweep);

}
