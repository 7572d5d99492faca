#include "kiosk/store/response_reader.h"
#include "kiosk/store/response_store.h"
#include "kiosk/store/schema.h"
#include "tests/support/old_store_formats.h"
#include "tests/support/sample_responses.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using listenpost::test::TempFolder;

namespace {

// With two responses and a draft that the box went down over.
constexpr char content[] = R"sql(
    INSERT INTO response VALUES (1, 1790000000000, 8120, 5000, 1, 'b1', 'qsc-restaurant', 1, 'exit', 'zh-CN',
        'complete', 'finish', '[{"q":"quality","score":2,"reasons":["salty"]}]', '慢', '["burst"]');
    INSERT INTO response VALUES (2, 1790000030000, 900, 35000, 0, 'b1', 'qsc-restaurant', 1, 'exit', 'en',
        'partial', 'timeout', '[{"q":"quality","score":5}]', '', '');
    INSERT INTO draft VALUES (1, 1790000060000, 65000, 66500, 1, 'b1', 'qsc-restaurant', 1, 'exit', 'en',
        'partial', '[{"q":"service","score":5}]', '', '["repress"]');
)sql";

void make_format_2(std::filesystem::path const& path)
{
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
    REQUIRE(database);
    REQUIRE(database->execute(test::old_store_schema(2).c_str()));
    REQUIRE(database->execute(content));
}

}

TEST_CASE("A box of format 2 keeps its install, which owns all it has ever closed", "[store]")
{
    TempFolder const folder;
    make_format_2(folder / "store.db");

    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    CHECK(store->install_id() == "0123456789abcdef0123456789abcdef");
    CHECK(store->last_seq().value() == 3);

    auto reader = ResponseReader::open(folder / "store.db");
    REQUIRE(reader);
    CHECK(reader->installs().value() == std::vector<Install> {{"0123456789abcdef0123456789abcdef", 1}});
    CHECK(reader->boot_clocks().value().empty());
    reader->seek(0, 3);
    std::vector<std::string> flags;
    for (auto each = reader->next(); each && *each; each = reader->next())
        flags.emplace_back((*each)->flags);
    CHECK(flags == std::vector<std::string> {R"(["burst"])", "", R"(["repress"])"});
    CHECK(reader->find(3).value().value().closed_by == "restart");

    REQUIRE(store->save_draft(test::sample_draft(), Outcome::Complete));
    CHECK(store->close_draft(ClosedBy::Finish, SteadyTime(std::chrono::milliseconds(9'000))).value() == 4);
}

TEST_CASE("A migration that is cut off leaves format 2, and is done at the next start", "[store]")
{
    TempFolder const folder;
    make_format_2(folder / "store.db");
    auto database = sqlite::Database::open(folder / "store.db", sqlite::OpenMode::Writer);
    REQUIRE(database);
    // In the way of the last statement of the step.
    REQUIRE(database->execute("CREATE TABLE boot_clock (in_the_way)"));
    REQUIRE_FALSE(ResponseStore::open(folder / "store.db"));
    CHECK(database->query_integer("PRAGMA user_version").value() == 2);
    CHECK(database->query_integer("SELECT count(*) FROM identity WHERE one = 1").value() == 1);

    REQUIRE(database->execute("DROP TABLE boot_clock"));
    auto const store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    CHECK(store->install_id() == "0123456789abcdef0123456789abcdef");
    CHECK(database->query_integer("PRAGMA user_version").value() == store_schema_version);
}
