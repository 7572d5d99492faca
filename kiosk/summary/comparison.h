#pragma once

#include "kiosk/model/score_statistics.h"

#include <span>

namespace listenpost::kiosk {

/// A figure beside what is usual. What is usual is made of samples, each as long as the other: single days
/// or whole weeks, so says Summary.
struct Comparison {
    /// Fewer samples are no custom: then there is nothing to compare with.
    static constexpr int fewest_samples = 2;

    int samples = 0; ///< in which anybody rated
    double usual = 0; ///< their mean; those with more ratings weigh more
    double change = 0; ///< now less usual
    Interval interval; ///< of the change, 95 %: what days differ by anyway is in it
    double spread = 0; ///< standard deviation between the samples beyond their sampling error

    /// False: neither `usual` nor `change` may be shown.
    bool is_known() const { return samples >= fewest_samples; }
    /// The change is more than chance and a usual day's luck, by this interval alone (1 of 20 is such
    /// by chance; what stands out is said by a stricter rule, see Standout).
    bool is_clear() const { return is_known() && (interval.low > 0 || interval.high < 0); }
    /// The same for who looks at three and names the one that has changed most: by chance alone in at most 1
    /// of 20 times. Bonferroni's: the interval is widened from Student's t for 95 % to that for 98.33 %.
    bool is_clear_of_three() const;
};

/// `now`: of a time as long as `length` samples. Samples of no ratings are passed over; nothing is known
/// where nobody rated now. Random effects, by spread_of(). The interval is that of a new sample: J. Higgins,
/// S. Thompson & D. Spiegelhalter, J. R. Stat. Soc. A 172 (2009), with Student's t of samples - 1 degrees of
/// freedom.
Comparison compare(Mean const& now, std::span<Mean const> usual_samples, int length = 1);

}
