#include "kiosk/store/housekeeper.h"

#include "platform/os/files.h"
#include "tests/support/fake_clock.h"
#include "tests/support/sample_responses.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace std::chrono_literals;
using listenpost::test::sample_draft;
using listenpost::test::TempFolder;

namespace {

struct Box {
    Box()
        : store(ResponseStore::open(folder / "store.db").value())
        , housekeeper(folder.path(), clock)
    {
        REQUIRE(make_private_folder(folder / "inbox"));
    }

    void close(int count)
    {
        for (; count > 0; --count) {
            REQUIRE(store.save_draft(sample_draft(), Outcome::Partial));
            REQUIRE(store.close_draft(ClosedBy::Finish, sample_draft().touched));
        }
    }

    void request(std::string const& text)
    {
        REQUIRE(write_file_atomically(
            folder / "inbox/conflict.json", text, FileAccess::OwnerOnly, Durability::Volatile));
    }

    std::vector<BootClock> boot_clocks()
    {
        return ResponseReader::open(folder / "store.db").value().boot_clocks().value();
    }

    TempFolder folder;
    test::FakeClock clock;
    ResponseStore store;
    Housekeeper housekeeper;
};

}

TEST_CASE("Housekeeping is due at the start, after a closed response and every hour", "[store]")
{
    Box box;
    CHECK(box.housekeeper.until_due() == 0ms);
    box.housekeeper.step(box.store);
    CHECK(box.housekeeper.until_due() == 1h);

    SECTION("an hour later")
    {
        box.clock.advance(59min);
        CHECK(box.housekeeper.until_due() == 1min);
        box.clock.advance(2min);
    }
    SECTION("a response later") { box.housekeeper.response_closed(); }
    CHECK(box.housekeeper.until_due() == 0ms);
}

TEST_CASE("Housekeeping notes the clock as soon as somebody has set it", "[store]")
{
    Box box;
    box.clock.is_set = false;
    box.housekeeper.step(box.store);
    CHECK(box.boot_clocks().empty());
    box.clock.is_set = true;
    box.clock.advance(1h);
    box.housekeeper.step(box.store);
    CHECK(box.boot_clocks().size() == 1);
}

TEST_CASE("Housekeeping adopts the conflicts that the agent has put into the inbox", "[store]")
{
    Box box;
    box.close(3);
    auto const first = box.store.install_id();
    box.request(to_json({first, {2}}));
    box.housekeeper.step(box.store);
    auto const second = box.store.install_id();
    CHECK(second != first);
    CHECK(box.store.last_seq().value() == 4);

    SECTION("once, however long the agent leaves the request there")
    {
        box.housekeeper.step(box.store);
        Housekeeper after_a_restart(box.folder.path(), box.clock);
        after_a_restart.step(box.store);
        CHECK(box.store.install_id() == second);
        CHECK(box.store.last_seq().value() == 4);
    }
    SECTION("and the next request too")
    {
        box.request(to_json({first, {2, 3}}));
        box.housekeeper.step(box.store);
        CHECK(box.store.install_id() == second);
        CHECK(box.store.last_seq().value() == 5);
    }
}

TEST_CASE("A request that cannot be read moves nothing, and a right one after it does", "[store]")
{
    Box box;
    box.close(2);
    auto const install = box.store.install_id();
    box.request(GENERATE(as<std::string> {}, "", "{", R"({"install":"x","seqs":[1]})",
        std::string(ConflictRequest::max_bytes + 1, ' ')));
    box.housekeeper.step(box.store);
    CHECK(box.store.install_id() == install);
    CHECK(box.store.last_seq().value() == 2);

    box.request(to_json({install, {1}}));
    box.housekeeper.step(box.store);
    CHECK(box.store.last_seq().value() == 3);
}

TEST_CASE("An adoption that the disk refuses is done at the next occasion", "[store]")
{
    Box box;
    box.close(2);
    auto const install = box.store.install_id();
    box.request(to_json({install, {1, 2}}));
    auto database = sqlite::Database::open(box.folder / "store.db", sqlite::OpenMode::Writer);
    REQUIRE(database);
    REQUIRE(database->execute(
        "CREATE TRIGGER full BEFORE INSERT ON identity BEGIN SELECT raise(ABORT, 'no room'); END"));
    box.housekeeper.step(box.store);
    CHECK(box.store.install_id() == install);
    CHECK(box.store.last_seq().value() == 2);

    REQUIRE(database->execute("DROP TRIGGER full"));
    box.housekeeper.step(box.store);
    CHECK(box.store.install_id() != install);
    CHECK(box.store.last_seq().value() == 4);
}
