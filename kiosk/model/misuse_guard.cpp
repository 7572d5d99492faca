#include "kiosk/model/misuse_guard.h"

namespace listenpost::kiosk {
namespace {

/// The first page is rated whole, and every score on it is the same.
bool all_the_same(std::vector<Answer> const& answers, int first_page)
{
    std::optional<int> score;
    int count = 0;
    for (auto const& answer : answers) {
        if (!answer.score || count == first_page)
            continue;
        if (score && *score != *answer.score)
            return false;
        score = answer.score;
        ++count;
    }
    return count == first_page;
}

int rated_questions(std::vector<Answer> const& answers)
{
    int count = 0;
    for (auto const& answer : answers)
        count += answer.score ? 1 : 0;
    return count;
}

}

MisuseGuard::MisuseGuard(MisuseLimits limits)
    : limits_(limits)
{
}

void MisuseGuard::opened(SteadyTime now)
{
    openings_.add(now);
    ratings_.clear();
    seen_ = Seen {};
    seen_->burst = openings_.all_within(limits_.burst_window, now);
    seen_->repress = finished_ && now - *finished_ < limits_.repress_within;
}

void MisuseGuard::rated(std::vector<Answer> const& answers, int first_page, SteadyTime now)
{
    if (!seen_)
        return;
    if (seen_->ratings++ == 0)
        seen_->first_rating = now;
    ratings_.add(now);
    // Once hammered stays hammered: the last of the taps is no better than the others.
    if (ratings_.all_within(limits_.hammer_window, now)
        || seen_->ratings - rated_questions(answers) >= limits_.hammer_surplus)
        seen_->hammer = true;
    // A single tap has no pace, and two faces under one palm are an accident: three at least.
    seen_->straight_line = first_page >= 3 && all_the_same(answers, first_page)
        && now - seen_->first_rating < (first_page - 1) * limits_.straight_line_gap;
}

void MisuseGuard::considered(SteadyTime)
{
    if (seen_)
        seen_->considered = true;
}

void MisuseGuard::closed(ClosedBy closed_by, SteadyTime now)
{
    seen_.reset();
    if (closed_by == ClosedBy::Finish)
        finished_ = now;
}

std::vector<std::string> MisuseGuard::flags() const
{
    std::vector<std::string> names;
    if (!seen_)
        return names;
    if (seen_->burst)
        names.emplace_back("burst");
    if (seen_->hammer)
        names.emplace_back("hammer");
    if (seen_->repress)
        names.emplace_back("repress");
    if (seen_->straight_line && !seen_->considered)
        names.emplace_back("straight_line");
    return names;
}

}
