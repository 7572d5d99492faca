#include "sync/hub/place_in_time.h"

#include <catch2/catch.hpp>
#include <chrono>

using namespace listenpost;
using namespace listenpost::sync;
using namespace std::chrono_literals;

namespace {

using Span = std::chrono::milliseconds;

/// The truth: when the tap was, and when the hub saw the request begin.
constexpr std::int64_t tapped_ms = 1'790'000'000'000;
constexpr Span later = 20min;
constexpr std::int64_t received_ms = tapped_ms + later / 1ms;
constexpr std::int64_t boot_ms = tapped_ms - Span(1h) / 1ms; ///< when the tap's boot began
/// A quartz that gains or loses may explain so much over `later`, and 2 s more.
constexpr Span close_enough = 2s + later / 10'000;

struct Case {
    ParsedResponse response;
    SentClocks sent;
    std::optional<std::int64_t> age_ms = 0;
    std::vector<kiosk::BootClock> clocks;

    std::int64_t placed() const
    {
        return place_in_time(response, Sending {sent, age_ms, clocks, received_ms});
    }
    /// How much the hub is late.
    Span error() const { return Span(placed() - tapped_ms); }
};

/// A tap, and a sending in the same boot, by a box without any set clock.
Case never_set()
{
    Case made;
    made.response.opened_ms = 3'600'000; // 1970
    made.response.steady_ms = tapped_ms - boot_ms;
    made.response.boot = "first";
    made.sent = {4'800'000, received_ms - boot_ms, "first", false};
    return made;
}

/// Both clocks were set; the one at the opening was off by `opening`, that of the sending by `sending`.
Case set(Span opening, Span sending)
{
    auto made = never_set();
    made.response.clock_set = true;
    made.response.opened_ms = tapped_ms + opening / 1ms;
    made.sent.clock_set = true;
    made.sent.wall_ms = received_ms + sending / 1ms;
    return made;
}

Case opening_set(Span off)
{
    auto made = set(off, 0s);
    made.sent.clock_set = false;
    return made;
}

Case sending_set(Span off)
{
    auto made = set(0s, off);
    made.response.clock_set = false;
    made.response.opened_ms = 3'600'000;
    return made;
}

/// The request was so long on its way after `sent` had been read.
Case delayed(Case made, Span by)
{
    made.sent.steady_ms -= by / 1ms;
    made.sent.wall_ms -= by / 1ms;
    return made;
}

/// The same bytes as before, so long after the first attempt.
Case sent_again(Case made, Span after)
{
    made = delayed(std::move(made), after);
    made.age_ms = after / 1ms;
    return made;
}

/// A box that says no age: an older one, or a client by curl.
Case without_age(Case made)
{
    made.age_ms.reset();
    return made;
}

/// Sent 5 minutes after the next boot; whatever clock that boot has does not matter.
Case other_boot(Case made)
{
    made.sent.boot = "second";
    made.sent.steady_ms = Span(5min) / 1ms;
    return made;
}

/// The boot of the tap knew the time `after` the tap, and was off by `off` then.
Case noted(Case made, Span after, Span off)
{
    made.clocks.push_back({"a boot", 5, 5});
    made.clocks.push_back({"first", tapped_ms - boot_ms + after / 1ms, tapped_ms + (after + off) / 1ms});
    made.clocks.push_back({"gone", 5, 5});
    return made;
}

}

