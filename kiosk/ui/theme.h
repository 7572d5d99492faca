#pragma once

#include <array>
#include <chrono>
#include <cstdint>

/// Every token of the visual language, and nothing else. Lengths are design
/// pixels: 5.9 of them are a millimetre on the screen the design was drawn for.
namespace listenpost::kiosk::theme {

/// As ImGui packs it: red in the lowest byte.
using Colour = std::uint32_t;

constexpr Colour rgb(std::uint32_t hex, unsigned alpha_percent = 100)
{
    return (alpha_percent * 255 / 100) << 24 | (hex & 0xFF) << 16 | (hex & 0xFF00) | (hex >> 16 & 0xFF);
}

/// One colour for each score, worst first.
using Scale = std::array<Colour, 5>;

/// Of the manager's charts, worst first: the bad end loud, the good end pale; read with the numbers printed
/// on them, which have 5.1:1.
inline constexpr Scale chart {rgb(0xB24E2E), rgb(0xDE9A68), rgb(0xEBD5A2), rgb(0xC3DED6), rgb(0x8FC1B7)};
inline constexpr Scale on_chart {rgb(0xFFFCF5), rgb(0x1E2B2B), rgb(0x1E2B2B), rgb(0x1E2B2B), rgb(0x1E2B2B)};
/// The same on the dark screen, where every step has 3:1 against the card: the faces' colours there.
inline constexpr Scale dark_chart {rgb(0xE58A63), rgb(0xEBB184), rgb(0xEBD7A6), rgb(0x9CCCC1), rgb(0x5FB8AE)};
inline constexpr Scale on_dark_chart {
    rgb(0x0C1F20), rgb(0x0C1F20), rgb(0x0C1F20), rgb(0x0C1F20), rgb(0x0C1F20)};

/// How faces that are not chosen look.
enum class FaceStyle { Filled, Outlined };

struct Palette {
    Colour paper; ///< ground of the reading side
    Colour card;
    Colour sunk; ///< pressed cards, disabled buttons
    Colour ink; ///< text; on paper 13:1, on card 14:1
    Colour ink2; ///< quiet text; at least 5.2:1
    Colour edge; ///< outlines of controls
    Colour line; ///< decoration only
    Colour staff_dot; ///< on paper 2:1, to be found by who looks for it
    Colour teal; ///< the one primary on paper
    Colour teal_pressed;
    Colour on_teal;
    Colour clay; ///< text that wants attention
    Colour clay_tint;
    Colour disabled_text;
    Colour chosen_chip;
    Colour on_chosen_chip;

    Colour rail; ///< ground of the acting side
    Colour rail_edge; ///< its border with the paper; as `rail` where none is drawn
    Colour rail_button;
    Colour rail_text;
    Colour rail_quiet;
    Colour rail_outline;
    Colour rail_track; ///< ring segments not yet reached
    Colour sand; ///< the one primary on the rail
    Colour sand_pressed;
    Colour sand_track; ///< the part of a countdown that is over
    Colour on_sand;

    FaceStyle face_style;
    Scale face_rest;
    Scale face_dim;
    Scale face_chosen;
    Scale face_features; ///< on face_chosen
    Colour face_features_rest; ///< on face_rest, when filled
    Colour face_features_dim;
    Colour face_ring;

