#include "kiosk/model/score_statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace listenpost::kiosk {
namespace {

constexpr double z95 = 1.959963984540054; // two-sided 95 % of the normal distribution

/// Student's t for 95 %, by Fisher's expansion: Abramowitz & Stegun, 26.7.5. From 5 degrees of freedom
/// on it is less than 1 % too small.
double t95(double freedom)
{
    constexpr double z3 = z95 * z95 * z95;
    constexpr double z5 = z3 * z95 * z95;
    return z95 + (z3 + z95) / (4 * freedom) + (5 * z5 + 16 * z3 + 3 * z95) / (96 * freedom * freedom);
}

Interval interval_around(double centre, double half, Interval limits)
{
    return {std::clamp(centre - half, limits.low, limits.high),
        std::clamp(centre + half, limits.low, limits.high)};
}

/// The mean of values[k], seen counts[k] times; between its values, all of which could have been seen.
Mean multinomial_mean(std::span<std::int64_t const> counts, std::span<double const> values)
{
    std::int64_t const n = std::accumulate(counts.begin(), counts.end(), std::int64_t {0});
    if (n == 0)
        return {};
    // The prior is one rating, an equal part of it on each value.
    double const prior = 1.0 / static_cast<double>(values.size());
    double sum = 0;
    double posterior_sum = 0;
    double posterior_squares = 0;
    for (std::size_t k = 0; k < values.size(); ++k) {
        auto const seen = static_cast<double>(counts[k]);
        sum += seen * values[k];
        posterior_sum += (seen + prior) * values[k];
        posterior_squares += (seen + prior) * values[k] * values[k];
    }
    double const weight = static_cast<double>(n) + 1;
    double const centre = posterior_sum / weight;
    double const variance = (posterior_squares / weight - centre * centre) / (weight + 1);
    double const standard_error = std::sqrt(variance);
    auto const [lowest, highest] = std::ranges::minmax(values);
    return {n, sum / static_cast<double>(n), standard_error,
        interval_around(centre, t95(static_cast<double>(n)) * standard_error, {lowest, highest})};
}

std::span<std::int64_t const> counts_on(ScoreCounts const& counts, Scale scale)
{
    auto const first = static_cast<std::size_t>(lowest_score(scale));
    auto const last = static_cast<std::size_t>(highest_score(scale));
    return std::span(counts.of).subspan(first, last - first + 1);
}

Share box(ScoreCounts const& counts, Scale scale, bool top)
{
    auto const scores = counts_on(counts, scale);
    std::size_t const size = scale == Scale::ThreeFaces ? 1 : 2;
    auto const in_box = top ? scores.last(size) : scores.first(size);
    return share(std::accumulate(in_box.begin(), in_box.end(), std::int64_t {0}),
        std::accumulate(scores.begin(), scores.end(), std::int64_t {0}));
}

double variance_within(std::vector<Mean> const& groups)
{
    double ratings = 0;
    double squares = 0;
    for (auto const& group : groups) {
        auto const n = static_cast<double>(group.count);
        ratings += n;
        squares += n * n * group.standard_error * group.standard_error;
    }
    return squares / ratings;
}

void weigh(std::vector<Mean> const& groups, Spread& spread)
{
    double weights = 0;
    double sum = 0;
    for (auto const& group : groups) {
        double const weight = 1 / (spread.variance_of(group) + spread.between);
        weights += weight;
        sum += weight * group.value;
    }
    spread.mean = sum / weights;
    spread.standard_error = std::sqrt(1 / weights);
}

Ranked shrink(Mean const& group, Spread const& all)
{
    double const own = all.variance_of(group);
    double const trust = all.between / (all.between + own);
    double const shrunk = all.mean + trust * (group.value - all.mean);
    double const half = z95 * std::sqrt(trust * own);
    return {shrunk, {shrunk - half, shrunk + half}};
}

void give_ranks(std::vector<std::optional<Ranked>>& all)
{
    std::vector<double> lows;
    std::vector<double> highs;
    for (auto const& one : all) {
        if (one) {
            lows.push_back(one->interval.low);
            highs.push_back(one->interval.high);
        }
    }
    std::ranges::sort(lows);
    std::ranges::sort(highs);
    for (auto& one : all) {
        if (!one)
            continue;
        auto const surely_better = lows.end() - std::ranges::upper_bound(lows, one->interval.high);
        auto const surely_worse = std::ranges::lower_bound(highs, one->interval.low) - highs.begin();
        one->best_rank = static_cast<std::size_t>(surely_better) + 1;
        one->worst_rank = highs.size() - static_cast<std::size_t>(surely_worse);
    }
}

}

