#include "sync/hub/sqlite_storage.h"

#include "platform/sqlite/database.h"
#include "tests/support/temp_folder.h"
#include "tests/sync/hub/storage_contract.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::test;

namespace {

// Version 1 as it was released, with a box and its first response. Written out here, so that
// an edit of the released step in schema.cpp cannot go unnoticed.
constexpr char version_1[] = R"sql(
    CREATE TABLE hub (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), id INTEGER NOT NULL);
    CREATE TABLE stores (store TEXT PRIMARY KEY, name TEXT NOT NULL, region TEXT NOT NULL,
        city TEXT NOT NULL, timezone TEXT NOT NULL, created_ms INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE devices (device TEXT PRIMARY KEY, store TEXT NOT NULL, name TEXT NOT NULL,
        token_hash BLOB NOT NULL UNIQUE, enrolled_ms INTEGER NOT NULL, revoked_ms INTEGER) WITHOUT ROWID;
    CREATE TABLE invites (code_hash BLOB PRIMARY KEY, store TEXT NOT NULL, name TEXT NOT NULL,
        expires_ms INTEGER NOT NULL, device TEXT) WITHOUT ROWID;
    CREATE TABLE tokens (name TEXT PRIMARY KEY, role TEXT NOT NULL, token_hash BLOB NOT NULL UNIQUE,
        created_ms INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE installs (install BLOB PRIMARY KEY, part INTEGER NOT NULL,
        first_ms INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE partitions (part INTEGER PRIMARY KEY, next_off INTEGER NOT NULL);
    CREATE TABLE log (part INTEGER NOT NULL, off INTEGER NOT NULL, store TEXT NOT NULL,
        device TEXT NOT NULL, install BLOB NOT NULL, seq INTEGER NOT NULL, received_ms INTEGER NOT NULL,
        at_ms INTEGER NOT NULL, raw TEXT NOT NULL, PRIMARY KEY (part, off)) WITHOUT ROWID;
    CREATE TABLE dedup (part INTEGER NOT NULL, install BLOB NOT NULL, seq INTEGER NOT NULL,
        digest INTEGER NOT NULL, PRIMARY KEY (part, install, seq)) WITHOUT ROWID;
    WITH RECURSIVE parts(part) AS (SELECT 0 UNION ALL SELECT part + 1 FROM parts WHERE part < 63)
    INSERT INTO partitions (part, next_off) SELECT part, 0 FROM parts;
    INSERT INTO hub VALUES (1, 72057594037927936);
    INSERT INTO stores VALUES ('sh-001', '店', '', '', 'Asia/Shanghai', 1);
    INSERT INTO devices VALUES ('dev_1', 'sh-001', 'front door', x'01', 2, NULL);
    PRAGMA user_version = 1;
)sql";

}

TEST_CASE(
    "SQLite: a hub.db of version 1 keeps all that it holds, and takes heartbeats", "[sync][hub][storage]")
{
    TempFolder folder;
    auto const path = folder / "hub.db";
    {
        auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute(version_1));
        // The response as version 1's hub logged it, under the digest that it had.
        std::string const digest = std::to_string(
            static_cast<std::int64_t>(parsed_batch(install_id(1), {response_json(1)}).responses[0].digest));
        std::string const part = std::to_string(sync::partition_of("sh-001"));
        std::string const install = "x'" + install_id(1) + "'";
        REQUIRE(database->execute(("INSERT INTO installs VALUES (" + install + ", " + part
            + ", 5);"
              "UPDATE partitions SET next_off = 1 WHERE part = "
            + part
            + ";"
              "INSERT INTO log VALUES ("
            + part + ", 0, 'sh-001', 'dev_1', " + install + ", 1, 5, 4, '" + response_json(1)
            + "');"
              "INSERT INTO dedup VALUES ("
            + part + ", " + install + ", 1, " + digest + ")")
                                      .c_str()));
    }
    for (int opened = 1; opened <= 2; ++opened) { // migrated, and then as it is
        auto storage = sync::open_sqlite_storage(path);
        REQUIRE(storage);
        CHECK(ingest_one(**storage, install_id(1), {response_json(1)}).duplicates == 1);
        auto const rows = pull_everything(**storage);
        REQUIRE(rows.size() == 1);
        CHECK(rows[0].raw == response_json(1));
        auto const devices = (*storage)->devices();
        REQUIRE(devices);
        REQUIRE(devices->size() == 1);
        CHECK((*devices)[0].name == "front door");
        CHECK((*devices)[0].seen.has_value() == (opened == 2));
        std::vector<sync::HeartbeatRequest> const beats {{"dev_1", 7, {"0.1.0", 3, "{}"}}};
        REQUIRE((*storage)->keep_heartbeats(beats));
        CHECK((*storage)->devices().value()[0].seen->received_ms == 7);
    }
}
