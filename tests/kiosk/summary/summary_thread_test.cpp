#include "kiosk/store/response_store.h"
#include "kiosk/summary/summary_thread.h"

#include "tests/kiosk/summary/asker.h"
#include "tests/support/sample_month.h"
#include "tests/support/sample_responses.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

using namespace listenpost;
using namespace listenpost::kiosk;
using test::Asker;
using test::TempFolder;

namespace {

constexpr auto friday = std::chrono::year(2026) / 11 / 27;

SummaryQuery on_friday(int hour, Period period = Period::Today)
{
    std::stringstream text;
    text << std::ifstream(SURVEYS "/qsc-restaurant.json").rdbuf();
    return {.period = period,
        .now = std::chrono::sys_days(friday) + std::chrono::hours(hour - 8),
        .zone = "Asia/Shanghai",
        .survey = std::make_shared<Survey const>(parse_survey(text.str()).value()),
        .touchpoint = {}};
}

void make_store(std::filesystem::path const& folder, bench::MonthOf store, int days, unsigned seed = 1)
{
    bench::make_month(folder / "store.db",
        {.store = store, .days = days, .last_day = friday, .last_hour = 15, .seed = seed});
}

std::int64_t responses_of_week(Asker& asker) { return asker.ask(on_friday(15, Period::SevenDays)).responses; }

void close_one(std::filesystem::path const& folder)
{
    auto store = ResponseStore::open(folder / "store.db").value();
    auto draft = test::sample_draft();
    draft.opened.wall = on_friday(14).now;
    draft.opened.steady += std::chrono::hours(1);
    draft.touched = draft.opened.steady;
    REQUIRE(store.save_draft(draft, Outcome::Partial));
    REQUIRE(store.close_draft(ClosedBy::Finish, draft.touched));
}

/// Days that are all alike, the last on Friday: some guests are happy at 11:50, as many unhappy at 12:05.
struct LikeDays {
    int days = 1;
    std::chrono::days apart {1};
    int guests = 6;
};

void make_like_days(std::filesystem::path const& folder, LikeDays const& like)
{
    auto store = ResponseStore::open(folder / "store.db").value();
    auto const first = on_friday(12).now - like.apart * (like.days - 1);
    for (int day = 0; day < like.days; ++day)
        for (int guest = 0; guest < 2 * like.guests; ++guest) {
            bool const is_happy = guest < like.guests;
            auto const since
                = like.apart * day + std::chrono::minutes(is_happy ? -10 : 5) + std::chrono::seconds(guest);
            auto draft = test::sample_draft();
            draft.answers = {{"service", is_happy ? 5 : 1, {}}};
            draft.opened.wall = first + since;
            draft.opened.steady += since;
            draft.touched = draft.opened.steady;
            REQUIRE(store.save_draft(draft, Outcome::Partial));
            REQUIRE(store.close_draft(ClosedBy::Finish, draft.touched));
        }
}

}

TEST_CASE(
    "A day like all others differs from them in nothing, in whatever minute somebody looks", "[summary]")
{
    TempFolder const folder(test::in_memory());
    make_like_days(folder.path(), {.days = 9, .apart = std::chrono::weeks(1)});
    Asker asker(folder.path());
    for (Period const period : {Period::Today, Period::SevenDays})
        for (int const minute : {3, 10, 14, 15, 20}) {
            INFO(days_of(period) << " days, 12:" << minute);
            auto query = on_friday(12, period);
            query.now += std::chrono::minutes(minute);
            auto const summary = asker.ask(query);
            CHECK(summary.responses == 12); // what was said in the quarter under way is shown …
            CHECK(summary.index.count == 12);
            CHECK(summary.compared_until == 12 * 60 + minute / 15 * 15);
            // … and compared with no whole one.
            CHECK(static_cast<double>(summary.compared_responses) == summary.usual_responses);
            CHECK(summary.index_change.change == Approx(0).margin(1e-9));
            CHECK(summary.ratings[1].change.change == Approx(0).margin(1e-9));
            CHECK(summary.index_change.is_known());
        }
}

TEST_CASE("A rush that is under way does not stand out for what the usual days' quarter would have had",
    "[summary]")
{
    TempFolder const folder(test::in_memory());
    make_like_days(folder.path(), {.days = 57, .guests = 15});
    Asker asker(folder.path());
    for (int const minute : {10, 14, 15, 40}) {
        INFO("12:" << minute);
        auto query = on_friday(12);
        query.now += std::chrono::minutes(minute);
        auto const summary = asker.ask(query);
        CHECK(summary.responses == 30);
        CHECK(summary.standout_verdict == StandoutVerdict::Nothing);
    }
}

