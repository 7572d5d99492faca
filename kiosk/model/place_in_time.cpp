#include "kiosk/model/place_in_time.h"

#include <cstdlib>

namespace listenpost::kiosk {
namespace {

constexpr std::int64_t quartz = 10'000; ///< drifts by one part in so many
/// 2025-01-01. Clocks that nobody has set say 1970 or the day the firmware was made.
constexpr std::int64_t earliest_ms = 1'735'689'600'000;

}

std::optional<std::int64_t> clock_reading(bool is_set, std::int64_t wall_ms)
{
    return is_set && wall_ms >= earliest_ms ? std::optional(wall_ms) : std::nullopt;
}

bool clocks_agree(std::optional<std::int64_t> one, std::int64_t other, std::int64_t span_ms)
{
    return one && std::abs(*one - other) <= close_clocks_ms + std::abs(span_ms) / quartz;
}

std::optional<std::int64_t> place_by_box(TapTime const& tap, BootClock const* note, std::int64_t latest_ms)
{
    auto const opened = clock_reading(tap.clock_set, tap.opened_ms);
    if (note && clock_reading(true, note->wall_ms)) {
        std::int64_t const since = tap.steady_ms - note->steady_ms;
        std::int64_t const noted = note->wall_ms + since;
        if (noted <= latest_ms)
            return clocks_agree(opened, noted, since) ? *opened : noted;
    }
    return opened && *opened <= latest_ms ? opened : std::nullopt;
}

std::optional<PlacedTap> place_on_box(TapTime const& tap, BootClock const* note)
{
    if (auto const placed = place_by_box(tap, note))
        return PlacedTap {*placed, false};
    auto const reading = clock_reading(true, tap.opened_ms);
    return reading ? std::optional(PlacedTap {*reading, true}) : std::nullopt;
}

}
