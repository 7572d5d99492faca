#include "tests/fault/network_schedule.h"

#include <nlohmann/json.hpp>

namespace listenpost::test {
namespace {

using namespace std::chrono_literals;
using Kind = Fault::Kind;

/// Whatever was said to the agent before, it asks again after this long: an hour's Retry-After,
/// or the hour of a hub that does not know it, and a random part.
constexpr std::chrono::milliseconds longest_silence = 75min;

/// One box on its way through a schedule, and what is noticed about it.
class Watch {
public:
    Watch(HubProcess& hub, NetworkBox& box)
        : hub_(hub)
        , box_(box)
    {
    }

    void tell(std::string const& what) { story_ += what + "\n"; }

    /// Nothing is marked as delivered that the hub does not have, or that is not set aside.
    void check_mark()
    {
        std::int64_t const mark = box_.mark();
        if (mark == checked_mark_ || hub_.port() == 0)
            return;
        checked_mark_ = mark;
        std::int64_t const decided
            = hub_.committed(box_.install(), mark) + std::ssize(box_.quarantined()); // all are below the mark
        if (decided < mark) {
            marked_too_far_ = true;
            tell("marked up to " + std::to_string(mark) + ", and the hub has " + std::to_string(decided));
        }
    }

    /// On an honest line: until nothing waits. False: it does not come to an end.
    bool drain(Patience patience)
    {
        auto const begun = box_.clock.steady;
        // Each step settles or halves a batch; the rest are pauses, and time-outs of a slow machine.
        std::size_t const limit = 200 + 10 * (box_.said().size() + box_.poisoned().size());
        bool first = true;
        for (std::size_t steps = 0; steps < limit; ++steps) {
            auto const step = box_.step();
            if (step.state == sync::UploadState::Idle)
                return true;
            if (first && box_.clock.steady - begun > longest_silence) {
                tell("silent for " + std::to_string((box_.clock.steady - begun).count()) + " ms");
                break;
            }
            first = false;
            if (patience == Patience::Short && steps == limit / 2)
                box_.restart_agent(Patience::Usual);
        }
        tell("stuck: mark " + std::to_string(box_.mark()));
        findings_.stuck = 1;
        return false;
    }

    /// What HQ pulls must be what was said, once.
    void check_rows()
    {
        for (auto const& line : hub_.pull()) {
            auto const row = nlohmann::json::parse(line);
            std::int64_t const seq = row["seq"];
            auto const said = box_.said().find(seq);
            bool const is_right = row["install"] == box_.install() && said != box_.said().end()
                && row.value(row.contains("event") ? "note" : "comment", "") == said->second
                && arrived_.insert(seq).second;
            if (!is_right) {
                ++findings_.twice;
                tell("not once, or never said: " + line);
            }
        }
    }

