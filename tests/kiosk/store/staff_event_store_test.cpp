#include "kiosk/store/response_reader.h"
#include "kiosk/store/response_store.h"
#include "kiosk/store/salvage.h"
#include "kiosk/store/schema.h"
#include "kiosk/store/store_check.h"
#include "tests/support/fake_clock.h"
#include "tests/support/old_store_formats.h"
#include "tests/support/sample_events.h"
#include "tests/support/sample_responses.h"
#include "tests/support/store_filler.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fstream>

using namespace listenpost;
using namespace listenpost::kiosk;
using test::handled;
using test::sample_draft;
using test::stamp_at;
using test::TempFolder;

namespace {

struct Row {
    std::int64_t seq;
    std::string event;
    friend bool operator==(Row const&, Row const&) = default;
};

/// All rows, responses and events; event empty: a response.
std::vector<Row> rows(std::filesystem::path const& store)
{
    auto reader = ResponseReader::open(store);
    REQUIRE(reader);
    std::vector<Row> all;
    reader->seek(0, INT64_MAX);
    for (;;) {
        auto const row = reader->next();
        REQUIRE(row);
        if (!*row)
            return all;
        all.push_back({(*row)->seq, std::string((*row)->event)});
    }
}

/// The header and the schema: nothing of it can be opened any more.
void destroy_first_page(std::filesystem::path const& store)
{
    std::fstream file(store, std::ios::binary | std::ios::in | std::ios::out);
    file << std::string(4096, 'x');
    REQUIRE(file.flush());
}

struct Box {
    TempFolder folder;
    std::filesystem::path path = folder / "store.db";
    ResponseStore store = ResponseStore::open(path).value();

    void close_response(int number)
    {
        auto const draft = test::draft_number(number);
        REQUIRE(store.save_draft(draft, Outcome::Partial));
        REQUIRE(store.close_draft(ClosedBy::Finish, draft.touched));
    }
    StaffEvent about(std::int64_t seq, std::string note = {})
    {
        auto reader = ResponseReader::open(path);
        REQUIRE(reader);
        return handled(
            store.install_id(), reader->find(seq).value().value(), CommentState::DealtWith, std::move(note));
    }
};

}

