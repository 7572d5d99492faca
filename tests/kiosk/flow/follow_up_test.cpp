#include "tests/kiosk/flow/customer.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace std::chrono_literals;
using listenpost::test::Customer;

namespace {

Survey const survey = test::every_kind_survey();

Answer const* said(Customer const& customer, char const* question)
{
    REQUIRE(customer.last_save());
    return customer.last_save()->draft.find(question);
}

}

TEST_CASE("Who is content is asked nothing further: three taps finish", "[flow]")
{
    Customer customer(survey);
    customer.rate_all(5);
    customer.pass(3s);
    customer.stored();
    CHECK(customer.view().screen == Screen::Thanks);
}

TEST_CASE("A follow-up comes where its condition holds, a screen each, in the survey's order", "[flow]")
{
    Customer customer(survey);
    customer.rate("quality", 3);
    customer.rate("service", 1);
    customer.rate("cleanliness", 5);
    customer.pass(1s);
    REQUIRE(customer.view().screen == Screen::Reasons);
    customer.touch(event::ReasonToggled {"service", "slow"});
    customer.touch(event::Submitted {});
    REQUIRE(customer.view().screen == Screen::FollowUp);
    CHECK(customer.view().follow_up == "dish");

    customer.touch(event::OptionToggled {"dish", "rice"});
    customer.touch(event::OptionToggled {"dish", "tea"});
    customer.touch(event::OptionToggled {"dish", "rice"});
    customer.touch(event::OptionToggled {"dish", "cake"}); // not on the card
    CHECK(said(customer, "dish")->choices == std::vector<std::string> {"tea"});
    customer.pass(5s);
    CHECK(customer.view().follow_up == "dish"); // several may be chosen: it waits
    customer.touch(event::Submitted {});
    REQUIRE(customer.view().follow_up == "wait");

    SECTION("an answer that needs one tap goes on by itself")
    {
        customer.touch(event::MinutesChosen {"wait", 20});
        CHECK(said(customer, "wait")->minutes == 20);
        customer.pass(1s);
        CHECK(customer.view().follow_up == "recommend");

        customer.touch(event::Rated {"recommend", 11});
        CHECK_FALSE(said(customer, "recommend"));
        customer.touch(event::Rated {"recommend", 0});
        CHECK(said(customer, "recommend")->score == 0);
        customer.pass(1s);
        CHECK(customer.view().follow_up == "note");
        customer.touch(event::KeyPressed {"mode"});
        customer.touch(event::KeyPressed {"o"});
        customer.touch(event::KeyPressed {"k"});
        CHECK(said(customer, "note")->text == "ok");
        CHECK(said(customer, "note")->text == customer.view().editor.text);
        customer.touch(event::Submitted {});
        CHECK(customer.last_close());
    }
    SECTION("skip leaves this one out, keeps the others and goes on")
    {
        customer.touch(event::MinutesChosen {"wait", 5});
        customer.touch(event::Skipped {});
        auto const* const save = std::get_if<SaveDraft>(&customer.writes[customer.writes.size() - 2]);
        REQUIRE(save);
        CHECK_FALSE(save->draft.find("wait"));
        CHECK(save->draft.find("dish"));
        CHECK(customer.last_close());
    }
    SECTION("back leads to the one before, with what was said there")
    {
        customer.touch(event::WentBack {});
        CHECK(customer.view().follow_up == "dish");
        customer.touch(event::WentBack {});
        CHECK(customer.view().screen == Screen::Reasons);
        customer.touch(event::WentBack {});
        REQUIRE(customer.view().screen == Screen::Rate);
        CHECK_FALSE(customer.view().can_go_back);

        customer.rate("quality", 5); // then no dish was wrong
        CHECK_FALSE(said(customer, "dish"));
    }
}

TEST_CASE("One of several: choosing another takes the first back", "[flow]")
{
    Customer customer(survey);
    customer.rate("quality", 5);
    customer.rate("service", 5);
    customer.rate("cleanliness", 1);
    customer.touch(event::Submitted {});
    customer.touch(event::Submitted {});
    REQUIRE(customer.view().follow_up == "visit");
    customer.touch(event::OptionToggled {"visit", "first"});
    customer.touch(event::OptionToggled {"visit", "again"});
    CHECK(said(customer, "visit")->choices == std::vector<std::string> {"again"});
    customer.pass(1s);
    CHECK(customer.view().saving); // one tap was the answer
}

TEST_CASE("Large text asks one question a screen, and goes on by itself", "[flow]")
{
    Customer customer(survey);
    customer.touch(event::PanelOpened {Panel::Access});
    REQUIRE(customer.view().panel == Panel::Access);
    customer.touch(event::AccessToggled {Access::Large});
    customer.touch(event::PanelClosed {});
    CHECK(customer.view().current == 0);
    customer.rate("quality", 5);
    CHECK(customer.view().current == 0); // the choice is seen first
    customer.pass(1s);
    CHECK(customer.view().current == 1);
    customer.rate("service", 2);
    customer.pass(1s);
    customer.rate("cleanliness", 1);
    customer.pass(1s);
    REQUIRE(customer.view().screen == Screen::Reasons);
    CHECK(customer.view().current == 0);
    customer.touch(event::Submitted {});
    CHECK(customer.view().screen == Screen::Reasons);
    CHECK(customer.view().current == 1);
    customer.touch(event::WentBack {});
    CHECK(customer.view().current == 0);
    customer.touch(event::WentBack {});
    CHECK(customer.view().screen == Screen::Rate);
    CHECK(customer.view().current == 2);
}

