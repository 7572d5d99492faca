#include "kiosk/summary/catch_up.h"

#include "kiosk/summary/list_responses.h"
#include "kiosk/summary/summarize.h"
#include "tests/support/sample_responses.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;

namespace {

constexpr std::int64_t now_ms = 1'790'000'000'000;
constexpr std::int64_t minute_ms = 60'000;

/// A store.db, and what summary.db makes of it.
struct Counting {
    test::TempFolder folder {test::in_memory()};
    std::filesystem::path store_path = folder / "store.db";
    ResponseStore store = ResponseStore::open(store_path).value();

    void close_at(std::int64_t wall_ms, bool is_set, std::int64_t steady_ms)
    {
        auto draft = test::sample_draft();
        draft.opened = {WallTime(std::chrono::milliseconds(wall_ms)), is_set,
            SteadyTime(std::chrono::milliseconds(steady_ms)), "this-boot"};
        draft.touched = draft.opened.steady;
        REQUIRE(store.save_draft(draft, Outcome::Complete));
        REQUIRE(store.close_draft(ClosedBy::Finish, draft.touched));
    }

    /// As often as questions are asked.
    SummaryFile count(int times = 1) const
    {
        auto file = SummaryFile::open(folder / "summary.db").value();
        auto reader = ResponseReader::open(store_path).value();
        for (int each = 0; each < times; ++each)
            REQUIRE(catch_up(file, reader).value().is_done());
        return file;
    }

    static SummaryQuery query_at(std::int64_t at_ms, Period period)
    {
        auto survey = test::sample_survey();
        survey.id = test::sample_draft().survey;
        return {.period = period,
            .now = WallTime(std::chrono::milliseconds(at_ms)),
            .zone = "Asia/Shanghai",
            .survey = std::make_shared<Survey const>(std::move(survey)),
            .touchpoint = {}};
    }
    Summary today_at(std::int64_t at_ms, Period period = Period::Today) const
    {
        auto file = count();
        return summarize(file, query_at(at_ms, period)).value();
    }

    std::int64_t entries() const
    {
        auto database = sqlite::Database::open(folder / "summary.db", sqlite::OpenMode::Reader).value();
        return database.query_integer("SELECT count(*) FROM entry").value();
    }
    void remove(char const* which) const
    {
        auto database = sqlite::Database::open(store_path, sqlite::OpenMode::Writer).value();
        REQUIRE(database.execute((std::string("DELETE FROM response WHERE ") + which).c_str()));
    }
};

}

