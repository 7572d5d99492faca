#include "kiosk/store/housekeeper.h"

#include "kiosk/store/schema.h"
#include "platform/os/files.h"
#include "tests/support/fake_clock.h"
#include "tests/support/sample_responses.h"
#include "tests/support/store_filler.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace std::chrono_literals;
using listenpost::test::sample_draft;
using listenpost::test::TempFolder;

namespace {

constexpr std::chrono::days keep {400};

struct Box {
    Box()
        : store(ResponseStore::open(folder / "store.db").value())
        , housekeeper(folder.path(), keep, clock)
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

    void step_after_a_customer()
    {
        housekeeper.row_added();
        REQUIRE(housekeeper.step(store));
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
    REQUIRE(box.housekeeper.step(box.store));
    // What is old is first looked for when the box has come up.
    CHECK(box.housekeeper.until_due() == 1min);
    box.clock.advance(1min);
    REQUIRE(box.housekeeper.step(box.store));
    CHECK(box.housekeeper.until_due() == 59min);

    SECTION("an hour later")
    {
        box.clock.advance(58min);
        CHECK(box.housekeeper.until_due() == 1min);
        box.clock.advance(2min);
    }
    SECTION("a response later") { box.housekeeper.row_added(); }
    CHECK(box.housekeeper.until_due() == 0ms);
}

TEST_CASE("Housekeeping notes the clock as soon as somebody has set it", "[store]")
{
    Box box;
    box.clock.is_set = false;
    REQUIRE(box.housekeeper.step(box.store));
    CHECK(box.boot_clocks().empty());
    box.clock.is_set = true;
    box.clock.advance(1h);
    REQUIRE(box.housekeeper.step(box.store));
    CHECK(box.boot_clocks().size() == 1);
}

TEST_CASE("Housekeeping adopts the conflicts that the agent has put into the inbox", "[store]")
{
    Box box;
    box.close(3);
    auto const first = box.store.install_id();
    box.request(to_json({first, {2}}));
    box.step_after_a_customer();
    auto const second = box.store.install_id();
    CHECK(second != first);
    CHECK(box.store.last_seq().value() == 4);

    SECTION("once, however long the agent leaves the request there")
    {
        box.step_after_a_customer();
        Housekeeper after_a_restart(box.folder.path(), keep, box.clock);
        REQUIRE(after_a_restart.step(box.store));
        CHECK(box.store.install_id() == second);
        CHECK(box.store.last_seq().value() == 4);
    }
    SECTION("and the next request too")
    {
        box.request(to_json({first, {2, 3}}));
        box.step_after_a_customer();
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
    box.step_after_a_customer();
    CHECK(box.store.install_id() == install);
    CHECK(box.store.last_seq().value() == 2);

    box.request(to_json({install, {1}}));
    box.step_after_a_customer();
    CHECK(box.store.last_seq().value() == 3);
}

TEST_CASE("Housekeeping erases what the agent has put into the inbox, once nobody reads", "[store]")
{
    Box box;
    box.close(2);
    auto reader = ResponseReader::open(box.folder / "store.db").value();
    auto const opened = sample_draft().opened;
    ResponseRef const named {
        box.store.install_id(), 2, opened.boot_id, opened.steady.time_since_epoch().count()};
    REQUIRE(write_file_atomically(box.folder / "inbox/erase.json", to_json(EraseRequest {{named}}),
        FileAccess::OwnerOnly, Durability::Volatile));
    reader.seek(0, 1);
    REQUIRE(reader.next());
    box.step_after_a_customer();
    reader.stop();
    CHECK_FALSE(reader.is_erased(named).value());
    CHECK(box.housekeeper.until_due() <= 1s);

    box.clock.advance(1s);
    REQUIRE(box.housekeeper.step(box.store));
    CHECK(reader.is_erased(named).value());
    CHECK(reader.find(1).value()->comment == sample_draft().comment);
    CHECK(reader.find(2).value()->comment.empty());
    reader.stop();
    box.clock.advance(1s);
    REQUIRE(box.housekeeper.step(box.store));
    CHECK(box.housekeeper.until_due() > 1s);
}

TEST_CASE(
    "Erasing that a customer has interrupted is begun again after some minutes, not after each", "[store]")
{
    Box box;
    box.close(1);
    auto const opened = sample_draft().opened;
    ResponseRef const named {
        box.store.install_id(), 1, opened.boot_id, opened.steady.time_since_epoch().count()};
    REQUIRE(write_file_atomically(box.folder / "inbox/erase.json", to_json(EraseRequest {{named}}),
        FileAccess::OwnerOnly, Durability::Volatile));
    auto writer = sqlite::Database::open(box.folder / "store.db", sqlite::OpenMode::Writer).value();
    test::copy_response(writer, 1, 3'000);
    REQUIRE(writer.execute("INSERT INTO erasure (install, seq, is_wiped) VALUES ('a run before', 1, 0)"));
    int asked = 0;
    auto const is_wanted = [&asked] { return ++asked == 1; };
    REQUIRE(box.housekeeper.step(box.store, is_wanted));
    CHECK(asked == 1);

    box.clock.advance(30s);
    box.housekeeper.row_added();
    REQUIRE(box.housekeeper.step(box.store, is_wanted));
    CHECK(asked == 1);
    CHECK(box.housekeeper.until_due() > 0ms);

    box.clock.advance(5min);
    REQUIRE(box.housekeeper.step(box.store, is_wanted));
    CHECK(asked > 1);
    CHECK(ResponseReader::open(box.folder / "store.db")->is_erased(named).value());
}

TEST_CASE("What was erased in a store.db that is another now is erased in that one, too", "[store]")
{
    Box box;
    box.close(1);
    auto const opened = sample_draft().opened;
    ResponseRef const named {
        box.store.install_id(), 1, opened.boot_id, opened.steady.time_since_epoch().count()};
    REQUIRE(write_file_atomically(box.folder / "inbox/erase.json", to_json(EraseRequest {{named}}),
        FileAccess::OwnerOnly, Durability::Volatile));
    box.step_after_a_customer();
    auto reader = ResponseReader::open(box.folder / "store.db").value();
    REQUIRE(reader.is_erased(named).value());
    // A salvage brings the responses over, and nothing of what was erased.
    auto writer = sqlite::Database::open(box.folder / "store.db", sqlite::OpenMode::Writer).value();
    REQUIRE(writer.execute("DELETE FROM erasure"));
    box.step_after_a_customer();
    CHECK_FALSE(reader.is_erased(named).value());
    box.housekeeper.store_opened();
    CHECK(box.housekeeper.until_due() == 0ms);
    REQUIRE(box.housekeeper.step(box.store));
    CHECK(reader.is_erased(named).value());
}

TEST_CASE("A request to erase that cannot be read erases nothing, and a right one after it does", "[store]")
{
    Box box;
    box.close(1);
    auto const write = [&](std::string const& text) {
        REQUIRE(write_file_atomically(
            box.folder / "inbox/erase.json", text, FileAccess::OwnerOnly, Durability::Volatile));
        box.step_after_a_customer();
    };
    auto reader = ResponseReader::open(box.folder / "store.db").value();
    write(GENERATE(
        as<std::string> {}, "", "{", R"({"erase":[7]})", std::string(EraseRequest::max_bytes + 1, ' ')));
    CHECK(reader.find(1).value()->comment == sample_draft().comment);
    reader.stop();
    auto const opened = sample_draft().opened;
    write(to_json(EraseRequest {
        {{box.store.install_id(), 1, opened.boot_id, opened.steady.time_since_epoch().count()}}}));
    CHECK(reader.find(1).value()->comment.empty());
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
    box.step_after_a_customer();
    CHECK(box.store.install_id() == install);
    CHECK(box.store.last_seq().value() == 2);

    REQUIRE(database->execute("DROP TRIGGER full"));
    box.step_after_a_customer();
    CHECK(box.store.install_id() != install);
    CHECK(box.store.last_seq().value() == 4);
}

TEST_CASE("Housekeeping removes what is old, a part a second, and looks again in an hour", "[store]")
{
    Box box;
    box.close(1);
    auto database = sqlite::Database::open(box.folder / "store.db", sqlite::OpenMode::Writer);
    auto delivery = sqlite::Database::open(box.folder / "delivery.db", sqlite::OpenMode::Writer);
    REQUIRE((database && delivery));
    REQUIRE(database->execute(R"sql(
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 299)
        INSERT INTO response (seq, )sql" LISTENPOST_RESPONSE_COLUMNS R"sql()
            SELECT n.i + 1, )sql" LISTENPOST_RESPONSE_COLUMNS R"sql( FROM n, response;
        WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
        INSERT INTO lived_day SELECT i + 1, 1790000000000 - (400 - i) * 86400000, 'b', 0, 300 FROM n
    )sql"));
    REQUIRE(
        delivery->execute(("CREATE TABLE delivered (install, mark); CREATE TABLE quarantine (install, seq);"
                           "PRAGMA user_version = 1; INSERT INTO delivered VALUES ('"
            + box.store.install_id() + "', 300)")
                              .c_str()));
    auto const left = [&] { return database->query_integer("SELECT count(*) FROM response").value(); };

    REQUIRE(box.housekeeper.step(box.store));
    CHECK(left() == 300);
    box.clock.advance(1min);
    REQUIRE(box.housekeeper.step(box.store));
    CHECK(left() == 300 - 256);
    CHECK(box.housekeeper.until_due() == 1s);
    box.clock.advance(1s);
    REQUIRE(box.housekeeper.step(box.store));
    CHECK(left() == 1);
    box.clock.advance(1s);
    REQUIRE(box.housekeeper.step(box.store));
    CHECK(left() == 1);
    CHECK(box.housekeeper.until_due() > 50min);
}
