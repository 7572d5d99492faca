#include "kiosk/model/survey.h"

#include "kiosk/model/response.h"
#include "kiosk/model/survey_reader.h"

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

json option(char const* id) { return {{"id", id}, {"text", text("一项")}}; }

/// All of it: nothing else may be said than what the test expects.
std::string fault_of(json const& survey)
{
    std::string all;
    for (auto const& fault : read_survey(survey.dump()).faults)
        all += (all.empty() ? "" : "; ") + fault;
    return all.empty() ? "no fault" : all;
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
    CHECK(parse_survey("[]").error().detail == "survey must be an object");

    json survey = valid_survey();
    json& question = survey["questions"][0];
    CHECK(fault_of(survey) == "no fault");
    SECTION("a missing translation")
    {
        question["reasons"][0]["text"].erase("en");
        CHECK(fault_of(survey) == "survey.questions[0].reasons[0].text.en is missing");
    }
    SECTION("a text without languages")
    {
        survey["brand"] = "茶语";
        CHECK(fault_of(survey) == "survey.brand must give a text for each language");
    }
    SECTION("a text of two lines")
    {
        survey["headline"]["en"] = "How\nwas it?";
        CHECK(fault_of(survey) == "survey.headline.en has a line break or another control character");
    }
    SECTION("a text that no screen could show")
    {
        survey["privacy"]["en"] = std::string(1001, 'x');
        CHECK(fault_of(survey) == "survey.privacy.en is longer than any screen");
    }
    SECTION("an id that could not stand in a file")
    {
        question["id"] = "Quality!";
        CHECK(fault_of(survey) == "survey.questions[0].id must be 1 to 40 of a-z, 0-9, _ and -");
    }
    SECTION("an id used twice")
    {
        survey["questions"].push_back(survey["questions"][0]);
        CHECK(fault_of(survey) == "survey.questions[1].id is used twice");
    }
    SECTION("a reason used twice")
    {
        question["reasons"].push_back(option("salty"));
        CHECK(fault_of(survey) == "survey.questions[0].reasons[1].id is used twice");
    }
    SECTION("a language that could not travel to the hub")
    {
        survey["languages"] = {"zh-CN", "en", "中文"};
        CHECK(fault_of(survey) == "survey.languages must be a list of language tags");
        survey["languages"] = {"zh-CN", "en", std::string(36, 'e')};
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
        CHECK(fault_of(survey)
            == "survey.score_labels must be five, worst to best; "
               "survey.questions[0].score_labels must be 5, worst to best");
    }
    SECTION("no questions at all")
    {
        survey.erase("questions");
        CHECK(fault_of(survey) == "survey.questions must be a list of 1 to 12");
    }
    SECTION("a version that is no number")
    {
        survey["version"] = "1";
        CHECK(fault_of(survey) == "survey.version must be a whole number from 1 to 1000000");
    }
    SECTION("a kind that nobody can draw")
    {
        question["kind"] = "slider";
        CHECK(fault_of(survey)
            == "survey.questions[0].kind must be one of rating, single_choice, multiple_choice, minutes, "
               "text");
    }
    SECTION("a first screen without a rating by faces")
    {
        question["when"] = "";
        CHECK(fault_of(survey) == "no fault");
        question["scale"] = "nps";
        question["score_labels"] = {text("不会"), text("会")};
        question.erase("reasons");
        CHECK(fault_of(survey)
            == "survey.questions[0] must be a rating by faces without a condition: it is what the first "
               "screen asks");
    }
    SECTION("reasons of a rating by numbers")
    {
        question["scale"] = "nps";
        question["score_labels"] = {text("不会"), text("会")};
        CHECK(fault_of(survey).starts_with(
            "survey.questions[0].reasons belong to ratings by faces: ask a follow-up instead"));
    }
    SECTION("a number that no machine can hold")
    {
        CHECK(
            parse_survey(R"({"version": 1e999})").error().detail == "survey has a number that is too large");
        survey["reasons_at_most"] = 6;
        CHECK(fault_of(survey) == "survey.reasons_at_most must be a whole number from 0 to 5");
    }
}

