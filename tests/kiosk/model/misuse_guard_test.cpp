#include "kiosk/model/misuse_guard.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using Names = std::vector<std::string>;

namespace {

/// A box whose first page rates three questions.
struct Box {
    MisuseGuard guard;
    std::int64_t now_ms = 1'000'000;
    std::vector<Answer> answers;

    SteadyTime now() const { return SteadyTime(std::chrono::milliseconds(now_ms)); }
    void wait(std::int64_t ms) { now_ms += ms; }
    void open()
    {
        answers.clear();
        guard.opened(now());
    }
    void rate(char const* question, int score)
    {
        auto const known = std::ranges::find(answers, question, &Answer::question);
        if (known == answers.end())
            answers.push_back({.question = question, .score = score});
        else
            known->score = score;
        guard.rated(answers, 3, now());
    }
    void rate_all(int score, std::int64_t gap_ms)
    {
        rate("quality", score);
        wait(gap_ms);
        rate("service", score);
        wait(gap_ms);
        rate("cleanliness", score);
    }
    void finish() { guard.closed(ClosedBy::Finish, now()); }
};

}

TEST_CASE("An unhurried customer is not flagged", "[model]")
{
    Box box;
    box.open();
    box.rate_all(5, 600);
    CHECK(box.guard.flags().empty());
}

TEST_CASE("A box pressed again right after a finish is flagged until that response ends", "[model]")
{
    Box box;
    box.open();
    box.finish();
    SECTION("within two seconds")
    {
        box.wait(1'999);
        box.open();
        CHECK(box.guard.flags() == Names {"repress"});
        box.guard.considered(box.now());
        CHECK(box.guard.flags() == Names {"repress"});
        box.guard.closed(ClosedBy::Timeout, box.now());
        CHECK(box.guard.flags().empty());
    }
    SECTION("not later")
    {
        box.wait(2'000);
        box.open();
        CHECK(box.guard.flags().empty());
    }
}

TEST_CASE("Who comes right after somebody that walked away is no repeat", "[model]")
{
    Box box;
    box.open();
    box.guard.closed(ClosedBy::Timeout, box.now());
    box.wait(100);
    box.open();
    CHECK(box.guard.flags().empty());
}

TEST_CASE("The sixth response within twenty seconds is a burst, and it ends by itself", "[model]")
{
    Box box;
    for (int count = 1; count <= 6; ++count) {
        INFO(count);
        box.open();
        CHECK(box.guard.flags() == (count == 6 ? Names {"burst"} : Names {}));
        box.guard.closed(ClosedBy::Timeout, box.now());
        box.wait(3'999);
    }
    box.wait(1'000);
    box.open();
    CHECK(box.guard.flags().empty());
}

TEST_CASE("Three faces alike, faster than a hand finds three rows, are a straight line", "[model]")
{
    Box box;
    box.open();
    SECTION("at 199 ms a tap")
    {
        box.rate_all(5, 199);
        CHECK(box.guard.flags() == Names {"straight_line"});
        SECTION("unless a reason, a comment or a follow-up shows that somebody reads")
        {
            box.guard.considered(box.now());
            CHECK(box.guard.flags().empty());
        }
        SECTION("unless a tap is corrected")
        {
            box.wait(800);
            box.rate("service", 4);
            CHECK(box.guard.flags().empty());
        }
    }
    SECTION("not at 200 ms")
    {
        box.rate_all(5, 200);
        CHECK(box.guard.flags().empty());
    }
    SECTION("not when they differ")
    {
        box.rate("quality", 5);
        box.rate("service", 5);
        box.rate("cleanliness", 4);
        CHECK(box.guard.flags().empty());
    }
    SECTION("not before the page is full")
    {
        box.rate("quality", 5);
        box.wait(50);
        box.rate("service", 5);
        CHECK(box.guard.flags().empty());
    }
}

TEST_CASE("Eight taps on faces within two seconds are hammering, whatever comes after", "[model]")
{
    Box box;
    box.open();
    for (int tap = 1; tap <= 8; ++tap) {
        INFO(tap);
        box.rate("quality", 1);
        CHECK(box.guard.flags() == (tap == 8 ? Names {"hammer"} : Names {}));
        box.wait(280);
    }
    box.guard.considered(box.now());
    CHECK(box.guard.flags() == Names {"hammer"});
    box.finish();
    box.wait(10'000);
    box.open();
    box.rate("quality", 1);
    CHECK(box.guard.flags().empty());
}

TEST_CASE("Twelve taps too many are hammering at any speed", "[model]")
{
    Box box;
    box.open();
    for (int tap = 1; tap <= 13; ++tap) {
        INFO(tap);
        box.rate("quality", 1 + tap % 5);
        CHECK(box.guard.flags() == (tap == 13 ? Names {"hammer"} : Names {}));
        box.wait(1'500);
    }
}

TEST_CASE("Flags come in one order, each once, and nothing is flagged without a response", "[model]")
{
    Box box;
    CHECK(box.guard.flags().empty());
    box.guard.rated({{.question = "quality", .score = 1}}, 3, box.now());
    CHECK(box.guard.flags().empty());
    for (int count = 0; count < 6; ++count) {
        box.open();
        box.rate_all(1, 10);
        for (int tap = 0; tap < 6; ++tap)
            box.rate("quality", 1);
        if (count < 5)
            box.finish();
    }
    CHECK(box.guard.flags() == Names {"burst", "hammer", "repress", "straight_line"});
}
