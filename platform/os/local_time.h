#pragma once

#include "platform/base/clock.h"

#include <optional>
#include <string>

namespace listenpost {

/// Minutes since Monday 0:00 on the clocks of a place, 0 to 10,079. `zone`: its IANA name;
/// empty: the machine's own. Nothing: no such zone.
std::optional<int> minute_of_week(WallTime time, std::string const& zone);

}
