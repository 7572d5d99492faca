#include "platform/sqlite/raw_file.h"

#include "platform/sqlite/database.h"
#include "platform/sqlite/raw_record.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <map>

using namespace listenpost::sqlite;
using listenpost::test::TempFolder;

namespace {

using Rows = std::map<std::int64_t, std::vector<RawValue>>;

/// The rows of all the file's leaf pages that have `columns` columns. The surest image counts.
Rows read_raw(std::filesystem::path const& path, std::size_t columns)
{
    auto file = RawFile::open(path);
    REQUIRE(file);
    Rows rows;
    file->visit([&](RawPage const& page) {
        if (page.standing == PageStanding::Uncommitted)
            return;
        for (auto& row :
            rows_of_leaf(page.bytes, [&](std::uint32_t number) { return file->newest(number); }).rows)
            if (row.values.size() == columns)
                rows.emplace(row.rowid, std::move(row.values));
    });
    return rows;
}

Rows read_by_sql(Database& database)
{
    auto query = database.prepare("SELECT id, number, text FROM thing");
    REQUIRE(query);
    Rows rows;
    while (query->step().value()) {
        RawValue const number = query->is_null(1) ? RawValue() : RawValue(std::int64_t {query->integer(1)});
        rows[query->integer(0)] = {RawValue(), number, std::string(query->text(2))};
    }
    return rows;
}

constexpr char numbers_of_every_length[] = R"sql(
    CREATE TABLE thing (id INTEGER PRIMARY KEY, number INTEGER, text TEXT NOT NULL);
    INSERT INTO thing (id, number, text) VALUES
        (-5, NULL, ''), (0, 0, 'a'), (1, 1, '上'), (2, -1, 'b'), (3, 127, 'c'), (127, -128, 'd'),
        (128, 32767, 'e'), (129, -32768, 'f'), (16383, 8388607, 'g'), (16384, -8388608, 'h'),
        (2097152, 2147483647, 'i'), (268435456, -2147483648, 'j'), (34359738368, 140737488355327, 'k'),
        (4398046511104, -140737488355328, 'l'), (562949953421312, 9223372036854775807, 'm'),
        (9223372036854775807, -9223372036854775807 - 1, 'n');
    WITH RECURSIVE n (i) AS (VALUES (1000) UNION ALL SELECT i + 1 FROM n WHERE i < 1600)
    INSERT INTO thing SELECT i, i * i, substr(hex(zeroblob(9000)), 1, (i - 1000) * 30) || i FROM n;
)sql";

}

TEST_CASE("Pages read without SQLite hold the rows that SQLite reads, long ones too", "[sqlite]")
{
    TempFolder const folder;
    auto database = Database::open(folder / "a.db", OpenMode::Writer);
    REQUIRE(database);
    REQUIRE(database->execute(numbers_of_every_length));
    auto const rows = read_by_sql(*database);
    REQUIRE(rows.size() == 617);
    SECTION("while they are in the WAL") { CHECK(read_raw(folder / "a.db", 3) == rows); }
    SECTION("when they are in the file")
    {
        REQUIRE(database->execute("PRAGMA wal_checkpoint(TRUNCATE)"));
        CHECK(read_raw(folder / "a.db", 3) == rows);
    }
    SECTION("where the WAL has newer ones")
    {
        REQUIRE(database->execute(
            "PRAGMA wal_checkpoint(TRUNCATE); "
            "UPDATE thing SET text = 'new' WHERE id % 3 = 0; DELETE FROM thing WHERE id % 7 = 0"));
        CHECK(read_raw(folder / "a.db", 3) == read_by_sql(*database));
    }
    SECTION("where the WAL begins anew over its former round")
    {
        REQUIRE(database->execute("PRAGMA wal_checkpoint(RESTART); DELETE FROM thing WHERE id > 1200"));
        CHECK(read_raw(folder / "a.db", 3) == read_by_sql(*database));
        CHECK_FALSE(RawFile::open(folder / "a.db")->wal_is_damaged());
    }
}

