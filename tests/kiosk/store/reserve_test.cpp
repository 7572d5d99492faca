#include "kiosk/store/reserve.h"

#include "kiosk/store/response_store.h"
#include "kiosk/store/schema.h"
#include "tests/support/store_filler.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <sys/stat.h>

using namespace listenpost;
using namespace listenpost::kiosk;
using test::TempFolder;

namespace {

/// Bytes of disk that the store's files hold.
std::int64_t disk_bytes(TempFolder const& folder)
{
    std::int64_t bytes = 0;
    for (char const* name : {"store.db", "store.db-wal", "store.db-shm"}) {
        struct stat found { };
        REQUIRE(::stat((folder / name).c_str(), &found) == 0);
        bytes += found.st_blocks * 512;
    }
    return bytes;
}

std::int64_t pages_free(TempFolder const& folder)
{
    auto reader = sqlite::Database::open(folder / "store.db", sqlite::OpenMode::Reader);
    REQUIRE(reader);
    return free_pages(*reader).value();
}

}

TEST_CASE(
    "With a whole reserve 10,000 responses with long comments take no byte of disk more", "[store][reserve]")
{
    TempFolder const folder(test::in_memory());
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    REQUIRE(store->top_up_reserve().value());
    CHECK(pages_free(folder) >= reserve_least_pages);
    auto writer = sqlite::Database::open(folder / "store.db", sqlite::OpenMode::Writer);
    REQUIRE(writer);
    // Down to what is promised.
    Draft draft = test::draft_number(1);
    draft.comment.clear();
    for (std::size_t count = 0; count < Draft::max_comment_characters; ++count)
        draft.comment += "𠮷"; // four bytes
    for (std::int64_t number = 1; pages_free(folder) > reserve_least_pages; ++number) {
        REQUIRE(store->save_draft(draft, Outcome::Complete));
        REQUIRE(store->close_draft(ClosedBy::Finish, draft.touched));
    }
    std::int64_t const before = disk_bytes(folder);
    std::int64_t const last = store->last_seq().value();

    // A hundred in a transaction: what is asked here is room, not durability.
    for (int hundred = 0; hundred < 100; ++hundred)
        REQUIRE(writer->execute("WITH RECURSIVE number (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM number "
                                "WHERE n < 100) INSERT INTO response (seq, " LISTENPOST_RESPONSE_COLUMNS ") "
                                "SELECT (SELECT max(seq) FROM response) + n, " LISTENPOST_RESPONSE_COLUMNS
                                " FROM response, number WHERE seq = 1"));
    CHECK(store->last_seq().value() == last + 10'000);
    CHECK(disk_bytes(folder) == before);
}

TEST_CASE("The WAL keeps its room when the kiosk ends", "[store][reserve]")
{
    TempFolder const folder(test::in_memory());
    std::uintmax_t size = 0;
    {
        auto store = ResponseStore::open(folder / "store.db");
        REQUIRE(store);
        REQUIRE(store->top_up_reserve().value());
        size = std::filesystem::file_size(folder / "store.db-wal");
        CHECK(size > 1'100 * 4'096); // SQLite folds back after 1,000 pages
    }
    CHECK(std::filesystem::file_size(folder / "store.db-wal") == size);
    REQUIRE(ResponseStore::open(folder / "store.db"));
    CHECK(std::filesystem::file_size(folder / "store.db-wal") == size);
}

TEST_CASE(
    "The reserve is topped up when it is needed, and never under a customer's fingers", "[store][reserve]")
{
    TempFolder const folder(test::in_memory());
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    REQUIRE(store->save_draft(test::draft_number(1), Outcome::Partial));
    CHECK_FALSE(store->top_up_reserve().value());
    CHECK(pages_free(folder) == 0);
    REQUIRE(store->close_draft(ClosedBy::Finish, test::draft_number(1).touched));
    CHECK(store->top_up_reserve().value());
    std::int64_t const whole = pages_free(folder);
    CHECK(whole >= reserve_pages);
    test::close_responses(*store, 2, 40);
    std::int64_t const left = pages_free(folder);
    CHECK(left < whole);
    CHECK(store->top_up_reserve().value());
    CHECK(pages_free(folder) == left); // enough: not worth 13 MB of writing
}

TEST_CASE("A WAL that has lost its room gets it back, though pages enough are free", "[store][reserve]")
{
    TempFolder const folder(test::in_memory());
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    REQUIRE(store->top_up_reserve().value());
    auto writer = sqlite::Database::open(folder / "store.db", sqlite::OpenMode::Writer);
    REQUIRE(writer);
    REQUIRE(writer->query_integer("PRAGMA wal_checkpoint(TRUNCATE)").value() == 0);
    REQUIRE(std::filesystem::file_size(folder / "store.db-wal") == 0);
    REQUIRE(store->top_up_reserve().value());
    CHECK(std::filesystem::file_size(folder / "store.db-wal") >= reserve_pages * reserve_page_bytes);
}

TEST_CASE("Nothing of what was said stays in the free pages", "[store][reserve]")
{
    TempFolder const folder(test::in_memory());
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    test::close_responses(*store, 1, 60);
    auto writer = sqlite::Database::open(folder / "store.db", sqlite::OpenMode::Writer);
    REQUIRE(writer);
    REQUIRE(writer->execute("PRAGMA secure_delete = ON; DELETE FROM response"));
    REQUIRE(store->fold_back_wal());
    std::ifstream file(folder / "store.db", std::ios::binary);
    std::string const bytes {std::istreambuf_iterator<char>(file), {}};
    for (std::int64_t number = 1; number <= 60; ++number)
        CHECK(bytes.find(test::marker(number)) == std::string::npos);
}
