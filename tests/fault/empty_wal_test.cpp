#include "platform/sqlite/database.h"
#include "tests/fault/power_cut_vfs.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::test;

namespace {

constexpr int commits = 12;

sqlite::Database open_writer(std::filesystem::path const& path)
{
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
    REQUIRE(database);
    return std::move(*database);
}

}

TEST_CASE("A power cut while the WAL is cut to nothing takes none of its commits, whichever pieces come back",
    "[fault]")
{
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        TempFolder const folder;
        auto const path = folder / "a.db";
        PowerCutVfs vfs(seed);
        Machine machine(folder.path());
        Random random(seed);
        {
            auto database = open_writer(path);
            REQUIRE(database.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, content TEXT)"));
            for (int i = 0; i < commits; ++i)
                REQUIRE(database.execute("INSERT INTO item (content) VALUES (hex(zeroblob(400)))"));
            REQUIRE(database.empty_wal().value());
            CHECK(std::filesystem::file_size(path.string() + "-wal") == 0);
            vfs.arm_cut(1); // nothing was synced since the WAL was cut
            CHECK_FALSE(database.execute("DELETE FROM item"));
        }
        machine.restart(random);
        auto database = open_writer(path);
        INFO("seed " << seed);
        REQUIRE(database.query_integer("SELECT count(*) FROM item").value() == commits);
    }
}
