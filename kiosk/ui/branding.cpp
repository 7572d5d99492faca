#include "kiosk/ui/branding.h"

#include "kiosk/model/contrast.h"

#include <algorithm>
#include <cmath>

namespace listenpost::kiosk {
namespace {

constexpr double text = 4.5;
constexpr double shape = 3;
constexpr std::uint32_t white = 0xFFFFFF;
constexpr std::uint32_t black = 0x000000;

std::uint32_t hex_of(theme::Colour colour)
{
    return (colour & 0xFF) << 16 | (colour & 0xFF00) | (colour >> 16 & 0xFF);
}

/// `part` (0 to 1) of the way from `from` to `to`.
std::uint32_t mixed(std::uint32_t from, std::uint32_t to, double part)
{
    std::uint32_t result = 0;
    for (int const shift : {0, 8, 16}) {
        double const a = from >> shift & 0xFF;
        double const b = to >> shift & 0xFF;
        result |= static_cast<std::uint32_t>(std::lround(a + (b - a) * part)) << shift;
    }
    return result;
}

/// The nearest to `from` on the way to `to` that is good enough; `to` if none before is.
template <typename IsGood>
std::uint32_t towards(std::uint32_t from, std::uint32_t to, double start, IsGood is_good)
{
    constexpr double step = 0.02;
    for (double part = start; part < 1; part += step)
        if (auto const colour = mixed(from, to, part); is_good(colour))
            return colour;
    return to;
}

void colour_rail(theme::Palette& palette, std::uint32_t rail)
{
    std::uint32_t const written = hex_of(palette.rail_text);
    std::uint32_t const on_sand = hex_of(palette.on_sand);
    auto const is_readable = [&](std::uint32_t ground) { return contrast_ratio(ground, written) >= text; };
    // A button is a little lighter than its ground; where that costs the text, darker.
    std::uint32_t const lighter = mixed(rail, white, 0.09);
    std::uint32_t const button = is_readable(lighter) ? lighter : mixed(rail, black, 0.18);
    std::uint32_t const quiet = towards(rail, written, 0.6, [&](std::uint32_t colour) {
        return contrast_ratio(colour, rail) >= text && contrast_ratio(colour, button) >= text
            && contrast_ratio(colour, on_sand) >= text;
    });
    palette.rail = palette.rail_edge = theme::rgb(rail);
    palette.rail_button = theme::rgb(button);
    palette.rail_quiet = palette.sand_pressed = theme::rgb(quiet);
    palette.rail_outline = theme::rgb(mixed(rail, written, 0.3));
    palette.rail_track = theme::rgb(mixed(rail, written, 0.2));
}

void colour_primary(theme::Palette& palette, std::uint32_t primary)
{
    // As a shape it also stands on the paper, which is a little darker than the card.
    std::uint32_t const paper = hex_of(palette.paper);
    std::uint32_t const seen = towards(
        primary, black, 0, [&](std::uint32_t colour) { return contrast_ratio(colour, paper) >= text; });
    palette.teal = theme::rgb(seen);
    palette.teal_pressed = theme::rgb(mixed(seen, black, 0.34));
}

}

theme::Palette branded(theme::Palette palette, Branding const& branding)
{
    if (branding.primary)
        colour_primary(palette, *branding.primary);
    if (branding.rail)
        colour_rail(palette, *branding.rail);
    if (branding.rail || branding.accent) {
        // Whoever chooses both may have chosen two that are hard to tell apart.
        std::uint32_t const rail = hex_of(palette.rail);
        std::uint32_t const accent = branding.accent.value_or(hex_of(palette.sand));
        std::uint32_t const sand = towards(
            accent, white, 0, [&](std::uint32_t colour) { return contrast_ratio(colour, rail) >= shape; });
        palette.sand = theme::rgb(sand);
        palette.sand_track = theme::rgb(mixed(sand, black, 0.13));
    }
    return palette;
}

}
