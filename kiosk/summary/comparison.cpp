#include "kiosk/summary/comparison.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace listenpost::kiosk {
namespace {

/// The 97.5 % point of Student's t.
double student(int degrees)
{
    constexpr std::array<double, 7> few {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365};
    if (degrees <= static_cast<int>(few.size()))
        return few[static_cast<std::size_t>(std::max(degrees, 1)) - 1];
    // Cornish & Fisher's expansion, exact to 0.002 from here on.
    constexpr double z = 1.959964;
    double const n = degrees;
    return z + (std::pow(z, 3) + z) / (4 * n)
        + (5 * std::pow(z, 5) + 16 * std::pow(z, 3) + 3 * z) / (96 * n * n);
}

/// Samples, each with the variance that one rating has in all of them: a sample's own would give those that
/// are all content by chance too much weight.
class Samples {
public:
    explicit Samples(std::span<Mean const> means)
    {
        std::ranges::copy_if(
            means, std::back_inserter(means_), [](Mean const& each) { return each.count > 0; });
        double ratings = 0;
        for (auto const& each : means_) {
            auto const count = static_cast<double>(each.count);
            ratings += count;
            within_ += count * count * each.standard_error * each.standard_error;
        }
        within_ /= ratings;
    }

    std::size_t size() const { return means_.size(); }

    struct Weighted {
        double weights = 0;
        double mean = 0;
    };
    Weighted weigh(double between) const
    {
        Weighted sum;
        for (auto const& each : means_) {
            double const weight = 1 / (variance_of(each) + between);
            sum.weights += weight;
            sum.mean += weight * each.value;
        }
        sum.mean /= sum.weights;
        return sum;
    }

    /// DerSimonian & Laird's, by moments.
    double variance_between() const
    {
        auto const fixed = weigh(0);
        double q = 0;
        double squares = 0;
        for (auto const& each : means_) {
            double const weight = 1 / variance_of(each);
            q += weight * (each.value - fixed.mean) * (each.value - fixed.mean);
            squares += weight * weight;
        }
        double const degrees = static_cast<double>(means_.size()) - 1;
        double const scale = fixed.weights - squares / fixed.weights;
        return scale > 0 ? std::max(0.0, (q - degrees) / scale) : 0;
    }

private:
    double variance_of(Mean const& sample) const { return within_ / static_cast<double>(sample.count); }

    std::vector<Mean> means_;
    double within_ = 0;
};

}

Comparison compare(Mean const& now, std::span<Mean const> usual_samples, int length)
{
    Samples const samples(usual_samples);
    Comparison found;
    if (now.count == 0)
        return found;
    found.samples = static_cast<int>(samples.size());
    if (!found.is_known())
        return found;
    double const between = samples.variance_between();
    auto const usual = samples.weigh(between);
    double const variance = now.standard_error * now.standard_error + between / length + 1 / usual.weights;
    double const margin = student(found.samples - 1) * std::sqrt(variance);
    found.usual = usual.mean;
    found.change = now.value - usual.mean;
    found.interval = {found.change - margin, found.change + margin};
    found.spread = std::sqrt(between);
    return found;
}

}
