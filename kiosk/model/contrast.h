#pragma once

#include <cstdint>

namespace listenpost::kiosk {

/// How well one colour (0xRRGGBB) is read on another: 1 (not at all) to 21. The order does
/// not matter. Formula: WCAG 2.2, "contrast ratio" and "relative luminance".
double contrast_ratio(std::uint32_t left, std::uint32_t right);

}
