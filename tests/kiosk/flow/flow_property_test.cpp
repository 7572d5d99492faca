#include "tests/kiosk/flow/customer.h"
#include "tests/kiosk/flow/invariants.h"

#include <catch2/catch.hpp>
#include <random>

using namespace listenpost;
using namespace listenpost::kiosk;
using listenpost::test::Customer;

namespace {

Survey const survey = test::every_kind_survey();

Event random_event(std::mt19937& random, Customer const& customer)
{
    auto const pick = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
    static std::vector<std::string> const questions
        = {"quality", "service", "cleanliness", "price", "dish", "wait", "visit", "recommend", "note"};
    static std::vector<std::string> const ids
        = {"salty", "cold", "slow", "table", "soup", "rice", "first", "again", "unknown"};
    static std::vector<std::string> const keys = {"a", "b", "1", "3", "8", "space", "backspace", "mode",
        "shift", "numbers", "symbols", "letters", "more", ",", "nonsense"};
    std::string const& question = questions[static_cast<std::size_t>(pick(9))];
    std::string const& id = ids[static_cast<std::size_t>(pick(9))];
    switch (pick(29)) {
    case 0:
        return event::ReasonToggled {question, id};
    case 1:
        return event::CommentOpened {};
    case 2:
        return event::PhraseToggled {static_cast<std::size_t>(pick(4))};
    case 3:
    case 4:
        return event::Submitted {};
    case 5:
        return event::Skipped {};
    case 6:
        return event::WentBack {};
    case 7:
        return event::LanguageChosen {
            std::vector<std::string> {"zh-CN", "en", "xx"}[static_cast<std::size_t>(pick(3))]};
    case 8:
        return event::AccessToggled {static_cast<Access>(pick(4))};
    case 9:
        return event::MoreTime {};
    case 10:
        return event::GaveUp {};
    case 11:
        return event::RestartPressed {};
    case 12:
        return event::Stored {customer.revision()};
    case 13:
        return event::StoreFailed {};
    case 14:
        return event::OptionToggled {question, id};
    case 15:
        return event::MinutesChosen {question, pick(40) - 5};
    case 16:
    case 17:
    case 18:
        return event::KeyPressed {keys[static_cast<std::size_t>(pick(15))]};
    case 19:
        return event::CandidateChosen {static_cast<std::size_t>(pick(3))};
    case 20:
        return event::PinyinReady {};
    case 21:
        return event::PanelOpened {static_cast<Panel>(pick(3))};
    case 22:
        return event::PanelClosed {};
    case 23:
        return event::OpeningChanged {pick(2) == 0};
    default:
        return event::Rated {question, pick(14) - 1};
    }
}

/// The store's side: what it was told makes sense, in order, and one customer's
/// draft begins empty of the last one's.
class WriteChecker {
public:
    void take(std::vector<DraftWrite> const& writes)
    {
        for (; seen_ < writes.size(); ++seen_)
            std::visit([this](auto const& write) { check(write); }, writes[seen_]);
    }
    int closed() const { return closed_; }

private:
    void check(SaveDraft const& write)
    {
        REQUIRE(write.revision == ++revision_);
        REQUIRE_FALSE(write.draft.answers.empty());
        if (!open_) {
            REQUIRE(write.draft.answers.size() == 1);
            REQUIRE(write.draft.answers.front().reasons.empty());
            REQUIRE(write.draft.answers.front().text.empty());
            REQUIRE(write.draft.comment.empty());
        }
        open_ = true;
    }
    void check(CloseDraft const& write)
    {
        REQUIRE(write.revision == ++revision_);
        REQUIRE(open_); // nothing is closed twice, nothing empty is closed
        open_ = false;
        ++closed_;
    }

    std::size_t seen_ = 0;
    std::uint64_t revision_ = 0;
    bool open_ = false;
    int closed_ = 0;
};

}

TEST_CASE("Whatever is touched in whatever order, nothing of a customer reaches the next", "[flow][property]")
{
    auto const seed = GENERATE(1u, 2u, 3u, 4u);
    INFO("seed " << seed);
    std::mt19937 random(seed);
    Customer customer(survey);
    WriteChecker checker;
    for (int step = 0; step < 250'000; ++step) {
        if (random() % 8 == 0)
            customer.pass(std::chrono::milliseconds(random() % 30'000));
        if (random() % 3 == 0)
            customer.stored();
        if (random() % 2 == 0)
            customer.touch(random_event(random, customer));
        else
            customer.touch_at_once(random_event(random, customer));
        checker.take(customer.writes);
        customer.view();
        test::check_invariants(customer.view(), survey);
    }
    CHECK(checker.closed() > 500); // the walk gets everywhere
}

TEST_CASE("From wherever it stands, the screen comes back to a fresh start by itself", "[flow][property]")
{
    auto const seed = GENERATE(11u, 12u, 13u);
    std::mt19937 random(seed);
    for (int round = 0; round < 500; ++round) {
        Customer customer(survey);
        for (int step = 0; step < 40; ++step)
            customer.touch(random_event(random, customer));
        customer.stored();
        for (int wait = 0; wait < 6; ++wait) {
            customer.pass(std::chrono::seconds(50));
            customer.stored();
        }
        CHECK(customer.view().screen == Screen::Attract);
        CHECK(customer.view().draft == Draft {});
        CHECK(customer.view().language == "zh-CN");
    }
}

TEST_CASE("However long the disk is away, nobody meets what the one before had tapped", "[flow][property]")
{
    auto const seed = GENERATE(21u, 22u, 23u);
    std::mt19937 random(seed);
    for (int round = 0; round < 500; ++round) {
        Customer customer(survey);
        for (int step = 0; step < 20; ++step)
            customer.touch(random_event(random, customer));
        customer.send(event::StoreFailed {});
        customer.pass(std::chrono::minutes(2));
        CHECK(customer.view().draft == Draft {});
        CHECK(customer.view().language == "zh-CN");
        CHECK_FALSE(customer.view().saving);
        customer.stored();
        CHECK(customer.view().screen == Screen::Rate);
    }
}
