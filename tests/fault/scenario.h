#pragma once

#include "tests/fault/scenarios.h"
#include "tests/support/temp_folder.h"

namespace listenpost::test {

/// What all scenarios need: the simulator, chance, and the count of what has happened.
/// Private to the scenarios.
class Stage {
public:
    explicit Stage(Plan const& plan);

    /// The script's: the same whatever the fault.
    Random script;
    Course course;

    /// Of a machine whose power has gone and whose programs have ended.
    void restart(Machine& machine);
    /// From here on nothing fails any more. What was done up to here goes into `course`.
    void calm();

    /// SQLite has its own VFS again: what is opened now is opened as on a real box. All Machines
    /// must be gone.
    void close_simulator();

private:
    Plan const& plan_;
    Random fault_;
    std::unique_ptr<PowerCutVfs> vfs_;
};

Course run_store(Plan const& plan);
Course run_migration(Plan const& plan);
Course run_delivery(Plan const& plan);
Course run_hub(Plan const& plan);
Course run_chain(Plan const& plan);
Course run_delivery_migration(Plan const& plan);
Course run_hub_migration(Plan const& plan);
Course run_salvage(Plan const& plan);
Course run_adoption(Plan const& plan);
Course run_erasure(Plan const& plan);

}