TEST_CASE("What is no JSON is refused with line and column", "[model]")
{
    auto const fault = [](char const* content) { return parse_survey(content).error().detail; };
    CHECK(fault("{ not json") == "survey is not JSON: see line 1, column 4");
    CHECK(fault("{\n  \"茶语\": 1,,\n}") == "survey is not JSON: see line 2, column 11");
    CHECK(fault("{\"id\": \"a\nb\"}") == "survey is not JSON: see line 1, column 10");
    CHECK(fault("") == "survey is not JSON: see line 1, column 1");
}

TEST_CASE("One look finds every fault of a survey", "[model]")
{
    json survey = valid_survey();
    survey["id"] = "Sample";
    survey["brand"].erase("zh-CN");
    survey["questions"][0]["reasons"][0]["id"] = "";
    auto const reading = read_survey(survey.dump());
    CHECK(reading.faults
        == std::vector<std::string> {"survey.id must be 1 to 40 of a-z, 0-9, _ and -",
            "survey.brand.zh-CN is missing",
            "survey.questions[0].reasons[0].id must be 1 to 40 of a-z, 0-9, _ and -"});
}

TEST_CASE("A member that nobody knows is a remark and no fault", "[model]")
{
    json survey = valid_survey();
    survey["colour"] = "red";
    survey["attract"] = {{"headline", text("来")}, {"subline", text("来")}, {"title", text("来")}};
    survey["questions"][0]["hnit"] = text("味道");
    survey["vocabulary"] = {{{"word", "三分糖"}, {"reading", "san fen tang"}}};
    auto const reading = read_survey(survey.dump());
    CHECK(reading.faults.empty());
    CHECK(reading.remarks
        == std::vector<std::string> {"survey.attract.title is not known and does nothing",
            "survey.questions[0].hnit is not known and does nothing",
            "survey.vocabulary[0].reading is not known and does nothing",
            "survey.colour is not known and does nothing"});
}

TEST_CASE("A follow-up may look only at what was asked before it", "[model]")
{
    json survey = valid_survey();
    survey["questions"].push_back({{"id", "dish"}, {"kind", "multiple_choice"}, {"title", text("哪样")},
        {"options", {option("soup"), option("tea")}}, {"when", "quality <= 2"}});
    survey["questions"].push_back({{"id", "wait"}, {"kind", "minutes"}, {"title", text("多久")},
        {"minutes", {5, 10}}, {"when", "dish has soup or quality has salty"}});
    CHECK(fault_of(survey) == "no fault");
    auto const read = parse_survey(survey.dump());
    REQUIRE(read);
    CHECK(read->first_page() == 1);

    auto const with = [&](std::size_t index, char const* condition) {
        json changed = survey;
        changed["questions"][index]["when"] = condition;
        return fault_of(changed);
    };
    std::string const place = "survey.questions[1].when ";
    CHECK(with(1, "wait >= 5") == place + "looks at \"wait\", which no question before it is");
    CHECK(with(1, "dish has tea") == place + "looks at \"dish\", which no question before it is");
    CHECK(with(1, "quality has sweet") == place + "looks for \"sweet\", which \"quality\" has not");
    CHECK(with(2, "dish >= 1") == "survey.questions[2].when compares \"dish\", which is no number");
    CHECK(with(1, "quality <= two")
        == place + "is not understood: expected a whole number at character 12 of \"quality <= two\"");
}

TEST_CASE("Chips of choices and of minutes are checked", "[model]")
{
    json survey = valid_survey();
    json& more = survey["questions"];
    more.push_back({{"id", "wait"}, {"kind", "minutes"}, {"title", text("多久")}, {"minutes", {5, 10, 10}}});
    CHECK(fault_of(survey)
        == "survey.questions[1].minutes[2] must be whole minutes, at most a day, more than the one before");
    // 2^32 + 5: must not be taken for 5.
    more[1]["minutes"] = {1, 4294967301};
    CHECK(fault_of(survey)
        == "survey.questions[1].minutes[1] must be whole minutes, at most a day, more than the one before");
    more[1]
        = {{"id", "dish"}, {"kind", "single_choice"}, {"title", text("哪样")}, {"options", {option("tea")}}};
    CHECK(fault_of(survey) == "survey.questions[1].options must be a list of 2 to 12");
}

