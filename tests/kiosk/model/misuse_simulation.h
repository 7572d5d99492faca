#pragma once

#include "kiosk/model/misuse_guard.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <string>

namespace listenpost::test {

using namespace kiosk;
using std::chrono::milliseconds;

/// Counts what the guard said of each response when it was closed.
struct Tally {
    int responses = 0;
    int flagged = 0;
    std::map<std::string, int> by_rule;

    double rate() const { return responses ? double(flagged) / responses : 0; }
    double rate(std::string const& rule) const
    {
        auto const found = by_rule.find(rule);
        return responses && found != by_rule.end() ? double(found->second) / responses : 0;
    }
    void add(std::vector<std::string> const& flags)
    {
        ++responses;
        flagged += flags.empty() ? 0 : 1;
        for (auto const& flag : flags)
            ++by_rule[flag];
    }
};

/// One box, and whoever comes to it. Times of people: MISUSE.md says where they are from.
class Exit {
public:
    explicit Exit(unsigned seed, MisuseLimits limits = {})
        : guard_(limits)
        , random_(seed)
    {
    }

    int between(int lowest, int highest)
    {
        return std::uniform_int_distribution<int>(lowest, highest)(random_);
    }
    bool chance(int percent) { return between(1, 100) <= percent; }
    /// A human time: skewed to the long side, never below `floor_ms`.
    int human_ms(double median_ms, double spread, int floor_ms)
    {
        std::lognormal_distribution<double> of(std::log(median_ms), spread);
        return std::max(floor_ms, static_cast<int>(of(random_)));
    }

    void wait(int ms) { now_ += milliseconds(ms); }
    SteadyTime now() const { return now_; }

    void open()
    {
        answers_.clear();
        guard_.opened(now_);
        open_ = true;
    }
    void rate(int question, int score)
    {
        if (!open_)
            open();
        auto const id = std::to_string(question);
        auto const known = std::ranges::find(answers_, id, &Answer::question);
        if (known == answers_.end())
            answers_.push_back({.question = id, .score = score});
        else
            known->score = score;
        guard_.rated(answers_, 3, now_);
    }
    void consider() { guard_.considered(now_); }
    void close(ClosedBy closed_by, Tally& tally)
    {
        tally.add(guard_.flags());
        guard_.closed(closed_by, now_);
        open_ = false;
    }

private:
    MisuseGuard guard_;
    std::mt19937 random_;
    SteadyTime now_ {milliseconds(60'000)};
    std::vector<Answer> answers_;
    bool open_ = false;
};

/// How one honest person taps.
struct Habits {
    double gap_median_ms = 700;
    int gap_floor_ms = 260; ///< a hand that moves to another row: see MISUSE.md
    int same_percent = 45; ///< all three alike
    int correct_percent = 6; ///< of the taps: the neighbour was hit first
    int double_percent = 2; ///< of the taps: the finger bounces
    int leave_percent = 12; ///< after a tap or two
};

inline void answer_honestly(Exit& exit, Habits const& habits, Tally& tally)
{
    bool const same = exit.chance(habits.same_percent);
    int score = exit.chance(70) ? 5 : exit.between(1, 5);
    bool low = false;
    for (int question = 0; question < 3; ++question) {
        if (question > 0)
            exit.wait(exit.human_ms(habits.gap_median_ms, 0.35, habits.gap_floor_ms));
        if (question > 0 && exit.chance(habits.leave_percent)) {
            exit.wait(40'000);
            return exit.close(ClosedBy::Timeout, tally);
        }
        if (!same)
            score = exit.between(2, 5);
        if (exit.chance(habits.correct_percent)) {
            exit.rate(question, score == 1 ? 2 : score - 1);
            exit.wait(exit.human_ms(700, 0.3, 350));
        }
        exit.rate(question, score);
        if (exit.chance(habits.double_percent)) {
            exit.wait(exit.between(60, 160));
            exit.rate(question, score);
        }
        low = low || score <= 2;
    }
    if (low && exit.chance(70)) {
        exit.wait(exit.human_ms(1'500, 0.4, 600));
        exit.consider();
    }
    exit.wait(exit.human_ms(900, 0.35, 350)); // the finish button
    exit.close(ClosedBy::Finish, tally);
}

/// From the thank-you to the next person's first tap: one turns away, the other steps up, sees
/// the question and reaches out.
inline int change_of_person_ms(Exit& exit)
{
    return exit.human_ms(1'000, 0.3, 500) + exit.human_ms(900, 0.3, 500) + exit.human_ms(1'300, 0.3, 700);
}

}
