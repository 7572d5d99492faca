#include "sync/hub/summary_query.h"

#include "sync/hub/question_meaning.h"
#include "tests/support/captured_stderr.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::sync;

TEST_CASE("A summary's query is read as a stranger writes it", "[sync][hub][summary]")
{
    auto const query = parse_summary_query(
        "/v1/summary?store=a&store=b&region=%E5%8D%8E%E4%B8%9C&touchpoint=exit&group=day"
        "&from=2026-03-01&to=2026-03-02T00:15:00%2B08:00&flagged=include&question=q");
    REQUIRE(query);
    CHECK(query->stores == std::vector<std::string> {"a", "b"});
    CHECK(query->regions == std::vector<std::string> {"华东"});
    CHECK(query->touchpoints == std::vector<std::string> {"exit"});
    CHECK(query->questions == std::vector<std::string> {"q"});
    CHECK(query->group == SummaryGroup::Day);
    CHECK(query->include_flagged);
    CHECK(query->from == PeriodEnd {PeriodEnd::Kind::Day, 20'513});
    CHECK(query->to == PeriodEnd {PeriodEnd::Kind::Moment, 1'772'381'700'000});
    CHECK(to_text(*query->from) == "2026-03-01");
    CHECK(to_text(*query->to) == "1772381700000");
    auto const plain = parse_summary_query("/v1/summary");
    REQUIRE(plain);
    CHECK(plain->group == SummaryGroup::None);
    CHECK_FALSE(plain->from);
}

TEST_CASE("A query that is wrong is refused, with what is wrong", "[sync][hub][summary]")
{
    auto const [query, what] = GENERATE(table<char const*, char const*>({
        {"colour=red", "no parameter colour"},
        {"group=month", "group is one of none, store, region"},
        {"group=", "group is one of"},
        {"from=2026-02-30", "neither a day"},
        {"from=2026-3-1", "neither a day"},
        {"from=1999-12-31", "before 2000"},
        {"from=1772323200001", "not on a quarter"},
        {"from=2026-03-01T00:07:00Z", "not on a quarter"},
        {"from=2026-03-01&from=2026-03-02", "stands twice"},
        {"from=2026-03-01&to=2026-03-01", "from is not before to"},
        {"from=2020-03-01&to=2026-03-01", "at most 1100 days"},
        {"flagged=1", "flagged is include"},
        {"store=", "store is empty"},
        {"question=", "question is empty"},
        {"store=%zz", "percent-encoded"},
        {"by=store", "no parameter by"},
    }));
    CAPTURE(query);
    auto const parsed = parse_summary_query("/v1/summary?" + std::string(query));
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == Errc::Invalid);
    CHECK_THAT(parsed.error().detail, Catch::Contains(what));
}

TEST_CASE("A ranking goes by the index of stores, or as it is told", "[sync][hub][summary]")
{
    auto const plain = parse_ranking_query("/v1/ranking");
    REQUIRE(plain);
    CHECK(plain->summary.group == SummaryGroup::Store);
    CHECK(plain->question.empty());
    auto const cities = parse_ranking_query("/v1/ranking?by=city&question=service&from=2026-03-01");
    REQUIRE(cities);
    CHECK(cities->summary.group == SummaryGroup::City);
    CHECK(cities->question == "service");
    for (char const* wrong : {"by=day", "by=", "question=a&question=b", "question=", "group=store"})
        CHECK(parse_ranking_query("/v1/ranking?" + std::string(wrong)).error().code == Errc::Invalid);
}

TEST_CASE(
    "A survey that cannot be read is one that is not registered, and the log says so", "[sync][hub][summary]")
{
    std::string said;
    {
        test::CapturedStderr const capture(said);
        std::vector<RegisteredSurvey> const surveys {{"s", 1, "{"}};
        QuestionMeanings const meanings(surveys);
        CHECK(meanings.find("s", "quality")
            == QuestionMeaning {kiosk::Scale::FiveFaces, kiosk::Dimension::Quality, 1});
        CHECK_FALSE(meanings.find("s", "recommend"));
    }
    CHECK_THAT(said, Catch::Contains("event=survey_unreadable survey=s"));
    CHECK(survey_to_register("{").error().code == Errc::Invalid);
}
