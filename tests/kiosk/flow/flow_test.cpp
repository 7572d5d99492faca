#include "tests/kiosk/flow/customer.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace std::chrono_literals;
using listenpost::test::Customer;

namespace {
Survey const survey = test::sample_survey();
}

TEST_CASE("Every tap is given to the store at once", "[flow]")
{
    Customer customer(survey);
    customer.rate("service", 4);
    REQUIRE(customer.last_save());
    CHECK(customer.last_save()->draft.answers == std::vector<Answer> {{"service", 4, {}}});
    CHECK(customer.last_save()->outcome_if_left == Outcome::Partial);
    CHECK(customer.last_save()->draft.survey == "sample");
    CHECK(customer.last_save()->draft.touchpoint == "exit");
    CHECK(customer.view().unrated == 2);

    customer.rate("quality", 5);
    customer.rate("cleanliness", 5);
    REQUIRE(customer.last_save());
    CHECK(customer.last_save()->draft.answers.size() == 3);
    CHECK(customer.last_save()->outcome_if_left == Outcome::Complete);

    SECTION("a correction replaces the score")
    {
        customer.rate("service", 1);
        CHECK(customer.last_save()->draft.answers.at(0) == Answer {"service", 1, {}});
    }
    SECTION("the same face again changes nothing, and writes nothing")
    {
        auto const revision = customer.revision();
        customer.rate("service", 4);
        CHECK(customer.revision() == revision);
    }
}

TEST_CASE("Three good taps finish by themselves", "[flow]")
{
    Customer customer(survey);
    customer.rate_all(5);
    CHECK(customer.view().screen == Screen::Rate);
    customer.pass(3s);
    REQUIRE(customer.last_close());
    CHECK(customer.last_close()->closed_by == ClosedBy::Finish);

    SECTION("and are thanked only when the disk has them")
    {
        CHECK(customer.view().screen == Screen::Rate);
        CHECK(customer.view().saving);
        customer.send(event::Stored {customer.revision() - 1});
        CHECK(customer.view().screen == Screen::Rate);
        customer.stored();
        CHECK(customer.view().screen == Screen::Thanks);
        CHECK_FALSE(customer.view().saving);
    }
    SECTION("and nothing can be added while they are on their way to the disk")
    {
        auto const revision = customer.revision();
        customer.rate("quality", 1);
        customer.touch(event::Submitted {});
        CHECK(customer.revision() == revision);
    }
}

TEST_CASE("Submit finishes at once, but not before all is rated", "[flow]")
{
    Customer customer(survey);
    customer.rate("quality", 5);
    customer.touch(event::Submitted {});
    CHECK(customer.last_close() == nullptr);
    customer.rate("service", 5);
    customer.rate("cleanliness", 5);
    customer.touch(event::Submitted {});
    CHECK(customer.last_close() != nullptr);
}

TEST_CASE("A correction after the last tap restarts the time to correct", "[flow]")
{
    Customer customer(survey);
    customer.rate_all(5);
    customer.pass(2s);
    customer.rate("quality", 4);
    customer.pass(1s);
    CHECK(customer.view().screen == Screen::Rate);
    CHECK_FALSE(customer.view().saving);
}

TEST_CASE("A low score is asked for its reasons, in a step of its own", "[flow]")
{
    Customer customer(survey);
    customer.rate("quality", 5);
    customer.rate("service", 2);
    CHECK(customer.view().screen == Screen::Rate); // no target moves under the finger
    customer.rate("cleanliness", 1);
    customer.pass(1s);
    REQUIRE(customer.view().screen == Screen::Reasons);
    CHECK(customer.view().low_questions == std::vector<std::string> {"service", "cleanliness"});

    customer.touch(event::ReasonToggled {"service", "slow"});
    CHECK(customer.last_save()->draft.find("service")->reasons == std::vector<std::string> {"slow"});

    SECTION("a second touch takes a reason back")
    {
        customer.touch(event::ReasonToggled {"service", "slow"});
        CHECK(customer.last_save()->draft.find("service")->reasons.empty());
    }
    SECTION("reasons that were not asked for are not taken")
    {
        auto const revision = customer.revision();
        customer.touch(event::ReasonToggled {"quality", "salty"});
        customer.touch(event::ReasonToggled {"service", "salty"});
        customer.touch(event::ReasonToggled {"price", "high"});
        CHECK(customer.revision() == revision);
    }
    SECTION("a score corrected upwards loses its reasons")
    {
        customer.touch(event::WentBack {});
        customer.rate("service", 5);
        CHECK(customer.last_save()->draft.find("service")->reasons.empty());
    }
    SECTION("and finish then thanks")
    {
        customer.touch(event::Submitted {});
        customer.stored();
        CHECK(customer.view().screen == Screen::Thanks);
    }
}

