#include "kiosk/model/response.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;

TEST_CASE("Answers survive the way through their JSON", "[model]")
{
    std::vector<Answer> const answers = {{"quality", 2, {"salty", "cold"}}, {"service", 5, {}}};

    CHECK(to_json(answers)
        == R"([{"q":"quality","score":2,"reasons":["salty","cold"]},{"q":"service","score":5}])");
    CHECK(answers_from_json(to_json(answers)).value() == answers);
    CHECK(to_json({}) == "[]");
}

TEST_CASE("An answer of every kind says only what it has to say", "[model]")
{
    std::vector<Answer> const answers
        = {{.question = "recommend", .score = 0}, {.question = "dish", .choices = {"soup", "rice"}},
            {.question = "wait", .minutes = 0}, {.question = "note", .text = "快一点 \"please\""}};

    CHECK(to_json(answers)
        == R"([{"q":"recommend","score":0},{"q":"dish","choices":["soup","rice"]},{"q":"wait","minutes":0},)"
           R"({"q":"note","text":"快一点 \"please\""}])");
    CHECK(answers_from_json(to_json(answers)).value() == answers);
}

TEST_CASE("Flags are a JSON list, and nothing at all where there are none", "[model]")
{
    CHECK(flags_to_json({}).empty());
    CHECK(flags_to_json({"repress"}) == R"(["repress"])");
    CHECK(flags_to_json({"burst", "repress"}) == R"(["burst","repress"])");
}

TEST_CASE("Answers that are no list of question and score are refused", "[model]")
{
    for (char const* text : {"", "{}", "[1]", R"([{"q":"quality"}])", R"([{"q":1,"score":2}])",
             R"([{"q":"a","score":"2"}])", R"([{"q":"a","choices":[]}])", R"([{"q":"a","text":""}])"}) {
        INFO(text);
        auto const answers = answers_from_json(text);
        REQUIRE_FALSE(answers);
        CHECK(answers.error().code == Errc::Invalid);
    }
}

TEST_CASE("Characters are counted, not bytes", "[model]")
{
    CHECK(count_characters("") == 0);
    CHECK(count_characters("slow") == 4);
    CHECK(count_characters("上菜慢，😀") == 5);
}

TEST_CASE("A JSON string holds any text, whole", "[model]")
{
    for (std::string const text :
        {"plain", "上菜有点慢", "quote \" and \\", "line\nbreak\ttab", "", "\x01\x1f"}) {
        INFO(text);
        std::string out;
        append_json_string(out, text);
        CHECK(nlohmann::json::parse(out).get<std::string>() == text);
    }

    SECTION("and bytes that are no text become U+FFFD instead of breaking the batch")
    {
        std::string out;
        append_json_string(out,
            "a\xff\xfe"
            "b");
        CHECK(nlohmann::json::parse(out).get<std::string>().starts_with("a\xEF\xBF\xBD"));
    }
}
