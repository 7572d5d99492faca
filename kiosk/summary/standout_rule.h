#pragma once

#include "kiosk/model/score_statistics.h"
#include "kiosk/summary/standout.h"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace listenpost::kiosk {

/// A day's ratings, as the rule of what stands out looks at them. All days end at the same time of day.
struct RatedDay {
    static constexpr int hours = 24;
    int weekday = 0; ///< 0 Monday … 6 Sunday
    /// By question, then by hour since the day change.
    std::vector<std::array<ScoreCounts, hours>> questions;
};

/// Something about a day that is more than chance.
struct Deviation {
    std::size_t question = 0;
    int from_hour = 0; ///< since the day change
    int to_hour = RatedDay::hours; ///< does not belong to it
    bool is_whole_day = false; ///< nobody rated outside these hours
    bool is_better = false;
    Mean now; ///< in those hours, on five
    double usual = 0;
    Mean day; ///< on five
    double usual_day = 0;
    double score = 0; ///< in standard deviations
    double threshold = 0; ///< which the score is above
};

/// `deviation` is set where the verdict is Found, and only there.
struct StandoutFinding {
    StandoutVerdict verdict = StandoutVerdict::NotTested;
    std::optional<Deviation> deviation {};
};

/// The rule's numbers; why these and how often it is wrong: kiosk/summary/SIGNIFICANCE.md.
struct StandoutRule {
    int fewest_days = 28; ///< usual days, of all weekdays
    int fewest_same_weekdays = 3;
    double fewest_ratings = 10; ///< in the hours that are named
    double fewest_usual_ratings = 30; ///< in the same hours of the same weekdays
    double fence = 2.25; ///< interquartile ranges beyond the quartile
    double least_score = 3.0;
    double least_difference = 0.3; ///< on five: what a manager would call a difference
};

/// The strongest, or why there is none. `usual`: the days before, at most eight weeks, in any
/// order; those without ratings say nothing. `scales`: of the questions.
StandoutFinding find_standout(RatedDay const& today, std::span<RatedDay const> usual,
    std::span<Scale const> scales, StandoutRule const& rule = {});

}