TEST_CASE("The hub places a first tap as well as the clocks allow", "[sync][hub]")
{
    struct Row {
        char const* what;
        Case made;
        Span error;
    };
    std::vector<Row> const rows {
        {"a clock that is always right", set(0s, 0s), 0s},
        {"a set clock is believed to the millisecond", set(-700ms, -700ms), -700ms},
        {"nobody ever set it: counted back from the receipt", never_set(), 0s},
        {"ditto, by a request that came slowly: late by that", delayed(never_set(), 40s), 40s},
        {"the same bytes after an outage", sent_again(never_set(), 10min), 0s},
        {"it was set before the sending: counted back from it", sending_set(0s), 0s},
        {"ditto, by a request that came slowly: the set clock knows better", delayed(sending_set(0s), 40s),
            0s},
        {"ditto, the same bytes after an outage", sent_again(sending_set(0s), 10min), 0s},
        {"set at the opening, no more at the sending", opening_set(0s), 0s},
        {"ditto, by a request that came slowly", delayed(opening_set(0s), 40s), 0s},

        {"a slow request: the tap's own reading, not the one counted back", delayed(set(-700ms, -300ms), 40s),
            -700ms},

        {"it was hours behind, and put right", set(-3h, 0s), 0s},
        {"it was hours ahead, and put right", set(3h, 0s), 0s},
        {"it was behind by half a minute, and put right", set(-30s, 0s), 0s},
        {"put right, sent by a slow request", delayed(set(-3h, 0s), 40s), 0s},
        {"put right, sent again after an outage", sent_again(set(3h, 0s), 10min), 0s},
        {"it jumped back by hours since", set(0s, -3h), 0s},
        {"it jumped ahead by hours since", set(0s, 3h), 0s},
        {"it jumped back since, and the request was slow", delayed(set(0s, -3h), 40s), 0s},
        {"it jumped back by half a minute since", set(0s, -30s), 0s},
        {"a jump of less than quartz may drift is none", set(close_enough, 0s), close_enough},
        {"a jump of more is one", set(close_enough + 1ms, 0s), 0s},

        {"a set clock that is plainly wrong all the time: behind", set(-6min, -6min), 0s},
        {"ditto, ahead", set(6min, 6min), 0s},
        {"ditto, ahead by three seconds", set(3s, 3s), 0s},
        {"ditto, sent again after an outage", sent_again(set(-3h, -3h), 10min), 0s},
        {"two minutes behind: that may be a slow request, so it is believed", set(-2min, -2min), -2min},
        {"1970 all the time, though it says that it is set", set(Span(-tapped_ms), Span(-tapped_ms)), 0s},

        {"no age: a set clock is believed", without_age(set(0s, 0s)), 0s},
        {"no age: a set clock is believed after an outage too", without_age(delayed(set(0s, 0s), 10min)), 0s},
        {"no age: put right before the sending, then an outage", without_age(delayed(set(3h, 0s), 10min)),
            0s},
        {"no age, unset: `sent` is of this attempt", without_age(never_set()), 0s},
        {"no age: ahead of the hub all the time", without_age(set(3h, 3h)), 0s},
        {"no age: it jumped ahead since", without_age(set(0s, 3h)), 0s},
        {"no age: it jumped ahead since, and then an outage", without_age(delayed(set(0s, 3h), 10min)), 0s},

        {"another boot, a set clock", other_boot(set(0s, 0s)), 0s},
        {"another boot, and its clock was never right", other_boot(never_set()), Span(later - 5min)},
        {"ditto, sent again after an outage: this boot began earlier",
            [] {
                auto made = other_boot(never_set());
                made.age_ms = Span(10min) / 1ms;
                return made;
            }(),
            Span(later - 15min)},
        {"another boot, set before the tap", noted(other_boot(never_set()), -30min, 0s), 0s},
        {"another boot, set after the tap", noted(other_boot(never_set()), 10min, 0s), 0s},
        {"another boot, wrong at the tap and put right then", noted(other_boot(set(-3h, 0s)), 10min, 0s), 0s},
        {"another boot, a note that agrees: the tap's own reading",
            noted(other_boot(set(-700ms, 0s)), 10min, 300ms), -700ms},
        {"another boot, a note from the future: the tap's own reading",
            noted(other_boot(set(0s, 0s)), 10min, 3h), 0s},
        {"another boot, both from the future: before this boot", noted(other_boot(set(3h, 0s)), 10min, 3h),
            Span(later - 5min)},
        {"another boot, set, says 1970: before this boot", other_boot(set(Span(-tapped_ms), 0s)),
            Span(later - 5min)},
        {"another boot, a note from 1970 is none", noted(other_boot(set(0s, 0s)), 10min, Span(-tapped_ms)),
            0s},
    };
    for (auto const& [what, made, error] : rows) {
        INFO(what);
        CHECK(made.error().count() == error.count());
    }
}

TEST_CASE("The hub never places a tap after its receipt, nor before there was a ListenPost", "[sync][hub]")
{
    SECTION("a box's clock that is a little ahead")
    {
        auto made = set(1500ms, 1500ms);
        made.response.steady_ms = made.sent.steady_ms;
        made.response.opened_ms = received_ms + 1500;
        CHECK(made.placed() == received_ms);
    }
    SECTION("a tap after its own sending is no moment of that boot, whatever its id says")
    {
        auto made = never_set();
        made.response.steady_ms = made.sent.steady_ms + 1;
        CHECK(made.placed() == received_ms);
        made.response.clock_set = true;
        made.response.opened_ms = tapped_ms;
        CHECK(made.placed() == tapped_ms);
    }
    SECTION("steady times that lead to nowhere")
    {
        constexpr std::int64_t largest = 9'007'199'254'740'991;
        auto made = never_set();
        made.sent.steady_ms = largest;
        CHECK(made.placed() == received_ms);
        made.age_ms = largest;
        CHECK(made.placed() == received_ms);
        made = other_boot(std::move(made));
        made.sent.steady_ms = largest;
        CHECK(made.placed() == received_ms);
        made = noted(other_boot(never_set()), 0s, 0s);
        made.response.steady_ms = largest;
        CHECK(made.placed() == received_ms - Span(5min) / 1ms);
    }
}
