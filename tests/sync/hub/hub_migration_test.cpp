#include "sync/hub/sqlite_storage.h"

#include "platform/sqlite/database.h"
#include "sync/hub/schema.h"
#include "tests/support/hub_acts.h"
#include "tests/support/old_hub_formats.h"
#include "tests/support/temp_folder.h"
#include "tests/sync/hub/storage_contract.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::test;

TEST_CASE("SQLite: a hub.db of an older version keeps all that it holds, and can what this one can",
    "[sync][hub][storage]")
{
    int const format = GENERATE(1, 2, 3, 4, 5, 6);
    CAPTURE(format);
    TempFolder folder;
    auto const path = folder / "hub.db";
    {
        auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute(old_hub_schema(format).c_str()));
        // A response as that hub logged it, under the digest that it had.
        std::string const digest = std::to_string(
            static_cast<std::int64_t>(parsed_batch(install_id(1), {response_json(1)}).responses[0].digest));
        std::string const part = std::to_string(sync::partition_of("sh-001"));
        std::string const install = "x'" + install_id(1) + "'";
        REQUIRE(database->execute(
            ("INSERT INTO installs (install, part, first_ms) VALUES (" + install + ", " + part
                + ", 5);"
                  "UPDATE partitions SET next_off = 1 WHERE part = "
                + part
                + ";"
                  "INSERT INTO log (part, off, store, device, install, seq, received_ms, at_ms, raw) VALUES ("
                + part + ", 0, 'sh-001', 'dev_1', " + install + ", 1, 5, 4, '" + response_json(1)
                + "');"
                  "INSERT INTO dedup VALUES ("
                + part + ", " + install + ", 1, " + digest + ")")
                .c_str()));
        if (format >= 3)
            REQUIRE(database->execute("UPDATE log SET row_check = " LISTENPOST_LOG_CHECK ";"
                                      "UPDATE installs SET row_check = " LISTENPOST_INSTALL_CHECK));
        if (format >= 4)
            REQUIRE(database->execute(
                ("INSERT INTO erasures VALUES (" + part + ", " + install + ", 1, 6, 0)").c_str()));
        if (format >= 6)
            REQUIRE(database->execute(
                ("INSERT INTO box_erasures VALUES (" + install + ", 1, 'dev_1', '9c1b', 1, 6)").c_str()));
    }
    for (int opened = 1; opened <= 2; ++opened) { // migrated, and then as it is
        auto storage = sync::open_sqlite_storage(path);
        REQUIRE(storage);
        CHECK(ingest_one(**storage, install_id(1), {response_json(1)}).duplicates == 1);
        auto const rows = pull_everything(**storage);
        REQUIRE(rows.size() == 1);
        CHECK(rows[0].raw == response_json(1));
        auto const devices = (*storage)->registry().devices();
        REQUIRE(devices);
        REQUIRE(devices->size() == 1);
        CHECK((*devices)[0].name == "front door");
        CHECK((*devices)[0].seen.has_value() == (opened == 2));
        std::vector<sync::HeartbeatRequest> const beats {{"dev_1", 7, {"0.1.0", 3, "{}"}}};
        REQUIRE((*storage)->keep_heartbeats(beats));
        CHECK((*storage)->registry().devices().value()[0].seen->received_ms == 7);

        auto reader = (*storage)->open_reader().value();
        CHECK(reader->places().value()->size() == 1);
        auto const grant = reader->find_grant("\x02").value();
        REQUIRE(grant);
        CHECK(grant->created_ms == 3);
        CHECK(grant->scope.is_everything());
        CHECK(grant->revoked_ms.has_value() == (opened == 2));
        REQUIRE((*storage)->registry().revoke_token("hq", act_at(8)));
        CHECK((*storage)->registry().audit(0).value().size() == static_cast<std::size_t>(opened * 2 - 1));
        CHECK((*storage)->registry().pins().value().size() == static_cast<std::size_t>(opened - 1));
        std::vector<std::string> const stores {"sh-001"};
        REQUIRE((*storage)->registry().set_pin(stores, "hash", act_at(9)));
        CHECK(pin_in_reply(**storage, "dev_1", sync::HeldPin {}) == "hash");
        // What that hub has erased is asked for now.
        CHECK(asked_in_reply(**storage, "dev_1", {}).size() == (format >= 4 ? 1 : 0));
    }
}
