#include "kiosk/model/score_statistics.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace listenpost::kiosk;
using Catch::Detail::Approx;

namespace {

ScoreCounts counts_of(std::initializer_list<std::int64_t> times_from_1)
{
    ScoreCounts counts;
    int score = 1;
    for (auto const times : times_from_1)
        counts.add(score++, times);
    return counts;
}

/// How often of 4,000 samples of `n` taps the interval holds the true mean.
double coverage(std::vector<double> const& chances, int n, std::mt19937& random)
{
    double truth = 0;
    double sum = 0;
    for (std::size_t k = 0; k < chances.size(); ++k) {
        truth += chances[k] * static_cast<double>(k + 1);
        sum += chances[k];
    }
    truth /= sum;
    std::discrete_distribution<int> tap(chances.begin(), chances.end());
    int held = 0;
    constexpr int samples = 4'000;
    for (int sample = 0; sample < samples; ++sample) {
        ScoreCounts counts;
        for (int i = 0; i < n; ++i)
            counts.add(1 + tap(random));
        auto const interval = mean_score(counts, Scale::FiveFaces).interval;
        held += truth >= interval.low && truth <= interval.high ? 1 : 0;
    }
    return static_cast<double>(held) / samples;
}

}

TEST_CASE("Scores that no scale has are not counted", "[kiosk][model][statistics]")
{
    ScoreCounts counts;
    counts.add(-1);
    counts.add(11);
    counts.add(10, 2);
    CHECK(counts.total() == 2);
    CHECK(mean_score(counts, Scale::FiveFaces).count == 0);
}

TEST_CASE("A mean is the plain average of the taps", "[kiosk][model][statistics]")
{
    auto const mean = mean_score(counts_of({3, 0, 2, 10, 25}), Scale::FiveFaces);
    CHECK(mean.count == 40);
    CHECK(mean.value == Approx((3 * 1 + 2 * 3 + 10 * 4 + 25 * 5) / 40.0));
    CHECK(mean.interval.low < mean.value);
    CHECK(mean.interval.high > mean.value);

    auto sum = counts_of({1, 0, 2, 4, 20});
    sum += counts_of({2, 0, 0, 6, 5});
    CHECK(mean_score(sum, Scale::FiveFaces).value == mean.value);

    CHECK(mean_score({}, Scale::FiveFaces).count == 0);
}

TEST_CASE("Five equal taps are no certainty, and five hundred nearly are", "[kiosk][model][statistics]")
{
    auto const five = mean_score(counts_of({0, 0, 0, 0, 5}), Scale::FiveFaces);
    CHECK(five.value == 5);
    CHECK(five.interval.low < 4.2);
    CHECK(five.interval.high == 5);
    CHECK_FALSE(five.is_too_few());
    CHECK(mean_score(counts_of({0, 0, 0, 0, 4}), Scale::FiveFaces).is_too_few());

    auto const many = mean_score(counts_of({0, 0, 0, 0, 500}), Scale::FiveFaces);
    CHECK(many.interval.low > 4.95);
}

TEST_CASE("Of a hundred intervals about ninety-five hold the truth, also of few and of one-sided taps",
    "[kiosk][model][statistics]")
{
    std::mt19937 random(20261127);
    std::vector<std::vector<double>> const shops {
        {.03, .05, .12, .35, .45}, {.02, .02, .06, .2, .7}, {.3, .2, .1, .1, .3}, {.2, .2, .2, .2, .2}};
    for (auto const& shop : shops)
        for (int const n : {5, 12, 40, 150}) {
            INFO("shop " << shop[4] << ", " << n << " taps");
            auto const share = coverage(shop, n, random);
            CHECK(share >= 0.92);
            CHECK(share <= 0.995);
        }
}

TEST_CASE("Faces of every number meet on the scale of five", "[kiosk][model][statistics]")
{
    CHECK(mean_on_five(counts_of({0, 0, 7}), Scale::ThreeFaces).value == 5);
    CHECK(mean_on_five(counts_of({7, 0, 0}), Scale::ThreeFaces).value == 1);
    CHECK(mean_on_five(counts_of({0, 6, 6, 0}), Scale::FourFaces).value == Approx(3));
    auto const five = counts_of({1, 2, 3, 4, 5});
    CHECK(mean_on_five(five, Scale::FiveFaces).value == mean_score(five, Scale::FiveFaces).value);
    CHECK(mean_on_five(five, Scale::FiveFaces).interval == mean_score(five, Scale::FiveFaces).interval);
}

TEST_CASE("A share's interval is Wilson's", "[kiosk][model][statistics]")
{
    // 8 of 10, worked by hand from the formula: centre .7168, half .2265.
    auto const eight = share(8, 10);
    CHECK(eight.value == Approx(.8));
    CHECK(eight.interval.low == Approx(.4902).margin(.0002));
    CHECK(eight.interval.high == Approx(.9433).margin(.0002));

    auto const all = share(5, 5);
    CHECK(all.interval.high == 1);
    CHECK(all.interval.low == Approx(5 / (5 + 1.959963984540054 * 1.959963984540054)));
    CHECK(share(0, 5).interval.low == 0);
    CHECK(share(0, 0).of == 0);
    CHECK(share(2, 4).is_too_few());
}

