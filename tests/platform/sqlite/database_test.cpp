#include "platform/sqlite/database.h"

#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::sqlite;
using listenpost::test::TempFolder;

namespace {

Database with_table(std::filesystem::path const& path)
{
    auto database = Database::open(path, OpenMode::Writer);
    REQUIRE(database);
    REQUIRE(database->execute("CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, content TEXT)"));
    return std::move(*database);
}

}

TEST_CASE("A writer commits durably: WAL with a full sync", "[sqlite]")
{
    TempFolder const folder;
    Database database = with_table(folder / "a.db");
    auto mode = database.prepare("PRAGMA journal_mode");
    REQUIRE(mode);
    REQUIRE(mode->step().value());
    CHECK(mode->text(0) == "wal");
    CHECK(database.query_integer("PRAGMA synchronous").value() == 2); // FULL
}

TEST_CASE("Text goes in and comes out as it was, with zero bytes and none at all", "[sqlite]")
{
    TempFolder const folder;
    Database database = with_table(folder / "a.db");
    auto insert = database.prepare("INSERT INTO item (id, content) VALUES (?, ?)");
    auto select = database.prepare("SELECT content FROM item WHERE id = ?");
    REQUIRE(insert);
    REQUIRE(select);
    std::int64_t id = 0;
    for (auto const& text : {std::string("上菜"), std::string(), std::string("a\0b", 3)}) {
        REQUIRE(insert->bind(1, ++id).bind(2, text).run());
        REQUIRE(select->bind(1, id).step().value());
        CHECK(select->text(0) == text);
        CHECK_FALSE(select->is_null(0));
        select->reset();
    }
    REQUIRE(insert->bind(1, ++id).bind_null(2).run());
    REQUIRE(select->bind(1, id).step().value());
    CHECK(select->is_null(0));
}

TEST_CASE(
    "Work that takes long ends when somebody wants the database, and nothing of it has happened", "[sqlite]")
{
    TempFolder const folder;
    Database database = with_table(folder / "a.db");
    constexpr char const* long_work
        = "WITH RECURSIVE number (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM number WHERE n < 10000) "
          "INSERT INTO item SELECT n, 'x' FROM number";
    {
        Interruptible const interruptible(database, [] { return true; });
        CHECK(database.execute(long_work).error().code == Errc::Busy);
        CHECK(database.query_integer("SELECT count(*) FROM item").value() == 0);
    }
    CHECK(database.execute(long_work));
    CHECK(database.query_integer("SELECT count(*) FROM item").value() == 10'000);
}

TEST_CASE("A transaction that is not committed has not happened", "[sqlite]")
{
    TempFolder const folder;
    Database database = with_table(folder / "a.db");
    {
        auto transaction = Transaction::begin(database);
        REQUIRE(transaction);
        REQUIRE(database.execute("INSERT INTO item VALUES (1, 'x')"));
    }
    CHECK(database.query_integer("SELECT count(*) FROM item").value() == 0);
    {
        auto transaction = Transaction::begin(database);
        REQUIRE(transaction);
        REQUIRE(database.execute("INSERT INTO item VALUES (1, 'x')"));
        REQUIRE(transaction->commit());
    }
    CHECK(database.query_integer("SELECT count(*) FROM item").value() == 1);
}

TEST_CASE("A transaction that could not be rolled back is left before the next one", "[sqlite]")
{
    TempFolder const folder;
    Database database = with_table(folder / "a.db");
    REQUIRE(database.leave_transaction()); // there is none
    REQUIRE(database.execute("BEGIN; INSERT INTO item VALUES (1, 'left')"));
    {
        auto transaction = Transaction::begin(database);
        REQUIRE(transaction);
        REQUIRE(database.execute("INSERT INTO item VALUES (2, 'x')"));
        REQUIRE(transaction->commit());
    }
    CHECK(database.query_integer("SELECT min(id) FROM item").value() == 2);

    REQUIRE(database.execute("BEGIN; INSERT INTO item VALUES (3, 'left')"));
    REQUIRE(database.leave_transaction());
    CHECK(database.query_integer("SELECT count(*) FROM item").value() == 1);
}

TEST_CASE("Errors say what kind they are", "[sqlite]")
{
    TempFolder const folder;
    CHECK(Database::open(folder / "none.db", OpenMode::Reader).error().code == Errc::NotFound);
    CHECK(Database::open(folder / "no/such/folder.db", OpenMode::Writer).error().code == Errc::Io);

    Database database = with_table(folder / "a.db");
    CHECK_FALSE(database.prepare("SELECT nonsense FROM nowhere"));
    CHECK_FALSE(database.execute("INSERT INTO nowhere VALUES (1)"));
    REQUIRE(database.execute("INSERT INTO item VALUES (1, 'x')"));
    CHECK(database.execute("INSERT INTO item VALUES (1, 'y')").error().code == Errc::Invalid);

    SECTION("and a statement can be used again after one")
    {
        auto insert = database.prepare("INSERT INTO item (id, content) VALUES (?, 'z')");
        REQUIRE(insert);
        CHECK_FALSE(insert->bind(1, std::int64_t {1}).run());
        CHECK(insert->bind(1, std::int64_t {2}).run());
    }
    SECTION("a second writer is refused while the first is at work")
    {
        Database second = with_table(folder / "a.db");
        auto transaction = Transaction::begin(database);
        REQUIRE(transaction);
        CHECK(Transaction::begin(second).error().code == Errc::Busy);
    }
    SECTION("a reader cannot write")
    {
        auto reader = Database::open(folder / "a.db", OpenMode::Reader);
        REQUIRE(reader);
        CHECK_FALSE(reader->execute("INSERT INTO item VALUES (9, 'x')"));
    }
    SECTION("a file that SQLite's limit of pages has filled is full")
    {
        REQUIRE(database.execute("PRAGMA max_page_count = 3"));
        auto insert = database.prepare("INSERT INTO item (content) VALUES (?)");
        REQUIRE(insert);
        std::string const large(100'000, 'x');
        CHECK(insert->bind(1, large).run().error().code == Errc::Full);
    }
}