TEST_CASE("Of 28 days the last is usually as far on as today is", "[summary]")
{
    TempFolder const folder(test::in_memory());
    make_like_days(folder.path(), {.days = 13, .apart = std::chrono::weeks(1)});
    Asker asker(folder.path());
    for (int const minute : {10, 20}) {
        auto query = on_friday(12, Period::TwentyEightDays);
        query.now += std::chrono::minutes(minute);
        auto const summary = asker.ask(query);
        CHECK(summary.responses == 48);
        CHECK(summary.usual_samples == 8);
        CHECK(summary.usual_responses == Approx(minute < 15 ? 42 : 48));
        CHECK(static_cast<double>(summary.compared_responses) == Approx(summary.usual_responses));
    }
}

TEST_CASE("A week of slow lunches stands out, with its hours and the reason", "[summary]")
{
    TempFolder const folder(test::in_memory());
    make_store(folder.path(), bench::MonthOf::BadWeek, 84);
    Asker asker(folder.path());
    auto const summary = asker.ask(on_friday(15));
    CHECK(summary.standout_verdict == StandoutVerdict::Found);
    REQUIRE(summary.standout);
    CHECK(summary.standout->question == "service");
    CHECK_FALSE(summary.standout->is_better);
    REQUIRE(summary.standout->hours);
    CHECK(summary.standout->hours->from_hour <= 12);
    CHECK(summary.standout->hours->to_hour >= 12);
    CHECK(summary.standout->now.value < summary.standout->usual - 0.5);
    CHECK(summary.standout->reason == "long_wait");
    CHECK(summary.standout->reason_count >= 5);
    CHECK(summary.ratings[1].change.is_clear());
    CHECK(summary.reasons.front().reason == "long_wait");
}

TEST_CASE("A low rating is one of the two worst faces, on whatever scale it was given", "[summary]")
{
    TempFolder const folder(test::in_memory());
    auto survey = *on_friday(15).survey;
    survey.questions[0].scale = Scale::ThreeFaces;
    survey.questions[1].scale = Scale::Nps;
    {
        auto store = ResponseStore::open(folder / "store.db").value();
        auto const close = [&](std::vector<Answer> answers, int minute) {
            auto draft = test::sample_draft();
            draft.answers = std::move(answers);
            draft.opened.wall = on_friday(14).now + std::chrono::minutes(minute);
            draft.opened.steady += std::chrono::hours(1) + std::chrono::minutes(minute);
            draft.touched = draft.opened.steady;
            REQUIRE(store.save_draft(draft, Outcome::Partial));
            REQUIRE(store.close_draft(ClosedBy::Finish, draft.touched));
        };
        std::string const three = survey.questions[0].id;
        std::string const nps = survey.questions[1].id;
        std::string const five = survey.questions[2].id;
        close({{three, 2, {}}}, 1); // the middle
        close({{nps, 2, {}}}, 2);
        close({{five, 3, {}}}, 3);
        close({{three, 1, {}}}, 4);
        close({{five, 2, {}}}, 5);
    }
    Asker asker(folder.path());
    ResponseQuery query;
    query.of = on_friday(15);
    query.of.survey = std::make_shared<Survey const>(survey);
    REQUIRE(asker.ask(query).total == 5);
    query.low_only = true;
    auto const low = asker.ask(query);
    REQUIRE(low.total == 2);
    CHECK(low.responses[0].answers[0].score == 2); // of five: the newest
    CHECK(low.responses[1].answers[0].score == 1);
}

TEST_CASE("Who has gone leaves no answer behind, not even one that was being made", "[summary]")
{
    TempFolder const folder(test::in_memory());
    make_store(folder.path(), bench::MonthOf::BadWeek, 7);
    Asker asker(folder.path());
    ResponseQuery list;
    list.of = on_friday(15);
    REQUIRE(asker.ask(on_friday(15)).responses > 0);
    REQUIRE(asker.ask(list).total > 0);
    auto const forgotten = asker.thread().ask(on_friday(15, Period::SevenDays));
    asker.thread().ask(list);
    asker.thread().forget();
    CHECK_FALSE(asker.thread().summary().value);
    CHECK_FALSE(asker.thread().responses().value);
    CHECK(
        asker.ask(on_friday(15)).responses > 0); // whatever was asked before would have been answered by now
    CHECK(asker.thread().summary().number > forgotten);
    CHECK_FALSE(asker.thread().responses().value);
}

TEST_CASE("A store without a past has figures, and nothing to compare them with", "[summary]")
{
    TempFolder const folder(test::in_memory());
    make_store(folder.path(), bench::MonthOf::Quiet, 1);
    Asker asker(folder.path());
    auto const summary = asker.ask(on_friday(15));
    CHECK(summary.responses > 0);
    CHECK(summary.usual_samples == 0);
    CHECK_FALSE(summary.index_change.is_known());
    CHECK_FALSE(summary.standout);
    CHECK(summary.standout_verdict == StandoutVerdict::NotTested);
}

