#pragma once

#include <cstdint>
#include <string>

namespace listenpost::kiosk {

/// A moment of one boot at which the wall clock was known to be set. What was recorded in
/// that boot under a wrong clock is placed by it: steady times of one boot are comparable.
struct BootClock {
    std::string boot_id;
    std::int64_t steady_ms = 0; ///< since boot
    std::int64_t wall_ms = 0; ///< the same moment, UTC

    friend bool operator==(BootClock const&, BootClock const&) = default;
};

}