TEST_CASE("A panel takes every touch while it is open, and closes with its customer", "[flow]")
{
    Customer customer(survey);
    customer.rate("quality", 5);
    customer.touch(event::PanelOpened {Panel::Languages});
    auto const revision = customer.revision();
    customer.touch(event::Rated {"service", 5});
    customer.touch(event::Submitted {});
    CHECK(customer.revision() == revision);

    SECTION("a language closes it")
    {
        customer.touch(event::LanguageChosen {"en"});
        CHECK(customer.view().panel == Panel::None);
        CHECK(customer.last_save()->draft.language == "en");
    }
    SECTION("so does the way back")
    {
        customer.touch(event::WentBack {});
        CHECK(customer.view().panel == Panel::None);
        CHECK(customer.view().screen == Screen::Rate);
    }
    SECTION("and the time")
    {
        customer.pass(20s);
        CHECK(customer.view().screen == Screen::TimeoutWarning);
        CHECK(customer.view().panel == Panel::None);
        customer.pass(20s);
        CHECK(customer.view().draft == Draft {});
    }
}

TEST_CASE("What was still being composed when a text question was left is its answer", "[flow][typing]")
{
    Customer customer(survey);
    customer.rate("quality", 3);
    customer.rate("service", 1);
    customer.rate("cleanliness", 5);
    customer.pass(1s);
    customer.touch(event::ReasonToggled {"service", "slow"});
    customer.touch(event::Submitted {});
    customer.touch(event::Skipped {});
    customer.touch(event::MinutesChosen {"wait", 20});
    customer.pass(1s);
    customer.touch(event::Rated {"recommend", 0});
    customer.pass(1s);
    REQUIRE(customer.view().follow_up == "note");
    auto const noted = [&] {
        Answer const* const answer = said(customer, "note");
        return answer ? answer->text : std::string();
    };

    SECTION("letters of pinyin")
    {
        customer.touch(event::KeyPressed {"j"});
        customer.touch(event::KeyPressed {"i"});
        CHECK(noted().empty());
    }
    SECTION("digits, which could have become a telephone number")
    {
        for (char const digit : std::string("12345"))
            customer.touch(event::KeyPressed {std::string(1, digit)});
        CHECK(noted().empty());
    }
    customer.touch(event::Submitted {});
    auto const* const save = std::get_if<SaveDraft>(&customer.writes[customer.writes.size() - 2]);
    REQUIRE(save);
    Answer const* const note = save->draft.find("note");
    REQUIRE(note);
    CHECK((note->text == "ji" || note->text == "12345"));
}

TEST_CASE("A text that is no longer asked for is forgotten with its answer", "[flow][typing]")
{
    Survey asking = test::sample_survey();
    Question question = asking.questions.front();
    question.id = "note";
    question.kind = QuestionKind::Text;
    question.reasons.clear();
    question.when = *Condition::parse("quality = 1");
    asking.questions.push_back(question);
    Customer customer(asking);
    customer.rate("quality", 1);
    customer.rate("service", 5);
    customer.rate("cleanliness", 5);
    customer.touch(event::Submitted {});
    customer.touch(event::Submitted {});
    REQUIRE(customer.view().follow_up == "note");
    customer.touch(event::KeyPressed {"mode"});
    customer.touch(event::KeyPressed {"a"});
    REQUIRE(said(customer, "note"));
    customer.touch(event::WentBack {});
    customer.touch(event::WentBack {});
    customer.rate("quality", 5);
    CHECK_FALSE(said(customer, "note"));
    customer.rate("quality", 1);
    customer.touch(event::Submitted {});
    customer.touch(event::Submitted {});
    REQUIRE(customer.view().follow_up == "note");
    CHECK(customer.view().editor.text.empty());
}

TEST_CASE("A panel that closes skips no question that nobody has answered", "[flow]")
{
    Customer customer(survey);
    customer.rate("quality", 5);
    customer.touch(event::PanelOpened {Panel::Access});
    customer.touch(event::AccessToggled {Access::Large});
    customer.touch(event::PanelClosed {});
    REQUIRE(customer.view().current == 1);
    customer.pass(5s);
    CHECK(customer.view().current == 1);
}

TEST_CASE("The second half of a double tap does nothing to a panel, nor to a single choice", "[flow]")
{
    Customer customer(survey);
    customer.touch(event::PanelOpened {Panel::Access});
    customer.touch_at_once(event::PanelClosed {});
    customer.touch_at_once(event::AccessToggled {Access::Contrast});
    CHECK(customer.view().panel == Panel::Access);
    CHECK_FALSE(customer.view().high_contrast);
    customer.touch(event::PanelClosed {});

    customer.rate("quality", 5);
    customer.rate("service", 5);
    customer.rate("cleanliness", 1);
    customer.touch(event::Submitted {});
    customer.touch(event::Submitted {});
    REQUIRE(customer.view().follow_up == "visit");
    customer.touch(event::OptionToggled {"visit", "first"});
    customer.touch_at_once(event::OptionToggled {"visit", "first"});
    CHECK(said(customer, "visit")->choices == std::vector<std::string> {"first"});
    customer.pass(1s);
    CHECK(customer.view().saving); // it went on by itself
}
