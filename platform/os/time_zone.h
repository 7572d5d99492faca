#pragma once

#include "platform/base/clock.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace listenpost {

/// A moment on the clocks of a place.
using LocalTime = std::chrono::local_time<std::chrono::milliseconds>;

/// The clocks of a place, summer time included. Remembers the last offset, so that moments close to one
/// another cost next to nothing. Threads: one at a time.
class TimeZone {
public:
    /// `name`: of IANA; empty: the machine's own. Nothing: no such zone.
    static std::optional<TimeZone> find(std::string const& name);

    LocalTime to_local(WallTime time);
    /// The first moment at which the clocks show `time` or later: where they show it twice the earlier one,
    /// where they leave it out the change.
    WallTime to_utc(LocalTime time);

private:
    explicit TimeZone(void const* zone)
        : zone_(zone)
    {
    }
    void const* zone_; ///< the library's; lives as long as the program
    WallTime from_ {}; ///< in [from_, to_) the offset is offset_
    WallTime to_ {};
    std::chrono::milliseconds offset_ {};
};

}
