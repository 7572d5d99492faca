#include "sync/agent/delivery_store.h"

#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <sys/stat.h>

using namespace listenpost;
using namespace listenpost::sync;

namespace {

WallTime at(std::int64_t ms) { return WallTime(std::chrono::milliseconds(ms)); }

Enrolment sample_enrolment()
{
    return {"https://hub.example", "dev_1", "lpd_secret", "/etc/ca.pem", "sh-001", "人民广场店",
        "Asia/Shanghai", at(1000)};
}

/// A batch of the one response `last`, or of those that were refused and it.
Settlement up_to(std::string install, std::int64_t last, std::vector<Refusal> refused, WallTime when)
{
    Settlement batch {std::move(install), {}, 0, std::move(refused), {}, when};
    for (auto const& refusal : batch.refused)
        batch.seqs.push_back(refusal.seq);
    if (batch.seqs.empty() || batch.seqs.back() != last)
        batch.seqs.push_back(last);
    return batch;
}

mode_t mode_of(std::filesystem::path const& path)
{
    struct stat found { };
    REQUIRE(::stat(path.c_str(), &found) == 0);
    return found.st_mode & 0777;
}

DeliveryStore opened(std::filesystem::path const& path)
{
    auto store = DeliveryStore::open(path);
    REQUIRE(store);
    return std::move(*store);
}

}

TEST_CASE("delivery.db starts empty and keeps what it was told", "[sync][agent]")
{
    test::TempFolder folder;
    auto const path = folder / "delivery.db";
    {
        auto store = opened(path);
        CHECK(store.mark("a").value() == 0);
        CHECK_FALSE(store.enrolment().value());
        CHECK(store.contact().value().error_code.empty());
        CHECK_FALSE(store.contact().value().last_contact);
        REQUIRE(store.set_enrolment(sample_enrolment()));
        REQUIRE(store.settle(up_to("a", 1000, {{3, "invalid", "no"}, {999, "conflict", "copy"}}, at(5000))));
        REQUIRE(store.settle(up_to("b", 7, {}, at(6000))));
    }
    auto store = opened(path);
    CHECK(store.enrolment().value() == sample_enrolment());
    CHECK(store.mark("a").value() == 1000);
    CHECK(store.mark("b").value() == 7);
    CHECK(store.mark("c").value() == 0);
    CHECK(store.quarantined_count().value() == 2);
    CHECK(store.quarantined_count("a").value() == 2);
    CHECK(store.quarantined_count("b").value() == 0);
    CHECK(store.contact().value().last_contact == at(6000));
    auto const newest = store.quarantined(1).value();
    REQUIRE(newest.size() == 1);
    CHECK(newest[0].refusal == Refusal {999, "conflict", "copy"});
}

TEST_CASE("The mark never goes back by an old acknowledgement, only by a rewind", "[sync][agent]")
{
    test::TempFolder folder;
    auto store = opened(folder / "delivery.db");
    REQUIRE(store.settle(up_to("a", 10, {{9, "invalid", "no"}}, at(1))));
    REQUIRE(store.settle(up_to("a", 4, {}, at(2))));
    CHECK(store.mark("a").value() == 10);
    REQUIRE(store.rewind("a"));
    CHECK(store.mark("a").value() == 0);
    CHECK(store.quarantined_count("a").value() == 1);
    // Refused again: one row, not two.
    REQUIRE(store.settle(up_to("a", 10, {{9, "invalid", "still"}}, at(3))));
    CHECK(store.quarantined_count("a").value() == 1);
}