    Findings judge()
    {
        for (auto const& [seq, comment] : box_.said())
            if (!arrived_.contains(seq)) {
                ++findings_.lost;
                tell("lost: " + std::to_string(seq));
            }
        auto const aside = box_.quarantined();
        if (aside != box_.poisoned()) {
            tell("quarantined " + std::to_string(aside.size()) + ", poisoned "
                + std::to_string(box_.poisoned().size()));
            for (std::int64_t const seq : box_.poisoned())
                findings_.lost += aside.contains(seq) ? 0U : 1U;
            for (std::int64_t const seq : aside) // and where it is not at the hub, it was counted above
                findings_.lost += box_.poisoned().contains(seq) || !arrived_.contains(seq) ? 0U : 1U;
        }
        // Even if it has come in the end: had the box lost its power then, it would be gone.
        findings_.lost += findings_.lost == 0 && marked_too_far_ ? 1U : 0U;
        if (!findings_.none())
            findings_.details = {story_};
        return findings_;
    }

private:
    HubProcess& hub_;
    NetworkBox& box_;
    std::int64_t checked_mark_ = 0;
    bool marked_too_far_ = false;
    std::set<std::int64_t> arrived_;
    Findings findings_;
    std::string story_;
};

/// In proportion to what there is to find: the many ways of a wrong reply more often.
Kind any_kind(Random& random, Patience patience)
{
    for (;;) {
        auto const number = draw(random, fault_kinds + 6);
        if (number >= fault_kinds)
            return number % 2 == 0 ? Kind::Wrong : Kind::WrongAfter;
        auto const kind = static_cast<Kind>(number);
        if (kind == Kind::HubKilled && chance(random, 60)) // a new process each time
            continue;
        if (patience == Patience::Short || !needs_impatience(kind))
            return kind;
    }
}

Fault any_fault(Random& random, Patience patience, MisbehavingHub const& line)
{
    Fault fault;
    fault.kind = any_kind(random, patience);
    fault.salt = random();
    fault.cut.by_reset = chance(random, 50);
    // A part of the size, not a number below it: where an id compresses otherwise, the fault stays the same.
    constexpr std::size_t unknown = 640;
    auto const within = [&](std::size_t size) {
        return static_cast<std::size_t>(1.25 * std::generate_canonical<double, 53>(random)
            * static_cast<double>(size > 0 ? size : unknown));
    };
    if (fault.kind == Kind::Truncate || (fault.kind == Kind::Cut && chance(random, 50)))
        fault.cut.after_received = within(line.last_received());
    else if (fault.kind == Kind::Cut)
        fault.cut.after_sent = within(line.last_sent());
    return fault;
}

}

Findings run_schedule(Shop& shop, std::uint64_t seed, Wrapper const& wrapper)
{
    Random random(seed);
    auto& line = chance(random, 40) ? shop.tls : shop.plain;
    auto const patience = chance(random, 25) ? Patience::Short : Patience::Usual;
    unsigned const fault_percent = 30 + static_cast<unsigned>(draw(random, 70));
    unsigned const poison_percent = chance(random, 20) ? static_cast<unsigned>(draw(random, 40)) : 0;
    line.forget();
    line.arm({});
    shop.hub.start();
    NetworkBox box(line.url(), shop.hub.device_token(), line.ca_file(), patience, random(), wrapper);
    box.clock.is_set = chance(random, 80);
    Watch watch(shop.hub, box);

    auto const customers_come = [&](std::uint64_t how_many) {
        for (; how_many > 0; --how_many) {
            if (chance(random, poison_percent))
                box.close_poisoned(random);
            else
                box.close_response();
        }
    };
    customers_come(1 + draw(random, chance(random, 20) ? 60 : 6));
    for (auto steps = 4 + draw(random, 12); steps > 0; --steps) {
        if (chance(random, 70))
            shop.hub.start(); // else it stays down, if it is
        auto const fault = chance(random, fault_percent) ? any_fault(random, patience, line) : Fault {};
        line.arm(fault);
        auto const state = box.step(chance(random, 15) ? 1 + static_cast<int>(draw(random, 3)) : 0);
        watch.tell(describe(fault) + " -> " + std::to_string(static_cast<int>(state.state)) + " "
            + state.detail + ", mark " + std::to_string(box.mark()));
        watch.check_mark();
        if (chance(random, 40))
            customers_come(draw(random, 4));
        if (chance(random, 12)) {
            watch.tell("the agent starts anew");
            box.restart_agent(patience);
        }
        if (chance(random, 10))
            box.forget_troubles();
        if (chance(random, 10))
            line.deliver_late();
    }

    shop.hub.start();
    line.arm({});
    watch.tell("the line is honest");
    watch.drain(patience);
    watch.check_mark();
    watch.check_rows();
    if (line.deliver_late() > 0)
        watch.check_rows();
    return watch.judge();
}

SweepResult sweep_cuts(HubProcess& hub, MisbehavingHub& line, Sweep const& sweep)
{
    SweepResult result;
    hub.start();
    line.arm({});
    NetworkBox box(line.url(), hub.device_token(), line.ca_file(), Patience::Usual, 1, {});
    Watch watch(hub, box);
    auto const cut_all = [&](std::optional<std::size_t> Cut::*where) {
        constexpr std::size_t never_so_long = 100'000;
        std::size_t at = sweep.first;
        for (; at < never_so_long; at += sweep.stride) {
            box.close_response();
            box.restart_agent(Patience::Usual);
            auto const before = box.mark();
            Fault fault;
            fault.kind = Kind::Cut;
            fault.cut.*where = at;
            fault.cut.by_reset = at % 2 == 0;
            line.arm(fault);
            box.step();
            watch.check_mark();
            bool const over = box.mark() > before;
            line.arm({});
            if (!watch.drain(Patience::Usual)) {
                watch.tell("after " + describe(fault));
                break;
            }
            if (over)
                break;
            ++result.cuts;
        }
        return at;
    };
    result.request_bytes = cut_all(&Cut::after_received);
    result.reply_bytes = cut_all(&Cut::after_sent);
    watch.check_rows();
    result.findings = watch.judge();
    return result;
}

}
