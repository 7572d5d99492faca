#pragma once

#include "platform/base/clock.h"

#include <chrono>
#include <string>

/// How commands say things to a person at a terminal.
namespace listenpost::sync {

/// `2026-11-25 08:29:41`, in the machine's time zone.
std::string local_time(WallTime time);

/// `90 s`, `12 min`, `5 h`, `3 days`; never negative.
std::string short_duration(std::chrono::milliseconds span);

/// `512 bytes`, `1.4 MB`, `12.0 GB`.
std::string short_size(std::int64_t bytes);

}