    Scale chart;
    Scale on_chart; ///< text on it
    Colour chart_edge; ///< around what has such a colour; of no opacity: nothing
    Colour hollow_cell; ///< outline of a heat map's cell that has too few ratings for a colour
};

inline constexpr Palette light {
    .paper = rgb(0xF7F1E6),
    .card = rgb(0xFFFCF5),
    .sunk = rgb(0xEFE6D6),
    .ink = rgb(0x1E2B2B),
    .ink2 = rgb(0x55605D),
    .edge = rgb(0x857A68),
    .line = rgb(0xDDD2BF),
    .staff_dot = rgb(0xB5AA97),
    .teal = rgb(0x17615F),
    .teal_pressed = rgb(0x123F40),
    .on_teal = rgb(0xFFFCF5),
    .clay = rgb(0x9A3F22),
    .clay_tint = rgb(0xF6E2D3),
    .disabled_text = rgb(0x7C817B),
    .chosen_chip = rgb(0x1E2B2B),
    .on_chosen_chip = rgb(0xFFFCF5),
    .rail = rgb(0x123F40),
    .rail_edge = rgb(0x123F40),
    .rail_button = rgb(0x1F5354),
    .rail_text = rgb(0xFFFCF5),
    .rail_quiet = rgb(0xA9C5BF),
    .rail_outline = rgb(0x4F7E7C),
    .rail_track = rgb(0x3C6968),
    .sand = rgb(0xF0C98B),
    .sand_pressed = rgb(0xA9C5BF),
    .sand_track = rgb(0xD3A967),
    .on_sand = rgb(0x1E2B2B),
    .face_style = FaceStyle::Filled,
    .face_rest = {rgb(0xEFC9B7), rgb(0xF6DCC5), rgb(0xF3E5C3), rgb(0xD0E4DC), rgb(0xB5D5CF)},
    .face_dim = {rgb(0xF9EDE2), rgb(0xFBF1E5), rgb(0xFAF4E4), rgb(0xEFF4EC), rgb(0xE6EFEA)},
    .face_chosen = {rgb(0xB24E2E), rgb(0xDE9A68), rgb(0xE6CC93), rgb(0x7FB3A8), rgb(0x17615F)},
    .face_features = {rgb(0xFFFCF5), rgb(0x1E2B2B), rgb(0x1E2B2B), rgb(0x1E2B2B), rgb(0xFFFCF5)},
    .face_features_rest = rgb(0x1E2B2B),
    .face_features_dim = rgb(0x7C817B),
    .face_ring = rgb(0x1E2B2B),
    .chart = chart,
    .on_chart = on_chart,
    .chart_edge = 0,
    .hollow_cell = rgb(0xDDD2BF),
};

inline constexpr Palette high_contrast {
    .paper = rgb(0x0C1F20),
    .card = rgb(0x15302F),
    .sunk = rgb(0x0C1F20),
    .ink = rgb(0xF7F1E6),
    .ink2 = rgb(0xB4C4BF),
    .edge = rgb(0x8FA5A1),
    .line = rgb(0x2C4B4A),
    .staff_dot = rgb(0x3C5453),
    .teal = rgb(0x5FB8AE),
    .teal_pressed = rgb(0x9CCCC1),
    .on_teal = rgb(0x0C1F20),
    .clay = rgb(0xE58A63),
    .clay_tint = rgb(0x3A2A22),
    .disabled_text = rgb(0x8FA5A1),
    .chosen_chip = rgb(0xF7F1E6),
    .on_chosen_chip = rgb(0x0C1F20),
    .rail = rgb(0x0A191A),
    .rail_edge = rgb(0x2C4B4A),
    .rail_button = rgb(0x15302F),
    .rail_text = rgb(0xF7F1E6),
    .rail_quiet = rgb(0xB4C4BF),
    .rail_outline = rgb(0x4F7E7C),
    .rail_track = rgb(0x3C6968),
    .sand = rgb(0xF0C98B),
    .sand_pressed = rgb(0xA9C5BF),
    .sand_track = rgb(0xD3A967),
    .on_sand = rgb(0x0C1F20),
    .face_style = FaceStyle::Outlined,
    .face_rest = {rgb(0xE58A63), rgb(0xEBB184), rgb(0xEBD7A6), rgb(0x9CCCC1), rgb(0x5FB8AE)},
    .face_dim = {rgb(0x8FA5A1), rgb(0x8FA5A1), rgb(0x8FA5A1), rgb(0x8FA5A1), rgb(0x8FA5A1)},
    .face_chosen = {rgb(0xE58A63), rgb(0xEBB184), rgb(0xEBD7A6), rgb(0x9CCCC1), rgb(0x5FB8AE)},
    .face_features = {rgb(0x0C1F20), rgb(0x0C1F20), rgb(0x0C1F20), rgb(0x0C1F20), rgb(0x0C1F20)},
    .face_features_rest = rgb(0xF7F1E6),
    .face_features_dim = rgb(0x8FA5A1),
    .face_ring = rgb(0xF7F1E6),
    .chart = dark_chart,
    .on_chart = on_dark_chart,
    .chart_edge = 0,
    .hollow_cell = rgb(0x8FA5A1),
};

/// On white paper, from a printer that may have no colours: the worse the darker, also as shades of grey.
/// What acts is not on it.
inline constexpr Palette print = [] {
    Palette palette = light;
    palette.paper = palette.card = rgb(0xFFFFFF);
    palette.sunk = rgb(0xE6E6E6);
    palette.ink = rgb(0x111818);
    palette.ink2 = rgb(0x3F4947);
    palette.edge = rgb(0x5E5A52);
    palette.line = rgb(0xB5B1A8);
    palette.clay_tint = rgb(0xFFFFFF);
    palette.chart = {rgb(0x9A3F22), rgb(0xD8875A), rgb(0xE5B979), rgb(0xCFE3DB), rgb(0xEFF7F3)};
    palette.on_chart = {rgb(0xFFFFFF), rgb(0x111818), rgb(0x111818), rgb(0x111818), rgb(0x111818)};
    palette.chart_edge = rgb(0x5E5A52);
    palette.hollow_cell = palette.line;
    return palette;
}();

/// Means from which on the next colour is used.
inline constexpr std::array<double, 4> chart_cuts {3.4, 3.8, 4.2, 4.5};

/// Over everything behind a modal.
inline constexpr Colour scrim = rgb(0x0C1F20, 90);

// Type sizes (em).
inline constexpr float large_text = 1.25F; ///< all of them, for who asks for it
inline constexpr int display = 96;
inline constexpr int hero = 72;
inline constexpr int title_portrait = 56;
inline constexpr int title = 48;
inline constexpr int heading = 40;
inline constexpr int heading_small = 36;
inline constexpr int button = 32;
inline constexpr int body_large = 28;
inline constexpr int chip = 26;
inline constexpr int body = 24;
inline constexpr int small = 22;
inline constexpr int axis = 20; ///< only on the manager's charts
/// A text of this size that is centred on y has its baseline at y + size * this.
inline constexpr float baseline_below_centre = 0.37F;

// Space and shape.
inline constexpr int gap = 16;
inline constexpr int margin = 32;
inline constexpr int margin_portrait = 24;
inline constexpr int least_hit = 120; ///< 20 mm
inline constexpr int rail_tile = 124; ///< 20 mm also on a 1024x600 screen, whose pixels are finer
inline constexpr int least_chip_height = 88;
inline constexpr int radius = 24; ///< card, button, chip
inline constexpr int radius_modal = 32;
inline constexpr int outline = 2;
inline constexpr int outline_field = 4;
inline constexpr int ring_stroke = 4; ///< around a chosen face

inline constexpr float largest_face = 96;
inline constexpr float low_reach = 480; ///< in low reach all targets are in the lowest so many
inline constexpr float attract_drift = 24;

// Motion.
inline constexpr std::chrono::milliseconds ring_segment_time {160};

}
