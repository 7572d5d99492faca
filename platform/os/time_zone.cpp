#include "platform/os/time_zone.h"

#include <algorithm>
#include <date/tz.h>
#include <stdexcept>

namespace listenpost {
namespace {

date::time_zone const& zone_of(void const* zone) { return *static_cast<date::time_zone const*>(zone); }

/// The library's moments reach further than milliseconds in 64 bits do.
WallTime limited(date::sys_seconds time)
{
    constexpr auto furthest = std::chrono::seconds(std::int64_t {1} << 50);
    return WallTime(std::clamp(time.time_since_epoch(), -furthest, furthest));
}

}

std::optional<TimeZone> TimeZone::find(std::string const& name)
{
    try {
        return TimeZone(name.empty() ? date::current_zone() : date::locate_zone(name));
    } catch (std::runtime_error const&) {
        return std::nullopt;
    }
}

LocalTime TimeZone::to_local(WallTime time)
{
    if (time < from_ || time >= to_) {
        auto const info = zone_of(zone_).get_info(std::chrono::floor<std::chrono::seconds>(time));
        from_ = limited(info.begin);
        to_ = limited(info.end);
        offset_ = info.offset;
    }
    return LocalTime(time.time_since_epoch() + offset_);
}

WallTime TimeZone::to_utc(LocalTime time)
{
    date::local_time<std::chrono::milliseconds> const local(time.time_since_epoch());
    return zone_of(zone_).to_sys(local, date::choose::earliest);
}

}
