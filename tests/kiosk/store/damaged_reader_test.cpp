#include "kiosk/store/response_reader.h"
#include "kiosk/store/response_store.h"
#include "tests/support/store_filler.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

using namespace listenpost;
using namespace listenpost::kiosk;
using test::TempFolder;

namespace {

constexpr std::size_t page_bytes = 4096;
constexpr char table_leaf = 0x0d;

std::string read(std::filesystem::path const& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Where the leaf page of the response with that number begins.
std::size_t leaf_of(std::string const& bytes, std::int64_t number)
{
    std::size_t const page = bytes.find(test::marker(number)) / page_bytes * page_bytes;
    REQUIRE(page < bytes.size());
    REQUIRE(bytes[page] == table_leaf);
    return page;
}

Errc end_of_walk(ResponseReader& reader, std::int64_t count)
{
    reader.seek(0, count);
    for (std::int64_t rows = 0; rows <= count; ++rows) {
        auto const response = reader.next();
        if (!response)
            return response.error().code;
        REQUIRE(*response);
    }
    FAIL("the walk gives more than there ever was");
    return Errc::Io;
}

}

TEST_CASE("A page that stands where another belongs is noticed by the walk, and ends it", "[store][damage]")
{
    TempFolder const folder(test::in_memory());
    auto const path = folder / "store.db";
    constexpr std::int64_t count = 100;
    {
        auto store = ResponseStore::open(path);
        REQUIRE(store);
        test::close_responses(*store, 1, count);
    }
    std::filesystem::remove(path.string() + "-wal");
    std::string bytes = read(path);
    std::size_t const one = leaf_of(bytes, 3);
    std::size_t const other = leaf_of(bytes, 70);
    REQUIRE(one != other);
    std::string const former = bytes.substr(one, page_bytes);
    SECTION("an older one once more: the walk would go through it again")
    {
        bytes.replace(other, page_bytes, former);
    }
    SECTION("two in each other's place")
    {
        bytes.replace(one, page_bytes, bytes, other, page_bytes);
        bytes.replace(other, page_bytes, former);
    }
    std::ofstream(path, std::ios::binary) << bytes;

    auto reader = ResponseReader::open(path);
    REQUIRE(reader);
    CHECK(end_of_walk(*reader, count) == Errc::Corrupt);
    auto const counted = reader->count(0, count);
    REQUIRE_FALSE(counted);
    CHECK(counted.error().code == Errc::Corrupt);
}

TEST_CASE("Two installs that begin with the same seq are damage", "[store][damage]")
{
    TempFolder const folder(test::in_memory());
    auto const path = folder / "store.db";
    REQUIRE(ResponseStore::open(path));
    {
        auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
        REQUIRE(database);
        // As a page that leads to itself would read.
        REQUIRE(database->execute(
            "ALTER TABLE identity RENAME TO former; CREATE TABLE identity (first_seq, "
            "install, made_for, row_check); INSERT INTO identity SELECT * FROM former; INSERT "
            "INTO identity SELECT * FROM former"));
    }
    auto const reader = ResponseReader::open(path);
    REQUIRE_FALSE(reader);
    CHECK(reader.error().code == Errc::Corrupt);
}
