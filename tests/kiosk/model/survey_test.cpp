#include "kiosk/model/survey.h"

#include "kiosk/model/response.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace listenpost;
using namespace listenpost::kiosk;
using nlohmann::json;

namespace {

json text(char const* content) { return {{"zh-CN", content}, {"en", content}}; }

json valid_survey()
{
    json survey = {
        {"id", "sample"},
        {"version", 1},
        {"languages", {"zh-CN", "en"}},
        {"brand", text("茶语")},
        {"headline", text("今天的体验怎么样？")},
        {"subline", text("三下就好")},
        {"privacy", text("不记姓名")},
        {"thanks_title", text("谢谢您")},
        {"thanks_promise", text("店长会看到")},
        {"reasons_at_most", 2},
        {"phrases", {text("会再来")}},
        {"questions",
            {{{"id", "quality"}, {"dimension", "quality"}, {"title", text("品质")}, {"hint", text("味道")},
                {"reasons", {{{"id", "salty"}, {"text", text("偏咸")}}}}}}},
    };
    for (int score = 0; score < 5; ++score)
        survey["score_labels"].push_back(text("一般"));
    return survey;
}

std::string fault_of(json const& survey)
{
    auto const parsed = parse_survey(survey.dump());
    return parsed ? "no fault" : parsed.error().detail;
}

}

TEST_CASE("A survey file becomes what the box asks", "[model]")
{
    auto const survey = parse_survey(valid_survey().dump());

    REQUIRE(survey);
    CHECK(survey->id == "sample");
    CHECK(survey->questions.at(0).dimension == Dimension::Quality);
    CHECK(survey->questions.at(0).reasons.at(0).text.in("en") == "偏咸");
    CHECK(survey->find("quality") == &survey->questions.front());
    CHECK(survey->find("price") == nullptr);
}

TEST_CASE("A text that lacks the asked language is shown in the survey's first", "[model]")
{
    auto const survey = parse_survey(valid_survey().dump());
    REQUIRE(survey);
    CHECK(survey->brand.in("ko") == "茶语");
}

TEST_CASE("A faulty survey is refused with the place of the fault", "[model]")
{
    CHECK(parse_survey("{ not json").error().detail == "survey is not JSON");
    CHECK(parse_survey("[]").error().detail == "survey must be an object");

    json survey = valid_survey();
    SECTION("a missing translation")
    {
        survey["questions"][0]["reasons"][0]["text"].erase("en");
        CHECK(fault_of(survey) == "survey.questions[0].reasons[0].text.en is missing");
    }
    SECTION("an id that could not stand in a file")
    {
        survey["questions"][0]["id"] = "Quality!";
        CHECK(fault_of(survey) == "survey.questions[0].id must be 1 to 40 of a-z, 0-9, _ and -");
    }
    SECTION("an id used twice")
    {
        survey["questions"].push_back(survey["questions"][0]);
        CHECK(fault_of(survey) == "survey.questions[1].id is used twice");
    }
    SECTION("a language that could not travel to the hub")
    {
        survey["languages"] = {"zh-CN", "中文"};
        CHECK(fault_of(survey) == "survey.languages must be a list of language tags");
        survey["languages"] = {"zh-CN", std::string(36, 'e')};
        CHECK(fault_of(survey) == "survey.languages must be a list of language tags");
    }
    SECTION("a language that the button could never leave")
    {
        survey["languages"] = {"zh-CN", "zh-CN"};
        CHECK(fault_of(survey) == "survey.languages has one twice");
    }
    SECTION("too few faces")
    {
        survey["score_labels"].erase(0);
        CHECK(fault_of(survey) == "survey.score_labels must be a list of 5 to 5");
    }
    SECTION("no questions at all")
    {
        survey.erase("questions");
        CHECK(fault_of(survey) == "survey.questions must be a list of 1 to 3");
    }
    SECTION("a version that is no number")
    {
        survey["version"] = "1";
        CHECK(fault_of(survey) == "survey.version must be a whole number from 1 to 1000000");
    }
}

TEST_CASE("Every survey that ships is valid", "[model]")
{
    int count = 0;
    for (auto const& entry : std::filesystem::directory_iterator(SURVEYS)) {
        std::ostringstream content;
        content << std::ifstream(entry.path()).rdbuf();
        INFO(entry.path());
        auto const survey = parse_survey(content.str());
        INFO((survey ? std::string() : survey.error().detail));
        REQUIRE(survey);
        ++count;
        // Whoever chooses every phrase can say them all.
        for (auto const& language : survey->languages) {
            std::size_t length = 0;
            for (auto const& phrase : survey->phrases)
                length += count_characters(phrase.in(language)) + 2;
            CHECK(length <= Draft::max_comment_characters + 2);
        }
    }
    CHECK(count >= 1);
}
