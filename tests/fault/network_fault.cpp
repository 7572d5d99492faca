// Puts a misbehaving hub between the real agent and the real hub, and counts what it did to the
// responses.
//
//   network_fault [--rounds N] [--seed S]    a schedule a round, and (with more than 1) the line cut
//                                            after every byte of a request and of a reply
//   network_fault --meta                     whether it notices agents that are wrong on purpose

#include "tests/fault/fault_program.h"
#include "tests/fault/network_schedule.h"
#include "tests/fault/wrong_agents.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>

using namespace listenpost;
using namespace listenpost::test;

namespace {

/// So many rounds cut after every byte; fewer of them after fewer, under TLS.
constexpr std::uint64_t long_form = 2'000;
constexpr std::uint64_t meta_rounds = 60;

void sweep(HubProcess& hub, MisbehavingHub& line, char const* name, Sweep const& where, FaultFigures& figures)
{
    auto const result = sweep_cuts(hub, line, where);
    std::printf("%s: cut after %zu numbers of bytes, every %zuth, of a request of %zu and a reply of %zu\n",
        name, result.cuts, where.stride, result.request_bytes, result.reply_bytes);
    if (!result.findings.none())
        std::printf("%s, the bytes %zu modulo %zu:\n", name, where.first, where.stride);
    figures.findings.add(result.findings);
    for (auto const& detail : result.findings.details)
        std::printf("%s\n", detail.c_str());
}

int meta(Shop& shop, std::uint64_t seed)
{
    int missed = 0;
    for (auto const& agent : wrong_agents()) {
        std::uint64_t round = 0;
        while (round < meta_rounds && run_schedule(shop, seed + round, agent.wrapper).*agent.noticed_as == 0)
            ++round;
        if (round == meta_rounds) {
            std::printf("NOT noticed in %llu schedules: an agent that %s\n",
                static_cast<unsigned long long>(round), agent.what);
            ++missed;
        } else {
            std::printf("noticed after %llu schedules: an agent that %s\n",
                static_cast<unsigned long long>(round + 1), agent.what);
        }
    }
    return missed == 0 ? 0 : 1;
}

int run(Shop& shop, FaultOptions const& options)
{
    FaultFigures figures;
    figures.schedules = options.rounds;
    if (options.rounds > 1) {
        sweep(shop.hub, shop.plain, "plain", {}, figures);
        auto const stride = std::max<std::uint64_t>(1, long_form / options.rounds);
        sweep(shop.hub, shop.tls, "TLS", {options.seed % stride, stride}, figures);
    }
    for (std::uint64_t seed = options.seed; seed < options.seed + options.rounds; ++seed)
        report_findings(figures, run_schedule(shop, seed), seed);
    auto const plain = shop.plain.done();
    auto const tls = shop.tls.done();
    for (std::size_t kind = 0; kind < plain.size(); ++kind)
        std::printf("%s %llu, ", name(static_cast<Fault::Kind>(kind)),
            static_cast<unsigned long long>(plain[kind] + tls[kind]));
    std::printf("hub killed %llu times\n", static_cast<unsigned long long>(shop.hub.kills()));
    return finish_fault_program(figures);
}

}

int main(int argc, char** argv)
{
    bool const is_meta = argc > 1 && std::string_view(argv[1]) == "--meta";
    constexpr std::uint64_t short_form = 200;
    auto const options = fault_options(is_meta ? argc - 1 : argc, is_meta ? argv + 1 : argv, short_form);
    if (!options)
        return 2;
    // What survives a power cut is not the question here; so the files may as well be in memory,
    // where thousands of schedules take minutes.
    std::error_code ignored;
    if (std::filesystem::is_directory("/dev/shm", ignored))
        ::setenv("TMPDIR", "/dev/shm", 0);
    TempFolder const folder;
    HubProcess hub(folder.path());
    MisbehavingHub plain(hub, test::Transport::Plain, folder.path());
    MisbehavingHub tls(hub, test::Transport::Tls, folder.path());
    Shop shop {hub, plain, tls};
    return is_meta ? meta(shop, options->seed) : run(shop, *options);
}
