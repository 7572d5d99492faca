#include "sync/hub/sqlite_backup.h"

#include "platform/sqlite/database.h"
#include "sync/hub/secrets.h"
#include "sync/hub/sqlite_storage.h"
#include "tests/support/hub_acts.h"
#include "tests/support/temp_folder.h"
#include "tests/sync/hub/storage_contract.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

using namespace listenpost;
using namespace listenpost::test;

namespace {

/// A hub.db with one store, one reader and `responses` rows, open as a hub has it.
std::unique_ptr<sync::Storage> filled(std::filesystem::path const& path, int responses)
{
    auto storage = sync::open_sqlite_storage(path).value();
    REQUIRE(storage->registry().add_store({"sh-001", "人民广场店", "", "", "Asia/Shanghai"}, act_at(1)));
    REQUIRE(
        storage->registry().add_token({"hq", sync::Role::Reader}, sync::hash_of_secret("lpr_x"), act_at(1)));
    for (int seq = 1; seq <= responses; ++seq)
        ingest_one(*storage, install_id(1), {response_json(seq)});
    return storage;
}

/// Changes what one row says, as a disk would: the row stays readable, and is another.
void damage_a_row(std::filesystem::path const& path)
{
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer).value();
    REQUIRE(
        database.execute("UPDATE log SET raw = replace(raw, '\"score\":2', '\"score\":5') WHERE seq = 2"));
}

std::vector<std::string> files_of(std::filesystem::path const& folder)
{
    std::vector<std::string> names;
    for (auto const& entry : std::filesystem::directory_iterator(folder))
        names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
}

}

TEST_CASE("A backup beside a hub holds what was committed, and becomes a hub again", "[sync][hub][backup]")
{
    TempFolder const folder;
    auto const storage = filled(folder / "hub.db", 3);
    REQUIRE(storage->registry().add_invite("code", "sh-001", "door", 100, act_at(1)));
    REQUIRE(storage->registry().enrol("code", "dev_a", "token", "", 1));
    std::vector<std::string> const stores {"sh-001"};
    REQUIRE(storage->registry().set_pin(stores, "hash", act_at(2)));
    auto const backed_up = sync::back_up(folder / "hub.db", folder / "backup");
    REQUIRE(backed_up);
    CHECK(backed_up->responses == 3);
    CHECK(backed_up->stores == 1);
    ingest_one(*storage, install_id(1), {response_json(4)});
    auto const cursor
        = storage->open_reader().value()->read_page({}, {100}, [](sync::LogRow const&) {}).value();

    std::filesystem::create_directory(folder / "new");
    auto const restored = sync::restore(folder / "backup", folder / "new/hub.db", act_at(9));
    REQUIRE(restored);
    CHECK(restored->responses == 3);
    auto const again = sync::open_sqlite_storage(folder / "new/hub.db").value();
    auto const reader = again->open_reader().value();
    CHECK(reader->find_grant(sync::hash_of_secret("lpr_x")).value()->role == sync::Role::Reader);
    CHECK(again->registry().pins().value() == storage->registry().pins().value());
    CHECK(pin_in_reply(*again, "dev_a", sync::HeldPin {}) == "hash");
    std::vector<std::int64_t> seqs;
    REQUIRE(reader->read_page({}, {100}, [&](sync::LogRow const& row) { seqs.push_back(row.seq); }));
    CHECK(seqs == std::vector<std::int64_t> {1, 2, 3});
    auto const acts = again->registry().audit(9);
    REQUIRE(acts);
    CHECK(std::ranges::count(*acts, "hub.restore", &sync::AuditLine::what) == 1);

    // A cursor from before would pass over what comes in the place of what the backup had not.
    ingest_one(*again, install_id(2), {response_json(1), response_json(2)});
    auto const old = reader->read_page(cursor, {100}, [](sync::LogRow const&) {});
    REQUIRE_FALSE(old);
    CHECK(old.error().code == Errc::Invalid);
    CHECK(files_of(folder / "new") == std::vector<std::string> {"hub.db", "hub.db-shm", "hub.db-wal"});
}

TEST_CASE("A backup goes over nothing, and neither does a restore", "[sync][hub][backup]")
{
    TempFolder const folder;
    filled(folder / "hub.db", 1);
    REQUIRE(sync::back_up(folder / "hub.db", folder / "backup"));
    auto const again = sync::back_up(folder / "hub.db", folder / "backup");
    REQUIRE_FALSE(again);
    CHECK(again.error().code == Errc::Invalid);
    auto const restored = sync::restore(folder / "backup", folder / "hub.db", act_at(9));
    REQUIRE_FALSE(restored);
    CHECK(restored.error().code == Errc::Invalid);
    CHECK(sync::back_up(folder / "nothing.db", folder / "other").error().code == Errc::NotFound);
    CHECK(sync::restore(folder / "nothing", folder / "other.db", act_at(9)).error().code == Errc::NotFound);
    CHECK_FALSE(std::filesystem::exists(folder / "other"));
    CHECK_FALSE(std::filesystem::exists(folder / "other.db"));
}

TEST_CASE("A backup is read before it counts as one", "[sync][hub][backup]")
{
    TempFolder const folder;
    filled(folder / "hub.db", 3);
    SECTION("of a database whose disk has changed an answer")
    {
        damage_a_row(folder / "hub.db");
        auto const backed_up = sync::back_up(folder / "hub.db", folder / "backup");
        REQUIRE_FALSE(backed_up);
        CHECK(backed_up.error().code == Errc::Corrupt);
        CHECK_FALSE(std::filesystem::exists(folder / "backup"));
        CHECK_FALSE(std::filesystem::exists(folder / "backup.partial"));
    }
    SECTION("of a database that has lost a row")
    {
        auto database = sqlite::Database::open(folder / "hub.db", sqlite::OpenMode::Writer).value();
        REQUIRE(database.execute("DELETE FROM log WHERE seq = 2"));
        CHECK(sync::back_up(folder / "hub.db", folder / "backup").error().code == Errc::Corrupt);
    }
    SECTION("and once more when it is restored")
    {
        REQUIRE(sync::back_up(folder / "hub.db", folder / "backup"));
        damage_a_row(folder / "backup");
        auto const restored = sync::restore(folder / "backup", folder / "new.db", act_at(9));
        REQUIRE_FALSE(restored);
        CHECK(restored.error().code == Errc::Corrupt);
        CHECK_FALSE(std::filesystem::exists(folder / "new.db"));
    }
}

TEST_CASE("A backup that was broken off is made anew", "[sync][hub][backup]")
{
    TempFolder const folder;
    filled(folder / "hub.db", 2);
    REQUIRE(sync::back_up(folder / "hub.db", folder / "backup.partial")); // as half of one would lie there
    auto const backed_up = sync::back_up(folder / "hub.db", folder / "backup");
    REQUIRE(backed_up);
    CHECK(backed_up->responses == 2);
}
