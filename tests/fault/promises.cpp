#include "tests/fault/promises.h"

#include "tests/support/sample_responses.h"

#include <cstdio>

namespace listenpost::test {
namespace {

std::string comment_of(std::size_t customer, int tap)
{
    // Of every length up to what fills pages, so that they split and overflow.
    std::string text = "customer " + std::to_string(customer) + " tap " + std::to_string(tap) + ' ';
    for (std::size_t i = 0; i < customer * 37 % 130; ++i)
        text += "慢";
    return text;
}

}

void Findings::add_lost(std::string detail)
{
    ++lost;
    details.push_back("lost: " + std::move(detail));
}

void Findings::add_twice(std::string detail)
{
    ++twice;
    details.push_back("double: " + std::move(detail));
}

void Findings::add_stuck(std::string detail)
{
    ++stuck;
    details.push_back("stuck: " + std::move(detail));
}

void Findings::add(Findings const& others)
{
    lost += others.lost;
    twice += others.twice;
    stuck += others.stuck;
    details.insert(details.end(), others.details.begin(), others.details.end());
}

void Promises::next_customer() { customers_.emplace_back(); }

kiosk::Draft Promises::next_tap()
{
    auto& customer = customers_.back();
    ++customer.tapped;
    draft_ = sample_draft();
    draft_.comment = comment_of(customers_.size(), customer.tapped);
    return draft_;
}

void Promises::check(std::vector<Said> const& found, std::string_view where, Findings& findings) const
{
    std::vector<int> times(customers_.size());
    for (auto const& said : found) {
        unsigned number = 0;
        int tap = 0;
        bool const known = std::sscanf(said.comment.c_str(), "customer %u tap %d", &number, &tap) == 2
            && number >= 1 && number <= customers_.size() && said.comment == comment_of(number, tap);
        std::string const who = std::string(where) + ": customer " + std::to_string(number);
        if (!known) {
            findings.add_lost(std::string(where) + ": a response that nobody gave: " + said.comment);
            continue;
        }
        auto const& customer = customers_[number - 1];
        ++times[number - 1];
        if (tap > customer.tapped)
            findings.add_lost(who + " never made tap " + std::to_string(tap));
        if (tap < customer.stored)
            findings.add_lost(who + " lost tap " + std::to_string(tap + 1));
        if (customer.thanked && said.closed_by != "finish")
            findings.add_lost(who + " was thanked, but counts as closed by " + said.closed_by);
        if (!customer.closing && said.closed_by != "restart")
            findings.add_lost(who + " has not finished, but counts as closed by " + said.closed_by);
    }
    for (std::size_t i = 0; i < customers_.size(); ++i) {
        std::string const who = std::string(where) + ": customer " + std::to_string(i + 1);
        if (times[i] == 0 && (customers_[i].stored > 0 || customers_[i].thanked))
            findings.add_lost(
                who + (customers_[i].thanked ? " was thanked" : " was cut off") + " and is missing");
        if (times[i] > 1)
            findings.add_twice(who + " is there " + std::to_string(times[i]) + " times");
    }
}

}
