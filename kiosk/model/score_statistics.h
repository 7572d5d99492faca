#pragma once

#include "kiosk/model/survey.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace listenpost::kiosk {

/// How often each score was given to one rating: all that its figures are made of, so that counts can
/// be kept by hour and store and added up, and the sum's figures are those of the single taps.
struct ScoreCounts {
    static constexpr int highest = 10;
    std::array<std::int64_t, highest + 1> of {}; ///< by the score as it is stored

    /// A score outside 0 … highest is nobody's and is not counted.
    void add(int score, std::int64_t times = 1);
    ScoreCounts& operator+=(ScoreCounts const& other);
    std::int64_t total() const;
    friend bool operator==(ScoreCounts const&, ScoreCounts const&) = default;
};

/// Below this many ratings a figure is not said, only "too few".
inline constexpr std::int64_t few_ratings = 5;

/// Both ends belong to it.
struct Interval {
    double low = 0;
    double high = 0;
    friend bool operator==(Interval const&, Interval const&) = default;
};

/// An average of `count` ratings. All intervals here are of 95 %.
struct Mean {
    std::int64_t count = 0;
    double value = 0; ///< the plain average; 0 of none
    double standard_error = 0; ///< never 0 of a scale: five equal taps are no certainty
    Interval interval;

    double margin() const { return (interval.high - interval.low) / 2; }
    bool is_too_few() const { return count < few_ratings; }
};

/// The average score of `counts`, of which only what lies on `scale` is counted.
/// The interval has the mean and the variance of a Dirichlet posterior (Gelman et al., Bayesian Data
/// Analysis, 3rd ed., 3.4) with the prior of W. Perks (J. Inst. Actuaries 73 (1947): one rating, spread
/// evenly over the scale) and Student's t of `count` degrees of freedom, and ends where the scale does.
/// It is honest for few ratings and for scores that are all alike, where the usual one has no width.
Mean mean_score(ScoreCounts const& counts, Scale scale);
/// The same on the common scale 1 to 5, on which faces of every number can be put together:
/// 1 + 4 * (score - lowest) / (highest - lowest).
Mean mean_on_five(ScoreCounts const& counts, Scale scale);

/// `count` out of `of`.
struct Share {
    std::int64_t count = 0;
    std::int64_t of = 0;
    double value = 0; ///< 0 to 1; 0 of none
    Interval interval; ///< Wilson's score interval: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927)

    bool is_too_few() const { return of < few_ratings; }
};
Share share(std::int64_t count, std::int64_t of);

/// The two best (worst) scores of the scale; of three faces only the best (worst) one, since two of
/// three would be nearly everybody.
Share top_box(ScoreCounts const& counts, Scale scale);
Share bottom_box(ScoreCounts const& counts, Scale scale);

/// Net Promoter Score of ratings 0 to 10, -100 to 100: the percentage of 9 and 10 less that of 0 to 6
/// (F. F. Reichheld, Harvard Business Review, December 2003). Interval as in mean_score().
Mean net_promoter_score(ScoreCounts const& counts);

/// One question's part in an index.
struct IndexPart {
    Mean mean; ///< on five
    double weight = 1; ///< Question::weight
};
/// The QSC index, 1 to 5: sum of weight * mean over sum of weights, of the parts that anybody rated
/// (count: ratings in all; 0 where nobody rated any, or all weights are 0).
/// Its standard error and margin are the weighted sum of theirs: one customer's answers go together, how much
/// is not in the counts, and this is the most it can be (Cauchy-Schwarz).
Mean qsc_index(std::span<IndexPart const> parts);

/// How far the true means of groups (stores, days) lie apart, by moments (R. DerSimonian & N. Laird,
/// Controlled Clinical Trials 7 (1986)): a group's own luck is not in it.
struct Spread {
    double mean = 0; ///< of the groups' true means
    double standard_error = 0; ///< of that
    double between = 0; ///< variance of the groups' true means
    double within = 0; ///< variance of one rating about its group's true mean

    double variance_of(Mean const& group) const { return within / static_cast<double>(group.count); }
};
/// Of those with ratings; all 0 where there are none.
Spread spread_of(std::span<Mean const> means);

/// A group's figure after shrinkage, and where it stands among the others.
struct Ranked {
    double shrunk = 0;
    Interval interval;
    /// 1 is best. Of those that cannot be told apart none is called better: `best` of `worst` are the
    /// first and the last rank that its interval leaves open.
    std::size_t best_rank = 0;
    std::size_t worst_rank = 0;
};
/// Ranks groups (stores) by their means, highest first, so that five taps do not beat five hundred: each is
/// drawn towards the mean of all, the more the less is known of it. Credibility after H. Buehlmann &
/// E. Straub (Mitteilungen der Vereinigung Schweizerischer Versicherungsmathematiker 70 (1970)): one
/// variance of a rating for all groups, as a group of few taps knows too little of its own; the variance
/// between groups by moments (R. DerSimonian & N. Laird, Controlled Clinical Trials 7 (1986)).
/// One for each of `means`, in their order; nothing for those of no ratings.
std::vector<std::optional<Ranked>> rank(std::span<Mean const> means);

}