TEST_CASE("The top and bottom box are two scores, of three faces one", "[kiosk][model][statistics]")
{
    auto const five = counts_of({1, 2, 3, 4, 5});
    CHECK(top_box(five, Scale::FiveFaces).count == 9);
    CHECK(bottom_box(five, Scale::FiveFaces).count == 3);
    CHECK(top_box(five, Scale::FiveFaces).of == 15);
    CHECK(top_box(counts_of({1, 2, 3, 4}), Scale::FourFaces).count == 7);
    CHECK(top_box(counts_of({1, 2, 3}), Scale::ThreeFaces).count == 3);
    CHECK(bottom_box(counts_of({1, 2, 3}), Scale::ThreeFaces).count == 1);
}

TEST_CASE("The net promoter score is promoters less detractors", "[kiosk][model][statistics]")
{
    ScoreCounts counts;
    counts.add(10, 30);
    counts.add(9, 20);
    counts.add(8, 25);
    counts.add(7, 5);
    counts.add(6, 10);
    counts.add(0, 10);
    auto const score = net_promoter_score(counts);
    CHECK(score.count == 100);
    CHECK(score.value == Approx(30));
    CHECK(score.interval.low > 30 - 17);
    CHECK(score.interval.high < 30 + 17);

    ScoreCounts only_best;
    only_best.add(10, 5);
    CHECK(net_promoter_score(only_best).value == 100);
    CHECK(net_promoter_score(only_best).interval.high == 100);
    CHECK(net_promoter_score(only_best).interval.low < 60);
}

TEST_CASE("The index weighs its parts and is never surer than they are", "[kiosk][model][statistics]")
{
    auto const quality = mean_on_five(counts_of({0, 0, 0, 10, 30}), Scale::FiveFaces);
    auto const service = mean_on_five(counts_of({10, 10, 10, 5, 5}), Scale::FiveFaces);
    std::vector<IndexPart> parts {{quality, 1}, {service, 3}};
    auto const index = qsc_index(parts);
    CHECK(index.value == Approx((quality.value + 3 * service.value) / 4));
    CHECK(index.standard_error == Approx((quality.standard_error + 3 * service.standard_error) / 4));
    CHECK(index.count == 80);

    parts.push_back({Mean {}, 100});
    CHECK(qsc_index(parts).value == index.value);
    CHECK(qsc_index({}).count == 0);
    std::vector<IndexPart> const weightless {{quality, 0}};
    CHECK(qsc_index(weightless).count == 0);
}

TEST_CASE("Five taps do not beat five hundred", "[kiosk][model][statistics]")
{
    std::vector<Mean> stores {
        mean_on_five(counts_of({0, 0, 0, 0, 5}), Scale::FiveFaces), // five perfect taps
        mean_on_five(counts_of({5, 5, 20, 120, 350}), Scale::FiveFaces), // five hundred very good ones
        mean_on_five(counts_of({20, 30, 60, 180, 210}), Scale::FiveFaces),
        mean_on_five(counts_of({10, 25, 50, 200, 215}), Scale::FiveFaces), Mean {}, // nobody
    };
    auto const ranked = rank(stores);
    REQUIRE(ranked.size() == 5);
    CHECK_FALSE(ranked[4]);
    CHECK(stores[0].value > stores[1].value);
    CHECK(ranked[0]->shrunk < ranked[1]->shrunk);
    CHECK(ranked[1]->shrunk == Approx(stores[1].value).margin(.05));
    CHECK(ranked[1]->best_rank == 1);
    CHECK(ranked[2]->worst_rank == 4);
    // What little is known of the first store leaves it many ranks.
    CHECK(ranked[0]->worst_rank - ranked[0]->best_rank >= ranked[1]->worst_rank - ranked[1]->best_rank);
}

TEST_CASE("Stores that cannot be told apart share their ranks", "[kiosk][model][statistics]")
{
    auto const alike = mean_on_five(counts_of({2, 3, 10, 40, 45}), Scale::FiveFaces);
    std::vector<Mean> const stores(7, alike);
    for (auto const& store : rank(stores)) {
        CHECK(store->best_rank == 1);
        CHECK(store->worst_rank == 7);
        CHECK(store->shrunk == Approx(alike.value));
    }
    CHECK(rank({}).empty());
    std::vector<Mean> const alone {alike};
    CHECK(rank(alone)[0]->best_rank == 1);
    CHECK(rank(alone)[0]->worst_rank == 1);
}

TEST_CASE("Shrinking brings the ranking nearer to the truth", "[kiosk][model][statistics]")
{
    std::mt19937 random(5);
    std::normal_distribution<double> talent(4.2, .15);
    std::uniform_int_distribution<int> log_size(2, 9);
    double plain_error = 0;
    double shrunk_error = 0;
    std::vector<Mean> means;
    std::vector<double> truths;
    for (int store = 0; store < 400; ++store) {
        double const truth = std::clamp(talent(random), 2.0, 4.9);
        std::binomial_distribution<int> tap(4, (truth - 1) / 4);
        ScoreCounts counts;
        for (int i = 1 << log_size(random); i > 0; --i)
            counts.add(1 + tap(random));
        means.push_back(mean_on_five(counts, Scale::FiveFaces));
        truths.push_back(truth);
    }
    auto const ranked = rank(means);
    int held = 0;
    for (std::size_t i = 0; i < means.size(); ++i) {
        plain_error += std::pow(means[i].value - truths[i], 2);
        shrunk_error += std::pow(ranked[i]->shrunk - truths[i], 2);
        held += truths[i] >= ranked[i]->interval.low && truths[i] <= ranked[i]->interval.high ? 1 : 0;
    }
    CHECK(shrunk_error < plain_error / 2);
    CHECK(held > 400 * 92 / 100);
}
