#include "sync/hub/erased_text.h"

#include "tests/sync/hub/batches.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::sync;
using namespace listenpost::test;

TEST_CASE("What a person has written is taken out, and every other byte stays", "[sync][hub][erase]")
{
    CHECK(without_text(response_json(7, "phone me")).value()
        == R"({"seq":7,"opened_ms":1789999990000,"took_ms":8120,"steady_ms":86390000,)"
           R"("answers":[{"q":"quality","score":2,"reasons":["salty"]},{"q":"service","score":5},)"
           R"({"q":"cleanliness","score":4}],"comment_erased":true,)"
           R"("outcome":"complete","closed_by":"finish","clock_set":true,"boot":"9c1b",)"
           R"("survey":"qsc-restaurant","survey_version":1,"touchpoint":"exit","lang":"zh-CN"})");

    // Of a newer box: numbers as they were written, and names as nobody writes them.
    CHECK(without_text(R"({ "seq" : 7 , "mood":[1.50, 18446744073709551615, "a\u0000b", {"text":"kept"}],)"
                       R"("\u0063omment":"gone","answers":[ {"te\u0078t":"gone","q":"note"},)"
                       R"({"q":"wait","minutes":15,"text":"gone"}],"flags":[],"last":null})")
              .value()
        == R"({"seq":7,"mood":[1.50, 18446744073709551615, "a\u0000b", {"text":"kept"}],)"
           R"("comment_erased":true,"answers":[{"q":"note"},{"q":"wait","minutes":15}],"flags":[],"last":null})");
    // What was no comment is not counted as one afterwards.
    CHECK(without_text(R"({"comment":""})").value() == "{}");
    CHECK(without_text(R"({"answers":[]})").value() == R"({"answers":[]})");
}

TEST_CASE("Of a staff event the note is taken out, and who did what stays", "[sync][hub][erase]")
{
    auto const event = without_text(event_json(7, "Mr Li, 13800138000")).value();
    std::string expected = event_json(7, "x");
    expected.erase(expected.find(R"("note":"x",)"), std::string_view(R"("note":"x",)").size());
    CHECK(event == expected);
    CHECK(without_text(event).value() == event);
    // What is a response's word is none of an event, and the other way about.
    CHECK(without_text(R"({"event":"comment_handled","comment":"c","answers":[{"text":"t"}],"note":"n"})")
              .value()
        == R"({"event":"comment_handled","comment":"c","answers":[{"text":"t"}]})");
    CHECK(without_text(R"({"note":"n"})").value() == R"({"note":"n"})");
}

TEST_CASE(
    "What has no text is left as it is, and what is no response is not guessed at", "[sync][hub][erase]")
{
    auto const once = without_text(response_json(7, "phone me")).value();
    CHECK(without_text(once).value() == once);
    for (char const* wrong : {"", "[]", "null", "{", R"({"comment":"x")", R"({"answers":7,"comment":"x"})",
             R"({"answers":["x"],"comment":"x"})", "{\"comment\":\"\xff\"}"}) {
        CAPTURE(wrong);
        auto const refused = without_text(wrong);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Errc::Corrupt);
    }
}

TEST_CASE("An event is told from a response by its member", "[sync][hub][erase]")
{
    CHECK(event_of(response_json(7)).value().empty());
    CHECK(event_of(text_erased_json(7)).value() == text_erased_event);
    CHECK(text_erased_json(7) == R"({"seq":7,"event":"text_erased"})");
    CHECK(event_of(R"({"event":""})").value().empty());
    CHECK(event_of(R"({"event":7})").value().empty());
    CHECK_FALSE(event_of("x"));
}
