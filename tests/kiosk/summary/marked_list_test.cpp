#include "kiosk/store/response_reader.h"
#include "kiosk/store/response_store.h"
#include "kiosk/summary/catch_up.h"
#include "kiosk/summary/list_responses.h"
#include "platform/sqlite/database.h"
#include "tests/kiosk/summary/asker.h"
#include "tests/support/sample_events.h"
#include "tests/support/sample_responses.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using test::Asker;
using test::TempFolder;

namespace {

/// Today's responses by the machine's own clock, which the thread has, too.
struct Shop {
    TempFolder folder {test::in_memory()};
    SystemClock clock;
    WallTime const now = clock.wall_now();
    std::shared_ptr<Survey const> survey = std::make_shared<Survey const>(test::sample_survey());
    ResponseStore store = ResponseStore::open(folder / "store.db").value();

    Stamp stamp(int minute) const
    {
        return {now - std::chrono::minutes(60) + std::chrono::minutes(minute), true,
            SteadyTime(std::chrono::hours(1) + std::chrono::minutes(minute)), "boot"};
    }
    std::int64_t close_response(int minute, int score, std::string comment = {})
    {
        Draft draft = test::sample_draft();
        draft.survey = survey->id;
        draft.opened = stamp(minute);
        draft.touched = draft.opened.steady;
        draft.answers = {{"service", score, {}}};
        draft.comment = std::move(comment);
        REQUIRE(store.save_draft(draft, Outcome::Partial));
        auto const seq = store.close_draft(ClosedBy::Finish, draft.touched);
        REQUIRE(seq);
        return *seq;
    }
    void mark(std::int64_t seq, int minute, CommentState state, std::string by = "LW")
    {
        auto reader = ResponseReader::open(folder / "store.db");
        REQUIRE(reader);
        auto event = test::handled(store.install_id(), reader->find(seq).value().value(), state, "so");
        event.by = std::move(by);
        reader->stop();
        REQUIRE(store.add_event(event, stamp(minute)));
    }
    ResponseQuery query() const
    {
        ResponseQuery query;
        query.of = {.period = Period::SevenDays,
            .now = now,
            .zone = "Asia/Shanghai",
            .survey = survey,
            .touchpoint = {}};
        query.with_flagged = true;
        return query;
    }
};

}

TEST_CASE("A list says of each response who has marked it last, when and how", "[summary][mark]")
{
    Shop shop;
    auto const first = shop.close_response(1, 1, "too slow");
    auto const second = shop.close_response(2, 2);
    shop.close_response(3, 5);
    Asker asker(shop.folder.path());
    auto page = asker.ask(shop.query());
    REQUIRE(page.total == 3);
    for (auto const& response : page.responses)
        CHECK_FALSE(response.mark);
    CHECK(page.initials.empty());

    shop.mark(first, 4, CommentState::Seen, "KM");
    shop.mark(first, 5, CommentState::DealtWith);
    shop.mark(second, 6, CommentState::Seen, "李");
    page = asker.ask(shop.query());
    REQUIRE(page.total == 3);
    REQUIRE(page.responses[2].mark);
    auto const& mark = *page.responses[2].mark;
    CHECK(mark.state == CommentState::DealtWith);
    CHECK(mark.by == "LW");
    CHECK(mark.note == "so");
    CHECK(mark.local_time == page.responses[2].local_time + std::chrono::minutes(4));
    CHECK(page.responses[1].mark->by == "李");
    CHECK_FALSE(page.responses[0].mark);
    CHECK(
        page.initials == std::vector<std::string> {"李", "LW"}); // KM's was overtaken: no mark of it is left

    SECTION("and can leave out what is dealt with; who has only seen it has not")
    {
        auto query = shop.query();
        query.open_only = true;
        page = asker.ask(query);
        REQUIRE(page.total == 2);
        CHECK(page.responses[0].ref.seq == 3);
        CHECK(page.responses[1].ref.seq == second);
        query.offset = 1;
        query.limit = 1;
        page = asker.ask(query);
        CHECK(page.total == 2);
        REQUIRE(page.responses.size() == 1);
        CHECK(page.responses[0].ref.seq == second);
    }
}

