#include "kiosk/store/response_reader.h"
#include "kiosk/store/response_store.h"
#include "kiosk/store/schema.h"
#include "kiosk/store/store_check.h"
#include "tests/support/old_store_formats.h"
#include "tests/support/sample_events.h"
#include "tests/support/sample_responses.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using test::TempFolder;

TEST_CASE("A box of any earlier format keeps its responses, which still prove themselves, and takes events",
    "[store]")
{
    int const format = GENERATE(1, 2, 3, 4, 5);
    CAPTURE(format);
    TempFolder const folder;
    auto const path = folder / "store.db";
    REQUIRE(test::make_old_store(path, format, 5));
    auto store = ResponseStore::open(path, StoreCheck::Whole);
    REQUIRE(store);
    CHECK(store->install_id() == test::old_store_install);
    auto reader = ResponseReader::open(path);
    REQUIRE(reader);
    for (std::int64_t seq = 1; seq <= 5; ++seq) {
        auto const response = reader->find(seq).value().value();
        CHECK(response.comment == test::old_store_comment(static_cast<int>(seq)));
        CHECK_FALSE(response.is_event());
    }
    CHECK(reader->find(6).value().value().closed_by == "restart");
    auto const event = test::handled(test::old_store_install, reader->find(3).value().value());
    reader->stop();
    REQUIRE(store->add_event(event, test::stamp_at(90'000)));
    CHECK(reader->find(7).value().value().event == event_to_json(event));
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
    REQUIRE(database);
    CHECK(database->query_integer("PRAGMA user_version").value() == store_schema_version);
    CHECK(check_store(*database));
}

TEST_CASE("The steps from formats 4 and 5 write no response anew", "[store]")
{
    int const format = GENERATE(4, 5);
    auto const wal_of_migration_from = [](int old) {
        TempFolder const folder;
        auto const path = folder / "store.db";
        REQUIRE(test::make_old_store(path, old, 20'000));
        REQUIRE(ResponseStore::open(path)); // its WAL's file stays at its size
        return std::filesystem::file_size(path.string() + "-wal");
    };
    CHECK(wal_of_migration_from(format) * 10 < wal_of_migration_from(2));
}