TEST_CASE("A comment is made of phrases in the customer's language", "[flow]")
{
    Customer customer(survey);
    customer.touch(event::CommentOpened {});
    CHECK(customer.view().screen == Screen::Rate); // nothing to comment on yet
    customer.rate("quality", 5);
    customer.touch(event::CommentOpened {});
    REQUIRE(customer.view().screen == Screen::Comment);
    customer.touch(event::PhraseToggled {1});
    customer.touch(event::PhraseToggled {0});
    CHECK(customer.last_save()->draft.comment == "会再来，上菜有点慢"); // as they were tapped

    SECTION("a change of language changes it too")
    {
        customer.touch(event::LanguageChosen {"en"});
        CHECK(customer.last_save()->draft.comment == "Will be back, A bit slow");
        CHECK(customer.last_save()->draft.language == "en");
    }
    SECTION("skip leaves it out and finishes")
    {
        customer.touch(event::Skipped {});
        REQUIRE(customer.writes.size() >= 2);
        auto const* save = std::get_if<SaveDraft>(&customer.writes[customer.writes.size() - 2]);
        REQUIRE(save);
        CHECK(save->draft.comment.empty());
        CHECK(customer.last_close()->closed_by == ClosedBy::Finish);
    }
    SECTION("back keeps it, and leads where it came from")
    {
        customer.touch(event::WentBack {});
        CHECK(customer.view().screen == Screen::Rate);
        CHECK(customer.view().draft.comment == "会再来，上菜有点慢");
    }
    SECTION("finish thanks even when not all was rated: what was said counts")
    {
        customer.touch(event::Submitted {});
        CHECK(customer.last_close());
    }
}

TEST_CASE("A comment has at most 140 characters, in whatever language", "[flow]")
{
    Survey wordy = survey;
    std::string chinese;
    for (int count = 0; count < 70; ++count)
        chinese += "好";
    wordy.phrases[0].by_language = {{"zh-CN", chinese}, {"en", std::string(100, 'a')}};
    wordy.phrases[1].by_language = {{"zh-CN", "会再来"}, {"en", std::string(39, 'b')}};
    std::string other;
    for (int count = 0; count < 70; ++count)
        other += "差";
    wordy.phrases.push_back(wordy.phrases[0]);
    wordy.phrases[2].by_language = {{"zh-CN", other}, {"en", std::string(100, 'c')}};
    Customer customer(wordy);
    customer.rate("quality", 5);
    customer.touch(event::CommentOpened {});
    CHECK(customer.view().phrases_fit == std::vector<bool> {true, true, true});

    customer.touch(event::PhraseToggled {0});
    customer.touch(event::PhraseToggled {1});
    CHECK(customer.view().phrases_fit == std::vector<bool> {true, true, false});
    auto const revision = customer.revision();
    customer.touch(event::PhraseToggled {2});
    CHECK(customer.revision() == revision);

    SECTION("what another language has no room for is no longer chosen")
    {
        customer.touch(event::LanguageChosen {"en"});
        CHECK(customer.view().draft.comment == std::string(100, 'a'));
        CHECK(customer.view().phrases_chosen == std::vector<bool> {true, false, false});
    }
    SECTION("what is taken back makes room")
    {
        customer.touch(event::PhraseToggled {0});
        CHECK(customer.view().phrases_fit == std::vector<bool> {true, true, true});
    }
}

TEST_CASE("Who walks away is asked, then kept as far as they came", "[flow]")
{
    Customer customer(survey);
    customer.rate("quality", 1);
    customer.pass(19s);
    CHECK(customer.view().screen == Screen::Rate);
    customer.pass(1s);
    REQUIRE(customer.view().screen == Screen::TimeoutWarning);
    CHECK(customer.view().behind == Screen::Rate);
    CHECK(customer.view().countdown == 20);

    SECTION("the countdown counts down once a second")
    {
        customer.pass(1s);
        CHECK(customer.view().countdown == 19);
        customer.pass(17s);
        CHECK(customer.view().countdown == 2);
    }
    SECTION("nobody answers: closed as partial, next customer")
    {
        customer.pass(21s);
        REQUIRE(customer.last_close());
        CHECK(customer.last_close()->closed_by == ClosedBy::Timeout);
        CHECK(customer.view().screen == Screen::Rate);
        CHECK(customer.view().draft == Draft {});
    }
    SECTION("more time leads back to where it was")
    {
        customer.touch(event::MoreTime {});
        CHECK(customer.view().screen == Screen::Rate);
        CHECK(customer.view().draft.answers.size() == 1);
        customer.pass(19s);
        CHECK(customer.view().screen == Screen::Rate);
        customer.pass(2s);
        CHECK(customer.view().screen == Screen::TimeoutWarning);
    }
    SECTION("giving up closes at once")
    {
        customer.touch(event::GaveUp {});
        CHECK(customer.last_close()->closed_by == ClosedBy::Timeout);
        CHECK(customer.view().draft == Draft {});
    }
}

