#pragma once

#include <algorithm>
#include <cstdint>
#include <imgui.h>

namespace listenpost::kiosk {

/// ImGui's colour as the framebuffer has it, without opacity: 0x00RRGGBB.
constexpr std::uint32_t to_rgb(ImU32 colour)
{
    return ((colour >> IM_COL32_R_SHIFT) & 0xFFU) << 16 | ((colour >> IM_COL32_G_SHIFT) & 0xFFU) << 8
        | ((colour >> IM_COL32_B_SHIFT) & 0xFFU);
}

constexpr std::uint32_t opacity_of(ImU32 colour) { return (colour >> IM_COL32_A_SHIFT) & 0xFFU; }

/// Rounded to the nearest, exact for 0 … 255 * 255.
constexpr std::uint32_t divide_by_255(std::uint32_t value)
{
    value += 128;
    return (value + (value >> 8)) >> 8;
}

/// `rgb` over `below`, each channel (rgb * opacity + below * (255 - opacity)) / 255,
/// rounded to the nearest; two channels share a word.
constexpr std::uint32_t blend(std::uint32_t below, std::uint32_t rgb, std::uint32_t opacity)
{
    constexpr std::uint32_t outer = 0x00FF00FFU;
    std::uint32_t const rest = 255 - opacity;
    std::uint32_t red_blue = (rgb & outer) * opacity + (below & outer) * rest + 0x00800080U;
    red_blue = ((red_blue + ((red_blue >> 8) & outer)) >> 8) & outer;
    std::uint32_t const green = divide_by_255(((rgb >> 8) & 0xFFU) * opacity + ((below >> 8) & 0xFFU) * rest);
    return 0xFF000000U | red_blue | green << 8;
}

inline void blend_run(std::uint32_t* pixels, int count, std::uint32_t rgb, std::uint32_t opacity)
{
    if (opacity == 255) {
        std::fill_n(pixels, count, 0xFF000000U | rgb);
    } else if (opacity != 0) {
        for (int index = 0; index < count; ++index)
            pixels[index] = blend(pixels[index], rgb, opacity);
    }
}

}
