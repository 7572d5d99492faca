// A disk gives back other bytes than were written, in store.db, delivery.db, hub.db or one of their WALs,
// while nothing runs. Then everything starts again as on a real box, and goes on.
//
//   damaged_files [--rounds N] [--seed S]      one damage a round
//
// What is promised of each file stands with its check.

#include "tests/fault/damage_round.h"
#include "tests/fault/fault_program.h"

#include <cstdio>
#include <map>

using namespace listenpost::test;

int main(int argc, char** argv)
{
    constexpr std::uint64_t short_form = 240;
    auto const options = fault_options(argc, argv, short_form);
    if (!options)
        return 2;
    FaultFigures figures;
    std::map<std::string, std::uint64_t> outcomes;
    for (std::uint64_t round = 0; round < options->rounds; ++round) {
        std::uint64_t const seed = options->seed + round;
        auto const result = play_damage_round(seed);
        if (options->rounds == 1)
            std::printf("%s: %s\n", result.damage.c_str(), result.outcome.c_str());
        ++figures.schedules;
        ++outcomes[result.outcome];
        report_findings(figures, result.findings, seed);
    }
    for (auto const& [outcome, count] : outcomes)
        std::printf("%s: %llu times\n", outcome.c_str(), static_cast<unsigned long long>(count));
    return finish_fault_program(figures);
}
