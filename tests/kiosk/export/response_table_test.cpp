#include "kiosk/export/response_table.h"

#include "tests/kiosk/export/export_box.h"

using namespace listenpost;
using namespace listenpost::kiosk;

namespace {

struct Table {
    Survey survey = test::sample_survey();
    TableWords words = test::table_words();
    TimeZone zone = TimeZone::find("Asia/Shanghai").value();

    std::string header() { return ResponseTable(survey, "en", words, zone).header(); }
    std::string line(StoredResponse const& response, StaffMark const* mark = nullptr)
    {
        std::string out;
        ResponseTable(survey, "en", words, zone)
            .append(out, response, WallTime(std::chrono::milliseconds(1'789'999'990'000)), mark, "5f0c");
        return out;
    }
};

StoredResponse response(std::string_view answers)
{
    StoredResponse stored {};
    stored.seq = 17;
    stored.touchpoint = "exit";
    stored.language = "zh-CN";
    stored.outcome = "complete";
    stored.answers = answers;
    return stored;
}

}

TEST_CASE("The table begins with the mark that Excel needs and names every column", "[export]")
{
    Table table;
    auto const header = table.header();
    CHECK(header.starts_with("\xEF\xBB\xBF时间,place,language,outcome,"));
    CHECK(header.ends_with(",other,comment,flags,handled,by,note,when,install,number\r\n"));
    for (auto const& question : table.survey.questions)
        CHECK(header.find(std::string(question.title.in("en"))) != std::string::npos);
}

TEST_CASE("A response is one line, in words and on the store's clocks", "[export]")
{
    Table table;
    auto const& question = table.survey.questions.front();
    auto const& reason = question.reasons.front();
    std::string const answers = R"([{"q":")" + question.id + R"(","score":2,"reasons":[")" + reason.id
        + R"(","gone"]},{"q":"old","choices":["a","b"]}])";
    auto stored = response(answers);
    stored.comment = "=1+1, \"慢\"";
    stored.flags = R"(["burst","repress"])";
    auto const line = table.line(stored);
    CHECK(line.starts_with(
        "2026-09-21 22:13:10,exit,zh-CN,complete,2," + std::string(reason.text.in("en")) + "; gone,"));
    CHECK(line.ends_with(",old: a; b,\"'=1+1, \"\"慢\"\"\",burst; repress,,,,,5f0c,17\r\n"));
    CHECK(std::ranges::count(table.header(), ',') == std::ranges::count(line, ',') - 1); // one in the comment
}

TEST_CASE("What staff did stands beside it", "[export]")
{
    Table table;
    StaffMark const mark {.state = CommentState::DealtWith,
        .by = "李",
        .note = "-1",
        .seq = 18,
        .at = test::stamp_at(0, 1'790'000'000'000),
        .at_ms = {}};
    CHECK(table.line(response("[]"), &mark).ends_with(",dealt with,李,'-1,2026-09-21 22:13:20,5f0c,17\r\n"));
}

TEST_CASE("Answers that cannot be read leave their cells empty", "[export]")
{
    Table table;
    auto const line = table.line(response("[{"));
    CHECK(line.starts_with("2026-09-21 22:13:10,exit,zh-CN,complete,,"));
    CHECK(std::ranges::count(table.header(), ',') == std::ranges::count(line, ','));
}
