#pragma once

#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "platform/sqlite/database.h"

#include <chrono>
#include <cstdint>

namespace listenpost::kiosk {

/// How old responses are, by days that this box has lived through. A response's own clock may
/// have been wrong, and today's may be: in 1970, or years ahead. So store.db keeps a list of
/// days: one is added when a set clock shows another date than the last one has, and, within
/// the same boot, twelve hours at least have passed by the steady clock.
/// A clock that jumps ahead by a hundred years adds one day to it, and not a hundred years.
inline constexpr std::chrono::days max_keep_days {3'650};

/// Adds the day if it is one; call it every hour or so. A clock that nobody has set adds none.
/// Errors: Full, Busy, Io, Corrupt.
Result<> note_day(sqlite::Database& store, Stamp const& now);

/// Up to which seq all was closed more than `keep` ago, counted both ways: so many days were
/// lived through since, and the wall clock says so too. 0: nothing, or the clock is not set.
/// `keep`: at most max_keep_days. Errors: Busy, Io, Corrupt.
Result<std::int64_t> closed_before(sqlite::Database& store, Stamp const& now, std::chrono::days keep);

}
