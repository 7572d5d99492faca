#include "sync/wire/batch_writer.h"

#include "kiosk/model/staff_event.h"
#include "sync/wire/batch_parser.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace listenpost;
using namespace listenpost::sync;
using nlohmann::json;

namespace {

constexpr char install[] = "5f0c1d5f0c1d5f0c1d5f0c1d5f0c1d5f";

Stamp const sent {WallTime(std::chrono::milliseconds(1'790'000'000'000)), true,
    SteadyTime(std::chrono::milliseconds(86'400'000)), "9c1b9c1b9c1b9c1b"};

kiosk::StoredResponse sample(std::int64_t seq)
{
    return {.seq = seq,
        .opened_ms = 1'789'999'990'000,
        .took_ms = 8'120,
        .steady_ms = 86'390'000,
        .clock_set = true,
        .boot_id = "9c1b9c1b9c1b9c1b",
        .survey = "qsc-restaurant",
        .survey_version = 1,
        .touchpoint = "exit",
        .language = "zh-CN",
        .outcome = "complete",
        .closed_by = "finish",
        .answers = R"([{"q":"quality","score":2,"reasons":["salty"]},{"q":"service","score":5}])",
        .comment = "上菜有点慢"};
}

json batch_of(std::vector<kiosk::StoredResponse> const& responses)
{
    BatchWriter writer;
    writer.begin(install, sent);
    for (auto const& response : responses)
        REQUIRE(writer.add(response));
    auto const parsed = json::parse(writer.finish(), nullptr, false);
    REQUIRE(parsed.is_object());
    return parsed;
}

}

TEST_CASE("A batch says what the protocol says it must", "[sync][wire]")
{
    CHECK(batch_of({sample(17)}) == json::parse(R"({"v":1,
        "install":"5f0c1d5f0c1d5f0c1d5f0c1d5f0c1d5f",
        "sent":{"wall_ms":1790000000000,"steady_ms":86400000,"boot":"9c1b9c1b9c1b9c1b","clock_set":true},
        "responses":[{"seq":17,"steady_ms":86390000,"opened_ms":1789999990000,"took_ms":8120,
            "answers":[{"q":"quality","score":2,"reasons":["salty"]},{"q":"service","score":5}],
            "comment":"上菜有点慢","outcome":"complete","closed_by":"finish","clock_set":true,
            "boot":"9c1b9c1b9c1b9c1b","survey":"qsc-restaurant","survey_version":1,"touchpoint":"exit",
            "lang":"zh-CN"}]})"));
}

TEST_CASE("An empty comment is left out", "[sync][wire]")
{
    auto response = sample(1);
    response.comment = "";
    CHECK_FALSE(batch_of({response})["responses"][0].contains("comment"));
}

TEST_CASE("A response without flags has no word of them", "[sync][wire]")
{
    BatchWriter writer;
    writer.begin(install, sent);
    REQUIRE(writer.add(sample(17)));
    CHECK(writer.finish()
        == R"({"v":1,"install":"5f0c1d5f0c1d5f0c1d5f0c1d5f0c1d5f","sent":{"wall_ms":1790000000000,)"
           R"("steady_ms":86400000,"boot":"9c1b9c1b9c1b9c1b","clock_set":true},"responses":[{"seq":17,)"
           R"("steady_ms":86390000,"opened_ms":1789999990000,"took_ms":8120,"answers":[{"q":"quality",)"
           R"("score":2,"reasons":["salty"]},{"q":"service","score":5}],"comment":"上菜有点慢",)"
           R"("outcome":"complete","closed_by":"finish","clock_set":true,"boot":"9c1b9c1b9c1b9c1b",)"
           R"("survey":"qsc-restaurant","survey_version":1,"touchpoint":"exit","lang":"zh-CN"}]})");
}

TEST_CASE("Flags and answers of every kind travel as the kiosk wrote them", "[sync][wire]")
{
    auto response = sample(1);
    response.flags = R"(["burst","repress"])";
    response.answers
        = R"([{"q":"dish","choices":["soup"]},{"q":"wait","minutes":15},{"q":"note","text":"慢"}])";
    auto const row = batch_of({response, sample(2)})["responses"];
    CHECK(row[0]["flags"] == json::array({"burst", "repress"}));
    CHECK(row[0]["answers"] == json::parse(response.answers));
    CHECK_FALSE(row[1].contains("flags"));
}

