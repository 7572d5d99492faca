#include "kiosk/store/store_thread.h"

#include "kiosk/store/response_reader.h"
#include "kiosk/store/response_store.h"
#include "kiosk/store/schema.h"
#include "kiosk/store/store_opener.h"
#include "tests/support/fake_clock.h"
#include "tests/support/sample_events.h"
#include "tests/support/sample_responses.h"
#include "tests/support/temp_folder.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <fstream>
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
    SteadyTime steady_now() const override { return clock_.steady_now() + std::chrono::hours(hours_ahead_); }
    bool wall_is_set() const override { return clock_.wall_is_set(); }
    std::string boot_id() const override { return clock_.boot_id(); }
    int looks() const { return looks_; }
    /// Makes housekeeping due.
    void advance_hours(int hours) { hours_ahead_ += hours; }

private:
    Bell& bell_;
    test::FakeClock const clock_;
    mutable std::atomic<int> looks_ = 0;
    std::atomic<int> hours_ahead_ = 0;
};

SteadyTime steady(std::int64_t ms) { return SteadyTime(std::chrono::milliseconds(ms)); }

/// Of a later customer.
Draft draft_after(int seconds)
{
    Draft draft = sample_draft();
    draft.opened.steady += std::chrono::seconds(seconds);
    return draft;
}

void execute(std::filesystem::path const& store, char const* sql)
{
    auto intruder = sqlite::Database::open(store, sqlite::OpenMode::Writer);
    REQUIRE(intruder);
    REQUIRE(intruder->execute(sql));
}