TEST_CASE("A batch is settled whole or not at all", "[sync][agent]")
{
    test::TempFolder folder;
    auto const path = folder / "delivery.db";
    auto store = opened(path);
    {
        auto other = sqlite::Database::open(path, sqlite::OpenMode::Writer);
        REQUIRE(other);
        REQUIRE(other->execute("CREATE TRIGGER full BEFORE INSERT ON quarantine WHEN new.seq = 2 "
                               "BEGIN SELECT raise(ABORT, 'no room'); END"));
    }
    CHECK_FALSE(store.settle(up_to("a", 10, {{1, "invalid", ""}, {2, "invalid", ""}}, at(1))));
    CHECK(store.mark("a").value() == 0);
    CHECK(store.quarantined_count().value() == 0);
    CHECK_FALSE(store.contact().value().last_contact);
    REQUIRE(store.settle(up_to("a", 10, {{1, "invalid", ""}}, at(1))));
    CHECK(store.mark("a").value() == 10);
}

TEST_CASE("A failure is kept until the next success or enrolment", "[sync][agent]")
{
    test::TempFolder folder;
    auto store = opened(folder / "delivery.db");
    REQUIRE(store.record_failure("unreachable", "why", at(10), at(20), std::nullopt));
    auto contact = store.contact().value();
    CHECK(contact.error_code == "unreachable");
    CHECK(contact.error_at == at(10));
    CHECK(contact.next_attempt == at(20));
    CHECK_FALSE(contact.last_contact);
    REQUIRE(store.record_failure("revoked", "by HQ", at(30), at(40), at(30)));
    CHECK(store.contact().value().last_contact == at(30));
    REQUIRE(store.record_failure("unreachable", "why", at(50), std::nullopt, std::nullopt));
    CHECK(store.contact().value().last_contact == at(30));

    SECTION("success") { REQUIRE(store.settle(up_to("a", 1, {}, at(60)))); }
    SECTION("enrolment") { REQUIRE(store.set_enrolment(sample_enrolment())); }
    contact = store.contact().value();
    CHECK(contact.error_code.empty());
    CHECK_FALSE(contact.error_at);
    CHECK_FALSE(contact.next_attempt);
}

TEST_CASE("Enrolling again replaces the enrolment and leaves the marks", "[sync][agent]")
{
    test::TempFolder folder;
    auto store = opened(folder / "delivery.db");
    REQUIRE(store.set_enrolment(sample_enrolment()));
    REQUIRE(store.settle(up_to("a", 5, {}, at(1))));
    auto other = sample_enrolment();
    other.token = "lpd_other";
    REQUIRE(store.set_enrolment(other));
    CHECK(store.enrolment().value() == other);
    CHECK(store.mark("a").value() == 5);
}

TEST_CASE("Nobody but its owner can read delivery.db, which holds the token", "[sync][agent]")
{
    test::TempFolder folder;
    auto const path = folder / "delivery.db";
    SECTION("from its birth on") { }
    SECTION("even if somebody had opened it up")
    {
        {
            auto const store = opened(path);
        }
        REQUIRE(::chmod(path.c_str(), 0644) == 0);
    }
    auto store = opened(path);
    REQUIRE(store.set_enrolment(sample_enrolment()));
    CHECK(mode_of(path) == 0600);
    CHECK(mode_of(folder / "delivery.db-wal") == 0600);
    CHECK(mode_of(folder / "delivery.db-shm") == 0600);
}

TEST_CASE("A reader sees what the agent commits and can write nothing", "[sync][agent]")
{
    test::TempFolder folder;
    auto const path = folder / "delivery.db";
    CHECK(DeliveryStore::open_reader(path).error().code == Errc::NotFound);
    auto store = opened(path);
    auto reader = DeliveryStore::open_reader(path);
    REQUIRE(reader);
    REQUIRE(store.settle(up_to("a", 12, {}, at(1))));
    CHECK(reader->mark("a").value() == 12);
    CHECK_FALSE(reader->settle(up_to("a", 13, {}, at(1))));
    CHECK(store.mark("a").value() == 12);
}

TEST_CASE("A delivery.db of a newer version, or spoilt, is left alone", "[sync][agent]")
{
    test::TempFolder folder;
    auto const path = folder / "delivery.db";
    {
        auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute("PRAGMA user_version = 99"));
    }
    CHECK(DeliveryStore::open(path).error().code == Errc::Invalid);
    CHECK(DeliveryStore::open_reader(path).error().code == Errc::Invalid);
}
