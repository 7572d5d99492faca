#include "tests/kiosk/model/misuse_simulation.h"

#include <catch2/catch.hpp>
#include <cstdio>

using namespace listenpost;
using namespace listenpost::test;

namespace {

constexpr unsigned seed = 20260101;
constexpr int crowd = 30'000;

void report(char const* who, Tally const& tally)
{
    std::printf("%-28s %6d responses, flagged %.3f %%:", who, tally.responses, 100 * tally.rate());
    for (auto const& [rule, count] : tally.by_rule)
        std::printf(" %s %.3f %%", rule.c_str(), 100 * tally.rate(rule));
    std::printf("\n");
}

/// A queue out of the door at noon: somebody every 4 to 8 s, and nobody before the last has left.
Tally lunch_rush(MisuseLimits limits)
{
    Exit exit(seed, limits);
    Tally tally;
    SteadyTime arrival = exit.now();
    while (tally.responses < crowd) {
        arrival += milliseconds(exit.between(4'000, 8'000));
        auto const free = exit.now() + milliseconds(change_of_person_ms(exit));
        exit.wait(static_cast<int>((std::max(arrival, free) - exit.now()).count()));
        answer_honestly(exit, {.gap_median_ms = 550, .leave_percent = 0}, tally);
    }
    return tally;
}

/// Two to five who belong together and stand side by side: the next one need not walk.
Tally families(MisuseLimits limits)
{
    Exit exit(seed + 1, limits);
    Tally tally;
    while (tally.responses < crowd) {
        exit.wait(exit.between(15'000, 240'000));
        for (int left = exit.between(2, 5); left > 0; --left) {
            answer_honestly(exit, {.leave_percent = 2}, tally);
            exit.wait(exit.human_ms(900, 0.3, 400) + exit.human_ms(1'800, 0.35, 900));
        }
    }
    return tally;
}

/// They love everything, know the screen, and have a train to catch.
Tally quick_tappers(MisuseLimits limits)
{
    Exit exit(seed + 2, limits);
    Tally tally;
    while (tally.responses < crowd) {
        exit.wait(exit.between(8'000, 60'000));
        answer_honestly(exit,
            {.gap_median_ms = 380, .gap_floor_ms = 220, .same_percent = 100, .leave_percent = 0}, tally);
    }
    return tally;
}

Tally slow_and_shaky(MisuseLimits limits)
{
    Exit exit(seed + 3, limits);
    Tally tally;
    while (tally.responses < crowd) {
        exit.wait(exit.between(8'000, 60'000));
        answer_honestly(exit,
            {.gap_median_ms = 2'200, .gap_floor_ms = 700, .correct_percent = 25, .double_percent = 30},
            tally);
    }
    return tally;
}

/// Same face, as fast as the hand goes, until bored.
Tally hammering_child(Exit exit)
{
    Tally tally;
    while (tally.responses < 5'000) {
        exit.wait(exit.between(20'000, 60'000));
        int const question = exit.between(0, 2);
        int const score = exit.between(1, 5);
        for (int taps = exit.between(6, 40); taps > 0; --taps) {
            exit.rate(question, score);
            exit.wait(exit.between(110, 260));
        }
        exit.wait(40'000);
        exit.close(ClosedBy::Timeout, tally);
    }
    return tally;
}

/// Anything on the screen, finish, once more, for some rounds.
Tally random_fast_child(Exit exit)
{
    Tally tally;
    while (tally.responses < 5'000) {
        exit.wait(exit.between(20'000, 60'000));
        for (int rounds = exit.between(4, 15); rounds > 0; --rounds) {
            for (int question = 0; question < 3; ++question) {
                for (int taps = exit.between(1, 4); taps > 0; --taps) {
                    exit.rate(question, exit.between(1, 5));
                    exit.wait(exit.between(150, 400));
                }
            }
            exit.wait(exit.between(200, 900));
            exit.close(ClosedBy::Finish, tally);
            exit.wait(exit.between(500, 1'800)); // "once more", and the first face
        }
    }
    return tally;
}

/// A finger drawn over the rows: one face of each, or every face it passes.
Tally sliding_child(Exit exit)
{
    Tally tally;
    while (tally.responses < 5'000) {
        exit.wait(exit.between(20'000, 60'000));
        if (exit.chance(50)) {
            int const score = exit.between(1, 5);
            for (int question = 0; question < 3; ++question) {
                exit.rate(question, score);
                exit.wait(exit.between(40, 190));
            }
        } else {
            for (int question = 0; question < 3; ++question)
                for (int score = 1; score <= 5; ++score) {
                    exit.rate(question, score);
                    exit.wait(exit.between(40, 190));
                }
        }
        exit.wait(2'500);
        exit.close(ClosedBy::Finish, tally);
    }
    return tally;
}

/// "Once more" and the same three faces at a grown-up's pace: a colleague who helps the score.
Tally again_and_again(Exit exit)
{
    Tally tally;
    while (tally.responses < 5'000) {
        exit.wait(exit.between(20'000, 60'000));
        for (int rounds = exit.between(5, 20); rounds > 0; --rounds) {
            for (int question = 0; question < 3; ++question) {
                exit.rate(question, 5);
                exit.wait(exit.human_ms(450, 0.25, 260));
            }
            exit.wait(exit.between(300, 700));
            exit.close(ClosedBy::Finish, tally);
            exit.wait(exit.human_ms(1'100, 0.25, 600));
        }
    }
    return tally;
}

}

TEST_CASE("Honest crowds are hardly ever taken for play", "[model][simulation]")
{
    Tally const rush = lunch_rush({});
    Tally const family = families({});
    Tally const quick = quick_tappers({});
    Tally const slow = slow_and_shaky({});
    report("lunch rush", rush);
    report("families", family);
    report("quick 5-5-5", quick);
    report("slow and shaky", slow);
    int const responses = rush.responses + family.responses + quick.responses + slow.responses;
    int const flagged = rush.flagged + family.flagged + quick.flagged + slow.flagged;
    double const rate = double(flagged) / responses;
    std::printf("%-28s %6d responses, flagged %.3f %%\n", "all honest", responses, 100 * rate);
    CHECK(responses >= 100'000);
    CHECK(rate < 0.02);
    CHECK(family.rate() < 0.08);
    CHECK(rush.rate() < 0.005);
    CHECK(quick.rate() < 0.001);
    CHECK(slow.rate() < 0.001);
    CHECK(rush.rate("burst") < 0.001);
}

TEST_CASE("Children at play are noticed", "[model][simulation]")
{
    Tally const hammering = hammering_child(Exit(seed));
    Tally const random = random_fast_child(Exit(seed));
    Tally const sliding = sliding_child(Exit(seed));
    Tally const again = again_and_again(Exit(seed));
    report("hammering one face", hammering);
    report("random fast taps", random);
    report("a finger over all faces", sliding);
    report("again and again", again);
    CHECK(hammering.rate() > 0.9);
    CHECK(random.rate() > 0.8);
    CHECK(sliding.rate() > 0.9);
    CHECK(again.rate() > 0.8);
}

// Not a test: prints what other limits would do, for MISUSE.md (kiosk_model_tests "[.sweep]").
TEST_CASE("What other limits would do", "[.sweep]")
{
    for (int ms : {1'000, 1'500, 2'000, 2'500, 3'000}) {
        MisuseLimits limits {.repress_within = milliseconds(ms)};
        std::printf("repress within %d ms: rush %.2f %%, families %.2f %%, again %.2f %%, random %.2f %%\n",
            ms, 100 * lunch_rush(limits).rate("repress"), 100 * families(limits).rate("repress"),
            100 * again_and_again(Exit(seed, limits)).rate("repress"),
            100 * random_fast_child(Exit(seed, limits)).rate("repress"));
    }
    for (int ms : {150, 200, 250, 300, 350}) {
        MisuseLimits limits {.straight_line_gap = milliseconds(ms)};
        std::printf("straight line %d ms: quick %.3f %%, sliding %.2f %%\n", ms,
            100 * quick_tappers(limits).rate("straight_line"),
            100 * sliding_child(Exit(seed, limits)).rate("straight_line"));
    }
}
