#include "sync/hub/csv.h"
#include "sync/hub/row_format.h"
#include "tests/sync/hub/batches.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace listenpost;
using namespace listenpost::sync;
using namespace listenpost::test;

namespace {

LogRow row_of(std::string_view raw)
{
    return {"sh-001", "dev_1", "5f0c", 17, 1'790'000'000'500, 1'789'999'990'000, raw};
}

}

TEST_CASE("A response becomes one CSV line under its header", "[sync][hub]")
{
    CHECK(csv_header().starts_with("\xEF\xBB\xBFstore,device,"));
    CHECK(csv_header().ends_with(",comment,flags,event,of_install,of_seq,state,by,note\r\n"));

    std::string line;
    append_csv(line, row_of(response_json(17, "=上菜,慢")));
    CHECK(line
        == "sh-001,dev_1,5f0c,17,1790000000500,1789999990000,2026-09-21T14:13:10Z,qsc-restaurant,1,exit,zh-"
           "CN,"
           "complete,finish,8120,2,salty,5,,4,,,\"'=上菜,慢\",,,,,,,\r\n");

    line.clear();
    append_csv(line,
        row_of(
            R"({"seq":1,"answers":[{"q":"price","score":3},{"q":"service","score":1,"reasons":["a","b"]}]})"));
    CHECK_THAT(
        line, Catch::EndsWith(",,,1,a;b,,,\"[{\"\"q\"\":\"\"price\"\",\"\"score\"\":3}]\",,,,,,,,\r\n"));
}

TEST_CASE("An erased text is a CSV line of its response, with the event in its column", "[sync][hub][erase]")
{
    std::string line;
    append_csv(line,
        {"sh-001", "dev_1", "5f0c", 17, 1'790'000'000'500, 1'789'999'990'000,
            R"({"seq":17,"event":"text_erased"})"});
    CHECK(line
        == "sh-001,dev_1,5f0c,17,1790000000500,1789999990000,2026-09-21T14:13:10Z,,,,,,,,,,,,,,,,,text_"
           "erased,"
           ",,,,\r\n");
    CHECK(std::ranges::count(line, ',') == std::ranges::count(csv_header(), ','));
}

TEST_CASE("Flags stand behind the comment, and other kinds of answers in other_answers", "[sync][hub]")
{
    std::string line;
    append_csv(line,
        row_of(R"({"seq":1,"answers":[{"q":"dish","choices":["soup","rice"]},{"q":"wait","minutes":15}],)"
               R"("comment":"ok","flags":["burst","repress"]})"));
    CHECK_THAT(line,
        Catch::EndsWith(
            R"(,"[{""choices"":[""soup"",""rice""],""q"":""dish""},{""minutes"":15,""q"":""wait""}]",)"
            "ok,burst;repress,,,,,,\r\n"));
    auto const commas = [](std::string_view text) { return std::ranges::count(text, ','); };
    line.clear();
    append_csv(line, row_of(response_json(17)));
    CHECK(commas(line) == commas(csv_header()));
}

TEST_CASE(
    "A response becomes one NDJSON line: the hub's fields, then its own as they were sent", "[sync][hub]")
{
    std::string line;
    append_ndjson(line, row_of(response_json(17)));
    REQUIRE(line.ends_with("}\n"));
    auto const parsed = nlohmann::json::parse(line);
    CHECK(parsed["store"] == "sh-001");
    CHECK(parsed["device"] == "dev_1");
    CHECK(parsed["install"] == "5f0c");
    CHECK(parsed["received_ms"] == 1'790'000'000'500);
    CHECK(parsed["at_ms"] == 1'789'999'990'000);
    CHECK(parsed["seq"] == 17);
    CHECK(line.find(response_json(17).substr(1)) != std::string::npos);
}

TEST_CASE("A staff event fills the table's last columns and none of a customer's", "[sync][hub]")
{
    std::string line;
    append_csv(line, row_of(event_json(17, "=sorry, 已致歉")));
    CHECK(line
        == "sh-001,dev_1,5f0c,17,1790000000500,1789999990000,2026-09-21T14:13:10Z,,,,,,,,,,,,,,,,,"
           "comment_handled,0123456789abcdef0123456789abcdef,17,dealt_with,LW,\"'=sorry, 已致歉\"\r\n");
    CHECK(std::ranges::count(csv_header(), ',') == std::ranges::count(line, ',') - 1); // one in the note

    SECTION("and a response that happens to have fields of such names fills them not")
    {
        line.clear();
        append_csv(line, row_of(R"({"seq":1,"answers":[],"state":"wet","by":"me","of":7,"note":"x"})"));
        CHECK_THAT(line, Catch::EndsWith(",,,,,,,,\r\n"));
    }
}
