#include "kiosk/store/delivery_figures.h"

#include "sync/agent/status.h"
#include "tests/sync/agent/uploader_box.h"

#include <fstream>

using namespace listenpost;
using namespace listenpost::sync;
using kiosk::DeliveryFigures;
using kiosk::SendingTrouble;

namespace {

/// What the manager's screen is told of what the agent has written.
DeliveryFigures figures_of(test::UploaderBox const& box)
{
    return kiosk::read_delivery_figures(box.folder.path(), box.clock);
}

}

TEST_CASE("The manager's screen counts as `status` does", "[sync][agent][delivery]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(5);
    box.handle(1);
    box.hub.refused = {2, 3};
    box.drain();
    box.hub.instead = [] { return Result<HttpReply>(fail(Errc::Unreachable, "connecting: refused")); };
    box.capture(3);
    box.drain();

    auto const figures = figures_of(box);
    REQUIRE(figures.counts);
    CHECK(figures.counts->captured == 9);
    CHECK(figures.counts->delivered == 4);
    CHECK(figures.counts->quarantined == 2);
    CHECK(figures.counts->waiting == 3);
    CHECK(figures.refused == std::vector<kiosk::RefusedRows> {{"invalid", 2}});
    CHECK(figures.trouble == SendingTrouble::Unreachable);
    CHECK(figures.trouble_at);
    CHECK(figures.next_attempt);
    CHECK(figures.last_contact);
    CHECK(figures.clock_is_set);
    CHECK(figures.version == LISTENPOST_VERSION);
    CHECK(figures.disk_free_bytes.value() > 0);

    auto const status = read_status({box.folder.path()}, box.clock);
    REQUIRE(status);
    CHECK(status->box.captured == figures.counts->captured);
    CHECK(status->box.delivered == figures.counts->delivered);
    CHECK(status->box.waiting == figures.counts->waiting);
    CHECK(status->box.oldest_waiting == figures.counts->oldest_waiting);
    CHECK(status->contact.last_contact == figures.last_contact);

    SECTION("and the trouble is over when the hub is back")
    {
        box.hub.instead = nullptr;
        box.clock.advance(std::chrono::hours(2));
        box.drain();
        auto const after = figures_of(box);
        CHECK(after.trouble == SendingTrouble::None);
        CHECK_FALSE(after.next_attempt);
        CHECK(after.counts->waiting == 0);
    }
}

TEST_CASE("A box that the hub does not know any more says so", "[sync][agent][delivery]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(1);
    box.hub.instead = [] { return Result<HttpReply>(test::hub_error(401, "token_unknown")); };
    box.drain();
    auto const figures = figures_of(box);
    CHECK(figures.trouble == SendingTrouble::UnknownBox);
    CHECK(figures.trouble_code == "token_unknown");
    CHECK(figures.counts->waiting == 1);
}

TEST_CASE("An agent that has fallen silent is never taken for one that delivers", "[sync][agent][delivery]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(1);
    box.drain();
    auto const trouble_after = [&](std::chrono::minutes span) {
        box.clock.advance(span);
        return figures_of(box).trouble;
    };
    CHECK(trouble_after(std::chrono::minutes(29)) == SendingTrouble::None);
    SECTION("it beats no more") { CHECK(trouble_after(std::chrono::minutes(2)) == SendingTrouble::Stopped); }
    SECTION("its heartbeats arrive")
    {
        REQUIRE(box.delivery->record_heartbeat("", box.clock.wall_now()));
        CHECK(trouble_after(std::chrono::minutes(29)) == SendingTrouble::None);
    }
    SECTION("its heartbeats are sent and do not arrive")
    {
        REQUIRE(box.delivery->record_heartbeat("unreachable", box.clock.wall_now()));
        CHECK(trouble_after(std::chrono::minutes(2)) == SendingTrouble::Unreachable);
    }
    SECTION("the machine was off for a night and has just started")
    {
        box.clock.wall += std::chrono::hours(12);
        box.clock.steady = SteadyTime(std::chrono::seconds(20));
        CHECK(figures_of(box).trouble == SendingTrouble::Starting);
        CHECK(trouble_after(std::chrono::minutes(10)) == SendingTrouble::Stopped);
    }
    SECTION("the clock was set back by a year")
    {
        box.clock.wall -= std::chrono::hours(24 * 365);
        CHECK(figures_of(box).trouble == SendingTrouble::Stopped);
    }
    SECTION("it was busy trying again and does so no more")
    {
        box.capture(1);
        box.hub.instead = [] { return Result<HttpReply>(fail(Errc::Unreachable, "connecting: refused")); };
        box.drain();
        auto const next = figures_of(box).next_attempt;
        REQUIRE(next);
        box.clock.wall = *next + std::chrono::minutes(29);
        CHECK(figures_of(box).trouble == SendingTrouble::Unreachable);
        CHECK(trouble_after(std::chrono::minutes(2)) == SendingTrouble::Stopped);
    }
}

TEST_CASE("An agent that never called since the enrolment has fallen silent, too", "[sync][agent][delivery]")
{
    test::UploaderBox box;
    box.enrol();
    CHECK(figures_of(box).trouble == SendingTrouble::None);
    CHECK_FALSE(figures_of(box).last_contact);
    box.clock.advance(std::chrono::minutes(31));
    CHECK(figures_of(box).trouble == SendingTrouble::Stopped);
}

TEST_CASE("Without an enrolment, or without an agent, all waits", "[sync][agent][delivery]")
{
    test::UploaderBox box;
    box.capture(2);
    CHECK(figures_of(box).trouble == SendingTrouble::NotEnrolled);
    CHECK(figures_of(box).counts->waiting == 2);
    box.uploader.reset();
    box.delivery.reset();
    std::filesystem::remove(box.delivery_path);
    CHECK(figures_of(box).trouble == SendingTrouble::NeverRan);
    CHECK(figures_of(box).counts->waiting == 2);
    CHECK(figures_of(box).counts->captured == 2);
}

TEST_CASE("What cannot be read is not known, and no figure stands for it", "[sync][agent][delivery]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(2);
    box.drain();
    auto const is_unknown = [&] {
        auto const figures = figures_of(box);
        return figures.trouble == SendingTrouble::Unknown && !figures.counts;
    };
    auto const change = [&](char const* file, char const* sql) {
        auto database = sqlite::Database::open(box.folder / file, sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute(sql));
    };
    REQUIRE_FALSE(is_unknown());
    SECTION("a mark that is not what was written") { change("delivery.db", "UPDATE delivered SET mark = 1"); }
    SECTION("a delivery.db of another version") { change("delivery.db", "PRAGMA user_version = 99"); }
    SECTION("a store.db of another version") { change("store.db", "PRAGMA user_version = 99"); }
    SECTION("a delivery.db that is none")
    {
        box.uploader.reset();
        box.delivery.reset();
        std::filesystem::remove(box.delivery_path.string() + "-wal");
        std::ofstream(box.delivery_path, std::ios::trunc) << std::string(8192, 'x');
    }
    CHECK(is_unknown());
}
