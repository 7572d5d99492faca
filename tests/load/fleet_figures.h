#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace listenpost::load {

/// What the fleet did. Threads: one.
struct FleetFigures {
    std::int64_t acknowledged = 0; ///< responses, each counted by the box that closed it, once
    std::int64_t requests = 0;
    std::int64_t connections = 0;
    std::int64_t sent_again = 0; ///< after no reply, or "later"
    std::int64_t told_later = 0; ///< 429 and 503
    std::int64_t broken_off = 0; ///< by the box, before the reply, on purpose
    /// Of a response alone, from its first byte to the reply.
    std::vector<std::chrono::microseconds> live;
};

}
