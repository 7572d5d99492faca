#include "tests/fault/scenario.h"

namespace listenpost::test {

std::span<Scenario const> scenarios()
{
    static constexpr Scenario list[] = {
        {"store", run_store},
        {"migration", run_migration},
        {"delivery", run_delivery},
        {"hub", run_hub},
        {"chain", run_chain},
        {"delivery_migration", run_delivery_migration},
        {"hub_migration", run_hub_migration},
        {"salvage", run_salvage},
        {"adoption", run_adoption},
        {"erasure", run_erasure},
    };
    return list;
}

Stage::Stage(Plan const& plan)
    : script(plan.script)
    , plan_(plan)
    , fault_(plan.seed)
    , vfs_(std::make_unique<PowerCutVfs>(plan.seed))
{
    // SQLite folds a WAL back after 1,000 pages, which no script comes to; some do with these.
    constexpr int pages[] = {1'000, 4, 12};
    vfs_->checkpoint_every(pages[plan.script % std::size(pages)]);
    plan.arm(*vfs_);
}

void Stage::restart(Machine& machine)
{
    ++course.cuts;
    machine.restart(fault_);
    constexpr std::uint64_t soon = 40;
    if (plan_.more_cuts && draw_below(fault_, 3) == 0)
        vfs_->arm_cut(1 + draw_below(fault_, soon));
}

void Stage::calm()
{
    vfs_->disarm_cut();
    vfs_->disarm_fault();
    course.changes = vfs_->changes();
    course.statements = vfs_->statements();
    course.fault_has_struck = vfs_->fault_has_struck();
    for (std::size_t i = 0; i < static_cast<std::size_t>(DiskOperation::count); ++i)
        course.operations[i] = vfs_->count(static_cast<DiskOperation>(i));
}

void Stage::close_simulator() { vfs_.reset(); }

}
