#include "sync/agent/delivery_store.h"

#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::sync;

namespace {

// Format 1 as it was released. Written out here, so that an edit of the released step in
// delivery_schema.cpp cannot go unnoticed.
constexpr char format_1[] = R"sql(
    CREATE TABLE enrolment (one INTEGER PRIMARY KEY CHECK (one = 1), hub TEXT NOT NULL, device TEXT NOT NULL,
        token TEXT NOT NULL, ca_file TEXT NOT NULL, store_id TEXT NOT NULL, store_name TEXT NOT NULL,
        store_timezone TEXT NOT NULL, enrolled_ms INTEGER NOT NULL);
    CREATE TABLE delivered (install TEXT PRIMARY KEY, mark INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE quarantine (install TEXT NOT NULL, seq INTEGER NOT NULL, code TEXT NOT NULL,
        detail TEXT NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY (install, seq)) WITHOUT ROWID;
    CREATE TABLE contact (one INTEGER PRIMARY KEY CHECK (one = 1), last_contact_ms INTEGER,
        error_code TEXT NOT NULL, error_detail TEXT NOT NULL, error_ms INTEGER, next_attempt_ms INTEGER);
    INSERT INTO contact (one, error_code, error_detail, last_contact_ms) VALUES (1, 'revoked', 'by HQ', 9000);
    INSERT INTO enrolment VALUES (1, 'https://hub.example', 'dev_1', 'lpd_secret', '', 'sh-001', '店',
        'Asia/Shanghai', 1000);
    INSERT INTO delivered VALUES ('a', 12), ('b', 3);
    INSERT INTO quarantine VALUES ('a', 5, 'invalid', 'no', 7000), ('a', 12, 'conflict', 'copy', 8000);
    PRAGMA user_version = 1;
)sql";

}

TEST_CASE(
    "A delivery.db of format 1 keeps its enrolment, marks, quarantine and last trouble", "[sync][agent]")
{
    test::TempFolder const folder;
    auto const path = folder / "delivery.db";
    {
        auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute(format_1));
    }
    CHECK(DeliveryStore::open_reader(path).error().code == Errc::Invalid); // until the agent has run
    auto store = DeliveryStore::open(path);
    REQUIRE(store);
    auto const enrolment = store->enrolment().value();
    REQUIRE(enrolment);
    CHECK(enrolment->token == "lpd_secret");
    CHECK(enrolment->pin.empty());
    auto const a = store->delivered("a").value();
    CHECK(a.mark == 12);
    CHECK(a.acknowledged == 10);
    CHECK(a.proof == RowDigest {});
    CHECK(store->delivered("b").value().acknowledged == 3);
    auto const list = store->quarantined_of("a").value();
    REQUIRE(list.size() == 2);
    CHECK(list[0].refusal == Refusal {5, "invalid", "no"});
    CHECK(list[0].digest == 0);
    CHECK_FALSE(list[0].retry);
    CHECK(store->conflicts().value().size() == 1);
    CHECK(store->contact().value().error_code == "revoked");
    CHECK_FALSE(store->contact().value().last_heartbeat);
    CHECK(DeliveryStore::open_reader(path));
}
