#pragma once

#include "tests/fault/promises.h"

#include <cstdint>
#include <optional>

namespace listenpost::test {

/// The command line of a fault program: `[--rounds N] [--seed S]`. Round n has the seed S + n, so
/// that `--seed SEED --rounds 1` replays one, with the log of what happens in it.
struct FaultOptions {
    std::uint64_t rounds;
    std::uint64_t seed = 1;
};

/// Nothing: bad use, and said so. `rounds`: where the command line names none.
std::optional<FaultOptions> fault_options(int argc, char** argv, std::uint64_t rounds);

/// What was done, for the last line.
struct FaultFigures {
    std::uint64_t cuts = 0;
    std::uint64_t schedules = 0; ///< courses that met a fault which is no cut
    Findings findings;
};

/// Tells of the findings of one round, and how to replay it, and adds them.
void report_findings(FaultFigures& figures, Findings const& found, std::uint64_t seed);

/// The last line: JSON for scripts/fault. The exit code.
int finish_fault_program(FaultFigures const& figures);

}
