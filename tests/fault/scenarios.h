#pragma once

#include "tests/fault/power_cut_vfs.h"
#include "tests/fault/promises.h"

#include <functional>
#include <span>

namespace listenpost::test {

/// What is to happen to a scenario.
struct Plan {
    std::uint64_t script = 0; ///< which course the work takes
    std::uint64_t seed = 0; ///< of all that chance decides of the fault: what survives, and further cuts
    /// Called before anything else happens: arms the cut or the fault, if any.
    std::function<void(PowerCutVfs&)> arm = [](PowerCutVfs&) {};
    bool more_cuts = false; ///< after a cut, now and then another one, in the repair
    int tries = 3; ///< more than the fault that is armed lasts
};

/// What came of it.
struct Course {
    Findings findings;
    std::uint64_t cuts = 0;
    std::uint64_t changes = 0; ///< of disks; what a cut can come at
    std::uint64_t statements = 0;
    std::uint64_t operations[static_cast<std::size_t>(DiskOperation::count)] = {};
    bool fault_has_struck = false;
};

/// Work with real classes on simulated machines, from empty disks (or an older version's) to
/// the end, where everything is drained, opened without the simulator, and checked. After a
/// cut the machine is restarted, and the work goes on.
/// One script does the same operations each time, but for random ids.
struct Scenario {
    char const* name;
    Course (*run)(Plan const&);
};

/// Each store alone, the migrations of each, customers -> store.db -> Uploader -> hub.db, the salvage of a
/// damaged store.db, the adoption of a request about conflicts, and the
/// erasing of words. What each claims stands where it is
/// defined.
std::span<Scenario const> scenarios();

}
