#include "kiosk/ui/theme.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

using namespace listenpost::kiosk::theme;

namespace {

/// Relative luminance, as WCAG 2 defines it.
double luminance(Colour colour)
{
    auto const linear = [colour](int shift) {
        double const value = (colour >> shift & 0xFF) / 255.0;
        return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(0) + 0.7152 * linear(8) + 0.0722 * linear(16);
}

double contrast(Colour a, Colour b)
{
    auto const [dark, bright] = std::minmax({luminance(a), luminance(b)});
    return (bright + 0.05) / (dark + 0.05);
}

}

TEST_CASE("Whatever says something can be read: text 4.5:1, shapes 3:1", "[kiosk][ui]")
{
    constexpr double text = 4.5;
    constexpr double shape = 3;
    for (Palette const& colours : {light, high_contrast}) {
        INFO((colours.face_style == FaceStyle::Filled ? "light" : "high contrast"));
        for (Colour const ground : {colours.paper, colours.card, colours.clay_tint}) {
            CHECK(contrast(colours.ink, ground) >= 7);
            CHECK(contrast(colours.ink2, ground) >= text);
        }
        CHECK(contrast(colours.ink, colours.sunk) >= text);
        CHECK(contrast(colours.edge, colours.card) >= shape);
        CHECK(contrast(colours.on_teal, colours.teal) >= text);
        CHECK(contrast(colours.on_teal, colours.teal_pressed) >= text);
        CHECK(contrast(colours.teal, colours.paper) >= text);
        CHECK(contrast(colours.clay, colours.card) >= text);
        CHECK(contrast(colours.on_chosen_chip, colours.chosen_chip) >= text);
        CHECK(contrast(colours.rail_text, colours.rail) >= text);
        CHECK(contrast(colours.rail_text, colours.rail_button) >= text);
        CHECK(contrast(colours.rail_quiet, colours.rail) >= text);
        CHECK(contrast(colours.rail_quiet, colours.rail_button) >= text);
        CHECK(contrast(colours.on_sand, colours.sand) >= text);
        CHECK(contrast(colours.on_sand, colours.sand_pressed) >= text);
        CHECK(contrast(colours.face_ring, colours.card) >= text);
        bool const filled = colours.face_style == FaceStyle::Filled;
        for (std::size_t score = 0; score < colours.face_rest.size(); ++score) {
            CHECK(contrast(colours.face_features[score], colours.face_chosen[score]) >= text);
            CHECK(contrast(filled ? colours.face_features_rest : colours.face_rest[score],
                      filled ? colours.face_rest[score] : colours.card)
                >= text);
            CHECK(contrast(filled ? colours.face_features_dim : colours.face_dim[score],
                      filled ? colours.face_dim[score] : colours.card)
                >= shape);
        }
    }
}
