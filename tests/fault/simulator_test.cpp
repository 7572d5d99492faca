// The simulator is believed only because it finds what is wrong: each way to be careless with the
// disk must lose responses in it, and the careful one none.

#include "platform/base/log.h"
#include "platform/os/files.h"
#include "tests/fault/scenarios.h"
#include "tests/fault/simulated_file.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <set>
#include <sqlite3.h>

using namespace listenpost::test;

namespace {

Scenario const& scenario(std::string_view name)
{
    for (auto const& each : scenarios())
        if (each.name == name)
            return each;
    throw std::invalid_argument("no such scenario");
}

enum class Until { FirstFinding, End };

/// What is found in a few cuts of the scenario, spread over its script.
Findings findings_of(char const* name, Until until, std::function<void(PowerCutVfs&)> const& carelessness)
{
    listenpost::set_log_level(listenpost::LogLevel::Off); // the errors are meant
    int const cuts = until == Until::End ? 25 : 120;
    auto const& cut_off = scenario(name);
    Findings all;
    Plan plan {.script = 1};
    plan.arm = carelessness;
    std::uint64_t const length = cut_off.run(plan).changes;
    for (int round = 0; round < cuts; ++round) {
        plan.seed = static_cast<std::uint64_t>(round);
        std::uint64_t const at = 1 + plan.seed * 7'919 % length;
        plan.arm = [&](PowerCutVfs& vfs) {
            carelessness(vfs);
            vfs.arm_cut(at);
        };
        Course const course = cut_off.run(plan);
        REQUIRE(course.cuts == 1);
        all.add(course.findings);
        if (until == Until::FirstFinding && all.lost > 0)
            break;
    }
    return all;
}

}

