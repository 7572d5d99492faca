#include "sync/agent/certificate_clock.h"

#include <algorithm>

namespace listenpost::sync {

WallTime build_time() { return WallTime(std::chrono::days(LISTENPOST_BUILT_DAY)); }

std::optional<WallTime> earliest_now(Clock const& clock, WallTime built)
{
    auto const now = clock.wall_now();
    if (clock.wall_is_set() && now >= built)
        return std::nullopt;
    return std::max(now, built);
}

}
