// Puts a misbehaving hub between the real agent and the real hub, and counts what it did to the
// responses.
//
//   network_fault [--rounds N] [--seed S]    N schedules, the first with seed S, and every byte of
//                                            request and reply cut (with 1: the schedule alone)
//   network_fault --meta                     whether it notices agents that are wrong on purpose
//
// The last line on stdout is JSON; the exit code is 1 if anything was lost, double or stuck.

#include "platform/base/log.h"
#include "tests/fault/network_schedule.h"
#include "tests/fault/wrong_agents.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>

using namespace listenpost;
using namespace listenpost::test;

namespace {

/// So many rounds cut after every byte; fewer of them after fewer, under TLS.
constexpr std::uint64_t long_form = 2'000;
constexpr std::uint64_t meta_rounds = 60;

struct Options {
    std::uint64_t rounds = 200;
    std::uint64_t seed = 1;
    bool meta = false;
    bool verbose = false;
};

bool read_options(int argc, char** argv, Options& options)
{
    for (int i = 1; i < argc; ++i) {
        std::string_view const word = argv[i];
        if (word == "--meta") {
            options.meta = true;
            continue;
        }
        if (word == "--verbose") {
            options.verbose = true;
            continue;
        }
        auto* const number = word == "--rounds" ? &options.rounds
            : word == "--seed"                  ? &options.seed
                                                : nullptr;
        if (!number || ++i == argc)
            return false;
        char const* const end = argv[i] + std::strlen(argv[i]);
        if (std::from_chars(argv[i], end, *number).ptr != end || *argv[i] == '\0')
            return false;
    }
    return true;
}

void tell(char const* what, std::uint64_t seed, Damage const& damage)
{
    std::fprintf(stderr, "%s, seed %llu: lost %lld, double %lld, stuck %lld\n%s", what,
        static_cast<unsigned long long>(seed), static_cast<long long>(damage.lost),
        static_cast<long long>(damage.doubled), static_cast<long long>(damage.stuck), damage.story.c_str());
}

Damage sweep(HubProcess& hub, MisbehavingHub& line, char const* name, Sweep const& where, std::size_t& cuts)
{
    auto const result = sweep_cuts(hub, line, where);
    std::printf("%s: cut after %zu numbers of bytes, every %zuth, of a request of %zu and a reply of %zu\n",
        name, result.cuts, where.stride, result.request_bytes, result.reply_bytes);
    cuts += result.cuts;
    if (result.damage.any())
        tell(name, where.first, result.damage);
    return result.damage;
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

int run(Shop& shop, Options const& options)
{
    Damage damage;
    std::size_t cuts = 0;
    if (options.rounds > 1) {
        damage += sweep(shop.hub, shop.plain, "plain", {}, cuts);
        auto const stride = std::max<std::uint64_t>(1, long_form / options.rounds);
        damage += sweep(shop.hub, shop.tls, "TLS", {options.seed % stride, stride}, cuts);
    }
    for (std::uint64_t seed = options.seed; seed < options.seed + options.rounds; ++seed) {
        auto const one = run_schedule(shop, seed);
        if (one.any() || options.verbose)
            tell("schedule", seed, one);
        damage += one;
    }
    auto done = shop.plain.done();
    for (std::size_t kind = 0; kind < done.size(); ++kind) {
        done[kind] += shop.tls.done()[kind];
        std::printf("%s %llu%s", name(static_cast<Fault::Kind>(kind)),
            static_cast<unsigned long long>(done[kind]), kind + 1 < done.size() ? ", " : "\n");
    }
    std::printf("{\"schedules\":%llu,\"line_cuts\":%zu,\"hub_kills\":%llu,\"lost\":%lld,\"double\":%lld,"
                "\"stuck\":%lld}\n",
        static_cast<unsigned long long>(options.rounds), cuts,
        static_cast<unsigned long long>(shop.hub.kills()), static_cast<long long>(damage.lost),
        static_cast<long long>(damage.doubled), static_cast<long long>(damage.stuck));
    return damage.any() ? 1 : 0;
}

}

int main(int argc, char** argv)
{
    Options options;
    if (!read_options(argc, argv, options)) {
        std::fputs("use: network_fault [--rounds N] [--seed S] [--meta] [--verbose]\n", stderr);
        return 2;
    }
    // Its troubles are the point here, and the stories tell them.
    set_log_level(options.verbose ? LogLevel::Info : LogLevel::Error);
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
    return options.meta ? meta(shop, options.seed) : run(shop, options);
}
