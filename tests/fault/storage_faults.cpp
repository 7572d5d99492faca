// Disks that fail while the power is on, and statements that SQLite does not finish. When the fault
// has gone, the same objects go on; nothing that was thanked for is lost, and nothing was called done
// that was not.
//
//   storage_faults [--rounds N] [--seed S]      one fault a round
//
// Rounds go through the kinds of fault, the scenarios, their scripts and the operations in turn.

#include "tests/fault/fault_program.h"
#include "tests/fault/scenarios.h"

#include <cstdio>
#include <map>
#include <sqlite3.h>

using namespace listenpost::test;

namespace {

constexpr std::uint64_t scripts = 6; ///< of each scenario

struct Kind {
    char const* name;
    DiskOperation operation; ///< count: a statement, not a disk
    int sqlite_code;
    std::uint64_t times; ///< in a row
    /// The power goes a little later: what a disk that failed has kept must be enough then.
    bool then_a_cut = false;
};

constexpr Kind kinds[] = {
    {"write: EIO", DiskOperation::Write, SQLITE_IOERR_WRITE, 1},
    {"write: ENOSPC", DiskOperation::Write, SQLITE_FULL, 1},
    {"writes: ENOSPC", DiskOperation::Write, SQLITE_FULL, 25},
    {"sync: EIO", DiskOperation::Sync, SQLITE_IOERR_FSYNC, 1},
    {"sync: EIO, then a cut", DiskOperation::Sync, SQLITE_IOERR_FSYNC, 1, true},
    {"write: EIO, then a cut", DiskOperation::Write, SQLITE_IOERR_WRITE, 1, true},
    {"truncate: EIO", DiskOperation::Truncate, SQLITE_IOERR_TRUNCATE, 1},
    {"read: EIO", DiskOperation::Read, SQLITE_IOERR_READ, 1},
    {"reads: EIO", DiskOperation::Read, SQLITE_IOERR_READ, 8},
    {"size: EIO", DiskOperation::Size, SQLITE_IOERR_FSTAT, 1},
    {"open: EIO", DiskOperation::Open, SQLITE_CANTOPEN, 1},
    {"create: EIO", DiskOperation::Create, SQLITE_CANTOPEN, 1},
    {"delete: EIO", DiskOperation::Delete, SQLITE_IOERR_DELETE, 1},
    {"rename: EIO", DiskOperation::Rename, SQLITE_IOERR, 1},
    {"lock: EIO", DiskOperation::Lock, SQLITE_IOERR_LOCK, 1},
    {"shared memory: EIO", DiskOperation::MapSharedMemory, SQLITE_IOERR_SHMMAP, 1},
    {"shared memory: ENOSPC", DiskOperation::MapSharedMemory, SQLITE_IOERR_SHMSIZE, 3},
    {"statement", DiskOperation::count, SQLITE_INTERRUPT, 1},
};

/// How often an undisturbed course does it.
class Lengths {
public:
    std::uint64_t of(Scenario const& scenario, std::uint64_t script, Kind const& kind)
    {
        auto found = known_.find({scenario.name, script});
        if (found == known_.end())
            found = known_
                        .emplace(
                            std::pair {std::string(scenario.name), script}, scenario.run({.script = script}))
                        .first;
        Course const& course = found->second;
        if (kind.operation == DiskOperation::count)
            return course.statements;
        return course.operations[static_cast<std::size_t>(kind.operation)];
    }

private:
    std::map<std::pair<std::string, std::uint64_t>, Course> known_;
};

}

int main(int argc, char** argv)
{
    constexpr std::uint64_t short_form = 540;
    auto const options = fault_options(argc, argv, short_form);
    if (!options)
        return 2;
    FaultFigures figures;
    Lengths lengths;
    std::map<std::string, std::uint64_t> struck;
    for (std::uint64_t round = 0; round < options->rounds; ++round) {
        std::uint64_t const seed = options->seed + round;
        auto const& kind = kinds[seed % std::size(kinds)];
        std::uint64_t turn = seed / std::size(kinds);
        auto const& scenario = scenarios()[turn % scenarios().size()];
        turn /= scenarios().size();
        std::uint64_t const script = turn % scripts;
        std::uint64_t const length = lengths.of(scenario, script, kind);
        if (length == 0)
            continue;
        // A prime apart, so that few rounds already come to all parts of the script.
        constexpr std::uint64_t stride = 7'919;
        std::uint64_t const at = 1 + turn / scripts * stride % length;
        Random random(seed);
        constexpr std::uint64_t soon = 30;
        std::uint64_t const cut_at = kind.then_a_cut ? 1 + draw_below(random, soon) : 0;
        Course const course = scenario.run({.script = script,
            .seed = seed,
            .arm =
                [&](PowerCutVfs& vfs) {
                    if (kind.operation == DiskOperation::count)
                        vfs.arm_statement_failure(at);
                    else
                        vfs.arm_fault({kind.operation, at, kind.times, kind.sqlite_code, cut_at});
                },
            .tries = static_cast<int>(kind.times) + 3});
        figures.cuts += course.cuts;
        if (course.fault_has_struck) {
            ++figures.schedules;
            ++struck[kind.name];
        }
        report_findings(figures, course.findings, seed);
    }
    for (auto const& [name, count] : struck)
        std::printf("%s: %llu times\n", name.c_str(), static_cast<unsigned long long>(count));
    return finish_fault_program(figures);
}
