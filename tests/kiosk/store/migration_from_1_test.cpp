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

// With a response and a draft that the box went down over.
constexpr char content[] = R"sql(
    INSERT INTO response VALUES (1, 1790000000000, 8120, 5000, 1, 'b1', 'qsc-restaurant', 1, 'exit', 'zh-CN',
        'complete', 'finish', '[{"q":"quality","score":2,"reasons":["salty"]}]', '慢');
    INSERT INTO draft VALUES (1, 1790000060000, 65000, 66500, 1, 'b1', 'qsc-restaurant', 1, 'exit', 'en',
        'partial', '[{"q":"service","score":5}]', '');
)sql";

void make_format_1(std::filesystem::path const& path)
{
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
    REQUIRE(database);
    REQUIRE(database->execute(test::old_store_schema(1).c_str()));
    REQUIRE(database->execute(content));
}

}

TEST_CASE("A box of format 1 keeps its identity, its responses and its open draft", "[store]")
{
    TempFolder const folder;
    make_format_1(folder / "store.db");

    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    CHECK(store->install_id() == "0123456789abcdef0123456789abcdef");
    CHECK(store->last_seq().value() == 2);

    auto reader = ResponseReader::open(folder / "store.db");
    REQUIRE(reader);
    reader->seek(0, 2);
    auto response = reader->next();
    REQUIRE(response);
    REQUIRE(*response);
    CHECK((*response)->comment == "慢");
    CHECK((*response)->answers == R"([{"q":"quality","score":2,"reasons":["salty"]}])");
    CHECK((*response)->flags.empty());
    response = reader->next();
    REQUIRE(response);
    REQUIRE(*response);
    CHECK((*response)->closed_by == "restart");
    CHECK((*response)->took_ms == 1'500);
    CHECK((*response)->flags.empty());

    SECTION("and takes flagged responses from there on")
    {
        Draft draft = test::sample_draft();
        draft.flags = {"repress"};
        REQUIRE(store->save_draft(draft, Outcome::Complete));
        CHECK(
            store->close_draft(ClosedBy::Finish, SteadyTime(std::chrono::milliseconds(9'000))).value() == 3);
        reader->seek(2, 3);
        CHECK(reader->next().value().value().flags == R"(["repress"])");
    }
}

TEST_CASE("Until its kiosk has brought the file up to date, the agent waits and says why", "[store]")
{
    TempFolder const folder;
    make_format_1(folder / "store.db");
    auto const reader = ResponseReader::open(folder / "store.db");
    REQUIRE_FALSE(reader);
    CHECK(reader.error().code == Errc::Invalid);
    CHECK_THAT(reader.error().detail,
        Catch::Contains("format 1, this program reads " + std::to_string(store_schema_version)));
}
