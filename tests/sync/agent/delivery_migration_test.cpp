#include "sync/agent/delivery_store.h"

#include "tests/support/old_delivery_formats.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::sync;

namespace {

constexpr char rows_of_format_1[] = R"sql(
    INSERT INTO contact (one, error_code, error_detail, last_contact_ms) VALUES (1, 'revoked', 'by HQ', 9000);
    INSERT INTO enrolment VALUES (1, 'https://hub.example', 'dev_1', 'lpd_secret', '', 'sh-001', '店',
        'Asia/Shanghai', 1000);
    INSERT INTO delivered VALUES ('a', 12), ('b', 3);
    INSERT INTO quarantine VALUES ('a', 5, 'invalid', 'no', 7000), ('a', 12, 'conflict', 'copy', 8000);
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
        REQUIRE(database->execute((test::old_delivery_schema(1) + rows_of_format_1).c_str()));
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
