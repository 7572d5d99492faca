#include "kiosk/store/store_thread.h"

#include "kiosk/store/store_opener.h"
#include "tests/support/fake_clock.h"
#include "tests/support/sample_responses.h"
#include "tests/support/temp_folder.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>

using namespace listenpost;
using namespace listenpost::kiosk;
using listenpost::test::sample_draft;
using listenpost::test::TempFolder;

namespace {

/// Lets the test wait for news instead of for time.
class Bell {
public:
    void ring()
    {
        std::lock_guard const lock(mutex_);
        ++rings_;
        rung_.notify_all();
    }
    template <typename Condition>
    bool wait_until(Condition condition)
    {
        std::unique_lock lock(mutex_);
        return rung_.wait_for(lock, std::chrono::seconds(60), condition);
    }

private:
    std::mutex mutex_;
    std::condition_variable rung_;
    int rings_ = 0;
};

/// Tells when housekeeping looks at it.
class WatchedClock final : public Clock {
public:
    explicit WatchedClock(Bell& bell)
        : bell_(bell)
    {
    }
    WallTime wall_now() const override
    {
        ++looks_;
        bell_.ring();
        return clock_.wall_now();
    }
    SteadyTime steady_now() const override { return clock_.steady_now(); }
    bool wall_is_set() const override { return clock_.wall_is_set(); }
    std::string boot_id() const override { return clock_.boot_id(); }
    int looks() const { return looks_; }

private:
    Bell& bell_;
    test::FakeClock const clock_;
    mutable std::atomic<int> looks_ = 0;
};

SteadyTime steady(std::int64_t ms) { return SteadyTime(std::chrono::milliseconds(ms)); }

}

TEST_CASE("The store thread writes in order and says up to where", "[store]")
{
    TempFolder const folder;
    Bell bell;
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    {
        StoreThread thread(std::move(*store), [&] { bell.ring(); });
        for (std::uint64_t round = 0; round < 10; ++round) {
            thread.submit(SaveDraft {2 * round + 1, sample_draft(), Outcome::Partial});
            thread.submit(CloseDraft {2 * round + 2, ClosedBy::Finish, steady(6'000)});
        }
        CHECK(bell.wait_until([&] { return thread.news().stored_revision == 20; }));
        CHECK_FALSE(thread.news().failing);
    }
    CHECK(ResponseReader::open(folder / "store.db").value().last_seq().value() == 10);
}

TEST_CASE("The store thread finishes what was submitted before it ends", "[store]")
{
    TempFolder const folder;
    {
        StoreThread thread(ResponseStore::open(folder / "store.db").value(), [] {});
        thread.submit(SaveDraft {1, sample_draft(), Outcome::Partial});
        thread.submit(CloseDraft {2, ClosedBy::Finish, steady(6'000)});
    }
    CHECK(ResponseReader::open(folder / "store.db").value().last_seq().value() == 1);
}

TEST_CASE("A refused write is told, tried again, and holds its place in the order", "[store]")
{
    TempFolder const folder;
    Bell bell;
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    // Another writer in the middle of its work refuses the store the lock.
    auto intruder = sqlite::Database::open(folder / "store.db", sqlite::OpenMode::Writer);
    REQUIRE(intruder);
    REQUIRE(intruder->execute("BEGIN IMMEDIATE"));

    StoreThread thread(std::move(*store), [&] { bell.ring(); });
    thread.submit(SaveDraft {1, sample_draft(), Outcome::Partial});
    thread.submit(CloseDraft {2, ClosedBy::Finish, steady(6'000)});
    REQUIRE(bell.wait_until([&] { return thread.news().failing; }));
    CHECK(thread.news().stored_revision == 0);

    REQUIRE(intruder->execute("COMMIT"));
    REQUIRE(bell.wait_until([&] { return thread.news().stored_revision == 2; }));
    CHECK_FALSE(thread.news().failing);
    CHECK(ResponseReader::open(folder / "store.db").value().last_seq().value() == 1);
}

TEST_CASE("The store thread keeps house at its start and whenever a response was closed", "[store]")
{
    TempFolder const folder;
    Bell bell;
    WatchedClock const clock(bell);
    {
        StoreThread thread(
            ResponseStore::open(folder / "store.db").value(), [&] { bell.ring(); },
            Housekeeper(folder.path(), std::chrono::days(400), clock));
        REQUIRE(bell.wait_until([&] { return clock.looks() == 1; }));
        thread.submit(SaveDraft {1, sample_draft(), Outcome::Partial});
        thread.submit(CloseDraft {2, ClosedBy::Finish, steady(6'000)});
        REQUIRE(bell.wait_until([&] { return clock.looks() == 2; }));
        CHECK(thread.news().stored_revision == 2);
    }
    auto reader = ResponseReader::open(folder / "store.db");
    REQUIRE(reader);
    CHECK(reader->boot_clocks().value().size() == 1);
    CHECK(reader->last_seq().value() == 1);
}

TEST_CASE("A store that cannot be opened is told, and opened as soon as it can be", "[store]")
{
    TempFolder const folder;
    test::FakeClock const clock;
    std::filesystem::create_directory(folder / "store.db"); // no file
    Bell bell;
    StoreThread thread([opener = std::make_shared<StoreOpener>(
                            folder.path(), std::nullopt, clock)] { return opener->open(); },
        [&] { bell.ring(); }, std::nullopt, std::chrono::milliseconds(20));
    thread.submit(SaveDraft {1, sample_draft(), Outcome::Partial});
    thread.submit(CloseDraft {2, ClosedBy::Finish, steady(6'000)});
    REQUIRE(bell.wait_until([&] { return thread.news().failing; }));
    CHECK_FALSE(thread.news().is_open);
    CHECK(thread.news().stored_revision == 0);

    std::filesystem::remove(folder / "store.db");
    REQUIRE(bell.wait_until([&] { return thread.news().stored_revision == 2; }));
    CHECK(thread.news().is_open);
    CHECK_FALSE(thread.news().failing);
    CHECK(ResponseReader::open(folder / "store.db").value().last_seq().value() == 1);
}

TEST_CASE("A store that turns out to be damaged under a customer's fingers is salvaged, and the tap is kept",
    "[store][salvage]")
{
    TempFolder const folder;
    test::FakeClock const clock;
    Bell bell;
    StoreThread thread([opener = std::make_shared<StoreOpener>(
                            folder.path(), std::nullopt, clock)] { return opener->open(); },
        [&] { bell.ring(); }, std::nullopt, std::chrono::milliseconds(20));
    thread.submit(SaveDraft {1, sample_draft(), Outcome::Partial});
    thread.submit(CloseDraft {2, ClosedBy::Finish, steady(6'000)});
    REQUIRE(bell.wait_until([&] { return thread.news().stored_revision == 2; }));
    {
        auto vandal = sqlite::Database::open(folder / "store.db", sqlite::OpenMode::Writer);
        REQUIRE(vandal);
        REQUIRE(vandal->execute("DROP TABLE draft"));
    }
    Draft next = sample_draft();
    next.opened.steady += std::chrono::seconds(60);
    thread.submit(SaveDraft {3, next, Outcome::Partial});
    thread.submit(CloseDraft {4, ClosedBy::Finish, steady(70'000)});
    REQUIRE(bell.wait_until([&] { return thread.news().stored_revision == 4; }));

    auto reader = ResponseReader::open(folder / "store.db");
    REQUIRE(reader);
    CHECK(reader->salvage_reports()->size() == 1);
    CHECK(reader->installs()->size() == 2);
    CHECK(reader->last_seq().value() == 2);
}