TEST_CASE("Three and four faces keep the ends of five", "[model]")
{
    json survey = valid_survey();
    for (int score = 0; score < 5; ++score)
        survey["score_labels"][static_cast<std::size_t>(score)] = text(std::to_string(score + 1).c_str());
    auto const labels_of = [&](char const* scale) {
        survey["questions"][0]["scale"] = scale;
        auto const read = parse_survey(survey.dump());
        REQUIRE(read);
        std::string all;
        for (auto const& label : read->questions[0].score_labels)
            all += label.in("en");
        return all;
    };
    CHECK(labels_of("faces3") == "135");
    CHECK(labels_of("faces4") == "1245");
    CHECK(labels_of("faces5") == "12345");
}

TEST_CASE("Vocabulary comes with or without pinyin", "[model]")
{
    json survey = valid_survey();
    survey["vocabulary"] = {"三分糖", {{"word", "鸡肉没熟"}, {"pinyin", "ji rou mei shu"}}};
    auto const read = parse_survey(survey.dump());
    REQUIRE(read);
    CHECK(read->vocabulary.at(0).pinyin.empty());
    CHECK(read->vocabulary.at(1).pinyin == "ji rou mei shu");

    std::string const syllables
        = "survey.vocabulary[0].pinyin must have a syllable for each character, with one blank between";
    for (char const* wrong : {"ji rou mei", "ji rou mei shu a", "ji rou  meishu", " ji rou meishu",
             "ji rou mei ", "Ji Rou Mei Shu", "jī ròu méi shú"}) {
        INFO(wrong);
        survey["vocabulary"] = {{{"word", "鸡肉没熟"}, {"pinyin", wrong}}};
        CHECK(fault_of(survey) == syllables);
    }
    survey["vocabulary"] = {""};
    CHECK(fault_of(survey).starts_with("survey.vocabulary[0] must be a word of at most 20 characters"));
}

TEST_CASE("Opening hours may end after midnight, and after the week", "[model]")
{
    json survey = valid_survey();
    CHECK(parse_survey(survey.dump())->hours.is_open(0));
    survey["opening_hours"] = {{{"days", {"mon"}}, {"from", "09:30"}, {"to", "22:00"}},
        {{"days", {"fri", "sun"}}, {"from", "18:00"}, {"to", "02:00"}}};
    auto const read = parse_survey(survey.dump());
    REQUIRE(read);
    constexpr int day = 24 * 60;
    auto const is_open = [&](int weekday, int hour, int minute) {
        return read->hours.is_open(weekday * day + hour * 60 + minute);
    };
    CHECK_FALSE(is_open(0, 9, 29));
    CHECK(is_open(0, 9, 30));
    CHECK(is_open(0, 21, 59));
    CHECK_FALSE(is_open(0, 22, 0));
    CHECK(is_open(4, 23, 0));
    CHECK(is_open(5, 1, 59));
    CHECK_FALSE(is_open(5, 2, 0));
    CHECK(is_open(0, 1, 59)); // what opened on Sunday
    CHECK_FALSE(is_open(0, 2, 0));

    std::string const wrong = "survey.opening_hours[0] needs \"from\" and \"to\" as in \"09:30\"";
    for (auto const& [from, to] :
        std::vector<std::pair<std::string, std::string>> {{"9:30", "22:00"}, {"09:30", "24:01"},
            {"09:60", "22:00"}, {"09:30", "09:30"}, {"24:00", "01:00"}, {"-1:30", "22:00"}, {"09:30", ""}}) {
        INFO(from << " " << to);
        survey["opening_hours"] = {{{"days", {"mon"}}, {"from", from}, {"to", to}}};
        CHECK(fault_of(survey) == wrong);
    }
    survey["opening_hours"] = {{{"days", {"monday"}}, {"from", "09:30"}, {"to", "24:00"}}};
    CHECK(fault_of(survey)
        == "survey.opening_hours[0].days[0] must be one of mon, tue, wed, thu, fri, sat, sun");
}

