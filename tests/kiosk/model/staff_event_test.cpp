#include "kiosk/model/staff_event.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;

namespace {

StaffEvent sample()
{
    return {.of = {"0123456789abcdef0123456789abcdef", 17, "9c1b", 5'000},
        .state = CommentState::DealtWith,
        .by = "LW",
        .note = "called the guest, \"sorry\" 已致歉"};
}

std::string replaced(std::string text, std::string const& what, std::string const& by)
{
    auto const at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

}

TEST_CASE("A staff event comes back from its JSON as it went in", "[model]")
{
    CHECK(event_from_json(event_to_json(sample())).value() == sample());
    auto short_one = sample();
    short_one.note = "";
    short_one.state = CommentState::Seen;
    CHECK(event_to_json(short_one)
        == R"({"event":"comment_handled","of":{"install":"0123456789abcdef0123456789abcdef","seq":17,)"
           R"("boot":"9c1b","steady_ms":5000},"state":"seen","by":"LW"})");
    CHECK(event_from_json(event_to_json(short_one)).value() == short_one);
}

TEST_CASE("Initials are one to four letters of the languages that staff write", "[model]")
{
    for (auto const* text : {"L", "LWx", "李", "李小龙", "ÉÖ", "たなか", "カナ", "김민수", "佐々木", "ABCD"})
        CHECK(is_initials(text));
    for (auto const* text : {"", "ABCDE", "L W", "L1", "L.", "李小龙大侠", "😀", "L\n", "\xff", "×", "123"})
        CHECK_FALSE(is_initials(text));
}

TEST_CASE("An event is kept only where every member says what it must", "[model]")
{
    REQUIRE(fit_to_keep(sample()).value() == sample());
    std::vector<StaffEvent> wrong(8, sample());
    wrong[0].by = "";
    wrong[1].by = "LONGER";
    wrong[2].of.seq = 0;
    wrong[3].of.install = "0123";
    wrong[4].of.steady_ms = -1;
    wrong[5].of.boot = std::string(41, 'b');
    wrong[6].note = "line\nbreak";
    wrong[7].note.clear();
    for (int i = 0; i < 141; ++i)
        wrong[7].note += "慢";
    for (auto const& event : wrong) {
        CHECK(fit_to_keep(event).error().code == Errc::Invalid);
        CHECK_FALSE(event_from_json(event_to_json(event)));
    }
    auto longest = sample();
    longest.note = wrong[7].note.substr(3);
    CHECK(fit_to_keep(longest).value() == longest);
    auto no_utf8 = sample();
    no_utf8.note = "\xff";
    CHECK(fit_to_keep(no_utf8).error().code == Errc::Invalid);
}

TEST_CASE("Personal data in a note is masked as in a comment", "[model]")
{
    auto event = sample();
    event.note = "called 13812345678 back";
    CHECK(fit_to_keep(event)->note == "called *********** back");
    CHECK(fit_to_keep(*fit_to_keep(event))->note == "called *********** back");
}

TEST_CASE("What is no staff event is refused, whatever its bytes", "[model]")
{
    std::string const good = event_to_json(sample());
    for (auto const& text : {std::string(), std::string("[]"), std::string("{}"), good.substr(1),
             good.substr(0, good.size() - 1), replaced(good, "comment_handled", "comment_eaten"),
             replaced(good, "dealt_with", "eaten"), replaced(good, "\"seq\":17", "\"seq\":\"17\""),
             replaced(good, "\"seq\":17", "\"seq\":1.5"), replaced(good, "\"by\":\"LW\"", "\"by\":7"),
             replaced(good, "\"of\":{", "\"of\":[{"), replaced(good, ",\"boot\":\"9c1b\"", "")})
        CHECK_FALSE(event_from_json(text));
}