TEST_CASE("Numbers of any size arrive as they are", "[sync][wire]")
{
    auto response = sample(std::numeric_limits<std::int64_t>::max());
    response.opened_ms = std::numeric_limits<std::int64_t>::min();
    response.took_ms = 0;
    response.clock_set = false;
    auto const row = batch_of({response})["responses"][0];
    CHECK(row["seq"] == std::numeric_limits<std::int64_t>::max());
    CHECK(row["opened_ms"] == std::numeric_limits<std::int64_t>::min());
    CHECK(row["took_ms"] == 0);
    CHECK(row["clock_set"] == false);
}

TEST_CASE("Whatever a customer typed comes back as it was typed", "[sync][wire]")
{
    std::string every_control;
    for (char c = 0; c < 0x20; ++c)
        every_control += c;
    for (auto const& text : {every_control, std::string("\"\\/\x7f"),
             std::string("😀👩‍👩‍👧‍👦 e\u0301"), std::string("line\nbreak\ttab"),
             std::string("\u2028\u2029\ufeff"), std::string("</script>"), std::string("]},{\"seq\":18")}) {
        auto response = sample(1);
        response.comment = text;
        response.survey = text;
        auto const row = batch_of({response, sample(2)})["responses"];
        REQUIRE(row.size() == 2);
        CHECK(row[0]["comment"] == text);
        CHECK(row[0]["survey"] == text);
    }
}

TEST_CASE("Bytes that are not UTF-8 become the replacement character, and the rest stays", "[sync][wire]")
{
    for (auto const& bytes : {"\xff", "\xc3", "\xed\xa0\x80", "\xf8\x88\x80\x80\x80", "\xe4\xb8"}) {
        auto response = sample(1);
        std::string const text = "前" + std::string(bytes) + "後";
        response.comment = text;
        auto const comment = batch_of({response})["responses"][0]["comment"].get<std::string>();
        CHECK(comment.starts_with("前"));
        CHECK(comment.ends_with("後"));
        CHECK(comment.find("\ufffd") != std::string::npos);
    }
}

TEST_CASE("A full batch refuses the next response and is as it was", "[sync][wire]")
{
    SECTION("by count")
    {
        BatchWriter writer(BatchLimits {.max_responses = 3});
        writer.begin(install, sent);
        for (std::int64_t seq = 5; seq <= 7; ++seq)
            CHECK(writer.add(sample(seq)));
        CHECK_FALSE(writer.add(sample(8)));
        CHECK(writer.seqs() == std::vector<std::int64_t> {5, 6, 7});
        CHECK(json::parse(writer.finish())["responses"].size() == 3);
    }
    SECTION("by bytes, to the byte")
    {
        BatchWriter unlimited;
        unlimited.begin(install, sent);
        REQUIRE(unlimited.add(sample(1)));
        REQUIRE(unlimited.add(sample(2)));
        std::size_t const two = unlimited.finish().size();

        BatchWriter fits(BatchLimits {.max_bytes = two});
        fits.begin(install, sent);
        CHECK(fits.add(sample(1)));
        CHECK(fits.add(sample(2)));
        CHECK_FALSE(fits.add(sample(3)));
        CHECK(fits.finish().size() == two);

        BatchWriter tight(BatchLimits {.max_bytes = two - 1});
        tight.begin(install, sent);
        CHECK(tight.add(sample(1)));
        CHECK_FALSE(tight.add(sample(2)));
        CHECK(json::parse(tight.finish())["responses"].size() == 1);
    }
    SECTION("but a single response always fits: else it would wait for ever")
    {
        BatchWriter writer(BatchLimits {.max_responses = 0, .max_bytes = 1});
        writer.begin(install, sent);
        CHECK(writer.add(sample(1)));
        CHECK_FALSE(writer.add(sample(2)));
    }
}

