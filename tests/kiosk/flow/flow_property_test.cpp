#include "tests/kiosk/flow/customer.h"

#include <catch2/catch.hpp>
#include <random>

using namespace listenpost;
using namespace listenpost::kiosk;
using listenpost::test::Customer;

namespace {

Survey const survey = test::sample_survey();

Event random_event(std::mt19937& random, Customer const& customer)
{
    auto const pick = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
    static std::vector<std::string> const questions = {"quality", "service", "cleanliness", "price"};
    static std::vector<std::string> const reasons = {"salty", "cold", "slow", "table", "unknown"};
    switch (pick(15)) {
    case 0:
        return event::ReasonToggled {questions[pick(4)], reasons[pick(5)]};
    case 1:
        return event::CommentOpened {};
    case 2:
        return event::PhraseToggled {static_cast<std::size_t>(pick(4))};
    case 3:
        return event::Submitted {};
    case 4:
        return event::Skipped {};
    case 5:
        return event::WentBack {};
    case 6:
        return event::LanguageChosen {std::vector<std::string> {"zh-CN", "en", "xx"}[pick(3)]};
    case 7:
        return event::ContrastToggled {};
    case 8:
        return event::MoreTime {};
    case 9:
        return event::GaveUp {};
    case 10:
        return event::RestartPressed {};
    case 11:
        return event::Stored {customer.revision()};
    case 12:
        return event::StoreFailed {};
    default:
        return event::Rated {questions[pick(4)], pick(8) - 1};
    }
}

/// What must be true after every step, whatever happened before.
void check_invariants(Customer const& customer)
{
    View const& view = customer.view();
    bool const draft_is_new = view.draft.answers.empty();
    if (draft_is_new) {
        REQUIRE(view.draft == Draft {});
        REQUIRE(std::ranges::count(view.phrases_chosen, true) == 0);
    }
    if (view.screen == Screen::Reasons)
        REQUIRE_FALSE(view.low_questions.empty());
    if (view.screen == Screen::Comment || view.screen == Screen::TimeoutWarning)
        REQUIRE_FALSE(draft_is_new);
    for (auto const& answer : view.draft.answers) {
        REQUIRE(survey.find(answer.question));
        REQUIRE(answer.score >= Survey::lowest_score);
        REQUIRE(answer.score <= Survey::highest_score);
        REQUIRE((answer.reasons.empty() || answer.score <= survey.reasons_at_most));
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
    for (int step = 0; step < 50'000; ++step) {
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
        check_invariants(customer);
    }
    CHECK(checker.closed() > 500);
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
        for (int wait = 0; wait < 4; ++wait) {
            customer.pass(std::chrono::seconds(50));
            customer.stored();
        }
        CHECK(customer.view().screen == Screen::Rate);
        CHECK(customer.view().draft == Draft {});
        CHECK(customer.view().language == "zh-CN");
        CHECK_FALSE(customer.flow().next_tick());
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
