#include "kiosk/model/condition.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;

namespace {

Answer rated(char const* question, int score, std::vector<std::string> reasons = {})
{
    Answer answer;
    answer.question = question;
    answer.score = score;
    answer.reasons = std::move(reasons);
    return answer;
}

Answer chose(char const* question, std::vector<std::string> choices)
{
    Answer answer;
    answer.question = question;
    answer.choices = std::move(choices);
    return answer;
}

Answer waited(char const* question, int minutes)
{
    Answer answer;
    answer.question = question;
    answer.minutes = minutes;
    return answer;
}

bool holds(char const* text, std::vector<Answer> const& answers)
{
    auto const condition = Condition::parse(text);
    INFO(text);
    if (!condition)
        FAIL(condition.error().detail);
    return condition->holds(answers);
}

std::string refusal(std::string const& text)
{
    auto const condition = Condition::parse(text);
    return condition ? "understood" : condition.error().detail;
}

}

TEST_CASE("A condition compares a score", "[model]")
{
    std::vector<Answer> const answers {rated("quality", 3)};
    CHECK(holds("quality <= 3", answers));
    CHECK(holds("quality >= 3", answers));
    CHECK(holds("quality = 3", answers));
    CHECK(holds("quality < 4", answers));
    CHECK(holds("quality > 2", answers));
    CHECK(holds("quality != 2", answers));
    CHECK_FALSE(holds("quality < 3", answers));
    CHECK_FALSE(holds("quality > 3", answers));
    CHECK_FALSE(holds("quality != 3", answers));
    CHECK_FALSE(holds("quality = 2", answers));
    CHECK_FALSE(holds("quality <= 2", answers));
    CHECK_FALSE(holds("quality >= 4", answers));
    CHECK(holds("  quality<=3  ", answers));
}

TEST_CASE("A condition compares minutes, and looks at reasons and choices", "[model]")
{
    std::vector<Answer> const answers {
        rated("service", 1, {"long_wait", "bill"}), waited("wait", 15), chose("dish", {"soup"})};
    CHECK(holds("wait >= 15", answers));
    CHECK_FALSE(holds("wait > 15", answers));
    CHECK(holds("service has long_wait", answers));
    CHECK(holds("service has bill", answers));
    CHECK_FALSE(holds("service has long", answers));
    CHECK(holds("dish has soup", answers));
    CHECK_FALSE(holds("dish has tea", answers));
    // A number may not be compared with what has none.
    CHECK_FALSE(holds("dish >= 0", answers));
}

TEST_CASE("And binds closer than or", "[model]")
{
    std::vector<Answer> const answers {rated("a", 1), rated("b", 2), rated("c", 3)};
    CHECK(holds("a = 1 or b = 9 and c = 9", answers));
    CHECK(holds("b = 9 and c = 9 or a = 1", answers));
    CHECK_FALSE(holds("a = 9 or b = 2 and c = 9", answers));
    CHECK(holds("a = 1 and b = 2 and c = 3", answers));
    CHECK_FALSE(holds("a = 1 and b = 2 and c = 4", answers));
    CHECK(holds("a = 9 or b = 9 or c = 3", answers));

    auto const condition = Condition::parse("a = 1 or b = 2 and c has x");
    REQUIRE(condition);
    REQUIRE(condition->alternatives().size() == 2);
    CHECK(condition->alternatives()[0].size() == 1);
    CHECK(condition->alternatives()[1].size() == 2);
    CHECK(condition->alternatives()[1][1].id == "x");
}

TEST_CASE("What was not answered makes no condition true", "[model]")
{
    for (char const* text : {"quality <= 3", "quality != 3", "quality >= 0", "quality has salty"}) {
        CHECK_FALSE(holds(text, {}));
        CHECK_FALSE(holds(text, {rated("service", 1, {"salty"})}));
        Answer empty;
        empty.question = "quality";
        CHECK_FALSE(holds(text, {empty}));
    }
    CHECK(holds("quality <= 3 or service <= 3", {rated("service", 1)}));
    CHECK_FALSE(holds("quality <= 3 and service <= 3", {rated("service", 1)}));
}

TEST_CASE("A condition that is not understood says what it wants, and where", "[model]")
{
    CHECK(refusal("") == "expected a question's id at character 1 of \"\"");
    CHECK(refusal("<= 3") == "expected a question's id at character 1 of \"<= 3\"");
    CHECK(refusal("quality") == "expected <, <=, =, !=, >=, > or has at character 8 of \"quality\"");
    CHECK(
        refusal("quality == 3") == "expected <, <=, =, !=, >=, > or has at character 9 of \"quality == 3\"");
    CHECK(refusal("quality hat x")
        == "expected <, <=, =, !=, >=, > or has at character 9 of \"quality hat x\"");
    CHECK(refusal("quality <=") == "expected a whole number at character 11 of \"quality <=\"");
    CHECK(refusal("quality <= 3x") == "expected a whole number at character 12 of \"quality <= 3x\"");
    CHECK(refusal("quality <= 99999999999")
        == "expected a whole number at character 12 of \"quality <= 99999999999\"");
    CHECK(refusal("quality has")
        == "expected the id of a reason or an option at character 12 of \"quality has\"");
    CHECK(
        refusal("a = 1 then b = 2") == "expected and, or, or the end at character 7 of \"a = 1 then b = 2\"");
    CHECK(refusal("a = 1 and") == "expected a question's id at character 10 of \"a = 1 and\"");
    CHECK(refusal("(a = 1)") == "expected a question's id at character 1 of \"(a = 1)\"");
    CHECK(refusal("品质 <= 3") == "expected a question's id at character 1 of \"品质 <= 3\"");
}
