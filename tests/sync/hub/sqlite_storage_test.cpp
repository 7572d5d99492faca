#include "sync/hub/sqlite_storage.h"

#include "platform/sqlite/database.h"
#include "tests/support/temp_folder.h"
#include "tests/sync/hub/storage_contract.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

using namespace listenpost;
using namespace listenpost::test;

namespace {

/// A new, empty database at every call; the folder goes with the test.
class SqliteStorages {
public:
    std::unique_ptr<sync::Storage> operator()()
    {
        auto storage = sync::open_sqlite_storage(folder_.path() / (std::to_string(++count_) + ".db"));
        REQUIRE(storage);
        return std::move(*storage);
    }
    std::filesystem::path path(int number) const { return folder_.path() / (std::to_string(number) + ".db"); }

private:
    TempFolder folder_;
    int count_ = 0;
};

}

#define STORAGE_TEST(function, sentence)                                                                     \
    TEST_CASE("SQLite: " sentence, "[sync][hub][storage]")                                                   \
    {                                                                                                        \
        SqliteStorages storages;                                                                             \
        function([&] { return storages(); });                                                                \
    }

LISTENPOST_STORAGE_CONTRACT(STORAGE_TEST)

TEST_CASE(
    "SQLite: everything is there after the database was closed and opened again", "[sync][hub][storage]")
{
    TempFolder folder;
    everything_is_there_after_closing_and_opening(
        [&] { return sync::open_sqlite_storage(folder.path() / "hub.db").value(); });
}

TEST_CASE("SQLite: a database of a newer hub is refused, and left as it is", "[sync][hub][storage]")
{
    TempFolder folder;
    auto const path = folder.path() / "hub.db";
    REQUIRE(sync::open_sqlite_storage(path));
    {
        auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute("PRAGMA user_version = 1000"));
    }
    auto const storage = sync::open_sqlite_storage(path);
    REQUIRE_FALSE(storage);
    CHECK(storage.error().code == Errc::Invalid);
    CHECK_THAT(storage.error().detail, Catch::Contains("format 1000"));
}

// The statement that fails is chosen by taking away the table it needs.
TEST_CASE("SQLite: a commit that fails half-way keeps nothing, and can be sent again", "[sync][hub][storage]")
{
    TempFolder folder;
    auto const path = folder.path() / "hub.db";
    auto storage = sync::open_sqlite_storage(path);
    REQUIRE(storage);
    ingest_one(**storage, install_id(1), {response_json(1)});
    auto other = sqlite::Database::open(path, sqlite::OpenMode::Writer);
    REQUIRE(other);
    REQUIRE(other->execute("ALTER TABLE log RENAME TO log_away"));

    std::vector<sync::IngestRequest> requests;
    requests.push_back({"dev_1", "sh-001", 1, parsed_batch(install_id(1), {response_json(2)})});
    requests.push_back({"dev_2", "bj-007", 1, parsed_batch(install_id(2), {response_json(1)})});
    REQUIRE_FALSE((*storage)->ingest(requests));

    REQUIRE(other->execute("ALTER TABLE log_away RENAME TO log"));
    auto const replies = (*storage)->ingest(requests);
    REQUIRE(replies);
    CHECK((*replies)[0].duplicates == 0);
    CHECK((*replies)[1].duplicates == 0);
    CHECK(pull_everything(**storage).size() == 3);
}

TEST_CASE("SQLite: a row that is gone or another is noticed, whatever page of a pull it falls into",
    "[sync][hub][storage]")
{
    TempFolder folder;
    auto const path = folder.path() / "hub.db";
    auto storage = sync::open_sqlite_storage(path);
    REQUIRE(storage);
    ingest_one(**storage, install_id(1),
        {response_json(1), response_json(2), response_json(3), response_json(4), response_json(5),
            response_json(6)});
    auto other = sqlite::Database::open(path, sqlite::OpenMode::Writer);
    REQUIRE(other);
    auto reader = (*storage)->open_reader();
    REQUIRE(reader);
    std::vector<PulledRow> rows;
    sync::Cursor const cursor = pull_page(**reader, {}, 2, rows);
    auto const read_on = [&] {
        std::size_t read = 0;
        auto const page = (*reader)->read_page(cursor, {2}, [&read](sync::LogRow const&) { ++read; });
        REQUIRE_FALSE(page);
        CHECK(page.error().code == Errc::Corrupt);
        return read;
    };
    SECTION("in the middle of the page")
    {
        REQUIRE(other->execute("DELETE FROM log WHERE off = 3"));
        CHECK(read_on() == 1);
    }
    SECTION("its first one")
    {
        REQUIRE(other->execute("DELETE FROM log WHERE off = 2"));
        CHECK(read_on() == 0);
    }
    SECTION("its raw text is another")
    {
        REQUIRE(other->execute("UPDATE log SET raw = replace(raw, '1', '9') WHERE off = 3"));
        CHECK(read_on() == 1);
    }
    SECTION("its store is another")
    {
        REQUIRE(other->execute("UPDATE log SET store = 'sh-002' WHERE off = 2"));
        CHECK(read_on() == 0);
    }
    SECTION("a partition's counter")
    {
        REQUIRE(other->execute("DELETE FROM partitions WHERE part = 63"));
        CHECK(read_on() == 0);
    }
}

