#pragma once

#include "platform/base/result.h"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace listenpost {

struct ProgramRun {
    std::vector<std::string> command; ///< the program (looked for in PATH) and its arguments; no shell
    std::size_t max_bytes = 0; ///< of what it may write
    std::chrono::milliseconds patience {}; ///< until it is killed
    std::function<bool()> is_cancelled {}; ///< asked ten times a second; may be empty
};

/// Runs a program and waits for its end; returns what it wrote to standard output. It comes after everybody
/// else for the processor (nice 19), reads nothing, has our standard error and no other descriptor of ours,
/// and is killed by the kernel when the calling thread ends. Threads: any. Errors: Full (it wrote more),
/// Cancelled, Io (it could not be started, took too long, or ended with another code than 0).
Result<std::string> program_output(ProgramRun const& run);

}
