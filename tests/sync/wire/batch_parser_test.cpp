#include "sync/wire/batch_parser.h"
#include "sync/wire/limits.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace listenpost;
using namespace listenpost::sync;

namespace {

constexpr char const* good_response
    = R"({"seq":17,"opened_ms":1789999990000,"took_ms":8120,"steady_ms":86390000,)"
      R"("answers":[{"q":"quality","score":2,"reasons":["salty"]},{"q":"service","score":5},)"
      R"({"q":"cleanliness","score":4}],"comment":"上菜有点慢","outcome":"complete","closed_by":"finish",)"
      R"("clock_set":true,"boot":"9c1b","survey":"qsc-restaurant","survey_version":1,"touchpoint":"exit",)"
      R"("lang":"zh-CN"})";

std::string batch_of(std::string const& responses)
{
    return R"({"v":1,"install":"5F0C1D00000000000000000000000001",)"
           R"("sent":{"wall_ms":1790000000000,"steady_ms":86400000,"boot":"9c1b","clock_set":true},)"
           R"("responses":[)"
        + responses + "]}";
}

std::string replaced(std::string text, std::string_view what, std::string_view with)
{
    auto const at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

std::string with_seq(int seq)
{
    return replaced(good_response, "\"seq\":17", "\"seq\":" + std::to_string(seq));
}

/// Why the batch's only response is refused; empty when it is not.
std::string refusal_of(std::string const& response)
{
    BatchParser parser;
    auto const batch = parser.parse(batch_of(response));
    if (!batch)
        return "bad_batch: " + batch.error().detail;
    REQUIRE(batch->responses.size() == 1);
    auto const& refusal = batch->responses[0].refusal;
    if (!refusal)
        return {};
    CHECK(refusal->code == "invalid");
    CHECK(batch->responses[0].seq == 17);
    return refusal->detail;
}

std::string batch_error(std::string text)
{
    BatchParser parser;
    auto const batch = parser.parse(std::move(text));
    if (batch)
        return {};
    CHECK(batch.error().code == Errc::Invalid);
    return batch.error().detail;
}

}

TEST_CASE(
    "A response without answers is refused as such, and known where nothing else is wrong with it", "[wire]")
{
    auto const all
        = std::string(R"([{"q":"quality","score":2,"reasons":["salty"]},{"q":"service","score":5},)")
        + R"({"q":"cleanliness","score":4}])";
    auto const none = replaced(good_response, all, "[]");
    BatchParser parser;
    auto const read = [&](std::string const& response) {
        auto const batch = parser.parse(batch_of(response + "," + with_seq(18)));
        REQUIRE(batch);
        CHECK_FALSE(batch->responses.at(1).refusal); // its neighbour is none the worse
        CHECK_FALSE(batch->responses.at(1).is_emptied);
        REQUIRE(batch->responses.at(0).refusal);
        CHECK(batch->responses.at(0).refusal->detail == "answers is empty");
        CHECK(batch->responses.at(0).seq == 17);
        return std::pair(batch->responses.at(0).is_emptied, batch->responses.at(0).digest);
    };
    auto const [is_emptied, digest] = read(none);
    CHECK(is_emptied);
    // As the hub notes it when it erases one that said nothing but words.
    auto const words = replaced(good_response, all, R"([{"q":"why","text":"ask for Mr Li"}])");
    auto const erased = replaced(none, "上菜有点慢", "");
    CHECK(read(erased).second == digest_without_text(words).value());
    CHECK(read(erased).second != digest);
    CHECK_FALSE(read(replaced(none, R"("outcome":"complete")", R"("outcome":"odd")")).first);
    CHECK_FALSE(read(replaced(none, R"("lang":"zh-CN")", R"("store":"sh-001")")).first);
    CHECK_FALSE(
        read(replaced(none, R"("lang":"zh-CN")", R"("lang":"zh-CN","event":"comment_handled")")).first);
}

TEST_CASE("The protocol's example is read field by field and kept as it was sent", "[sync][wire]")
{
    BatchParser parser;
    auto const batch = parser.parse(batch_of(good_response));
    REQUIRE(batch);
    CHECK(batch->install == "5f0c1d00000000000000000000000001");
    CHECK(batch->sent.wall_ms == 1790000000000);
    CHECK(batch->sent.steady_ms == 86400000);
    CHECK(batch->sent.boot == "9c1b");
    CHECK(batch->sent.clock_set);
    REQUIRE(batch->responses.size() == 1);
    auto const& response = batch->responses[0];
    CHECK_FALSE(response.refusal);
    CHECK(response.seq == 17);
    CHECK(response.opened_ms == 1789999990000);
    CHECK(response.took_ms == 8120);
    CHECK(response.steady_ms == 86390000);
    CHECK(response.boot == "9c1b");
    CHECK(response.clock_set);
    CHECK(response.outcome == kiosk::Outcome::Complete);
    CHECK(response.digest == 0xb84ce15c0ad975de);
    CHECK(response.raw_json == good_response);
}

TEST_CASE("The clocks of other boots are read, and found by their boot", "[sync][wire]")
{
    auto const with_clocks = [](std::string const& clocks) {
        return replaced(batch_of(good_response), "\"responses\"", "\"clocks\":" + clocks + ",\"responses\"");
    };
    BatchParser parser;
    auto const batch = parser.parse(with_clocks(
        R"([{"boot":"b","steady_ms":5000,"wall_ms":1789900000000,"new":1},{"wall_ms":7,"boot":"a","steady_ms":6}])"));
    REQUIRE(batch);
    CHECK(batch->clocks == std::vector<kiosk::BootClock> {{"a", 6, 7}, {"b", 5'000, 1'789'900'000'000}});
    CHECK(parser.parse(with_clocks("[]"))->clocks.empty());
    CHECK(parser.parse(batch_of(good_response))->clocks.empty());

    SECTION("what is wrong with them is said")
    {
        auto const [clocks, why] = GENERATE(table<char const*, char const*>({
            {"{}", "clocks is not a list"},
            {"[7]", "clocks[0] is not an object"},
            {R"([{"boot":"b","steady_ms":5,"wall_ms":7},{"boot":"c","steady_ms":5}])",
                "clocks[1].wall_ms is missing or no time"},
            {R"([{"boot":"b","wall_ms":5}])", "clocks[0].steady_ms is missing or no time"},
            {R"([{"boot":"b","steady_ms":-5,"wall_ms":7}])", "clocks[0].steady_ms is missing or no time"},
            {R"([{"boot":"b","steady_ms":5,"wall_ms":253402300800000}])",
                "clocks[0].wall_ms is missing or no time"},
            {R"([{"steady_ms":5,"wall_ms":7}])", "clocks[0].boot is missing, no text or too long"},
            {R"([{"boot":"12345678901234567890123456789012345678901","steady_ms":5,"wall_ms":7}])",
                "clocks[0].boot is missing, no text or too long"},
            {R"([{"boot":"b","steady_ms":5,"wall_ms":7},{"boot":"b","steady_ms":5,"wall_ms":7}])",
                "a boot stands twice in clocks"},
            {R"([],"clocks":[])", "a field of the batch stands twice"},
        }));
        CHECK(batch_error(with_clocks(clocks)) == why);
    }
    SECTION("there is one for each response at most")
    {
        std::string list;
        for (int i = 0; i <= 1'000; ++i) {
            if (i == 1'000)
                CHECK(parser.parse(with_clocks("[" + list + "]"))->clocks.size() == 1'000);
            list += (i ? "," : "") + (R"({"boot":")" + std::to_string(i)) + R"(","steady_ms":1,"wall_ms":1})";
        }
        auto const over = parser.parse(with_clocks("[" + list + "]"));
        REQUIRE_FALSE(over);
        CHECK(over.error().code == Errc::Full);
    }
}

TEST_CASE("The text of a response lives as long as its batch, wherever that is moved", "[sync][wire]")
{
    BatchParser parser;
    auto first = parser.parse(batch_of(good_response));
    REQUIRE(first);
    ParsedBatch const kept = std::move(*first);
    REQUIRE(parser.parse(batch_of(with_seq(99))));
    CHECK(kept.responses[0].raw_json == good_response);
}

TEST_CASE("Unknown fields are kept, and one response is always one line", "[sync][wire]")
{
    BatchParser parser;
    auto const pretty = nlohmann::ordered_json::parse(
        replaced(good_response, "{\"seq\"", R"({"mood":{"deep":[1.50,null,"a b\n"]},"seq")"));
    auto const batch = parser.parse(batch_of(pretty.dump(4) + "\r\n ,\n" + with_seq(18)));
    REQUIRE(batch);
    REQUIRE(batch->responses.size() == 2);
    CHECK_FALSE(batch->responses[0].refusal);
    CHECK(batch->responses[0].raw_json == pretty.dump());
    CHECK(batch->responses[1].raw_json == with_seq(18));
    CHECK(batch->responses[0].digest == batch->responses[1].digest);
}

TEST_CASE("A response that does not follow the table is refused by its field's name", "[sync][wire]")
{
    auto const [what, with, why] = GENERATE(table<char const*, char const*, char const*>({
        {R"("score":2)", R"("score":11)", "answers[0].score is 11; 0 to 10"},
        {R"("score":5)", R"("score":"5")", "answers[1].score is not an integer"},
        {R"("score":5)", R"("score":4.5)", "answers[1].score is not an integer"},
        {R"({"q":"service","score":5})", R"({"q":"service"})",
            "answers[1].score is missing, and so are choices, minutes and text"},
        {R"({"q":"service","score":5})", R"({"score":5})", "answers[1].q is missing"},
        {R"({"q":"service","score":5})", R"({"q":"","score":5})", "answers[1].q is empty"},
        {R"({"q":"service","score":5})", R"({"q":"service","score":5,"score":1})",
            "answers[1].score stands twice"},
        {R"({"q":"service","score":5})", "5", "answers[1] is not an object"},
        {R"(["salty"])", R"("salty")", "answers[0].reasons is not a list"},
        {R"(["salty"])", R"([7])", "answers[0].reasons[] is not text"},
        {R"("score":5)", R"("choices":"soup")", "answers[1].choices is not a list"},
        {R"("score":5)", R"("choices":[])", "answers[1].choices is empty"},
        {R"("score":5)", R"("choices":["soup",""])", "answers[1].choices[] is empty"},
        {R"("score":5)", R"("choices":["a"],"choices":["b"])", "answers[1].choices stands twice"},
        {R"("score":5)", R"("minutes":1441)", "answers[1].minutes is 1441; 0 to 1440"},
        {R"("score":5)", R"("minutes":-1)", "answers[1].minutes is -1; 0 to 1440"},
        {R"("score":5)", R"("minutes":1.5)", "answers[1].minutes is not an integer"},
        {R"("score":5)", R"("text":7)", "answers[1].text is not text"},
        {R"("score":5)", R"("text":"")", "answers[1].text is empty"},
        {R"("seq":17)", R"("seq":17,"flags":"burst")", "flags is not a list"},
        {R"("seq":17)", R"("seq":17,"flags":[1])", "flags[] is not text"},
        {R"("seq":17)", R"("seq":17,"flags":[],"flags":[])", "flags stands twice"},
        {R"("took_ms":8120)", R"("took_ms":-1)", "took_ms is -1; 0 to 9007199254740991"},
        {R"("took_ms":8120,)", "", "took_ms is missing"},
        {R"("took_ms":8120,)", R"("took_ms":8120,"took_ms":1,)", "took_ms stands twice"},
        {R"("took_ms":8120,)", R"("took_ms":8120,"took\u005fms":1,)", "took_ms stands twice"},
        {R"("opened_ms":1789999990000)", R"("opened_ms":18446744073709551615)",
            "opened_ms is not an integer"},
        {R"("clock_set":true)", R"("clock_set":1)", "clock_set is neither true nor false"},
        {R"("boot":"9c1b")", R"("boot":"12345678901234567890123456789012345678901")",
            "boot has 41 bytes; at most 40"},
        {R"("complete")", R"("done")", "outcome is neither complete nor partial"},
        {R"("finish")", R"("bored")", "closed_by is none of finish, timeout, restart"},
        {R"("comment":"上菜有点慢")", R"("comment":null)", "comment is not text"},
        {R"("survey":"qsc-restaurant")", R"("survey":"")", "survey is empty"},
        // A box must not pass for another store in HQ's file.
        {R"("seq":17)", R"("store":"sh-002","seq":17)", "store is the hub's own field"},
        {R"("seq":17)", R"("comment_erased":true,"seq":17)", "comment_erased is the hub's own field"},
        {R"("seq":17)", R"("seq":17,"\u0073tore":"sh-002")", "store is the hub's own field"},
    }));
    CHECK(refusal_of(replaced(good_response, what, with)) == why);
}

TEST_CASE("Limits of a response are met exactly at their number", "[sync][wire]")
{
    auto const comment
        = [](std::size_t bytes) { return replaced(good_response, "上菜有点慢", std::string(bytes, 'x')); };
    CHECK(refusal_of(comment(2'000)).empty());
    CHECK(refusal_of(comment(2'001)) == "comment has 2001 bytes; at most 2000");

    auto const answers = [](int count) {
        std::string list;
        for (int i = 0; i < count; ++i)
            list += (i ? R"(,{"q":"q)" : R"({"q":"q)") + std::to_string(i) + R"(","score":1})";
        auto response = nlohmann::json::parse(good_response);
        response["answers"] = nlohmann::json::parse("[" + list + "]");
        return response.dump();
    };
    CHECK(refusal_of(answers(20)).empty());
    CHECK(refusal_of(answers(21)) == "answers has more than 20 entries");
    CHECK(refusal_of(answers(0)) == "answers is empty");

    auto const ids = [](int count) {
        auto list = nlohmann::json::array();
        for (int i = 0; i < count; ++i)
            list.push_back("id" + std::to_string(i));
        return list;
    };
    auto const answered = [](char const* member, nlohmann::json const& value) {
        auto response = nlohmann::json::parse(good_response);
        response["answers"] = {{{"q", "x"}, {member, value}}};
        return response.dump();
    };
    auto const flagged = [&](int count) {
        auto response = nlohmann::json::parse(good_response);
        response["flags"] = ids(count);
        return response.dump();
    };
    auto const characters = [](int count) {
        std::string text;
        for (int i = 0; i < count; ++i)
            text += i % 2 ? "慢" : "😀";
        return text;
    };
    CHECK(refusal_of(answered("score", 0)).empty());
    CHECK(refusal_of(answered("score", 10)).empty());
    CHECK(refusal_of(answered("minutes", 0)).empty());
    CHECK(refusal_of(answered("minutes", 1'440)).empty());
    CHECK(refusal_of(answered("choices", ids(20))).empty());
    CHECK(refusal_of(answered("choices", ids(21))) == "answers[0].choices has more than 20 entries");
    CHECK(refusal_of(answered("text", characters(140))).empty());
    CHECK(refusal_of(answered("text", characters(141))) == "answers[0].text has 141 characters; at most 140");
    CHECK(refusal_of(flagged(20)).empty());
    CHECK(refusal_of(flagged(0)).empty());
    CHECK(refusal_of(flagged(21)) == "flags has more than 20 entries");

    auto const unknown = [](std::size_t bytes) {
        std::string const start = replaced(good_response, "{\"seq\"", "{\"x\":\"\",\"seq\"");
        return replaced(start, "\"\"", "\"" + std::string(bytes - start.size(), 'x') + "\"");
    };
    CHECK(refusal_of(unknown(limits::max_response_bytes)).empty());
    CHECK(
        refusal_of(unknown(limits::max_response_bytes + 1)) == "the response has 65537 bytes; at most 65536");
}

// The expected value was computed with Python's hashlib from PROTOCOL.md's words alone.
TEST_CASE("Answers of every kind take part in the digest, flags do not", "[sync][wire]")
{
    auto const digest_of = [](std::string const& answers, std::string const& more = "") {
        BatchParser parser;
        auto response = nlohmann::ordered_json::parse(good_response);
        response["answers"] = nlohmann::ordered_json::parse(answers);
        if (!more.empty())
            response.update(nlohmann::ordered_json::parse(more));
        auto const batch = parser.parse(batch_of(response.dump()));
        REQUIRE(batch);
        REQUIRE_FALSE(batch->responses[0].refusal);
        return batch->responses[0].digest;
    };
    std::string const every_kind = R"([{"q":"recommend","score":0},{"q":"dish","choices":["soup","rice"]},)"
                                   R"({"q":"wait","minutes":15},{"q":"note","text":"快一点"}])";
    CHECK(digest_of(every_kind) == 0xe4abe496b2709503);
    // A hub that knows no flags took the same response for the same digest.
    CHECK(digest_of(every_kind, R"({"flags":["burst"]})") == digest_of(every_kind));

    CHECK(digest_of(R"([{"q":"a","choices":["15"]}])") != digest_of(R"([{"q":"a","minutes":15}])"));
    CHECK(digest_of(R"([{"q":"a","choices":["15"]}])") != digest_of(R"([{"q":"a","text":"15"}])"));
    CHECK(digest_of(R"([{"q":"a","text":"x"}])") != digest_of(R"([{"q":"a","text":"y"}])"));
    CHECK(digest_of(R"([{"q":"a","minutes":1}])") != digest_of(R"([{"q":"a","score":1}])"));
}

TEST_CASE("A refused response does not hold up its neighbours", "[sync][wire]")
{
    BatchParser parser;
    auto const batch = parser.parse(batch_of(
        with_seq(1) + "," + replaced(with_seq(2), "\"score\":5", "\"score\":-1") + "," + with_seq(3)));
    REQUIRE(batch);
    REQUIRE(batch->responses.size() == 3);
    CHECK_FALSE(batch->responses[0].refusal);
    CHECK(batch->responses[1].refusal);
    CHECK(batch->responses[1].seq == 2);
    CHECK_FALSE(batch->responses[2].refusal);
}

TEST_CASE("What has no usable seq cannot be refused by it: the batch is bad and says where", "[sync][wire]")
{
    CHECK(batch_error(batch_of(with_seq(1) + "," + replaced(good_response, "\"seq\":17,", "")))
        == "responses[1]: seq is missing");
    CHECK(batch_error(batch_of(with_seq(0))) == "responses[0]: seq is 0; 1 to 9007199254740991");
    CHECK(batch_error(batch_of(with_seq(4) + "," + with_seq(4)))
        == "responses[1].seq is 4 after 4; they must ascend");
    CHECK(batch_error(batch_of(with_seq(4) + "," + with_seq(3)))
        == "responses[1].seq is 3 after 4; they must ascend");
    CHECK_THAT(batch_error(batch_of("17")), Catch::StartsWith("responses[0]"));
    CHECK_THAT(batch_error(batch_of(with_seq(1) + ",{\"seq\":2]")), Catch::StartsWith("responses[1]"));
    CHECK_THAT(
        batch_error(batch_of(replaced(good_response, "17", "1e400"))), Catch::StartsWith("responses[0]"));
    CHECK_THAT(batch_error(batch_of(replaced(good_response, "17", "99999999999999999999999"))),
        Catch::StartsWith("responses[0]"));
    CHECK_THAT(batch_error(batch_of(replaced(good_response, "{\"seq\"", "{\"x\":tru,\"seq\""))),
        Catch::StartsWith("responses[0]"));
    std::string const deep = std::string(5'000, '[') + std::string(5'000, ']');
    CHECK_THAT(batch_error(batch_of(replaced(good_response, "{\"seq\"", "{\"x\":" + deep + ",\"seq\""))),
        Catch::StartsWith("responses[0]"));
}

TEST_CASE("A batch that cannot be read as a whole says why", "[sync][wire]")
{
    std::string const good = batch_of(good_response);
    CHECK_FALSE(batch_error("").empty());
    CHECK_FALSE(batch_error("[]").empty());
    CHECK_FALSE(batch_error("null").empty());
    CHECK_FALSE(batch_error(good.substr(0, good.size() - 1)).empty());
    CHECK_FALSE(batch_error(good + good).empty());
    CHECK_FALSE(batch_error(good + " x").empty());
    CHECK_FALSE(batch_error(replaced(good, "上菜", "\xe4\xb8")).empty());
    CHECK_FALSE(batch_error(replaced(good, "上菜", "\n")).empty());
    CHECK(batch_error(replaced(good, "5F0C1D", "zzzzzz")) == "install is not 32 hex digits");
    CHECK(batch_error(replaced(good, "5F0C1D", "5F0C1")) == "install is not 32 hex digits");
    CHECK(batch_error(replaced(good, "\"v\":1,", "")) == "v is missing");
    CHECK(batch_error(replaced(good, "\"v\":1,", "\"v\":1,\"v\":1,")) == "a field of the batch stands twice");
    CHECK(batch_error(replaced(good, "\"responses\"", "\"answers\"")) == "responses is missing");
    CHECK(batch_error(replaced(good, "\"clock_set\":true}", "\"clock_set\":2}"))
        == "sent.clock_set is missing or neither true nor false");
}

TEST_CASE("A batch may be empty, may bring unknown fields, and has at most 1,000 responses", "[sync][wire]")
{
    BatchParser parser;
    CHECK(parser.parse(batch_of("")));
    CHECK(parser.parse(replaced(batch_of(good_response), "\"v\":1", "\"new\":{\"a\":[1]},\"v\":1")));

    std::string thousand;
    for (int seq = 1; seq <= 1'000; ++seq)
        thousand += (seq > 1 ? "," : "") + with_seq(seq);
    auto const full = parser.parse(batch_of(thousand));
    REQUIRE(full);
    CHECK(full->responses.size() == 1'000);
    auto const over = parser.parse(batch_of(thousand + "," + with_seq(1'001)));
    REQUIRE_FALSE(over);
    CHECK(over.error().code == Errc::Full);
}

TEST_CASE("Another wire version is told apart from a bad batch: a newer hub may read it", "[sync][wire]")
{
    BatchParser parser;
    auto const batch = parser.parse(replaced(batch_of(good_response), "\"v\":1", "\"v\":2"));
    REQUIRE_FALSE(batch);
    CHECK(batch.error().code == Errc::NotFound);
}

namespace {

constexpr char const* good_event
    = R"({"seq":17,"steady_ms":86395000,"opened_ms":1790000085000,"event":"comment_handled",)"
      R"("of":{"install":"0000000000000000000000000000000a","seq":17,"boot":"9c1b","steady_ms":86390000},)"
      R"("state":"dealt_with","by":"LW","note":"已致歉","clock_set":true,"boot":"9c1b"})";

std::uint64_t digest_of(std::string const& item)
{
    BatchParser parser;
    auto const batch = parser.parse(batch_of(item));
    REQUIRE(batch);
    REQUIRE_FALSE(batch->responses[0].refusal);
    return batch->responses[0].digest;
}

}

TEST_CASE("A staff event is read among responses, and is none", "[sync][wire]")
{
    BatchParser parser;
    auto const batch = parser.parse(batch_of(with_seq(16) + "," + good_event + "," + with_seq(18)));
    REQUIRE(batch);
    REQUIRE(batch->responses.size() == 3);
    auto const& event = batch->responses[1];
    CHECK_FALSE(event.refusal);
    CHECK(event.is_event);
    CHECK_FALSE(batch->responses[0].is_event);
    CHECK_FALSE(batch->responses[2].is_event);
    CHECK(event.opened_ms == 1'790'000'085'000);
    CHECK(event.steady_ms == 86'395'000);
    CHECK(event.boot == "9c1b");
    CHECK(event.clock_set);
    CHECK(event.raw_json == good_event);
    // Computed with Python's hashlib from PROTOCOL.md's words alone.
    CHECK(event.digest == 0x4489531dcf306ffd);
}

TEST_CASE("Whatever an event says tells it from another", "[sync][wire]")
{
    auto const digest = digest_of(good_event);
    CHECK(digest_of(replaced(good_event, R"("by":"LW","note":"已致歉")", R"("note":"已致歉","by":"LW")"))
        == digest);
    CHECK(digest_of(replaced(good_event, R"("by")", R"("mood":"calm","by")")) == digest);
    for (auto const& [what, with] : {std::pair("1790000085000", "1790000085001"), {"86395000", "86395001"},
             {"86390000", "86390001"}, {"00a\"", "00b\""}, {"\"seq\":17,\"boot\"", "\"seq\":16,\"boot\""},
             {"dealt_with", "seen"}, {"LW", "LV"}, {"已致歉", "歉"}, {",\"note\":\"已致歉\"", ""}})
        CHECK(digest_of(replaced(good_event, what, with)) != digest);
}

TEST_CASE("An event that is not as the protocol says is refused for what is wrong with it", "[sync][wire]")
{
    auto const refusal = [](std::string_view what, std::string_view with) {
        return refusal_of(replaced(good_event, what, with));
    };
    CHECK(refusal_of(good_event).empty());
    CHECK(refusal("comment_handled", "comment_eaten") == "event is no kind that this hub knows");
    CHECK(refusal("\"comment_handled\"", "{}") == "event is not text");
    CHECK(refusal("dealt_with", "eaten") == "state is neither seen nor dealt_with");
    CHECK(refusal(R"(,"state":"dealt_with")", "") == "state is missing");
    CHECK(refusal(R"("LW")", R"("L W")") == "by is not 1 to 4 letters");
    CHECK(refusal(R"("LW")", "7") == "by is not text");
    CHECK(refusal("已致歉", "a\\nb") == "note is not readable text");
    CHECK(refusal("已致歉", std::string(141, 'x')) == "note has more than 140 characters");
    CHECK(refusal(R"("of":{)", R"("off":{)") == "of is missing");
    CHECK(refusal(R"("of":{)", R"("of":7,"off":{)") == "of is not an object");
    CHECK(refusal("0000000000000000000000000000000a", "a") == "of.install is not 32 hexadecimal digits");
    CHECK(refusal(R"("seq":17,"boot")", R"("seq":0,"boot")") == "of.seq is no number of a response");
    CHECK(refusal(R"("seq":17,"boot")", R"("boot")") == "of lacks install, seq, boot or steady_ms");
    CHECK(refusal(R"("steady_ms":86390000)", R"("steady_ms":-1)") == "of.steady_ms is no time");
    CHECK(refusal(R"("by":"LW")", R"("by":"LW","by":"LV")") == "by stands twice");
    CHECK(refusal(R"("seq":17,"boot")", R"("seq":17,"seq":16,"boot")") == "of.seq stands twice");
    CHECK(refusal(R"("event":"comment_handled")", R"("event":"comment_handled","event":"x")")
        == "event stands twice");
    CHECK(refusal(R"(,"clock_set":true)", "") == "clock_set is missing");
    CHECK(refusal(R"("state")", R"("store":"x","state")") == "store is the hub's own field");
}

TEST_CASE("An event brings nothing that a customer could have said", "[sync][wire]")
{
    for (auto const* field : {R"("answers":[{"q":"quality","score":1}])", R"("comment":"bad")",
             R"("flags":["burst"])", R"("outcome":"complete")", R"("closed_by":"finish")", R"("survey":"s")",
             R"("survey_version":1)", R"("touchpoint":"exit")", R"("lang":"en")", R"("took_ms":0)"}) {
        CAPTURE(field);
        CHECK_THAT(refusal_of(replaced(good_event, R"("by")", field + std::string(R"(,"by")"))),
            Catch::EndsWith(" is no field of an event"));
    }
}

TEST_CASE("A response without its text has the digest that its box would send it with", "[sync][wire]")
{
    auto const with = [](std::string const& answers, std::string const& comment) {
        return R"({"seq":7,"opened_ms":1789999990000,"took_ms":8120,"steady_ms":86390000,"answers":[)"
            + answers + R"(],"comment":")" + comment
            + R"(","outcome":"complete","closed_by":"finish","clock_set":true,"boot":"9c1b",)"
              R"("survey":"qsc","survey_version":1,"touchpoint":"exit","lang":"zh-CN"})";
    };
    auto const digest = [](std::string const& response) {
        BatchParser parser;
        auto const batch
            = parser.parse(R"({"v":1,"install":"0123456789abcdef0123456789abcdef",)"
                           R"("sent":{"wall_ms":1790000000000,"steady_ms":86400000,"boot":"9c1b",)"
                           R"("clock_set":true},"responses":[)"
                + response + "]}");
        REQUIRE(batch);
        REQUIRE_FALSE(batch->responses.at(0).refusal);
        return batch->responses[0].digest;
    };
    std::string const rated = R"({"q":"quality","score":2,"reasons":["salty"]})";
    std::string const waited = R"({"q":"wait","minutes":15})";
    auto const erased = digest(with(rated + "," + waited, ""));
    CHECK(digest_without_text(
              with(rated + R"(,{"q":"wait","minutes":15,"text":"too long"},{"q":"note","text":"x"})",
                  "phone me"))
              .value()
        == erased);
    CHECK(digest_without_text(with(rated + "," + waited, "")).value() == erased);
    CHECK(digest_without_text(with(rated, "phone me")).value() != erased);
    // A staff event's note, too.
    std::string const event
        = R"({"seq":8,"opened_ms":1789999995000,"steady_ms":86395000,"clock_set":true,"boot":"9c1b",)"
          R"("event":"comment_handled","of":{"install":"0123456789abcdef0123456789abcdef","seq":7,)"
          R"("boot":"9c1b","steady_ms":86390000},"state":"seen","by":"LW")";
    auto const noteless = digest(event + "}");
    CHECK(digest_without_text(event + R"(,"note":"Mr Li"})").value() == noteless);
    CHECK(digest_without_text(event + "}").value() == noteless);
    CHECK(digest(event + R"(,"note":"Mr Li"})") != noteless);
    for (char const* wrong : {"", "[]", "{}", R"({"seq":7})"})
        CHECK(digest_without_text(wrong).error().code == Errc::Corrupt);
}