TEST_CASE(
    "A file after a power cut is, sector by sector, as it was at some moment since its last sync", "[fault]")
{
    SimulatedFile file(std::string(1'024, 'a'));
    file.write(512, std::string(512, 'b'));
    file.write(512, std::string(512, 'c'));
    file.write(1'024, std::string(512, 'd'));
    Random random(1);
    std::set<char> second;
    std::set<std::size_t> lengths;
    bool torn = false;
    for (int draw = 0; draw < 500; ++draw) {
        auto const survivor = file.draw_survivor(random);
        REQUIRE((survivor.size() == 1'024 || survivor.size() == 1'536));
        CHECK(survivor.substr(0, 512) == std::string(512, 'a'));
        CHECK(survivor.substr(512, 512) == std::string(512, survivor[512]));
        second.insert(survivor[512]);
        lengths.insert(survivor.size());
        torn |= survivor[512] == 'a' && survivor.size() == 1'536 && survivor[1'024] == 'd';
    }
    CHECK(second == std::set<char> {'a', 'b', 'c'});
    CHECK(lengths.size() == 2);
    CHECK(torn); // the last write came, the first did not

    file.sync();
    CHECK(file.draw_survivor(random) == file.durable());
    CHECK(file.durable() == std::string(512, 'a') + std::string(512, 'c') + std::string(512, 'd'));
}

TEST_CASE("What a failed sync has dropped does not come back with the next one", "[fault]")
{
    Random random(3);
    bool dropped = false;
    for (int draw = 0; draw < 100; ++draw) {
        SimulatedFile file(std::string(512, 'a'));
        file.write(0, std::string(512, 'b'));
        file.fail_sync(random);
        file.sync();
        dropped |= file.durable() == std::string(512, 'a');
    }
    CHECK(dropped);
}

TEST_CASE("A file that was created is there after a power cut for certain only once its folder was synced",
    "[fault]")
{
    Random random(5);
    PowerCutVfs vfs(1);
    bool const synced = GENERATE(false, true);
    bool lost = false;
    for (int round = 0; round < 60; ++round) {
        TempFolder const folder;
        Machine machine(folder.path());
        sqlite3* connection = nullptr;
        REQUIRE(sqlite3_open((folder / "a.db").c_str(), &connection) == SQLITE_OK);
        auto const sql = std::string("PRAGMA synchronous=") + (synced ? "FULL" : "OFF")
            + "; PRAGMA journal_mode=WAL; CREATE TABLE t (x)";
        REQUIRE(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
        machine.cut_power();
        sqlite3_close(connection);
        machine.restart(random);
        lost |= !std::filesystem::exists(folder / "a.db");
    }
    CHECK(lost != synced);
}

TEST_CASE("A renamed file is under one of its names after a power cut, whole; for certain under the new one "
          "only once its folder was synced",
    "[fault]")
{
    Random random(7);
    PowerCutVfs vfs(1);
    bool const synced = GENERATE(false, true);
    bool came_back = false;
    for (int round = 0; round < 60; ++round) {
        TempFolder const folder;
        std::ofstream(folder / "old") << "content";
        Machine machine(folder.path());
        if (synced)
            REQUIRE(listenpost::rename_durably(folder / "old", folder / "new"));
        else
            REQUIRE(std::rename((folder / "old").c_str(), (folder / "new").c_str()) == 0);
        machine.cut_power();
        CHECK_FALSE(listenpost::rename_durably(folder / "new", folder / "late"));
        machine.restart(random);
        bool const is_old = std::filesystem::exists(folder / "old");
        CHECK(is_old != std::filesystem::exists(folder / "new"));
        CHECK(listenpost::read_file(folder / (is_old ? "old" : "new"), 100).value() == "content");
        came_back |= is_old;
    }
    CHECK(came_back != synced);
}

TEST_CASE(
    "A small file that is replaced is after a power cut what it was or what it became, and what it became "
    "for certain only where it was to be durable",
    "[fault]")
{
    Random random(9);
    PowerCutVfs vfs(1);
    auto const durability = GENERATE(listenpost::Durability::Volatile, listenpost::Durability::Durable);
    bool const durable = durability == listenpost::Durability::Durable;
    std::string const became(2'000, 'n');
    std::set<std::string> found;
    for (int round = 0; round < 60; ++round) {
        TempFolder const folder;
        std::filesystem::create_directory(folder / "inbox");
        auto const path = folder / "inbox/file";
        std::ofstream(path) << "was";
        Machine machine(folder.path());
        REQUIRE(
            listenpost::write_file_atomically(path, became, listenpost::FileAccess::OwnerOnly, durability));
        machine.cut_power();
        CHECK_FALSE(listenpost::remove_file(path));
        machine.restart(random);
        found.insert(listenpost::read_file(path, 10'000).value());
    }
    if (durable)
        CHECK(found == std::set {became});
    else
        CHECK(found.size() > 2); // also with parts that never came
}

TEST_CASE("With syncs that do nothing, responses are lost in every store", "[fault]")
{
    auto const* const name = GENERATE("store", "delivery", "hub", "chain", "migration", "delivery_migration",
        "hub_migration", "salvage", "adoption");
    CAPTURE(name);
    CHECK(findings_of(name, Until::FirstFinding, [](PowerCutVfs& vfs) { vfs.lie_about_syncs(); }).lost > 0);
}

TEST_CASE("With synchronous=NORMAL or OFF, responses are lost in every store", "[fault]")
{
    auto const* const level = GENERATE("NORMAL", "OFF");
    auto const* const name = GENERATE("store", "delivery", "hub", "chain");
    CAPTURE(name, level);
    CHECK(findings_of(name, Until::FirstFinding, [=](PowerCutVfs& vfs) { vfs.force_synchronous(level); }).lost
        > 0);
}

TEST_CASE("With synchronous=FULL, forced in the same way, none is lost", "[fault]")
{
    auto const* const name = GENERATE("store", "delivery", "hub", "chain");
    CAPTURE(name);
    auto const found = findings_of(name, Until::End, [](PowerCutVfs& vfs) { vfs.force_synchronous("FULL"); });
    for (auto const& detail : found.details)
        UNSCOPED_INFO(detail);
    CHECK(found.none());
}

TEST_CASE("A fault strikes the operation that was named, and so often", "[fault]")
{
    PowerCutVfs vfs(1);
    TempFolder const folder;
    Machine const machine(folder.path());
    sqlite3* connection = nullptr;
    REQUIRE(sqlite3_open((folder / "a.db").c_str(), &connection) == SQLITE_OK);
    auto const run
        = [&](char const* sql) { return sqlite3_exec(connection, sql, nullptr, nullptr, nullptr); };
    REQUIRE(run("PRAGMA journal_mode=WAL; CREATE TABLE t (x)") == SQLITE_OK);

    vfs.arm_fault({DiskOperation::Sync, 2, 2, SQLITE_IOERR_FSYNC});
    CHECK(run("INSERT INTO t VALUES (1)") == SQLITE_OK);
    CHECK_FALSE(vfs.fault_has_struck());
    CHECK(run("INSERT INTO t VALUES (2)") == SQLITE_IOERR);
    CHECK(vfs.fault_has_struck());
    CHECK(run("INSERT INTO t VALUES (3)") == SQLITE_IOERR);
    CHECK(run("INSERT INTO t VALUES (4)") == SQLITE_OK);

    vfs.arm_statement_failure(2);
    CHECK(run("BEGIN; INSERT INTO t VALUES (5); COMMIT") == SQLITE_INTERRUPT);
    CHECK(sqlite3_get_autocommit(connection) != 0); // rolled back
    CHECK(run("INSERT INTO t VALUES (6)") == SQLITE_OK);
    sqlite3_close(connection);
}
