#pragma once

#include "kiosk/model/score_statistics.h"

#include <cstdint>
#include <optional>
#include <string>

namespace listenpost::kiosk {

/// Whether today was held against the usual days at all.
enum class StandoutVerdict {
    NotTested, ///< too few days, or too few ratings today: nothing is known to be ordinary
    Nothing, ///< nothing is more than chance
    Found,
};

/// The one thing about today that is more than chance: what a sentence is made of, "Service 3.1, lower
/// than a usual Friday; mostly 11:30 to 13:00; 'waited too long' 14 times". The rule and how often it is
/// wrong: kiosk/summary/SIGNIFICANCE.md.
struct Standout {
    std::string question;
    bool is_better = false; ///< good news; false: worse than usual
    /// The part of the day in which it is so, in whole hours on the store's clocks, 0 to 24; nothing: the
    /// whole day. Of a night `from_hour` is greater than `to_hour`: 22 to 2.
    struct Hours {
        int from_hour = 0;
        int to_hour = 0; ///< does not belong to it
        friend bool operator==(Hours const&, Hours const&) = default;
    };
    std::optional<Hours> hours;
    Mean now; ///< in those hours, on five
    double usual = 0; ///< of the same hours and weekday, on five
    Mean day; ///< today as far as it goes, on five
    double usual_day = 0; ///< of the same weekday up to the same time
    /// The reason that was chosen most in those hours, of that question; none for a better day.
    std::string reason;
    std::int64_t reason_count = 0; ///< 0: no reason
};

}
