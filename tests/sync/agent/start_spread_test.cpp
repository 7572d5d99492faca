#include "tests/sync/agent/uploader_box.h"

#include <algorithm>
#include <array>

using namespace listenpost;
using namespace listenpost::sync;
using namespace std::chrono_literals;

namespace {

/// When the first upload of a box goes out, after its boot.
std::chrono::milliseconds first_upload_after(double random)
{
    test::UploaderBox box;
    box.random = random;
    box.enrol();
    box.capture(1);
    box.uploader->spread_start(2min);
    auto const start = box.clock.steady;
    while (box.hub.bodies.empty()) {
        auto const step = box.uploader->step();
        if (step.next)
            box.clock.steady = std::max(box.clock.steady, *step.next);
    }
    return box.clock.steady - start;
}

}

TEST_CASE("Only a boot spreads the start", "[sync][agent]")
{
    CHECK(start_window(20s, usual_start_spread) == 2min);
    CHECK(start_window(5min, usual_start_spread) == 2min);
    CHECK(start_window(5min + 1ms, usual_start_spread) == 0ms);
    CHECK(start_window(24h, usual_start_spread) == 0ms);
    CHECK(start_window(20s, 10min) == 10min);
    CHECK(start_window(20s, 0s) == 0ms);
}

TEST_CASE("The backlogs of a town that boots at once go out over the whole window", "[sync][agent]")
{
    std::array<int, 4> in_quarter {};
    for (int box = 0; box < 20; ++box) {
        auto const after = first_upload_after(box / 20.0);
        REQUIRE(after < 2min);
        ++in_quarter[static_cast<std::size_t>(after / 30s)];
    }
    CHECK(in_quarter == std::array {5, 5, 5, 5});
}

TEST_CASE("A spread start says when it goes on, and does", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(2);
    box.uploader->spread_start(2min);
    auto const step = box.drain();
    CHECK(step.state == UploadState::Starting);
    CHECK(step.next == box.clock.steady + 1min);
    auto const contact = box.delivery->contact().value();
    CHECK(contact.error_code == "starting");
    CHECK(contact.next_attempt == box.clock.wall + 1min);

    box.capture(1); // goes behind what waits already
    CHECK(box.drain().next == step.next);
    box.clock.advance(1min);
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.mark() == 3);
    CHECK(box.delivery->contact().value().error_code.empty());

    box.capture(1);
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.mark() == 4);
}

TEST_CASE("A response that is closed after the start leaves at once where nothing waits", "[sync][agent]")
{
    test::UploaderBox box;
    SECTION("the kiosk has never run yet")
    {
        box.enrol();
        box.uploader->spread_start(2min);
        CHECK(box.drain().state == UploadState::Idle);
    }
    SECTION("all was delivered before")
    {
        box.enrol();
        box.capture(3);
        box.drain();
        box.restart();
        box.uploader->spread_start(2min);
        CHECK(box.drain().state == UploadState::Idle);
    }
    SECTION("the box is enrolled after the start, whatever it has captured")
    {
        box.capture(3);
        box.uploader->spread_start(2min);
        CHECK(box.drain().state == UploadState::NotEnrolled);
        box.enrol();
        CHECK(box.drain().state == UploadState::Idle);
        CHECK(box.hub.stored.size() == 3);
    }
    auto const before = box.hub.stored.size();
    box.capture(1);
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.hub.stored.size() == before + 1);
}

TEST_CASE("A network that comes up during a spread start hurries nobody; an operator does", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(1);
    box.uploader->spread_start(2min);
    auto const step = box.drain();
    box.clock.advance(10s);
    box.uploader->forget_troubles(Change::Network);
    CHECK(box.hub.renewed == 1);
    CHECK(box.drain().next == step.next);

    SECTION("nor a box whose moment came before its network")
    {
        box.hub.instead = [] { return Result<HttpReply>(fail(Errc::Unreachable, "no network yet")); };
        box.clock.steady = *step.next;
        auto const failed = box.drain();
        CHECK(failed.state == UploadState::BackingOff);
        box.uploader->forget_troubles(Change::Network);
        CHECK(box.drain().next == failed.next);
    }
    SECTION("an operator")
    {
        box.uploader->forget_troubles(Change::Operator);
        CHECK(*box.drain().next <= box.clock.steady + 2s);
    }
    SECTION("after the window a new network counts as ever")
    {
        box.hub.instead = [] { return Result<HttpReply>(fail(Errc::Unreachable, "no network yet")); };
        for (box.clock.steady = *step.next; box.clock.steady < *step.next + 10min;)
            box.clock.steady = *box.drain().next;
        auto const waits = box.drain();
        box.uploader->forget_troubles(Change::Network);
        CHECK(*box.drain().next <= box.clock.steady + 2s);
        CHECK(*waits.next > box.clock.steady + 2s);
    }
}