TEST_CASE("Before the kiosk has made store.db a question waits for it", "[summary]")
{
    TempFolder const folder(test::in_memory());
    Asker asker(folder.path());
    asker.wait_until([](SummaryNews const& news) { return news.is_catching_up && !news.failing; });
    make_store(folder.path(), bench::MonthOf::Quiet, 7);
    CHECK(responses_of_week(asker) > 0);
}

TEST_CASE("An answer has what was stored before it was asked for", "[summary]")
{
    TempFolder const folder(test::in_memory());
    make_store(folder.path(), bench::MonthOf::Quiet, 7);
    Asker asker(folder.path());
    auto const before = responses_of_week(asker);
    close_one(folder.path());
    CHECK(responses_of_week(asker) == before + 1);
}

TEST_CASE("A question that cannot be answered is a failure that the screen gets to know", "[summary]")
{
    TempFolder const folder(test::in_memory());
    make_store(folder.path(), bench::MonthOf::Quiet, 1);
    Asker asker(folder.path());
    auto query = on_friday(15);
    query.zone = "Asia/Atlantis";
    (void)asker.thread().ask(query);
    asker.wait_until([](SummaryNews const& news) { return news.failing; });
    CHECK(asker.ask(on_friday(15)).responses > 0);
    asker.wait_until([](SummaryNews const& news) { return !news.failing; });
}

TEST_CASE("A summary.db that stays damaged however often it is removed is a failure", "[summary]")
{
    TempFolder const folder(test::in_memory());
    make_store(folder.path(), bench::MonthOf::Quiet, 1);
    // What is no file can be neither removed nor opened.
    std::filesystem::create_directories(folder / "summary.db" / "full");
    Asker asker(folder.path());
    asker.wait_until([](SummaryNews const& news) { return news.failing; });
    std::filesystem::remove_all(folder / "summary.db");
    CHECK(asker.ask(on_friday(15)).responses > 0);
}

TEST_CASE("Ten that were closed are counted before anybody asks", "[summary]")
{
    TempFolder const folder(test::in_memory());
    make_store(folder.path(), bench::MonthOf::Quiet, 7);
    Asker asker(folder.path());
    std::int64_t before = 0;
    asker.wait_until([&](SummaryNews const& news) {
        before = news.counted_up_to;
        return !news.is_catching_up;
    });
    close_one(folder.path());
    for (int each = 0; each < 10; ++each)
        asker.thread().response_closed();
    asker.wait_until([&](SummaryNews const& news) { return news.counted_up_to == before + 1; });
}

TEST_CASE("Of questions of one kind that wait the last is answered", "[summary]")
{
    TempFolder const folder(test::in_memory());
    make_store(folder.path(), bench::MonthOf::Quiet, 28);
    Asker asker(folder.path());
    (void)asker.thread().ask(on_friday(15, Period::TwentyEightDays));
    (void)asker.thread().ask(on_friday(15, Period::SevenDays));
    CHECK(asker.ask(on_friday(15)).query.period == Period::Today);
}

TEST_CASE("Another store.db in its place is counted, and not the one before", "[summary]")
{
    TempFolder const folder(test::in_memory());
    TempFolder const other(test::in_memory());
    make_store(folder.path(), bench::MonthOf::Busy, 7);
    make_store(other.path(), bench::MonthOf::Quiet, 7, 2);
    Asker asker(folder.path());
    REQUIRE(responses_of_week(asker) > 500);
    for (char const* suffix : {"", "-wal", "-shm"})
        std::filesystem::remove((folder / "store.db").string() + suffix);
    std::filesystem::copy_file(other / "store.db", folder / "store.db");
    CHECK(responses_of_week(asker) == Asker(other.path()).ask(on_friday(15, Period::SevenDays)).responses);
}

TEST_CASE("A store.db that went back in time is counted as it is", "[summary]")
{
    TempFolder const folder(test::in_memory());
    make_store(folder.path(), bench::MonthOf::Quiet, 7);
    std::filesystem::copy_file(folder / "store.db", folder / "backup.db");
    Asker asker(folder.path());
    auto const before = responses_of_week(asker);
    close_one(folder.path());
    REQUIRE(responses_of_week(asker) == before + 1);
    for (char const* suffix : {"", "-wal", "-shm"})
        std::filesystem::remove((folder / "store.db").string() + suffix);
    std::filesystem::copy_file(folder / "backup.db", folder / "store.db");
    CHECK(responses_of_week(asker) == before);
}

TEST_CASE("A newer program's summary.db is made anew", "[summary]")
{
    TempFolder const folder(test::in_memory());
    make_store(folder.path(), bench::MonthOf::Quiet, 7);
    auto const before = [&] {
        Asker asker(folder.path());
        return responses_of_week(asker);
    }();
    auto database = sqlite::Database::open(folder / "summary.db", sqlite::OpenMode::Writer);
    REQUIRE(database);
    REQUIRE(database->execute("PRAGMA user_version = 99; DROP TABLE bucket"));
    Asker asker(folder.path());
    CHECK(responses_of_week(asker) == before);
}
