#include "kiosk/model/contrast.h"

#include <algorithm>
#include <cmath>

namespace listenpost::kiosk {
namespace {

double linear(std::uint32_t byte)
{
    double const part = byte / 255.0;
    return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
}

double luminance(std::uint32_t colour)
{
    return 0.2126 * linear(colour >> 16 & 0xFF) + 0.7152 * linear(colour >> 8 & 0xFF)
        + 0.0722 * linear(colour & 0xFF);
}

}

double contrast_ratio(std::uint32_t left, std::uint32_t right)
{
    auto const [darker, lighter] = std::minmax({luminance(left), luminance(right)});
    return (lighter + 0.05) / (darker + 0.05);
}

}