TEST_CASE("The thank-you ends by itself, or with the next touch", "[flow]")
{
    Customer customer(survey);
    customer.rate_all(4);
    customer.touch(event::Submitted {});
    customer.touch(event::LanguageChosen {"en"});
    customer.stored();
    REQUIRE(customer.view().screen == Screen::Thanks);
    CHECK(customer.view().countdown == 8);

    SECTION("by itself") { customer.pass(9s); }
    SECTION("by its button") { customer.touch(event::Submitted {}); }
    SECTION("by the next customer") { customer.touch(event::RestartPressed {}); }
    CHECK(customer.view().screen == Screen::Rate);
    CHECK(customer.view().language == "zh-CN");
    CHECK(customer.view().draft == Draft {});
}

TEST_CASE("A second finger-tap on the finish button does not end the thank-you unread", "[flow]")
{
    Customer customer(survey);
    customer.rate_all(4);
    customer.touch(event::Submitted {});
    customer.stored();
    customer.touch_at_once(event::Submitted {});
    CHECK(customer.view().screen == Screen::Thanks);
}

TEST_CASE("Language and contrast go back with the customer who chose them", "[flow]")
{
    Customer customer(survey);
    customer.touch(event::LanguageChosen {"en"});
    customer.touch(event::AccessToggled {Access::Contrast});
    customer.touch(event::LanguageChosen {"xx"});
    CHECK(customer.view().language == "en");
    CHECK(customer.view().high_contrast);
    customer.pass(21s);
    CHECK(customer.view().language == "zh-CN");
    CHECK_FALSE(customer.view().high_contrast);
    CHECK(customer.writes.empty()); // nothing was said, so nothing is counted
}

TEST_CASE("A screen that nobody touches invites, and asks for a tick a minute at the most", "[flow]")
{
    Customer customer(survey);
    customer.pass(43s);
    CHECK(customer.view().screen == Screen::Rate);
    customer.pass(1s);
    REQUIRE(customer.view().screen == Screen::Attract);
    CHECK(customer.view().drift == 0);
    customer.pass(59s);
    CHECK(customer.view().drift == 0);
    customer.pass(2s);
    CHECK(customer.view().drift == 1); // no picture burns in

    SECTION("any touch begins, but means nothing yet: it was aimed at another screen")
    {
        customer.touch_at_once(event::Rated {"quality", 1});
        CHECK(customer.view().screen == Screen::Rate);
        CHECK(customer.view().draft == Draft {});
        customer.rate("quality", 1);
        CHECK(customer.last_save());
    }
}

TEST_CASE("A disk that refuses gives an honest screen instead of a thank-you", "[flow]")
{
    Customer customer(survey);
    customer.rate_all(5);
    customer.touch(event::Submitted {});
    customer.send(event::StoreFailed {});
    REQUIRE(customer.view().screen == Screen::OutOfService);
    customer.rate("quality", 1);
    customer.touch(event::Submitted {});
    CHECK(customer.view().screen == Screen::OutOfService);

    SECTION("and the thank-you comes when the disk does")
    {
        customer.stored();
        CHECK(customer.view().screen == Screen::Thanks);
    }
    SECTION("but not when only a part is written")
    {
        customer.send(event::Stored {customer.revision() - 1});
        CHECK(customer.view().screen == Screen::OutOfService);
    }
}

TEST_CASE("A disk that refuses in the middle leads back to the same place when it recovers", "[flow]")
{
    Customer customer(survey);
    customer.rate("quality", 2);
    customer.send(event::StoreFailed {});
    CHECK(customer.view().screen == Screen::OutOfService);
    customer.stored();
    CHECK(customer.view().screen == Screen::Rate);
    CHECK(customer.view().draft.answers.size() == 1);
    customer.pass(45s);
    CHECK(customer.last_close()->closed_by == ClosedBy::Timeout);
}

