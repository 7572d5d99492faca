#include "kiosk/summary/comparison.h"

#include <algorithm>
#include <array>
#include <cmath>

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

}

bool Comparison::is_clear_of_three() const
{
    // The 99.17 % point over the 97.5 % point, by degrees of freedom from 1; from 8 on as for 7, which is on
    // the careful side.
    constexpr std::array<double, 7> wider {3.006, 1.778, 1.526, 1.427, 1.375, 1.343, 1.323};
    if (!is_known())
        return false;
    std::size_t const degrees = std::min(static_cast<std::size_t>(samples) - 1, wider.size());
    return std::abs(change) > (interval.high - interval.low) / 2 * wider[degrees - 1];
}

Comparison compare(Mean const& now, std::span<Mean const> usual_samples, int length)
{
    Comparison found;
    if (now.count == 0)
        return found;
    found.samples = static_cast<int>(
        std::ranges::count_if(usual_samples, [](Mean const& sample) { return sample.count > 0; }));
    if (!found.is_known())
        return found;
    Spread const usual = spread_of(usual_samples);
    double const variance = now.standard_error * now.standard_error + usual.between / length
        + usual.standard_error * usual.standard_error;
    double const margin = student(found.samples - 1) * std::sqrt(variance);
    found.usual = usual.mean;
    found.change = now.value - usual.mean;
    found.interval = {found.change - margin, found.change + margin};
    found.spread = std::sqrt(usual.between);
    return found;
}

}
