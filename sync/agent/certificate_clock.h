#pragma once

#include "platform/base/clock.h"

#include <optional>

namespace listenpost::sync {

/// When this program was built, to the day: no clock that is right says less. SOURCE_DATE_EPOCH sets
/// it, for builds that are to come out the same.
WallTime build_time();

/// What is known of the time when a certificate is to be judged (HttpOptions::earliest_now). Nothing:
/// the clock is right. Else the time that it is at least.
///
/// A box without a battery for its clock starts in 1970, where no certificate is valid yet; and in a
/// net without a time service it stays there. It must deliver all the same (the hub works the times
/// out). So where the clock is not set, or says what cannot be, a certificate that is not valid yet
/// is no longer refused for that; one that had expired by the build is, and one that had expired by
/// the box's own clock. What it costs: a stolen key whose certificate expired after the build serves
/// against such a box for longer; `--pin` and `--ca` shut that out as far as they go.
/// `built`: build_time(), but for tests.
std::optional<WallTime> earliest_now(Clock const& clock, WallTime built);

}