TEST_CASE(
    "A finger that came down on the screen before means nothing on the next, however late it lifts", "[flow]")
{
    Customer customer(survey);
    customer.rate_all(4);
    customer.touch(event::Submitted {});
    customer.stored();
    REQUIRE(customer.view().screen == Screen::Thanks);
    customer.pass(100ms);
    customer.hold_then(400ms, event::Submitted {});
    CHECK(customer.view().screen == Screen::Thanks);
    customer.hold_then(400ms, event::Submitted {});
    CHECK(customer.view().screen == Screen::Rate);
}

TEST_CASE("Who leaves while the disk refuses is not met by the next customer", "[flow]")
{
    Customer customer(survey);
    customer.rate("quality", 2);
    customer.touch(event::LanguageChosen {"en"});
    customer.send(event::StoreFailed {});
    REQUIRE(customer.view().screen == Screen::OutOfService);

    SECTION("what was said is kept, as of somebody who walked away")
    {
        customer.pass(41s);
        REQUIRE(customer.last_close());
        CHECK(customer.last_close()->closed_by == ClosedBy::Timeout);
        CHECK(customer.view().screen == Screen::OutOfService);
        CHECK(customer.view().draft == Draft {});
        CHECK(customer.view().language == "zh-CN");
        CHECK_FALSE(customer.flow().next_tick());
        customer.stored();
        CHECK(customer.view().screen == Screen::Rate);
    }
    SECTION("who stays finds it again")
    {
        customer.pass(30s);
        customer.touch(event::Touched {});
        customer.pass(30s);
        customer.stored();
        CHECK(customer.view().draft.answers.size() == 1);
    }
}

TEST_CASE("Nobody is thanked for what somebody else said before a disk that took too long", "[flow]")
{
    Customer customer(survey);
    customer.rate_all(5);
    customer.touch(event::Submitted {});
    SECTION("because it did not answer") { }
    SECTION("because it refused") { customer.send(event::StoreFailed {}); }
    Screen const before = customer.view().screen;
    auto const revision = customer.revision();
    customer.pass(41s);
    CHECK(customer.view().screen == before);
    CHECK(customer.view().draft == Draft {});
    CHECK_FALSE(customer.view().saving);
    CHECK(customer.revision() == revision); // it was closed already
    customer.stored();
    CHECK(customer.view().screen == Screen::Rate);
}

TEST_CASE("The finger that wakes a suspended box finds a fresh screen", "[flow]")
{
    Customer customer(survey);
    customer.rate("quality", 2);
    SECTION("that was being rated") { }
    SECTION("that was asking whether anybody is there") { customer.pass(25s); }
    auto const revision = customer.revision();
    customer.sleep(8h);
    customer.touch_at_once(event::Rated {"service", 5});
    REQUIRE(customer.last_close());
    CHECK(customer.last_close()->closed_by == ClosedBy::Timeout);
    CHECK(customer.revision() == revision + 1);
    CHECK(customer.view().screen == Screen::Rate);
    CHECK(customer.view().draft == Draft {});
}

TEST_CASE("A thank-you that was slept through is not closed a second time", "[flow]")
{
    Customer customer(survey);
    customer.rate_all(5);
    customer.touch(event::Submitted {});
    customer.stored();
    auto const revision = customer.revision();
    customer.sleep(8h);
    customer.touch_at_once(event::Submitted {});
    CHECK(customer.view().screen == Screen::Rate);
    CHECK(customer.revision() == revision);
}

TEST_CASE("After the staff's gesture the customers' screen is an ordinary one", "[flow]")
{
    Customer customer(survey);
    View const fresh = customer.view();
    customer.touch(event::PanelOpened {Panel::Access});
    customer.touch(event::AccessToggled {Access::Contrast});
    customer.touch(event::AccessToggled {Access::Large});
    customer.touch(event::PanelClosed {});
    REQUIRE(customer.view().high_contrast);
    customer.send(event::StaffCame {});
    CHECK(customer.view() == fresh);
    CHECK_FALSE(customer.last_save()); // nobody was there

    SECTION("but who has begun is not sent away")
    {
        customer.rate("service", 4);
        View const begun = customer.view();
        customer.send(event::StaffCame {});
        CHECK(customer.view() == begun);
    }
}

TEST_CASE("What is said while the shop is closed is kept, with a flag", "[flow]")
{
    Customer customer(survey);
    customer.send(event::OpeningChanged {false});
    CHECK_FALSE(customer.view().shop_is_open);
    customer.rate("quality", 1);
    CHECK(customer.last_save()->draft.flags == std::vector<std::string> {"outside_hours"});
    customer.touch(event::CommentOpened {});
    customer.touch(event::Submitted {});
    customer.stored();
    customer.send(event::OpeningChanged {true});
    customer.pass(10s);
    customer.rate("quality", 1);
    CHECK(customer.last_save()->draft.flags.empty());
}
