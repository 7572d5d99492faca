#include "kiosk/model/contrast.h"

#include <catch2/catch.hpp>

using namespace listenpost::kiosk;

TEST_CASE("Contrast runs from 1 to 21", "[model]")
{
    CHECK(contrast_ratio(0x000000, 0xFFFFFF) == Approx(21));
    CHECK(contrast_ratio(0x17615F, 0x17615F) == Approx(1));
}

TEST_CASE("Contrast does not depend on the order", "[model]")
{
    CHECK(contrast_ratio(0x17615F, 0xFFFCF5) == contrast_ratio(0xFFFCF5, 0x17615F));
}

TEST_CASE("Contrast is that of WCAG", "[model]")
{
    // #767676 is the lightest grey that text on white may have; #777777 is just too light.
    CHECK(contrast_ratio(0x767676, 0xFFFFFF) == Approx(4.54).margin(0.005));
    CHECK(contrast_ratio(0x777777, 0xFFFFFF) == Approx(4.48).margin(0.005));
    // Each channel weighs what the eye makes of it.
    CHECK(contrast_ratio(0xFF0000, 0xFFFFFF) == Approx(4.00).margin(0.005));
    CHECK(contrast_ratio(0x00FF00, 0xFFFFFF) == Approx(1.37).margin(0.005));
    CHECK(contrast_ratio(0x0000FF, 0xFFFFFF) == Approx(8.59).margin(0.005));
}
