#include "platform/os/local_time.h"

#include <date/tz.h>
#include <stdexcept>

namespace listenpost {

std::optional<int> minute_of_week(WallTime time, std::string const& zone)
{
    try {
        date::time_zone const* const place = zone.empty() ? date::current_zone() : date::locate_zone(zone);
        auto const local = place->to_local(time);
        auto const day = date::floor<date::days>(local);
        auto const minutes = std::chrono::floor<std::chrono::minutes>(local - day).count();
        int const weekday = static_cast<int>(date::weekday(day).iso_encoding()) - 1; // Monday is 0
        return weekday * 24 * 60 + static_cast<int>(minutes);
    } catch (std::runtime_error const&) {
        return std::nullopt;
    }
}

}