TEST_CASE("A transaction that did not reach its commit does not count", "[sqlite]")
{
    TempFolder const folder;
    auto database = Database::open(folder / "a.db", OpenMode::Writer);
    REQUIRE(database);
    REQUIRE(database->execute(numbers_of_every_length));
    auto const rows = read_by_sql(*database);
    // A small cache spills the pages of a long transaction into the WAL before its end.
    REQUIRE(database->execute("PRAGMA cache_size = 10; BEGIN; UPDATE thing SET text = text || 'x'"));
    CHECK(read_raw(folder / "a.db", 3) == rows);
    int uncommitted = 0;
    RawFile::open(folder / "a.db")->visit([&](RawPage const& page) {
        uncommitted += page.standing == PageStanding::Uncommitted ? 1 : 0;
    });
    CHECK(uncommitted > 0);
}

TEST_CASE(
    "What a write that failed has left behind a torn last commit does not make damage of it", "[sqlite]")
{
    TempFolder const folder;
    auto database = Database::open(folder / "a.db", OpenMode::Writer);
    REQUIRE(database);
    REQUIRE(database->execute(numbers_of_every_length));
    REQUIRE(database->empty_wal().value());
    // A small cache spills them into the WAL; what is written next goes over the first of them.
    REQUIRE(database->execute("PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = 10; "
                              "BEGIN; UPDATE thing SET text = text || 'x'; ROLLBACK; "
                              "UPDATE thing SET number = 1 WHERE id IN (1000, 1300, 1500)"));
    bool const is_last = GENERATE(true, false);
    if (!is_last)
        REQUIRE(database->execute("UPDATE thing SET number = 2 WHERE id = 1000"));
    CHECK_FALSE(RawFile::open(folder / "a.db")->wal_is_damaged());
    std::fstream wal(folder / "a.db-wal", std::ios::in | std::ios::out | std::ios::binary);
    wal.seekp(500); // in the first of the commit's pages
    wal.write("torn", 4).flush();
    CHECK(RawFile::open(folder / "a.db")->wal_is_damaged() == !is_last);
    database->at_close(AtClose::LeaveFiles);
}

TEST_CASE("Of a page whose list of rows is destroyed the rows are still found", "[sqlite]")
{
    TempFolder const folder;
    {
        auto database = Database::open(folder / "a.db", OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, number INTEGER, text TEXT); "
                                  "INSERT INTO thing VALUES (7, 70, 'seventy'), (8, 80, 'eighty')"));
    }
    auto file = RawFile::open(folder / "a.db");
    REQUIRE(file);
    std::string page = file->newest(2).value();
    page.replace(0, 12, 12, '\xff');
    auto const none = [](std::uint32_t) { return std::nullopt; };
    CHECK(rows_of_leaf(page, none).rows.empty());
    int found = 0;
    for (auto const& row : rows_anywhere(page, none))
        found += (row.rowid == 7 && row.values == std::vector<RawValue> {{}, std::int64_t {70}, "seventy"})
            || (row.rowid == 8 && row.values == std::vector<RawValue> {{}, std::int64_t {80}, "eighty"});
    CHECK(found == 2);
}

TEST_CASE("Bytes of any kind are read without a fault", "[sqlite]")
{
    TempFolder const folder;
    auto database = Database::open(folder / "a.db", OpenMode::Writer);
    REQUIRE(database);
    REQUIRE(database->execute(numbers_of_every_length));
    std::ifstream source(folder / "a.db-wal", std::ios::binary);
    std::string const whole {std::istreambuf_iterator<char>(source), {}};
    unsigned state = 1;
    auto const random = [&state] { return state = state * 1664525 + 1013904223; };
    for (int round = 0; round < 60; ++round) {
        std::string bytes = whole.substr(0, random() % 120'000);
        for (unsigned change = 0; change < 40 && !bytes.empty(); ++change)
            bytes[(random() >> 4) % bytes.size()] = static_cast<char>(random() >> 20);
        for (char const* name : {"b.db", "b.db-wal"})
            std::ofstream(folder / name, std::ios::binary) << bytes;
        auto file = RawFile::open(folder / "b.db");
        REQUIRE(file);
        auto const further = [&](std::uint32_t number) { return file->newest(number); };
        file->visit([&](RawPage const& page) {
            (void)rows_of_leaf(page.bytes, further);
            (void)rows_anywhere(page.bytes, further);
        });
    }
}
