#include "kiosk/store/retention.h"

#include "kiosk/store/response_store.h"
#include "kiosk/store/schema.h"
#include "tests/kiosk/store/stored_comments.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <numeric>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace std::chrono_literals;
using test::close_with_comment;
using test::TempFolder;

namespace {

using Seqs = std::vector<std::int64_t>;

/// What the kiosk reads of delivery.db, see sync/agent/FORMAT.md.
/// tests/sync/agent/retention_contract_test.cpp shows that the agent's own is like it.
constexpr char delivery_sql[] = R"sql(
    CREATE TABLE delivered (install TEXT PRIMARY KEY, mark INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE quarantine (install TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (install, seq)) WITHOUT ROWID;
    PRAGMA user_version = 1;
)sql";

struct Box {
    Box()
        : store(ResponseStore::open(folder / "store.db").value())
        , database(sqlite::Database::open(folder / "store.db", sqlite::OpenMode::Writer).value())
        , delivery(sqlite::Database::open(folder / "delivery.db", sqlite::OpenMode::Writer).value())
    {
        REQUIRE(delivery.execute(delivery_sql));
    }

    /// So many responses, closed long ago.
    void close(int count)
    {
        close_with_comment(store, "first");
        if (count > 1)
            REQUIRE(
                database.execute(("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                    + std::to_string(count - 1)
                    + ") INSERT INTO response (seq, " LISTENPOST_RESPONSE_COLUMNS
                      ") SELECT last.seq + n.i, " LISTENPOST_RESPONSE_COLUMNS " "
                      "FROM n, (SELECT * FROM response ORDER BY seq DESC LIMIT 1) AS last; "
                      "UPDATE response SET row_check = " LISTENPOST_RESPONSE_CHECK " WHERE row_check = 0")
                                     .c_str()));
    }
    void live(int days)
    {
        for (; days > 0; --days) {
            clock.advance(24h);
            REQUIRE(store.note_day(Stamp::now(clock)));
        }
    }
    void mark(std::string const& install, std::int64_t seq)
    {
        REQUIRE(delivery.execute(("INSERT OR REPLACE INTO delivered (install, mark) VALUES ('" + install
            + "', " + std::to_string(seq) + ")")
                                     .c_str()));
    }
    void quarantine(std::string const& install, std::int64_t seq)
    {
        REQUIRE(delivery.execute(
            ("INSERT INTO quarantine (install, seq) VALUES ('" + install + "', " + std::to_string(seq) + ")")
                .c_str()));
    }
    Result<bool> step() { return store.remove_old(rule, Stamp::now(clock)); }
    /// Steps until no more is due.
    void remove_all()
    {
        for (;;) {
            auto const more = step();
            REQUIRE(more);
            if (!*more)
                return;
        }
    }
    Seqs seqs()
    {
        Seqs found;
        for (auto const& each : test::stored_comments(folder / "store.db"))
            found.push_back(each.seq);
        return found;
    }

    TempFolder folder;
    test::FakeClock clock;
    ResponseStore store;
    sqlite::Database database;
    sqlite::Database delivery;
    RetentionRule rule {folder / "delivery.db", std::chrono::days(3)};
};

Seqs from_to(std::int64_t first, std::int64_t last)
{
    Seqs seqs(static_cast<std::size_t>(last - first + 1));
    std::iota(seqs.begin(), seqs.end(), first);
    return seqs;
}

}

TEST_CASE("What the hub has leaves the box once it was kept long enough", "[store]")
{
    Box box;
    box.close(6);
    box.mark(box.store.install_id(), 5);
    box.live(2);
    box.close(2);
    box.mark(box.store.install_id(), 8);
    box.live(2);
    box.remove_all();
    CHECK(box.seqs() == from_to(7, 8));

    SECTION("and the others later, but for the newest that the hub has")
    {
        box.live(10);
        box.remove_all();
        CHECK(box.seqs() == Seqs {8});
        CHECK(close_with_comment(box.store, "next") == 9);
    }
}

TEST_CASE("What the hub does not have stays, however old", "[store]")
{
    Box box;
    auto const install = box.store.install_id();
    box.close(10);
    box.live(20);

    SECTION("it waits")
    {
        box.mark(install, 4);
        box.remove_all();
        CHECK(box.seqs() == from_to(4, 10));
    }
    SECTION("it is in quarantine")
    {
        box.mark(install, 10);
        for (std::int64_t const seq : {1, 5, 6})
            box.quarantine(install, seq);
        box.remove_all();
        CHECK(box.seqs() == Seqs {1, 5, 6, 10});
    }
    SECTION("the last ones are in quarantine: then the newest acknowledged is one before")
    {
        box.mark(install, 10);
        for (std::int64_t const seq : {8, 9, 10})
            box.quarantine(install, seq);
        box.remove_all();
        CHECK(box.seqs() == from_to(7, 10));
    }
    SECTION("all of them are in quarantine")
    {
        box.mark(install, 10);
        for (std::int64_t seq = 1; seq <= 10; ++seq)
            box.quarantine(install, seq);
        box.remove_all();
        CHECK(box.seqs().size() == 10);
    }
    SECTION("the agent knows another install only")
    {
        box.mark("ffffffffffffffffffffffffffffffff", 10);
        box.quarantine("ffffffffffffffffffffffffffffffff", 3);
        box.remove_all();
        CHECK(box.seqs().size() == 10);
    }
    SECTION("everything waits again, as the agent has found a restored backup")
    {
        box.mark(install, 0);
        box.remove_all();
        CHECK(box.seqs().size() == 10);
    }
}

