#pragma once

#include "kiosk/model/boot_clock.h"

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>

namespace listenpost::kiosk {

/// What set clocks may differ by.
inline constexpr std::int64_t close_clocks_ms = std::chrono::milliseconds(std::chrono::seconds(2)).count();

/// What a wall clock said, UTC ms; nothing where it was not set, or says a time before there was a
/// ListenPost (2025), as clocks do that nobody has set.
std::optional<std::int64_t> clock_reading(bool is_set, std::int64_t wall_ms);

/// Whether two readings are of one clock that is right: at most close_clocks_ms apart, and what quartz may
/// drift (1 s in 10,000 s) over `span_ms`, the steady time that lies between them.
bool clocks_agree(std::optional<std::int64_t> one, std::int64_t other, std::int64_t span_ms);

/// What the box knows of the moment of a first tap.
struct TapTime {
    std::int64_t opened_ms = 0; ///< the wall clock
    bool clock_set = false; ///< whether that was set
    std::int64_t steady_ms = 0; ///< since boot
};

/// When a tap really was, UTC ms, by what its box noted alone. The first that fits:
///
///   `note`, the set clock of the tap's boot, counted from there, is no later than `latest_ms`
///     and opened_ms agrees with it                  -> opened_ms
///     else: the clock was put right in that boot    -> by the note
///   opened_ms is a reading, no later than that      -> opened_ms
///   else                                            -> nothing: it cannot be placed
///
/// `note` may be null: that boot never knew the time. The hub goes on where this ends: it knows
/// the sending too.
std::optional<std::int64_t> place_by_box(TapTime const& tap, BootClock const* note,
    std::int64_t latest_ms = std::numeric_limits<std::int64_t>::max());

/// A moment as the box's own figures and tables take it.
struct PlacedTap {
    std::int64_t at_ms = 0; ///< UTC
    bool is_provisional = false; ///< by a clock that nobody has confirmed
    friend bool operator==(PlacedTap const&, PlacedTap const&) = default;
};

/// place_by_box(), and where that knows nothing by the reading of the clock that was not set, if it is one
/// that a set clock could have: a box that has never met a network has a battery's clock that is right and
/// that nobody confirms, and its manager wants to see what was said. It does not look at what time it is
/// now, so that a tap stays where it is until its boot's clock becomes known; who asks knows what is later
/// than now. Nothing: the reading is none (1970).
std::optional<PlacedTap> place_on_box(TapTime const& tap, BootClock const* note);

}