/// Destroys the table's first page in a file that is in use, so that who has it open reads it again.
void damage(std::filesystem::path const& store, std::string const& table)
{
    auto intruder = sqlite::Database::open(store, sqlite::OpenMode::Writer);
    REQUIRE(intruder);
    auto const root = intruder->query_integer(
        ("SELECT rootpage FROM sqlite_master WHERE name = '" + table + "'").c_str());
    REQUIRE(root);
    REQUIRE(intruder->execute("INSERT INTO filler VALUES (1, x'00'); DELETE FROM filler; "
                              "PRAGMA wal_checkpoint(TRUNCATE)"));
    std::fstream file(store, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp((*root - 1) * 4096);
    file << std::string(4096, 'x');
    REQUIRE(file.flush());
}

/// As a close_draft() that was done but said otherwise leaves it.
constexpr char closing[]
    = "INSERT INTO response (seq, " LISTENPOST_RESPONSE_COLUMNS ", row_check) "
      "SELECT *, " LISTENPOST_RESPONSE_CHECK " FROM (SELECT 1 AS seq, opened_ms, 4000 AS "
      "took_ms, steady_ms, clock_set, boot, survey, survey_version, touchpoint, lang, "
      "outcome, 'finish' AS closed_by, answers, comment, flags FROM draft); "
      "DELETE FROM draft";

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
    Draft const next = draft_after(60);
    thread.submit(SaveDraft {3, next, Outcome::Partial});
    thread.submit(CloseDraft {4, ClosedBy::Finish, steady(70'000)});
    REQUIRE(bell.wait_until([&] { return thread.news().stored_revision == 4; }));

    auto reader = ResponseReader::open(folder / "store.db");
    REQUIRE(reader);
    CHECK(reader->salvage_reports()->size() == 1);
    CHECK(reader->installs()->size() == 2);
    CHECK(reader->last_seq().value() == 2);
}

TEST_CASE("A store that is damaged in the middle of a response keeps it, as one, with all its taps",
    "[store][salvage]")
{
    TempFolder const folder;
    test::FakeClock const clock;
    Bell bell;
    StoreThread thread([opener = std::make_shared<StoreOpener>(
                            folder.path(), std::nullopt, clock)] { return opener->open(); },
        [&] { bell.ring(); }, std::nullopt, std::chrono::milliseconds(20));
    Draft const first = sample_draft();
    thread.submit(SaveDraft {1, first, Outcome::Partial});
    REQUIRE(bell.wait_until([&] { return thread.news().stored_revision == 1; }));

    Draft last = first;
    std::uint64_t revision = 1;
    std::size_t salvages = 1;
    SECTION("where the closing meets it, and the draft can be salvaged")
    {
        damage(folder / "store.db", "removed");
    }
    SECTION("where the closing meets it, and no draft can be salvaged")
    {
        damage(folder / "store.db", "draft");
    }
    SECTION("where a later tap meets it, and the first one can be salvaged")
    {
        execute(folder / "store.db", "ALTER TABLE draft RENAME COLUMN comment TO other");
        last.answers.push_back({"cleanliness", 4, {}});
        thread.submit(SaveDraft {++revision, last, Outcome::Complete});
    }
    SECTION("where the closing is on disk although it reported an error")
    {
        execute(folder / "store.db", closing);
        salvages = 0;
        SECTION("and stays there when the file is salvaged")
        {
            damage(folder / "store.db", "removed");
            salvages = 1;
        }
    }
    thread.submit(CloseDraft {++revision, ClosedBy::Finish, steady(9'000)});
    REQUIRE(bell.wait_until([&] { return thread.news().stored_revision == revision; }));
    CHECK_FALSE(thread.news().failing);

    auto reader = ResponseReader::open(folder / "store.db");
    REQUIRE(reader);
    CHECK(reader->salvage_reports()->size() == salvages);
    std::int64_t const last_seq = reader->last_seq().value();
    CHECK(reader->count(0, last_seq).value() == 1);
    auto const response = reader->find(last_seq).value();
    REQUIRE(response);
    CHECK(response->closed_by == "finish");
    CHECK(response->answers == to_json(last.answers));
    CHECK(response->comment == last.comment);
}

TEST_CASE("A customer's response that a salvage brings back as a draft is not taken for the next customer's",
    "[store][salvage]")
{
    TempFolder const folder;
    {
        auto store = ResponseStore::open(folder / "store.db");
        REQUIRE(store);
        REQUIRE(store->save_draft(sample_draft(), Outcome::Partial));
    }
    auto store = ResponseStore::open(folder / "store.db", StoreCheck::None, LeftDraft::Keep);
    REQUIRE(store);
    CHECK(store->last_seq().value() == 0);
    Draft const next = draft_after(60);
    REQUIRE(store->take_up_draft(next, Outcome::Partial));
    REQUIRE(store->close_draft(ClosedBy::Finish, steady(70'000)).value() == 2);

    auto reader = ResponseReader::open(folder / "store.db");
    REQUIRE(reader);
    CHECK(reader->find(1)->value().closed_by == "restart");
    CHECK(reader->find(1)->value().steady_ms == 5'000);
    CHECK(reader->find(2)->value().steady_ms == 65'000);
}

TEST_CASE("Damage that housekeeping meets is mended at once, and the response in progress goes on",
    "[store][salvage]")
{
    TempFolder const folder;
    auto const path = folder / "store.db";
    Bell bell;
    WatchedClock clock(bell);
    StoreThread thread([opener = std::make_shared<StoreOpener>(
                            folder.path(), std::nullopt, clock)] { return opener->open(); },
        [&] { bell.ring(); }, Housekeeper(folder.path(), std::chrono::days(400), clock),
        std::chrono::milliseconds(20));
    auto const salvages = [&] {
        auto reader = ResponseReader::open(path);
        return reader ? reader->salvage_reports().value().size() : 0;
    };
    thread.submit(SaveDraft {1, sample_draft(), Outcome::Partial});
    thread.submit(CloseDraft {2, ClosedBy::Finish, steady(9'000)});
    thread.submit(SaveDraft {3, draft_after(60), Outcome::Partial});
    REQUIRE(bell.wait_until([&] { return thread.news().stored_revision == 3 && clock.looks() > 0; }));
    damage(path, "lived_day");
    clock.advance_hours(2);
    thread.submit(
        CloseDraft {4, ClosedBy::Finish, steady(70'000)}); // housekeeping comes before it, or after it
    REQUIRE(bell.wait_until([&] { return thread.news().stored_revision == 4 && salvages() == 1; }));

    thread.submit(SaveDraft {5, draft_after(120), Outcome::Partial});
    thread.submit(CloseDraft {6, ClosedBy::Finish, steady(130'000)});
    REQUIRE(bell.wait_until([&] { return thread.news().stored_revision == 6; }));
    auto reader = ResponseReader::open(path);
    REQUIRE(reader);
    CHECK(reader->count(0, reader->last_seq().value()).value() == 3);
    CHECK(salvages() == 1);
}

namespace {

StaffEvent sample_event()
{
    StoredResponse response;
    response.seq = 1;
    response.boot_id = "b1";
    return test::handled("0123456789abcdef0123456789abcdef", response);
}

}

TEST_CASE("A staff event is kept beside the customer's writes, and told by its number", "[store]")
{
    TempFolder const folder;
    Bell bell;
    {
        StoreThread thread(ResponseStore::open(folder / "store.db").value(), [&] { bell.ring(); });
        thread.submit(SaveDraft {1, sample_draft(), Outcome::Partial});
        CHECK(thread.submit(sample_event(), test::stamp_at(90'000)).value() == 1);
        thread.submit(CloseDraft {2, ClosedBy::Finish, steady(6'000)});
        CHECK(thread.submit(sample_event(), test::stamp_at(91'000)).value() == 2);
        CHECK(bell.wait_until([&] { return thread.news().stored_events == 2; }));
        CHECK(thread.news().stored_revision == 2);
    }
    auto reader = ResponseReader::open(folder / "store.db");
    REQUIRE(reader);
    CHECK(reader->find(1).value().value().is_event());
    CHECK(reader->find(2).value().value().comment == sample_draft().comment);
    CHECK(reader->find(3).value().value().is_event());
}

TEST_CASE("An event that could never be written is refused at once and stands in nobody's way", "[store]")
{
    TempFolder const folder;
    Bell bell;
    StoreThread thread(ResponseStore::open(folder / "store.db").value(), [&] { bell.ring(); });
    auto event = sample_event();
    event.by = "nobody at all";
    CHECK(thread.submit(event, test::stamp_at(90'000)).error().code == Errc::Invalid);
    thread.submit(SaveDraft {1, sample_draft(), Outcome::Partial});
    CHECK(bell.wait_until([&] { return thread.news().stored_revision == 1; }));
    CHECK(thread.news().stored_events == 0);
}

TEST_CASE("An event that the disk refuses waits for it, once, and the customer's draft with it", "[store]")
{
    TempFolder const folder;
    Bell bell;
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    REQUIRE(store->save_draft(sample_draft(), Outcome::Partial));
    auto intruder = sqlite::Database::open(folder / "store.db", sqlite::OpenMode::Writer);
    REQUIRE(intruder);
    REQUIRE(intruder->execute("BEGIN IMMEDIATE"));
    {
        StoreThread thread(std::move(*store), [&] { bell.ring(); });
        REQUIRE(thread.submit(sample_event(), test::stamp_at(90'000)));
        REQUIRE(bell.wait_until([&] { return thread.news().failing; }));
        CHECK(thread.news().stored_events == 0);
        REQUIRE(intruder->execute("COMMIT"));
        CHECK(bell.wait_until([&] { return thread.news().stored_events == 1; }));
        thread.submit(CloseDraft {1, ClosedBy::Finish, steady(6'000)});
    }
    auto reader = ResponseReader::open(folder / "store.db");
    REQUIRE(reader);
    CHECK(reader->find(1).value().value().is_event());
    CHECK(reader->find(2).value().value().comment == sample_draft().comment);
    CHECK(reader->last_seq().value() == 2);
}

TEST_CASE("An event that meets a damaged store is written once it is salvaged", "[store][salvage]")
{
    TempFolder const folder;
    Bell bell;
    test::FakeClock const clock;
    auto opener = std::make_shared<StoreOpener>(folder.path(), std::nullopt, clock);
    {
        StoreThread thread([opener] { return opener->open(); }, [&] { bell.ring(); });
        thread.submit(SaveDraft {1, sample_draft(), Outcome::Partial});
        thread.submit(CloseDraft {2, ClosedBy::Finish, steady(6'000)});
        thread.submit(SaveDraft {3, draft_after(60), Outcome::Partial});
        REQUIRE(bell.wait_until([&] { return thread.news().stored_revision == 3; }));
        damage(folder / "store.db", "response");
        REQUIRE(thread.submit(sample_event(), test::stamp_at(90'000)));
        REQUIRE(bell.wait_until([&] { return thread.news().stored_events == 1; }));
        thread.submit(CloseDraft {4, ClosedBy::Finish, steady(66'000)});
        REQUIRE(bell.wait_until([&] { return thread.news().stored_revision == 4; }));
    }
    auto reader = ResponseReader::open(folder / "store.db");
    REQUIRE(reader);
    auto const last = reader->last_seq().value();
    CHECK(reader->find(last - 1).value().value().is_event());
    CHECK(reader->find(last).value().value().steady_ms
        == sample_draft().opened.steady.time_since_epoch().count() + 60'000);
}