TEST_CASE("A theme that would hide a text is refused", "[model]")
{
    json survey = valid_survey();
    survey["theme"]
        = {{"primary", "#17615F"}, {"rail", "#1E2B2B"}, {"accent", "#F2B84B"}, {"logo", "chain.png"}};
    auto const read = parse_survey(survey.dump());
    REQUIRE(read);
    CHECK(read->branding.primary == 0x17615FU);
    CHECK(read->branding.logo == "chain.png");

    survey["theme"] = {{"primary", "#FFCC00"}};
    CHECK(fault_of(survey)
        == "survey.theme.primary leaves the buttons' text hard to read (1.4:1, at least 4.5:1 is needed): "
           "choose a darker one");
    survey["theme"] = {{"accent", "#402020"}};
    CHECK(fault_of(survey).ends_with("choose a lighter one"));
    survey["theme"] = {{"rail", "teal"}};
    CHECK(fault_of(survey) == "survey.theme.rail must be a colour as in \"#17615F\"");
    for (char const* logo : {"../chain.png", ".chain.png", "a/b.png"}) {
        survey["theme"] = {{"logo", logo}};
        CHECK(fault_of(survey) == "survey.theme.logo must be the name of a PNG file beside the survey");
    }
}

TEST_CASE("Every survey that ships is whole in five languages", "[model]")
{
    int count = 0;
    for (auto const& entry : std::filesystem::directory_iterator(SURVEYS)) {
        if (entry.path().filename().string().ends_with(".schema.json"))
            continue;
        std::ostringstream content;
        content << std::ifstream(entry.path()).rdbuf();
        INFO(entry.path());
        auto const reading = read_survey(content.str());
        CHECK(reading.faults == std::vector<std::string> {});
        CHECK(reading.remarks == std::vector<std::string> {});
        Survey const& survey = reading.survey;
        CHECK(survey.id + ".json" == entry.path().filename());
        CHECK(survey.languages == std::vector<std::string> {"zh-CN", "zh-TW", "en", "ja", "ko"});
        CHECK(survey.first_page() == Survey::max_first_page);
        CHECK(survey.phrases.size() == 9);
        CHECK(survey.vocabulary.size() >= 50);
        ++count;
        // Whoever chooses every phrase can say them all.
        for (auto const& language : survey.languages) {
            std::size_t length = 0;
            for (auto const& phrase : survey.phrases)
                length += count_characters(phrase.in(language)) + 2;
            INFO(language);
            CHECK(length <= Draft::max_comment_characters + 2);
        }
    }
    CHECK(count == 3);
}

TEST_CASE("Three good taps finish in a shop", "[model]")
{
    for (std::string const name : {"qsc-restaurant", "qsc-shop"}) {
        std::ostringstream content;
        content << std::ifstream(std::filesystem::path(SURVEYS) / (name + ".json")).rdbuf();
        auto const survey = parse_survey(content.str());
        REQUIRE(survey);
        std::vector<Answer> answers;
        for (std::size_t index = 0; index < survey->first_page(); ++index) {
            Answer answer;
            answer.question = survey->questions[index].id;
            answer.score = 4;
            answers.push_back(std::move(answer));
            CHECK_FALSE(survey->questions[index].asks_reasons_for(4));
        }
        for (std::size_t index = survey->first_page(); index < survey->questions.size(); ++index) {
            INFO(survey->questions[index].id);
            REQUIRE(survey->questions[index].when);
            CHECK_FALSE(survey->questions[index].when->holds(answers));
        }
    }
}