TEST_CASE("A batch brings the clocks of the boots that its responses name", "[sync][wire]")
{
    std::vector<kiosk::BootClock> const known {{"never asked for", 1, 2},
        {"monday", 5'000, 1'789'900'000'000}, {"tuesday", 7'000, 1'789'990'000'000},
        {sent.boot_id, 9'000, 1'789'999'000'000}};
    auto const of_boot = [](std::int64_t seq, std::string_view boot) {
        auto response = sample(seq);
        response.boot_id = boot;
        return response;
    };
    BatchWriter writer;
    writer.begin(install, sent, known);
    REQUIRE(writer.add(of_boot(1, "monday")));
    REQUIRE(writer.add(of_boot(2, "no clock known")));
    REQUIRE(writer.add(of_boot(3, "tuesday")));
    REQUIRE(writer.add(of_boot(4, "monday")));
    REQUIRE(writer.add(sample(5)));
    auto const batch = json::parse(writer.finish());
    CHECK(batch["responses"].size() == 5);
    CHECK(batch["clocks"] == json::parse(R"([{"boot":"monday","steady_ms":5000,"wall_ms":1789900000000},
        {"boot":"tuesday","steady_ms":7000,"wall_ms":1789990000000}])"));

    SECTION("none where they all are of the boot that sends")
    {
        writer.begin(install, sent, known);
        REQUIRE(writer.add(sample(5)));
        CHECK_FALSE(json::parse(writer.finish()).contains("clocks"));
    }
    SECTION("counted as bytes of the batch, and taken back with their response")
    {
        std::size_t const two = [&] {
            writer.begin(install, sent, known);
            REQUIRE(writer.add(sample(1)));
            REQUIRE(writer.add(of_boot(2, "monday")));
            return writer.finish().size();
        }();
        BatchWriter fits(BatchLimits {.max_bytes = two});
        fits.begin(install, sent, known);
        REQUIRE(fits.add(sample(1)));
        CHECK(fits.add(of_boot(2, "monday")));
        CHECK(fits.finish().size() == two);

        BatchWriter tight(BatchLimits {.max_bytes = two - 1});
        tight.begin(install, sent, known);
        REQUIRE(tight.add(sample(1)));
        CHECK_FALSE(tight.add(of_boot(2, "monday")));
        CHECK_FALSE(json::parse(tight.finish()).contains("clocks"));
    }
    SECTION("but none that the hub would refuse: it is help, and must not cost a response")
    {
        std::vector<kiosk::BootClock> const damaged {{"negative", -1, 1}, {"late", 1, 253'402'300'800'000},
            {"early", 1, -1}, {std::string(41, 'x'), 1, 1}};
        writer.begin(install, sent, damaged);
        std::int64_t seq = 0;
        for (auto const& clock : damaged)
            REQUIRE(writer.add(of_boot(++seq, clock.boot_id)));
        CHECK_FALSE(json::parse(writer.finish()).contains("clocks"));
    }
}

TEST_CASE("A staff event travels as the kiosk wrote it, with its moment and without a customer's fields",
    "[sync][wire]")
{
    kiosk::StoredResponse row {};
    row.seq = 18;
    row.opened_ms = 1'790'000'085'000;
    row.steady_ms = 86'395'000;
    row.clock_set = true;
    row.boot_id = "9c1b9c1b9c1b9c1b";
    std::string const event = kiosk::event_to_json({.of = {install, 17, "9c1b9c1b9c1b9c1b", 86'390'000},
        .state = kiosk::CommentState::DealtWith,
        .by = "李",
        .note = "\"sorry\"}"});
    row.event = event;
    auto const batch = batch_of({sample(17), row, sample(19)});
    REQUIRE(batch["responses"].size() == 3);
    auto expected = json::parse(event);
    expected.update(json {{"seq", 18}, {"steady_ms", 86'395'000}, {"opened_ms", 1'790'000'085'000},
        {"clock_set", true}, {"boot", "9c1b9c1b9c1b9c1b"}});
    CHECK(batch["responses"][1] == expected);

    BatchWriter writer;
    writer.begin(install, sent);
    REQUIRE(writer.add(row));
    BatchParser parser;
    auto const read = parser.parse(std::string(writer.finish()));
    REQUIRE(read);
    CHECK_FALSE(read->responses[0].refusal);
    CHECK(read->responses[0].is_event);
}

TEST_CASE("A writer starts afresh for every batch", "[sync][wire]")
{
    BatchWriter writer;
    writer.begin("first", sent);
    REQUIRE(writer.add(sample(1)));
    writer.finish();
    writer.begin("second", sent);
    REQUIRE(writer.add(sample(9)));
    auto const batch = json::parse(writer.finish());
    CHECK(batch["install"] == "second");
    CHECK(batch["responses"].size() == 1);
    CHECK(writer.seqs() == std::vector<std::int64_t> {9});
}