TEST_CASE("What a clock says that nobody has confirmed counts until the boot's clock is known", "[summary]")
{
    Counting box;
    constexpr std::int64_t taps = 5;
    for (std::int64_t tap = 0; tap < taps; ++tap)
        box.close_at(now_ms - (taps - tap) * minute_ms, false, (1'000 + tap) * minute_ms);
    auto const before = box.today_at(now_ms);
    CHECK(before.responses == taps);
    CHECK(before.provisional_time == taps);
    CHECK(before.without_time == 0);

    // It was a day slow.
    constexpr std::int64_t day_ms = 1'440 * minute_ms;
    REQUIRE(box.store.note_clock({WallTime(std::chrono::milliseconds(now_ms + day_ms)), true,
        SteadyTime(std::chrono::milliseconds((1'000 + taps) * minute_ms)), "this-boot"}));
    CHECK(box.today_at(now_ms).responses == 0);
    auto const after = box.today_at(now_ms + day_ms);
    CHECK(after.responses == taps);
    CHECK(after.provisional_time == 0);
}

TEST_CASE("An unset clock of 1970 or of tomorrow places nothing", "[summary]")
{
    Counting box;
    box.close_at(5 * minute_ms, false, 5 * minute_ms);
    box.close_at(now_ms + 2'000 * minute_ms, false, 6 * minute_ms);
    auto const summary = box.today_at(now_ms);
    CHECK(summary.responses == 0);
    CHECK(summary.provisional_time == 0);
    CHECK(summary.without_time == 2);
}

TEST_CASE("Two customers with three answers each are too few for an index, and five are not", "[summary]")
{
    Counting box;
    std::int64_t steady_ms = 0;
    auto const rate = [&](int customers) {
        for (int each = 0; each < customers; ++each) {
            auto draft = test::sample_draft();
            draft.opened = {WallTime(std::chrono::milliseconds(now_ms)), true,
                SteadyTime(std::chrono::milliseconds(steady_ms += minute_ms)), "this-boot"};
            draft.touched = draft.opened.steady;
            draft.flags.clear();
            draft.answers.clear();
            for (char const* question : {"quality", "service", "cleanliness"})
                draft.answers.push_back({.question = question, .score = 1});
            REQUIRE(box.store.save_draft(draft, Outcome::Complete));
            REQUIRE(box.store.close_draft(ClosedBy::Finish, draft.touched));
        }
    };
    rate(2);
    auto const few = box.today_at(now_ms);
    CHECK(few.index.count == 2);
    CHECK(few.index.is_too_few());
    CHECK(few.trend.back().cell.index.is_too_few());
    rate(3);
    CHECK_FALSE(box.today_at(now_ms).index.is_too_few());
}

TEST_CASE("To a manager under a clock of 1970 what has no time is not today's", "[summary]")
{
    Counting box;
    box.close_at(minute_ms, false, minute_ms);
    box.close_at(2 * minute_ms, false, 2 * minute_ms);
    for (auto const period : {Period::Today, Period::SevenDays, Period::TwentyEightDays}) {
        auto const summary = box.today_at(10 * minute_ms, period);
        CHECK(summary.responses == 0);
        CHECK(summary.index.count == 0);
        CHECK(summary.without_time == 2);
        auto file = box.count();
        auto reader = ResponseReader::open(box.store_path).value();
        ResponseQuery list;
        list.of = Counting::query_at(10 * minute_ms, period);
        CHECK(list_responses(file, reader, list).value().total == 0);
    }
}

TEST_CASE("What retention removes leaves summary.db, whatever is left in between", "[summary]")
{
    Counting box;
    constexpr std::int64_t all = 900;
    for (std::int64_t tap = 0; tap < all; ++tap)
        box.close_at(now_ms + tap * minute_ms, true, (1 + tap) * minute_ms);
    (void)box.count();
    REQUIRE(box.entries() == all);

    SECTION("one that stays before them")
    {
        box.remove("seq BETWEEN 2 AND 850");
        (void)box.count(20);
        CHECK(box.entries() == all - 849);
    }
    SECTION("many that stay before them, and summary.db is opened anew each time")
    {
        box.remove("seq BETWEEN 301 AND 800");
        constexpr std::int64_t visits = 30;
        for (std::int64_t visit = 0; visit < visits; ++visit) {
            box.close_at(now_ms + (all + visit) * minute_ms, true, (1 + all + visit) * minute_ms);
            (void)box.count();
        }
        CHECK(box.entries() == all + visits - 500);
    }
}

TEST_CASE("What cannot be placed leaves summary.db too once it is removed", "[summary]")
{
    Counting box;
    for (std::int64_t tap = 1; tap <= 200; ++tap)
        box.close_at(tap * minute_ms, false, tap * minute_ms);
    box.close_at(now_ms, true, 1'000 * minute_ms);
    (void)box.count();
    box.remove("clock_set = 0");
    (void)box.count(10);
    CHECK(box.entries() == 1);
}

TEST_CASE("Who only reads summary.db sees one moment of it, and changes nothing", "[summary]")
{
    Counting box;
    CHECK(SummaryFile::open_to_read(box.folder / "summary.db").error().code == Errc::NotFound);
    box.close_at(now_ms, true, 1'000);
    auto writer = box.count();
    auto reader = SummaryFile::open_to_read(box.folder / "summary.db");
    REQUIRE(reader);
    box.close_at(now_ms + minute_ms, true, 1'000 + minute_ms);
    auto store = ResponseReader::open(box.store_path).value();
    REQUIRE(catch_up(writer, store).value().is_done());
    auto const query = Counting::query_at(now_ms + 2 * minute_ms, Period::SevenDays);
    CHECK(summarize(*reader, query).value().responses == 1);
    CHECK(summarize(writer, query).value().responses == 2);
    ResponseQuery all;
    all.of = query;
    CHECK(list_responses(*reader, store, all).value().total == 1);
    CHECK_FALSE(catch_up(*reader, store));
    CHECK(box.entries() == 2);
}
