#include "tests/fault/fault_program.h"

#include "platform/base/log.h"

#include <charconv>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace listenpost::test {
namespace {

std::optional<std::uint64_t> number(std::string_view text)
{
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

}

std::optional<FaultOptions> fault_options(int argc, char** argv, std::uint64_t rounds)
{
    FaultOptions options {.rounds = rounds};
    for (int i = 1; i < argc; i += 2) {
        std::string_view const name = argv[i];
        auto const value = i + 1 < argc ? number(argv[i + 1]) : std::nullopt;
        if (!value || (name != "--rounds" && name != "--seed")) {
            std::fprintf(stderr, "use: %s [--rounds N] [--seed S]\n", argv[0]);
            return std::nullopt;
        }
        (name == "--rounds" ? options.rounds : options.seed) = *value;
    }
    if (options.rounds != 1)
        set_log_level(LogLevel::Off); // errors by the thousand, all of them meant
    return options;
}

void report_findings(FaultFigures& figures, Findings const& found, std::uint64_t seed)
{
    figures.findings.lost += found.lost;
    figures.findings.twice += found.twice;
    figures.findings.stuck += found.stuck;
    for (auto const& detail : found.details)
        std::printf("--seed %llu --rounds 1: %s\n", static_cast<unsigned long long>(seed), detail.c_str());
}

int finish_fault_program(FaultFigures const& figures)
{
    auto const each = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
    std::printf("{\"cuts\":%llu,\"schedules\":%llu,\"lost\":%llu,\"double\":%llu,\"stuck\":%llu}\n",
        each(figures.cuts), each(figures.schedules), each(figures.findings.lost),
        each(figures.findings.twice), each(figures.findings.stuck));
    return figures.findings.none() ? 0 : 1;
}

}