TEST_CASE(
    "Where a list has become shorter, its last page is shown in place of an empty one", "[summary][mark]")
{
    Shop shop;
    for (int minute = 1; minute <= 7; ++minute)
        shop.close_response(minute, 3);
    Asker asker(shop.folder.path());
    auto query = shop.query();
    query.open_only = true;
    query.limit = 3;
    query.offset = 6;
    auto page = asker.ask(query);
    REQUIRE(page.responses.size() == 1);
    CHECK(page.offset == 6);

    shop.mark(page.responses[0].ref.seq, 8, CommentState::DealtWith);
    page = asker.ask(query);
    CHECK(page.query == query); // the screen knows its answer by it
    CHECK(page.total == 6);
    CHECK(page.offset == 3);
    REQUIRE(page.responses.size() == 3);
    CHECK(page.responses[2].ref.seq == 2); // 1, the oldest, was the last of all

    for (std::int64_t seq = 2; seq <= 7; ++seq)
        shop.mark(seq, 10, CommentState::DealtWith);
    page = asker.ask(query);
    CHECK(page.total == 0);
    CHECK(page.offset == 0);
    CHECK(page.responses.empty());
}

TEST_CASE("A list of what is not dealt with reads no more than its page and what is", "[summary][mark]")
{
    Shop shop;
    for (int minute = 1; minute <= 4; ++minute)
        shop.close_response(minute, 3);
    shop.mark(4, 5, CommentState::DealtWith);
    auto file = SummaryFile::open(shop.folder / "summary.db").value();
    auto reader = ResponseReader::open(shop.folder / "store.db").value();
    while (!catch_up(file, reader).value().is_done()) { }
    StaffMarks marks(shop.folder / "store.db", {});
    REQUIRE(marks.refresh(shop.stamp(6)));
    auto query = shop.query();
    query.open_only = true;
    query.limit = 2;
    {
        auto damage = sqlite::Database::open(shop.folder / "store.db", sqlite::OpenMode::Writer);
        REQUIRE(damage);
        REQUIRE(damage->execute("UPDATE response SET comment = 'another' WHERE seq = 1"));
    }
    auto const page = list_responses(file, reader, query, &marks);
    REQUIRE(page);
    CHECK(page->total == 3);
    REQUIRE(page->responses.size() == 2);
    CHECK(page->responses[0].ref.seq == 3);
    CHECK(page->responses[1].ref.seq == 2);
}

TEST_CASE(
    "What is dealt with stays out of the list of what is not when it gets another number", "[summary][mark]")
{
    Shop shop;
    for (int minute = 1; minute <= 3; ++minute)
        shop.close_response(minute, 3);
    shop.mark(2, 5, CommentState::DealtWith);
    shop.mark(3, 6, CommentState::DealtWith);
    REQUIRE(shop.store.adopt({shop.store.install_id(), {2}}).value() == 1);
    Asker asker(shop.folder.path());
    auto query = shop.query();
    query.open_only = true;
    auto const page = asker.ask(query);
    CHECK(page.total == 1);
    REQUIRE(page.responses.size() == 1);
    CHECK(page.responses[0].ref.seq == 1);
}

TEST_CASE("A list says of which comment there was that head office had it erased", "[summary][mark]")
{
    Shop shop;
    auto const one = shop.close_response(1, 1, "too slow");
    shop.close_response(2, 2, "cold");
    {
        auto reader = ResponseReader::open(shop.folder / "store.db").value();
        auto const row = reader.find(one).value().value();
        ResponseRef const ref {shop.store.install_id(), one, std::string(row.boot_id), row.steady_ms};
        reader.stop();
        REQUIRE(shop.store.erase({{ref}}));
    }
    Asker asker(shop.folder.path());
    auto query = shop.query();
    query.with_comment_only = true;
    auto const page = asker.ask(query);
    REQUIRE(page.responses.size() == 2);
    CHECK_FALSE(page.responses[0].comment_erased);
    CHECK(page.responses[1].comment_erased);
    CHECK(page.responses[1].comment.empty());
}

TEST_CASE("A very low rating is news from when it is closed until somebody marks it", "[summary][mark]")
{
    Shop shop;
    Asker asker(shop.folder.path());
    auto const is_low = [](SummaryNews const& news) { return news.has_unmarked_low_rating; };
    auto const is_not = [](SummaryNews const& news) { return !news.has_unmarked_low_rating; };
    shop.close_response(1, 2);
    asker.ask(shop.query());
    CHECK(is_not(asker.thread().news()));

    auto const seq = shop.close_response(2, 1);
    asker.thread().response_closed();
    asker.wait_until(is_low);
    shop.mark(seq, 3, CommentState::Seen);
    asker.thread().look_at_marks();
    asker.wait_until(is_not);
}

TEST_CASE("A very low rating of before the start is news at the start", "[summary][mark]")
{
    Shop shop;
    shop.close_response(1, 1);
    Asker asker(shop.folder.path());
    asker.wait_until([](SummaryNews const& news) { return news.has_unmarked_low_rating; });
}
