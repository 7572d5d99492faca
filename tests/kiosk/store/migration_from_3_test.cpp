#include "kiosk/store/identity_copy.h"
#include "kiosk/store/response_reader.h"
#include "kiosk/store/response_store.h"
#include "kiosk/store/schema.h"
#include "kiosk/store/store_check.h"
#include "kiosk/store/store_opener.h"
#include "tests/support/fake_clock.h"
#include "tests/support/old_store_formats.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using listenpost::test::TempFolder;

namespace {

constexpr char other_install[] = "ffffffffffffffffffffffffffffffff";

void write_copy(std::filesystem::path const& store, std::string const& install)
{
    REQUIRE(write_identity_copy(store, {3, {{{install, 1}, "first"}}}));
}

std::vector<Install> installs(std::filesystem::path const& store)
{
    return ResponseReader::open(store).value().installs().value();
}

}

TEST_CASE(
    "A box of format 3 keeps its installs and responses, and each row proves itself from then on", "[store]")
{
    TempFolder const folder;
    auto const path = folder / "store.db";
    REQUIRE(test::make_old_store(path, 3, 5));
    write_copy(path, test::old_store_install);
    {
        auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute("UPDATE removed SET up_to = 9"));
        REQUIRE(database->execute("INSERT INTO identity VALUES (8, 'ffffffffffffffffffffffffffffffff', "
                                  "'conflict')")); // made after the copy was
    }
    auto const store = ResponseStore::open(path, StoreCheck::Whole);
    REQUIRE(store);
    CHECK(store->install_id() == other_install);
    CHECK(installs(path) == std::vector<Install> {{test::old_store_install, 1}, {other_install, 8}});
    auto reader = ResponseReader::open(path);
    REQUIRE(reader);
    CHECK(reader->last_seq().value() == 10); // the draft's
    CHECK(reader->find(5)->value().comment == test::old_store_comment(5));
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
    REQUIRE(database);
    CHECK(check_store(*database));
    CHECK(read_identity_copy(path)->format == store_schema_version);
    CHECK(read_identity_copy(path)->identities.size() == 2);
}

TEST_CASE("An install of format 3 that is not the one in the copy is damage, and the copy is believed",
    "[store][salvage]")
{
    TempFolder const folder;
    auto const path = folder / "store.db";
    REQUIRE(test::make_old_store(path, 3, 5));
    write_copy(path, other_install);
    CHECK(ResponseStore::open(path).error().code == Errc::Corrupt);
    test::FakeClock const clock;
    REQUIRE(StoreOpener(folder.path(), std::nullopt, clock).open());
    REQUIRE(installs(path).size() == 2);
    CHECK(installs(path).front() == Install {other_install, 1});
    CHECK(read_identity_copy(path)->identities.front().install.id == other_install);
}
