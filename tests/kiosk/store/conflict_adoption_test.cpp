#include "kiosk/store/response_reader.h"
#include "kiosk/store/response_store.h"
#include "tests/kiosk/store/stored_comments.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using test::close_with_comment;
using test::stored_comments;
using test::StoredComment;
using test::TempFolder;

namespace {

using Comments = std::vector<StoredComment>;

ResponseStore store_with(TempFolder const& folder, std::vector<std::string> const& comments)
{
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    for (auto const& comment : comments)
        close_with_comment(*store, comment);
    return std::move(*store);
}

}

TEST_CASE("A box whose install another box has too takes a new one for what the hub refused", "[store]")
{
    TempFolder const folder;
    auto store = store_with(folder, {"a", "b", "c", "d"});
    auto const first = store.install_id();
    CHECK(store.adopt({first, {2, 4}}).value() == 2);
    auto const second = store.install_id();
    CHECK(second != first);
    CHECK(stored_comments(folder / "store.db")
        == Comments {{first, 1, "a"}, {first, 3, "c"}, {second, 5, "b"}, {second, 6, "d"}});

    SECTION("what is closed from then on belongs to the new one, after a restart too")
    {
        CHECK(close_with_comment(store, "e") == 7);
        auto again = ResponseStore::open(folder / "store.db");
        REQUIRE(again);
        CHECK(again->install_id() == second);
        CHECK(close_with_comment(*again, "f") == 8);
        CHECK(stored_comments(folder / "store.db").back() == StoredComment {second, 8, "f"});
    }
    SECTION("doing the same again does nothing")
    {
        CHECK(store.adopt({first, {2, 4}}).value() == 0);
        CHECK(store.install_id() == second);
        CHECK(stored_comments(folder / "store.db").size() == 4);
    }
    SECTION("a later conflict of the old install joins the one that the box has already")
    {
        CHECK(store.adopt({first, {1, 2, 3}}).value() == 2);
        CHECK(store.install_id() == second);
        CHECK(stored_comments(folder / "store.db")
            == Comments {{second, 5, "b"}, {second, 6, "d"}, {second, 7, "a"}, {second, 8, "c"}});
    }
    SECTION("a conflict of the new one makes a third")
    {
        CHECK(store.adopt({second, {5}}).value() == 1);
        CHECK(store.install_id() != second);
        CHECK(stored_comments(folder / "store.db").back() == StoredComment {store.install_id(), 7, "b"});
    }
    SECTION("a request that names seqs not given yet moves none twice")
    {
        CHECK(store.adopt({second, {5, 6, 7, 8, 9}}).value() == 2);
        CHECK(stored_comments(folder / "store.db")
            == Comments {{first, 1, "a"}, {first, 3, "c"}, {store.install_id(), 7, "b"},
                {store.install_id(), 8, "d"}});
    }
    SECTION("a seq of another install is not touched")
    {
        CHECK(store.adopt({second, {1, 3}}).value() == 0);
        CHECK(store.adopt({first, {5, 6}}).value() == 0);
        CHECK(store.install_id() == second);
    }
}

TEST_CASE("Only what was given counts for a new install: none is made for nothing", "[store]")
{
    TempFolder const folder;
    auto store = store_with(folder, {"a"});
    auto const first = store.install_id();
    CHECK(store.adopt({first, {7, 8}}).value() == 0);
    CHECK(store.adopt({"ffffffffffffffffffffffffffffffff", {1}}).value() == 0);
    CHECK(store.install_id() == first);
    CHECK(stored_comments(folder / "store.db") == Comments {{first, 1, "a"}});
}

TEST_CASE("A moved response keeps all that was said, and its seq is given to no other", "[store]")
{
    TempFolder const folder;
    auto store = store_with(folder, {"a", "b"});
    auto reader = ResponseReader::open(folder / "store.db");
    REQUIRE(reader);
    auto const before = reader->find(2).value().value();
    std::string const answers(before.answers);
    auto const took_ms = before.took_ms;
    reader->stop();
    REQUIRE(store.adopt({store.install_id(), {2}}).value() == 1);
    auto const after = reader->find(3).value().value();
    CHECK(after.comment == "b");
    CHECK(after.answers == answers);
    CHECK(after.took_ms == took_ms);
    CHECK_FALSE(reader->find(2).value());

    // Even should the file lose the rows behind it.
    auto database = sqlite::Database::open(folder / "store.db", sqlite::OpenMode::Writer);
    REQUIRE(database);
    reader->stop();
    REQUIRE(database->execute("DELETE FROM response WHERE seq >= 2"));
    REQUIRE(database->execute("DELETE FROM identity WHERE first_seq > 1"));
    CHECK(close_with_comment(store, "c") == 3);
}

TEST_CASE("A draft that is open meanwhile is closed under the new install", "[store]")
{
    TempFolder const folder;
    auto store = store_with(folder, {"a"});
    auto draft = test::sample_draft();
    draft.comment = "open";
    REQUIRE(store.save_draft(draft, Outcome::Partial));
    REQUIRE(store.adopt({store.install_id(), {1}}).value() == 1);
    REQUIRE(store.close_draft(ClosedBy::Finish, draft.touched).value() == 3);
    CHECK(stored_comments(folder / "store.db")
        == Comments {{store.install_id(), 2, "a"}, {store.install_id(), 3, "open"}});
}
