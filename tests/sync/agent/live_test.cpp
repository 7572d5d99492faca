#include "sync/agent/wait_for_reason.h"
#include "tests/sync/agent/uploader_box.h"

#include <deque>

using namespace listenpost;
using namespace listenpost::sync;
using namespace std::chrono_literals;

namespace {

/// A world in which things happen at given moments, and sleeping takes no time.
struct Events {
    struct Event {
        SteadyTime at;
        WakeReasons reasons;
        std::function<void()> happens = [] {};
    };

    WakeReasons wait(std::optional<std::chrono::milliseconds> timeout)
    {
        auto const until = timeout ? std::optional(clock.steady + *timeout) : std::nullopt;
        if (next.empty() || (until && next.front().at > *until)) {
            REQUIRE(until); // asleep for ever
            clock.advance(*timeout);
            return {};
        }
        auto const event = next.front();
        next.pop_front();
        if (event.at > clock.steady)
            clock.advance(event.at - clock.steady);
        event.happens();
        return event.reasons;
    }

    test::FakeClock& clock;
    std::deque<Event> next;
};

constexpr WakeReasons files {.files = true};

}

TEST_CASE("The agent sleeps until there is a reason", "[sync][agent][live]")
{
    test::FakeClock clock;
    Events events {clock, {}};
    auto const start = clock.steady;
    auto const wait = [&](std::optional<SteadyTime> next) {
        return wait_for_reason([&](auto timeout) { return events.wait(timeout); }, clock, next);
    };
    SECTION("a time")
    {
        CHECK(wait(start + 5min).timeout());
        CHECK(clock.steady == start + 5min);
    }
    SECTION("a time that has passed")
    {
        CHECK(wait(start - 1s).timeout());
        CHECK(clock.steady == start);
    }
    SECTION("files, without any time: and once more for what comes right behind")
    {
        events.next = {{start + 1h, files}, {start + 1h + 100ms, files}};
        auto const reasons = wait(std::nullopt);
        CHECK(reasons.files);
        CHECK_FALSE(reasons.network);
        CHECK(clock.steady == start + 1h + 300ms);
        CHECK(events.next.empty());
    }
    SECTION("files that never rest")
    {
        for (auto at = start; at < start + 10s; at += 20ms)
            events.next.push_back({at, files});
        wait(std::nullopt);
        CHECK(clock.steady <= start + 400ms);
    }
    SECTION("a network that changes within a burst of files is not overlooked")
    {
        events.next = {{start, files}, {start + 50ms, {.network = true}}, {start + 90ms, files}};
        CHECK(wait(std::nullopt).network);
    }
    SECTION("a stop, at once")
    {
        events.next = {{start + 10ms, files}, {start + 20ms, {.stop = true}}, {start + 30ms, files}};
        CHECK(wait(start + 5min).stop);
        CHECK(clock.steady == start + 20ms);
    }
}

TEST_CASE(
    "A response is on its way within 2 s of its closing, whatever else the box writes", "[sync][agent][live]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(1);
    box.drain();
    Events events {box.clock, {}};
    std::vector<SteadyTime> closed;
    std::vector<SteadyTime> arrived;
    box.hub.afterwards = [&]() -> std::optional<Result<HttpReply>> {
        while (arrived.size() + 1 < box.hub.stored.size())
            arrived.push_back(box.clock.steady);
        return std::nullopt;
    };
    // Taps every 100 ms for a minute, from several customers; a response every 700 ms. The agent's
    // own writes wake it too.
    auto const start = box.clock.steady;
    for (auto after = 0ms; after < 1min; after += 100ms) {
        bool const closes = after % 700ms == 0ms;
        events.next.push_back({start + after, files, [&, closes] {
                                   if (!closes)
                                       return;
                                   box.capture(1);
                                   closed.push_back(box.clock.steady);
                               }});
    }
    auto const wait = [&](auto timeout) { return events.wait(timeout); };
    while (!events.next.empty()) {
        auto const step = box.uploader->step(); // as run_command() does
        if (step.state != UploadState::Delivering)
            wait_for_reason(wait, box.clock, step.next);
    }
    CHECK(box.drain().state == UploadState::Idle);
    REQUIRE(arrived.size() == closed.size());
    for (std::size_t i = 0; i < closed.size(); ++i)
        CHECK(arrived[i] - closed[i] <= 400ms);
    CHECK(box.hub.bodies.size() > closed.size() / 2); // and no batch was waited for
}