TEST_CASE(
    "SQLite: a WAL that is damaged before its end is refused, and left as it is", "[sync][hub][storage]")
{
    TempFolder folder;
    auto const path = folder.path() / "hub.db";
    auto const copy = folder.path() / "copy.db";
    {
        auto storage = sync::open_sqlite_storage(path);
        REQUIRE(storage);
        for (int seq = 1; seq <= 5; ++seq)
            ingest_one(**storage, install_id(1), {response_json(seq)});
        std::filesystem::copy_file(path, copy);
        std::filesystem::copy_file(path.string() + "-wal", copy.string() + "-wal");
    }
    auto const wal = copy.string() + "-wal";
    std::fstream file(wal, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(std::filesystem::file_size(wal) / 2));
    file << "damage";
    file.close();
    auto const size = std::filesystem::file_size(wal);
    auto const storage = sync::open_sqlite_storage(copy);
    REQUIRE_FALSE(storage);
    CHECK(storage.error().code == Errc::Corrupt);
    CHECK(std::filesystem::file_size(wal) == size);
}

TEST_CASE("SQLite: an install whose partition the disk has changed takes nothing, and counts nothing twice",
    "[sync][hub][storage]")
{
    TempFolder folder;
    auto const path = folder.path() / "hub.db";
    {
        auto storage = sync::open_sqlite_storage(path).value();
        ingest_one(*storage, install_id(1), {response_json(1), response_json(2)});
    }
    std::string const change
        = GENERATE("part = 200", "part = -100", "part = (part + 1) % 64", "first_ms = 1");
    {
        auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer).value();
        REQUIRE(database.execute(("UPDATE installs SET " + change).c_str()));
    }
    auto const storage = sync::open_sqlite_storage(path).value();
    sync::IngestRequest const request {
        "dev_1", "sh-001", 1, parsed_batch(install_id(1), {response_json(1)}), {}};
    auto const reply = storage->ingest({&request, 1});
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code == Errc::Corrupt);
    CHECK(pull_everything(*storage).size() == 2);
    CHECK(ingest_one(*storage, install_id(2), {response_json(1)}).acknowledged == 1);
}

TEST_CASE("SQLite: an erased text is in no byte of hub.db and its WAL", "[sync][hub][storage][erase]")
{
    TempFolder folder;
    auto const path = folder.path() / "hub.db";
    auto storage = sync::open_sqlite_storage(path).value();
    auto const reader = storage->open_reader().value(); // as a hub that serves has them
    // Rows in between, before and after: SQLite splits pages, and leaves behind what it moved to others. One
    // of the texts is so long that it has pages of its own.
    std::string const secret = "call 13800138000";
    std::string const long_secret = std::string(1'900, 'x') + " call 13900139000";
    for (int round = 0; round < 60; ++round)
        for (int box = 0; box < 5; ++box) {
            std::string const comment = box == 1 && round == 20 ? secret
                : box == 1 && round == 21                       ? long_secret
                                                                : "ok " + std::string(100, 'y');
            ingest_one(*storage, install_id(box), {response_json(round + 1, comment)},
                "store-" + std::to_string(box % 3));
        }
    auto const found_in_files = [&](std::string const& text) {
        std::size_t found = 0;
        for (auto const& entry : std::filesystem::directory_iterator(folder.path())) {
            std::ifstream file(entry.path(), std::ios::binary);
            std::string const bytes((std::istreambuf_iterator<char>(file)), {});
            found += bytes.find(text) != bytes.npos ? 1 : 0;
        }
        return found;
    };
    CHECK(found_in_files("13800138000") > 0);
    CHECK(found_in_files("13900139000") > 0);
    REQUIRE(storage->erase_text(install_id(1), 21, act_at(1)));
    CHECK(found_in_files("13800138000") == 0);
    CHECK(found_in_files("13900139000") > 0);
    REQUIRE(storage->erase_text(install_id(1), 22, act_at(1)));
    CHECK(found_in_files("13900139000") == 0);
    CHECK(found_in_files("xxxxxxxxxx") == 0);
    // Its box brings it once more.
    ingest_one(*storage, install_id(1), {response_json(21, secret), response_json(22, long_secret)});
    CHECK(found_in_files("13800138000") == 0);
    CHECK(found_in_files("xxxxxxxxxx") == 0);
    CHECK(pull_everything(*storage).size() == 302);
    CHECK(reader->places().value()->empty());
}

TEST_CASE("SQLite: what holds up the wiping of old bytes is said, and erasing again wipes them",
    "[sync][hub][storage][erase]")
{
    TempFolder folder;
    auto const path = folder.path() / "hub.db";
    auto storage = sync::open_sqlite_storage(path).value();
    ingest_one(*storage, install_id(1), {response_json(1, "mine")});
    auto other = sqlite::Database::open(path, sqlite::OpenMode::Reader).value(); // a backup, say
    REQUIRE(other.execute("BEGIN"));
    REQUIRE(other.query_integer("SELECT count(*) FROM log"));
    auto const held_up = storage->erase_text(install_id(1), 1, act_at(1));
    REQUIRE_FALSE(held_up);
    CHECK(held_up.error().code == Errc::Busy);
    CHECK_THAT(held_up.error().detail, Catch::Contains("again"));
    CHECK(pull_everything(*storage).at(0).raw.find("mine") == std::string::npos);
    REQUIRE(other.execute("COMMIT"));
    REQUIRE(storage->erase_text(install_id(1), 1, act_at(2)));
    CHECK(pull_everything(*storage).size() == 2);
}

TEST_CASE("SQLite: a row that the disk has changed is not written anew as if it were whole",
    "[sync][hub][storage][erase]")
{
    TempFolder folder;
    auto const path = folder.path() / "hub.db";
    auto storage = sync::open_sqlite_storage(path).value();
    ingest_one(*storage, install_id(1), {response_json(1, "mine")});
    auto other = sqlite::Database::open(path, sqlite::OpenMode::Writer).value();
    REQUIRE(other.execute("UPDATE log SET raw = replace(raw, ':4}', ':1}')"));
    auto const refused = storage->erase_text(install_id(1), 1, act_at(1));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::Corrupt);
    CHECK(storage->registry().audit(0).value().empty());
}
