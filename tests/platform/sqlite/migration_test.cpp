#include "platform/sqlite/migration.h"

#include "tests/support/temp_folder.h"

#include <array>
#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::sqlite;
using listenpost::test::TempFolder;

namespace {

Result<> add_one(Database& database) { return database.execute("INSERT INTO item VALUES (1)"); }
Result<> refuse(Database&) { return fail(Errc::Io, "the plug was pulled"); }

constexpr MigrationStep create {"CREATE TABLE item (id INTEGER PRIMARY KEY)", add_one};
constexpr MigrationStep widen {"ALTER TABLE item ADD COLUMN note TEXT NOT NULL DEFAULT 'old'"};
constexpr MigrationStep broken {"CREATE TABLE half (id INTEGER)", refuse};

Database open(TempFolder const& folder)
{
    auto database = Database::open(folder / "a.db", OpenMode::Writer);
    REQUIRE(database);
    return std::move(*database);
}

}

TEST_CASE("A file is brought to the newest format from empty and from every earlier one", "[sqlite]")
{
    TempFolder const folder;
    Database database = open(folder);
    std::array const first = {create};
    std::array const both = {create, widen};
    SECTION("from empty") { }
    SECTION("from version 1, keeping what it holds")
    {
        REQUIRE(migrate(database, first, "a.db"));
        CHECK(format_version(database, 2, "a.db").value() == 1);
    }
    SECTION("from the newest, where nothing is left to do") { REQUIRE(migrate(database, both, "a.db")); }
    REQUIRE(migrate(database, both, "a.db"));
    CHECK(format_version(database, 2, "a.db").value() == 2);
    CHECK(database.query_integer("SELECT count(*) FROM item WHERE note = 'old'").value() == 1);
}

TEST_CASE("A step that fails leaves the version before it, whole", "[sqlite]")
{
    TempFolder const folder;
    Database database = open(folder);
    std::array const steps = {create, broken};
    auto const migrated = migrate(database, steps, "a.db");
    REQUIRE_FALSE(migrated);
    CHECK(migrated.error().detail == "the plug was pulled");
    CHECK(format_version(database, 2, "a.db").value() == 1);
    CHECK(database.query_integer("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").value() == 0);
}

TEST_CASE("A file of a newer program is refused, and says what to do", "[sqlite]")
{
    TempFolder const folder;
    Database database = open(folder);
    REQUIRE(database.execute("PRAGMA user_version = 7"));
    std::array const steps = {create, widen};
    auto const migrated = migrate(database, steps, "a.db");
    REQUIRE_FALSE(migrated);
    CHECK(migrated.error().code == Errc::Invalid);
    CHECK(migrated.error().detail
        == "a.db has format 7, this program knows up to 2: install a newer ListenPost");
    CHECK(database.query_integer("SELECT count(*) FROM sqlite_schema").value() == 0);
}
