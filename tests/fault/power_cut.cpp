// The power goes in the middle of an operation on a disk: of the box or of the hub, in each kind
// of work. Afterwards every response that was thanked for must be there, once.
//
//   power_cut [--rounds N] [--seed S]      one cut a round, some with another in the repair
//
// Rounds go through the scenarios, their scripts and the operations in turn; chance decides
// what survives. See scenarios.h, power_cut_vfs.h.

#include "tests/fault/fault_program.h"
#include "tests/fault/scenarios.h"

#include <cstdio>
#include <map>

using namespace listenpost::test;

namespace {

constexpr std::uint64_t scripts = 12; ///< of each scenario

/// How many operations an undisturbed course has.
class Lengths {
public:
    std::uint64_t of(Scenario const& scenario, std::uint64_t script, FaultFigures& figures)
    {
        auto& length = known_[{scenario.name, script}];
        if (length == 0) {
            Course const course = scenario.run({.script = script});
            if (!course.findings.none())
                std::printf("%s script %llu fails without any fault\n", scenario.name,
                    static_cast<unsigned long long>(script));
            report_findings(figures, course.findings, script);
            length = course.changes;
        }
        return length;
    }

private:
    std::map<std::pair<std::string, std::uint64_t>, std::uint64_t> known_;
};

}

int main(int argc, char** argv)
{
    constexpr std::uint64_t short_form = 450;
    auto const options = fault_options(argc, argv, short_form);
    if (!options)
        return 2;
    FaultFigures figures;
    Lengths lengths;
    std::map<std::string, std::uint64_t> cuts;
    for (std::uint64_t round = 0; round < options->rounds; ++round) {
        std::uint64_t const seed = options->seed + round;
        auto const& scenario = scenarios()[seed % scenarios().size()];
        std::uint64_t const turn = seed / scenarios().size();
        std::uint64_t const script = turn % scripts;
        std::uint64_t const length = lengths.of(scenario, script, figures);
        // A prime apart, so that few rounds already come to all parts of the script.
        constexpr std::uint64_t stride = 7'919;
        std::uint64_t const at = 1 + turn / scripts * stride % length;
        Course const course = scenario.run({.script = script,
            .seed = seed,
            .arm = [at](PowerCutVfs& vfs) { vfs.arm_cut(at); },
            .more_cuts = true});
        figures.cuts += course.cuts;
        cuts[scenario.name] += course.cuts;
        report_findings(figures, course.findings, seed);
    }
    for (auto const& [name, count] : cuts)
        std::printf("%s: %llu cuts\n", name.c_str(), static_cast<unsigned long long>(count));
    return finish_fault_program(figures);
}
