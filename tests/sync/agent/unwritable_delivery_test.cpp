// delivery.db on a disk that takes nothing more: a real SQLite file that may not grow, or not be
// written at all.
#include "tests/sync/agent/uploader_box.h"

#include <csignal>
#include <fstream>
#include <sys/resource.h>

using namespace listenpost;
using namespace listenpost::sync;
using namespace std::chrono_literals;
using test::UploaderBox;

namespace {

/// No file of this process may become longer than `bytes`, as if the disk were full: the kernel
/// says so to every write.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN); // a failing write, not a death
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit const now {bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &now);
    }
    ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }
    FullDisk(FullDisk const&) = delete;
    FullDisk& operator=(FullDisk const&) = delete;

private:
    rlimit before_ {};
};

/// Steps as often as the agent would within `span`, and counts the requests.
std::size_t requests_within(UploaderBox& box, std::chrono::milliseconds span)
{
    auto const before = box.hub.bodies.size();
    auto const end = box.clock.steady + span;
    while (box.clock.steady < end) {
        auto const step = box.uploader->step();
        box.clock.advance(step.next ? std::max(*step.next - box.clock.steady, 1ms) : 1s);
    }
    return box.hub.bodies.size() - before;
}

}

TEST_CASE("An acknowledgement that cannot be recorded is kept, and not asked for again", "[sync][agent]")
{
    UploaderBox box;
    box.enrol();
    box.capture(3);
    auto other = sqlite::Database::open(box.folder / "delivery.db", sqlite::OpenMode::Writer);
    REQUIRE(other);
    REQUIRE(other->execute(
        "CREATE TRIGGER full BEFORE INSERT ON delivered BEGIN SELECT raise(ABORT, 'no room'); END"));
    box.hub.refused = {2};

    auto step = box.drain();
    CHECK(step.state == UploadState::Stuck);
    CHECK(step.detail.starts_with("the hub has what was sent, but that cannot be recorded: "));
    CHECK(box.mark() == 0);
    auto const contact = box.delivery->contact().value();
    CHECK(contact.error_code.starts_with("file_"));
    CHECK(contact.error_detail == "the hub has what was sent, but that cannot be recorded"); // no SQL
    for (auto const pause : {30s, 60s, 120s, 240s, 300s, 300s}) {
        CHECK(*step.next == box.clock.steady + pause);
        box.clock.steady = *step.next;
        step = box.drain();
    }
    CHECK(box.hub.bodies.size() == 1);

    box.capture(2); // customers go on
    REQUIRE(other->execute("DROP TRIGGER full"));
    box.clock.steady = *step.next;
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.mark() == 5);
    CHECK(box.hub.batches.size() == 2);
    CHECK(box.hub.batches[1] == std::vector<std::int64_t> {4, 5});
    CHECK(box.delivery->quarantined(10).value().at(0).refusal.seq == 2);
    CHECK(box.hub.stored.size() == 4);
}

TEST_CASE("A day on a full disk costs the hub one request", "[sync][agent]")
{
    UploaderBox box;
    box.enrol();
    box.capture(1'500);
    {
        // What the WAL has grown to already is room that a disk does not take back; so from nothing.
        auto database = sqlite::Database::open(box.folder / "delivery.db", sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->query_integer("PRAGMA wal_checkpoint(TRUNCATE)"));
    }
    {
        FullDisk const full(16);
        CHECK(requests_within(box, 24h) == 1);
        CHECK(box.mark() == 0);
        CHECK(box.uploader->step().state == UploadState::Stuck);
    }
    box.clock.advance(5min);
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.mark() == 1'500);
    CHECK(box.hub.batches.size() == 2);
    for (auto const& [key, times] : box.hub.seen)
        CHECK(times == 1);
}

TEST_CASE("An agent that ended with an unrecorded acknowledgement sends once more, and the hub counts once",
    "[sync][agent]")
{
    UploaderBox box;
    box.enrol();
    box.capture(4);
    auto other = sqlite::Database::open(box.folder / "delivery.db", sqlite::OpenMode::Writer);
    REQUIRE(other);
    REQUIRE(other->execute(
        "CREATE TRIGGER full BEFORE INSERT ON delivered BEGIN SELECT raise(ABORT, 'no room'); END"));
    CHECK(box.drain().state == UploadState::Stuck);
    REQUIRE(other->execute("DROP TRIGGER full"));
    box.restart();
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.hub.bodies.size() == 2);
    CHECK(box.hub.stored.size() == 4);
    CHECK(box.mark() == 4);
}

TEST_CASE("store.db replaced while an acknowledgement waits to be recorded loses nothing", "[sync][agent]")
{
    UploaderBox box;
    box.enrol();
    box.capture(3);
    auto other = sqlite::Database::open(box.folder / "delivery.db", sqlite::OpenMode::Writer);
    REQUIRE(other);
    REQUIRE(other->execute(
        "CREATE TRIGGER full BEFORE INSERT ON delivered BEGIN SELECT raise(ABORT, 'no room'); END"));
    box.drain();
    auto const first_install = box.store->install_id();
    box.store.reset();
    for (auto const* name : {"store.db", "store.db-wal", "store.db-shm"})
        std::filesystem::remove(box.folder / name);
    box.capture(2);
    REQUIRE(other->execute("DROP TRIGGER full"));
    box.clock.advance(5min);
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.delivery->mark(first_install).value() == 3);
    CHECK(box.mark() == 2);
    CHECK(box.hub.stored.size() == 5);
}

TEST_CASE("A refused response that store.db can no longer read is recorded all the same", "[sync][agent]")
{
    UploaderBox box;
    box.enrol();
    box.capture(3);
    box.hub.refused = {1};
    box.hub.afterwards = [&]() -> std::optional<Result<HttpReply>> {
        auto other = sqlite::Database::open(box.folder / "store.db", sqlite::OpenMode::Writer);
        REQUIRE(other);
        REQUIRE(other->execute("UPDATE response SET comment = 'another' WHERE seq = 1"));
        return std::nullopt;
    };
    CHECK(box.drain().state != UploadState::Stuck);
    CHECK(box.mark() == 3);
    auto const aside = box.delivery->quarantined(10).value();
    REQUIRE(aside.size() == 1);
    CHECK(aside[0].refusal.seq == 1);
    CHECK(aside[0].digest == 0);
}

TEST_CASE("An agent that meets a damaged delivery.db says that it must start anew", "[sync][agent]")
{
    UploaderBox box;
    box.enrol();
    box.capture(3);
    box.drain();
    box.capture(1);
    auto const path = box.folder / "delivery.db";
    {
        auto other = sqlite::Database::open(path, sqlite::OpenMode::Writer);
        REQUIRE(other);
        auto const root = other->query_integer("SELECT rootpage FROM sqlite_schema WHERE name = 'delivered'");
        auto const page = other->query_integer("PRAGMA page_size");
        REQUIRE(root);
        REQUIRE(page);
        REQUIRE(other->query_integer("PRAGMA wal_checkpoint(TRUNCATE)").value() == 0);
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp((*root - 1) * *page);
        file << std::string(100, '\xff');
        file.close();
        // So that the agent's connection drops what it remembers of the file.
        REQUIRE(other->execute("UPDATE contact SET heartbeat_code = 'x'"));
    }
    auto const step = box.uploader->step();
    CHECK(step.state == UploadState::Stuck);
    CHECK(step.delivery_is_damaged);
    CHECK(box.delivery->contact().value().error_code == "delivery_corrupt");
    CHECK(box.delivery->check().error().code == Errc::Corrupt);
}
