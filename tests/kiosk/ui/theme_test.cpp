#include "kiosk/ui/theme.h"

#include "kiosk/model/contrast.h"
#include "kiosk/ui/branding.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>

using namespace listenpost::kiosk;
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

using Lab = std::array<double, 3>;

/// CIE L*a*b* (D65) of linear sRGB.
Lab lab(std::array<double, 3> const& rgb)
{
    auto const f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
    double const x = f((0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.9505);
    double const y = f(0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]);
    double const z = f((0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.089);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

using Matrix = std::array<std::array<double, 3>, 3>;

/// Linear sRGB as seen without one kind of cone: Machado, Oliveira and Fernandes (2009), severity 1.
constexpr Matrix seeing[] {
    {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
    {{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
    {{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}},
    {{{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}},
};

double difference(Colour a, Colour b, Matrix const& seen)
{
    auto const through = [&](Colour colour) {
        std::array<double, 3> linear {};
        for (std::size_t channel = 0; channel < 3; ++channel) {
            double const value = (colour >> (8 * channel) & 0xFF) / 255.0;
            linear[channel] = value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
        }
        std::array<double, 3> result {};
        for (std::size_t row = 0; row < 3; ++row) {
            for (std::size_t column = 0; column < 3; ++column)
                result[row] += seen[row][column] * linear[column];
            result[row] = std::clamp(result[row], 0.0, 1.0);
        }
        return lab(result);
    };
    Lab const left = through(a);
    Lab const right = through(b);
    return std::hypot(left[0] - right[0], left[1] - right[1], left[2] - right[2]);
}

constexpr double text = 4.5;
constexpr double shape = 3;

void check_rail_and_primary(Palette const& colours)
{
    CHECK(contrast(colours.on_teal, colours.teal) >= text);
    CHECK(contrast(colours.on_teal, colours.teal_pressed) >= text);
    CHECK(contrast(colours.teal, colours.paper) >= text);
    CHECK(contrast(colours.rail_text, colours.rail) >= text);
    CHECK(contrast(colours.rail_text, colours.rail_button) >= text);
    CHECK(contrast(colours.rail_quiet, colours.rail) >= text);
    CHECK(contrast(colours.rail_quiet, colours.rail_button) >= text);
    CHECK(contrast(colours.on_sand, colours.rail_quiet) >= text); // a pressed button of the rail
    CHECK(contrast(colours.on_sand, colours.sand) >= text);
    CHECK(contrast(colours.on_sand, colours.sand_pressed) >= text);
    CHECK(contrast(colours.sand, colours.rail) >= shape);
}

std::uint32_t hex_of(Colour colour)
{
    return (colour & 0xFF) << 16 | (colour & 0xFF00) | (colour >> 16 & 0xFF);
}

}

TEST_CASE("Whatever says something can be read: text 4.5:1, shapes 3:1", "[kiosk][ui]")
{
    for (Palette const& colours : {light, high_contrast}) {
        INFO((colours.face_style == FaceStyle::Filled ? "light" : "high contrast"));
        for (Colour const ground : {colours.paper, colours.card, colours.clay_tint}) {
            CHECK(contrast(colours.ink, ground) >= 7);
            CHECK(contrast(colours.ink2, ground) >= text);
        }
        CHECK(contrast(colours.ink, colours.sunk) >= text);
        CHECK(contrast(colours.edge, colours.card) >= shape);
        CHECK(contrast(colours.clay, colours.card) >= text);
        CHECK(contrast(colours.on_chosen_chip, colours.chosen_chip) >= text);
        check_rail_and_primary(colours);
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

TEST_CASE("Charts can be read: numbers 4.5:1 on every mark, and on the dark screen every mark 3:1",
    "[kiosk][ui][manager]")
{
    for (Palette const& colours : {light, high_contrast, print})
        for (std::size_t step = 0; step < colours.chart.size(); ++step)
            CHECK(contrast(colours.on_chart[step], colours.chart[step]) >= text);
    Palette const& dark = high_contrast;
    for (Colour const ground : {dark.card, dark.sunk, dark.paper}) {
        for (Colour const mark : dark.chart)
            CHECK(contrast(mark, ground) >= shape);
        CHECK(contrast(dark.hollow_cell, ground) >= shape); // too few ratings for a colour
        CHECK(contrast(dark.edge, ground) >= shape); // base lines, hollow bars, switches, fields
        CHECK(contrast(dark.ink, ground) >= shape); // intervals, the frame of the worst cell
        CHECK(contrast(dark.ink2, ground) >= shape); // the tick of what is usual
        CHECK(contrast(dark.teal, ground) >= text); // a rise; what was dealt with
        CHECK(contrast(dark.clay, ground) >= text); // a fall; what wants somebody
    }
    CHECK(contrast(dark.clay, dark.clay_tint) >= text);
    CHECK(contrast(dark.on_teal, dark.clay) >= text); // the sign of what is wrong
    CHECK(contrast(dark.rail_quiet, dark.rail_button) >= text);
}

TEST_CASE("Every colour that a survey may choose stays readable wherever it goes", "[kiosk][ui]")
{
    std::uint32_t const card = hex_of(light.card);
    std::uint32_t const ink = hex_of(light.ink);
    std::vector<std::uint32_t> dark; // accepted for primary and rail
    std::vector<std::uint32_t> bright; // accepted for the accent
    for (std::uint32_t red = 0; red < 256; red += 15)
        for (std::uint32_t green = 0; green < 256; green += 15)
            for (std::uint32_t blue = 0; blue < 256; blue += 51) {
                std::uint32_t const colour = red << 16 | green << 8 | blue;
                if (contrast_ratio(colour, card) >= text)
                    dark.push_back(colour);
                if (contrast_ratio(colour, ink) >= text)
                    bright.push_back(colour);
            }
    REQUIRE(dark.size() > 300);
    REQUIRE(bright.size() > 300);
    for (std::size_t index = 0; index < dark.size(); ++index) {
        // Together with others that are as unlike as can be, and by themselves.
        std::uint32_t const accent = bright[index * 7 % bright.size()];
        std::uint32_t const primary = dark[index * 5 % dark.size()];
        INFO(std::hex << "rail " << dark[index] << " accent " << accent << " primary " << primary);
        check_rail_and_primary(
            branded(light, {.primary = primary, .rail = dark[index], .accent = accent, .logo = {}}));
        check_rail_and_primary(
            branded(light, {.primary = {}, .rail = dark[index], .accent = {}, .logo = {}}));
    }
    for (std::uint32_t const accent : bright) {
        INFO(std::hex << "accent " << accent);
        check_rail_and_primary(branded(light, {.primary = {}, .rail = {}, .accent = accent, .logo = {}}));
    }
}

TEST_CASE("A survey's colours are taken, its faces' colours are not touched", "[kiosk][ui]")
{
    Palette const none = branded(light, {});
    CHECK(none.teal == light.teal);
    CHECK(none.rail == light.rail);
    CHECK(none.sand == light.sand);
    Palette const all
        = branded(light, {.primary = 0x7A1F3D, .rail = 0x3B1020, .accent = 0xFFD8A8, .logo = {}});
    CHECK(all.teal == rgb(0x7A1F3D));
    CHECK(all.rail == rgb(0x3B1020));
    CHECK(all.rail_edge == all.rail);
    CHECK(all.sand == rgb(0xFFD8A8));
    CHECK(all.face_chosen == light.face_chosen);
    CHECK(all.paper == light.paper);
}

TEST_CASE("Chosen faces differ for every kind of colour blindness", "[kiosk][ui]")
{
    // Two colours side by side are told apart from about 2 on; across a screen it takes more.
    // On the dark screen the best two are nearer to each other: there, shapes are outlined.
    for (auto const& [colours, clearly] : {std::pair(light, 13.9), {high_contrast, 8.0}})
        for (auto const& seen : seeing)
            for (std::size_t a = 0; a < colours.face_chosen.size(); ++a)
                for (std::size_t b = a + 1; b < colours.face_chosen.size(); ++b) {
                    INFO(&seen - seeing << ": " << a + 1 << " and " << b + 1);
                    CHECK(difference(colours.face_chosen[a], colours.face_chosen[b], seen) >= clearly);
                }
}
