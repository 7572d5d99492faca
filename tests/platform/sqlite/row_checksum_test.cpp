#include "platform/sqlite/row_checksum.h"

#include "platform/sqlite/database.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

using namespace listenpost::sqlite;

TEST_CASE("A row's checksum is the same in SQL and without it", "[sqlite]")
{
    listenpost::test::TempFolder const folder;
    auto database = Database::open(folder / "a.db", OpenMode::Writer);
    REQUIRE(database);
    std::int64_t const without = RowChecksum().add(-7).add("上菜慢").add_null().add("").value();
    CHECK(database->query_integer("SELECT row_checksum(-7, '上菜慢', NULL, '')").value() == without);
}

TEST_CASE("A row's checksum tells values apart that look alike", "[sqlite]")
{
    CHECK(RowChecksum().add("ab").add("c").value() != RowChecksum().add("a").add("bc").value());
    CHECK(RowChecksum().add(1).value() != RowChecksum().add("1").value());
    CHECK(RowChecksum().add("").value() != RowChecksum().add_null().value());
    CHECK(RowChecksum().add(1).add(2).value() != RowChecksum().add(2).add(1).value());
}

TEST_CASE("What a row's checksum cannot hold is refused, not left out", "[sqlite]")
{
    listenpost::test::TempFolder const folder;
    auto database = Database::open(folder / "a.db", OpenMode::Writer);
    REQUIRE(database);
    CHECK_FALSE(database->query_integer("SELECT row_checksum(1.5)"));
    CHECK_FALSE(database->query_integer("SELECT row_checksum(x'00')"));
}