TEST_CASE("Without a delivery.db that can be understood nothing leaves", "[store]")
{
    Box box;
    box.close(5);
    box.mark(box.store.install_id(), 5);
    box.live(20);

    SECTION("there is none: the agent has never run")
    {
        box.rule.delivery = box.folder / "missing.db";
        CHECK_FALSE(box.step().value());
    }
    SECTION("it is damaged")
    {
        auto const path = box.folder / "damaged.db";
        std::filesystem::copy_file(box.folder / "store.db", path);
        std::filesystem::resize_file(path, 100);
        box.rule.delivery = path;
        auto const refused = box.step();
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Errc::Invalid); // Corrupt would be store.db
    }
    SECTION("a mark in it is not what was written")
    {
        REQUIRE(box.delivery.execute("ALTER TABLE delivered ADD COLUMN acknowledged INTEGER DEFAULT 0; "
                                     "ALTER TABLE delivered ADD COLUMN proof_seq INTEGER DEFAULT 0; "
                                     "ALTER TABLE delivered ADD COLUMN proof_digest INTEGER DEFAULT 0; "
                                     "ALTER TABLE delivered ADD COLUMN row_check INTEGER DEFAULT 0; "
                                     "PRAGMA user_version = 3"));
        auto const refused = box.step();
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Errc::Invalid);
    }
    SECTION("its format is a later one")
    {
        REQUIRE(box.delivery.execute("PRAGMA user_version = 4"));
        auto const refused = box.step();
        REQUIRE_FALSE(refused);
        CHECK_THAT(refused.error().detail, Catch::Contains("delivery.db has format 4"));
    }
    SECTION("it has no tables yet")
    {
        REQUIRE(box.delivery.execute("DROP TABLE delivered; DROP TABLE quarantine"));
        auto const refused = box.step();
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Errc::Invalid);
    }
    SECTION("it knows of more than store.db has: one of them was put back from a backup")
    {
        box.mark(box.store.install_id(), 6);
        CHECK_FALSE(box.step());
    }
    CHECK(box.seqs().size() == 5);
}

TEST_CASE("A wrong clock removes nothing", "[store]")
{
    Box box;
    box.close(5);
    box.mark(box.store.install_id(), 5);
    box.live(1);
    box.clock.is_set = GENERATE(false, true);
    box.clock.wall = GENERATE(WallTime(0s), WallTime(std::chrono::milliseconds(4'000'000'000'000)));
    for (int hour = 0; hour < 36; ++hour) {
        REQUIRE(box.store.note_day(Stamp::now(box.clock)));
        box.remove_all();
        box.clock.advance(1h);
    }
    CHECK(box.seqs().size() == 5);
}

TEST_CASE("Each install goes by its own mark", "[store]")
{
    Box box;
    auto const first = box.store.install_id();
    box.close(6);
    REQUIRE(box.store.adopt({first, {5, 6}}).value() == 2); // now 7 and 8
    auto const second = box.store.install_id();
    box.close(2); // 9 and 10
    box.mark(first, 6);
    box.quarantine(first, 2);
    box.mark(second, 9);
    box.live(20);
    box.remove_all();
    CHECK(box.seqs() == Seqs {2, 4, 9, 10});
}

TEST_CASE("The old ones leave in parts, and none while a customer is at it", "[store]")
{
    Box box;
    box.close(700);
    box.mark(box.store.install_id(), 700);
    box.live(20);
    CHECK(box.step().value());
    CHECK(box.seqs() == from_to(257, 700));

    REQUIRE(box.store.save_draft(test::sample_draft(), Outcome::Partial));
    CHECK(box.step().value());
    CHECK(box.seqs() == from_to(257, 700));
    REQUIRE(box.store.close_draft(ClosedBy::Finish, SteadyTime(8s)).value() == 701);

    box.remove_all();
    CHECK(box.seqs() == from_to(700, 701));
}

TEST_CASE("A part that cannot be removed is there as a whole", "[store]")
{
    Box box;
    box.close(20);
    box.mark(box.store.install_id(), 20);
    box.live(20);
    REQUIRE(box.database.execute("CREATE TRIGGER full BEFORE DELETE ON response WHEN old.seq = 15 "
                                 "BEGIN SELECT raise(ABORT, 'no room'); END"));
    CHECK_FALSE(box.step());
    CHECK(box.seqs().size() == 20);
    REQUIRE(box.database.execute("DROP TRIGGER full"));
    box.remove_all();
    CHECK(box.seqs() == Seqs {20});
}