void ScoreCounts::add(int score, std::int64_t times)
{
    if (score >= 0 && score <= highest)
        of[static_cast<std::size_t>(score)] += times;
}

ScoreCounts& ScoreCounts::operator+=(ScoreCounts const& other)
{
    std::ranges::transform(of, other.of, of.begin(), std::plus());
    return *this;
}

std::int64_t ScoreCounts::total() const { return std::accumulate(of.begin(), of.end(), std::int64_t {0}); }

Mean mean_score(ScoreCounts const& counts, Scale scale)
{
    std::vector<double> values(counts_on(counts, scale).size());
    std::iota(values.begin(), values.end(), lowest_score(scale));
    return multinomial_mean(counts_on(counts, scale), values);
}

Mean mean_on_five(ScoreCounts const& counts, Scale scale)
{
    Mean mean = mean_score(counts, scale);
    if (mean.count == 0)
        return mean;
    double const lowest = lowest_score(scale);
    double const step = 4 / (highest_score(scale) - lowest);
    auto const on_five = [&](double score) { return 1 + step * (score - lowest); };
    return {mean.count, on_five(mean.value), step * mean.standard_error,
        {on_five(mean.interval.low), on_five(mean.interval.high)}};
}

Share share(std::int64_t count, std::int64_t of)
{
    if (of == 0)
        return {};
    auto const n = static_cast<double>(of);
    double const p = static_cast<double>(count) / n;
    double const z2 = z95 * z95;
    double const centre = (p + z2 / (2 * n)) / (1 + z2 / n);
    double const half = z95 / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    return {count, of, p, {std::max(0.0, centre - half), std::min(1.0, centre + half)}};
}

Share top_box(ScoreCounts const& counts, Scale scale) { return box(counts, scale, true); }
Share bottom_box(ScoreCounts const& counts, Scale scale) { return box(counts, scale, false); }

Mean net_promoter_score(ScoreCounts const& counts)
{
    auto const sum = [&](std::size_t first, std::size_t last) {
        auto const some = std::span(counts.of).subspan(first, last - first + 1);
        return std::accumulate(some.begin(), some.end(), std::int64_t {0});
    };
    std::array const groups {sum(0, 6), sum(7, 8), sum(9, 10)};
    static constexpr std::array values {-100.0, 0.0, 100.0};
    return multinomial_mean(groups, values);
}

Mean qsc_index(std::span<IndexPart const> parts)
{
    double weights = 0;
    double margins = 0;
    Mean index;
    for (auto const& part : parts) {
        if (part.mean.count == 0 || part.weight <= 0)
            continue;
        weights += part.weight;
        index.count += part.mean.count;
        index.value += part.weight * part.mean.value;
        index.standard_error += part.weight * part.mean.standard_error;
        margins += part.weight * t95(static_cast<double>(part.mean.count)) * part.mean.standard_error;
    }
    if (weights == 0)
        return {};
    index.value /= weights;
    index.standard_error /= weights;
    index.interval = interval_around(index.value, margins / weights, {1, 5});
    return index;
}

Spread spread_of(std::span<Mean const> means)
{
    std::vector<Mean> groups;
    std::ranges::copy_if(means, std::back_inserter(groups), [](Mean const& mean) { return mean.count > 0; });
    Spread spread;
    if (groups.empty())
        return spread;
    spread.within = variance_within(groups);
    weigh(groups, spread);
    double weights = 0;
    double squared_weights = 0;
    double heterogeneity = 0; // Cochran's Q
    for (auto const& group : groups) {
        double const weight = 1 / spread.variance_of(group);
        weights += weight;
        squared_weights += weight * weight;
        heterogeneity += weight * (group.value - spread.mean) * (group.value - spread.mean);
    }
    double const scale = weights - squared_weights / weights;
    double const freedom = static_cast<double>(groups.size()) - 1;
    spread.between = scale > 0 ? std::max(0.0, (heterogeneity - freedom) / scale) : 0;
    weigh(groups, spread);
    return spread;
}

std::vector<std::optional<Ranked>> rank(std::span<Mean const> means)
{
    std::vector<std::optional<Ranked>> ranked(means.size());
    Spread const all = spread_of(means);
    for (std::size_t i = 0; i < means.size(); ++i)
        if (means[i].count > 0)
            ranked[i] = shrink(means[i], all);
    give_ranks(ranked);
    return ranked;
}

}
