#pragma once

#include "platform/base/result.h"

#include <chrono>
#include <cstdint>

namespace listenpost {

/// What this process has used and holds at this moment.
struct ProcessFigures {
    std::chrono::nanoseconds cpu {}; ///< user and system, all threads, since the start
    std::uint64_t resident_bytes = 0;
    std::uint64_t open_descriptors = 0;
};

/// Errors: Io (no /proc).
Result<ProcessFigures> process_figures();

}