TEST_CASE(
    "A staff event takes the next seq, and says when it was and nothing that a customer said", "[store]")
{
    Box box;
    box.close_response(1);
    auto const event = box.about(1, "called 13812345678 back");
    REQUIRE(box.store.add_event(event, stamp_at(90'000, 1'790'000'085'000)));
    CHECK(box.store.last_seq().value() == 2);

    auto reader = ResponseReader::open(box.path);
    REQUIRE(reader);
    auto const row = reader->find(2).value().value();
    CHECK(row.is_event());
    CHECK(row.opened_ms == 1'790'000'085'000);
    CHECK(row.steady_ms == 90'000);
    CHECK(row.took_ms == 0);
    CHECK(row.clock_set);
    CHECK(row.boot_id == stamp_at(0).boot_id);
    for (auto const text : {row.survey, row.touchpoint, row.language, row.outcome, row.closed_by, row.answers,
             row.comment, row.flags})
        CHECK(text.empty());
    auto const read = event_from_json(row.event);
    REQUIRE(read);
    CHECK(read->of == event.of);
    CHECK(read->note == "called *********** back");
    CHECK_FALSE(reader->find(1).value().value().is_event());

    auto database = sqlite::Database::open(box.path, sqlite::OpenMode::Writer);
    REQUIRE(database);
    CHECK(check_store(*database));
}

TEST_CASE("An event that is not what staff can say is refused, and takes no seq", "[store]")
{
    Box box;
    box.close_response(1);
    auto event = box.about(1);
    event.by = "";
    CHECK(box.store.add_event(event, stamp_at(90'000)).error().code == Errc::Invalid);
    CHECK(box.store.last_seq().value() == 1);
}

TEST_CASE("An event leaves the customer's open draft as it is", "[store]")
{
    Box box;
    box.close_response(1);
    auto const draft = test::draft_number(2);
    REQUIRE(box.store.save_draft(draft, Outcome::Partial));
    REQUIRE(box.store.add_event(box.about(1), draft.opened)); // of the same moment, even

    SECTION("who finishes afterwards")
    {
        CHECK(box.store.close_draft(ClosedBy::Finish, draft.touched).value() == 3);
    }
    SECTION("who is cut off by a power cut")
    {
        auto const again = ResponseStore::open(box.path);
        REQUIRE(again);
    }
    SECTION("whom a salvage interrupts")
    {
        auto again = ResponseStore::open(box.path, StoreCheck::None, LeftDraft::Keep);
        REQUIRE(again);
        REQUIRE(again->take_up_draft(draft, Outcome::Partial));
        CHECK(again->close_draft(ClosedBy::Finish, draft.touched).value() == 3);
    }
    auto reader = ResponseReader::open(box.path);
    REQUIRE(reader);
    CHECK(reader->find(3).value().value().comment == draft.comment);
    CHECK(rows(box.path).size() == 3);
}

TEST_CASE(
    "An event that was written although it reported an error is there once after the next try", "[store]")
{
    Box box;
    box.close_response(1);
    auto const event = box.about(1);
    REQUIRE(box.store.add_event(event, stamp_at(90'000)));
    REQUIRE(box.store.add_event(event, stamp_at(90'000)));
    CHECK(rows(box.path).size() == 2);
    SECTION("but the same at another moment is another")
    {
        REQUIRE(box.store.add_event(event, stamp_at(91'000)));
        CHECK(rows(box.path).size() == 3);
    }
}

TEST_CASE("An event under a clock that is set notes what the boot's clock says", "[store]")
{
    Box box;
    box.close_response(1);
    auto const event = box.about(1);
    auto now = stamp_at(90'000);
    now.boot_id = "another";
    now.wall_is_set = false;
    REQUIRE(box.store.add_event(event, now));
    auto const clocks = [&] { return ResponseReader::open(box.path)->boot_clocks().value(); };
    CHECK(clocks().size() == 1);
    now.wall_is_set = true;
    now.steady += std::chrono::milliseconds(1);
    REQUIRE(box.store.add_event(event, now));
    CHECK(clocks().size() == 2);
}

TEST_CASE("An event is moved like a response, and what it says stays", "[store]")
{
    Box box;
    box.close_response(1);
    auto const event = box.about(1);
    REQUIRE(box.store.add_event(event, stamp_at(90'000)));
    box.close_response(2);
    auto const first = box.store.install_id();
    CHECK(box.store.adopt({first, {1, 2}}).value() == 2);
    CHECK(rows(box.path) == std::vector<Row> {{3, ""}, {4, ""}, {5, event_to_json(event)}});

    SECTION("it still finds its response by the first tap, whatever its name now")
    {
        auto reader = ResponseReader::open(box.path);
        REQUIRE(reader);
        auto const moved = reader->find(4).value().value();
        CHECK(moved.boot_id == event.of.boot);
        CHECK(moved.steady_ms == event.of.steady_ms);
    }
    SECTION("and each row still proves itself")
    {
        auto database = sqlite::Database::open(box.path, sqlite::OpenMode::Writer);
        REQUIRE(database);
        CHECK(check_store(*database));
    }
}

TEST_CASE("No changed byte of an event goes unnoticed", "[store]")
{
    Box box;
    box.close_response(1);
    REQUIRE(box.store.add_event(box.about(1), stamp_at(90'000)));
    auto database = sqlite::Database::open(box.path, sqlite::OpenMode::Writer);
    REQUIRE(database);
    SECTION("in an event")
    {
        REQUIRE(database->execute("UPDATE response SET event = replace(event, 'LW', 'LV')"));
    }
    SECTION("that is none any more")
    {
        REQUIRE(database->execute("UPDATE response SET event = '' WHERE seq = 2"));
    }
    SECTION("in a response that had none")
    {
        REQUIRE(database->execute("UPDATE response SET event = '{}' WHERE seq = 1"));
    }
    CHECK(check_store(*database).error().code == Errc::Corrupt);
    auto reader = ResponseReader::open(box.path);
    REQUIRE(reader);
    reader->seek(0, 2);
    auto row = reader->next();
    if (row)
        row = reader->next();
    CHECK(row.error().code == Errc::Corrupt);
}

TEST_CASE("A damaged file gives its events back with its responses", "[store][salvage]")
{
    TempFolder const folder;
    auto const path = folder / "store.db";
    bool const began_as_format_4 = GENERATE(false, true);
    CAPTURE(began_as_format_4);
    if (began_as_format_4)
        REQUIRE(test::make_old_store(path, 4, 300));
    std::vector<Row> before;
    {
        auto store = ResponseStore::open(path);
        REQUIRE(store);
        test::close_responses(*store, 400, 500);
        auto reader = ResponseReader::open(path);
        REQUIRE(reader);
        for (std::int64_t seq = 1; seq <= 90; seq += 3) {
            auto const event = handled(store->install_id(), reader->find(seq).value().value());
            reader->stop();
            REQUIRE(store->add_event(event, stamp_at(90'000 + seq)));
        }
        before = rows(path);
        REQUIRE(store->fold_back_wal());
    }
    std::filesystem::remove(path.string() + "-wal");
    destroy_first_page(path);
    test::FakeClock const clock;
    REQUIRE(salvage_store(path, "a test damaged it", clock));
    CHECK(rows(path) == before);
}
