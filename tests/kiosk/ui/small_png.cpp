#include "tests/kiosk/ui/small_png.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <vector>
#include <zlib.h>

namespace listenpost::kiosk::test {
namespace {

using Bytes = std::string;
using Pixel = std::uint32_t;

constexpr std::string_view fingerprint_key = "exact-pixels";
constexpr std::size_t most_colours = 64;

void append_number(Bytes& out, std::uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>(value >> shift & 0xFF);
}

void append_chunk(Bytes& out, char const* type, Bytes const& data)
{
    append_number(out, static_cast<std::uint32_t>(data.size()));
    Bytes const body = type + data;
    out += body;
    append_number(out,
        static_cast<std::uint32_t>(
            crc32(0, reinterpret_cast<Bytef const*>(body.data()), static_cast<uInt>(body.size()))));
}

Bytes deflated(Bytes const& raw)
{
    uLongf size = compressBound(raw.size());
    Bytes out(size, '\0');
    compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<Bytef const*>(raw.data()),
        raw.size(), Z_BEST_COMPRESSION);
    out.resize(size);
    return out;
}

int channel(Pixel pixel, int shift) { return static_cast<int>(pixel >> shift & 0xFF); }

int distance(Pixel a, Pixel b)
{
    int sum = 0;
    for (int const shift : {0, 8, 16}) {
        int const difference = channel(a, shift) - channel(b, shift);
        sum += difference * difference;
    }
    return sum;
}

/// The most frequent colours themselves, then one for each neighbourhood of colours.
std::vector<Pixel> palette_of(std::map<Pixel, int> const& counts)
{
    constexpr std::size_t most_frequent = 24;
    std::vector<std::pair<int, Pixel>> ranked;
    std::map<Pixel, std::pair<int, std::pair<int, Pixel>>> neighbourhoods; // all, its most frequent
    for (auto const& [pixel, count] : counts) {
        ranked.push_back({count, pixel});
        auto& [all, best] = neighbourhoods[pixel & 0xE0E0E0];
        all += count;
        best = std::max(best, {count, pixel});
    }
    std::ranges::sort(ranked, std::greater());
    std::vector<Pixel> palette;
    for (std::size_t index = 0; index < std::min(most_frequent, ranked.size()); ++index)
        palette.push_back(ranked[index].second);
    std::vector<std::pair<int, Pixel>> others;
    for (auto const& [key, neighbourhood] : neighbourhoods)
        others.push_back({neighbourhood.first, neighbourhood.second.second});
    std::ranges::sort(others, std::greater());
    for (auto const& [count, pixel] : others)
        if (palette.size() < most_colours && std::ranges::count(palette, pixel) == 0)
            palette.push_back(pixel);
    return palette;
}

}

std::string fingerprint(Picture const& picture)
{
    std::uint64_t hash = 0xcbf29ce484222325; // FNV-1a
    auto const mix = [&hash](std::uint32_t value) { hash = (hash ^ value) * 0x100000001b3; };
    mix(static_cast<std::uint32_t>(picture.width));
    for (Pixel const pixel : picture.pixels)
        mix(pixel);
    std::string text;
    for (int shift = 60; shift >= 0; shift -= 4)
        text += "0123456789abcdef"[hash >> shift & 0xF];
    return text;
}

std::optional<std::string> fingerprint_in(std::string_view png)
{
    auto const at = png.find(fingerprint_key);
    if (at == png.npos)
        return std::nullopt;
    return std::string(png.substr(at + fingerprint_key.size() + 1, 16));
}

std::string encode_small_png(Picture const& picture)
{
    std::map<Pixel, int> counts;
    for (Pixel const pixel : picture.pixels)
        ++counts[pixel];
    auto const palette = palette_of(counts);
    std::map<Pixel, char> nearest;
    for (auto const& [pixel, count] : counts) {
        auto const found = std::ranges::min_element(
            palette, {}, [wanted = pixel](Pixel candidate) { return distance(wanted, candidate); });
        nearest[pixel] = static_cast<char>(found - palette.begin());
    }

    Bytes header;
    append_number(header, static_cast<std::uint32_t>(picture.width));
    append_number(header, static_cast<std::uint32_t>(picture.height));
    header += Bytes("\x08\x03\0\0\0", 5); // 8 bits, indexed colours
    Bytes colours;
    for (Pixel const pixel : palette)
        for (int const shift : {16, 8, 0})
            colours += static_cast<char>(channel(pixel, shift));
    Bytes rows; // unfiltered: most of a screen repeats itself exactly
    for (std::size_t index = 0; index < picture.pixels.size(); ++index) {
        if (index % static_cast<std::size_t>(picture.width) == 0)
            rows += '\0';
        rows += nearest.at(picture.pixels[index]);
    }

    Bytes png = "\x89PNG\r\n\x1a\n";
    append_chunk(png, "IHDR", header);
    append_chunk(png, "PLTE", colours);
    append_chunk(png, "tEXt", Bytes(fingerprint_key) + '\0' + fingerprint(picture));
    append_chunk(png, "IDAT", deflated(rows));
    append_chunk(png, "IEND", {});
    return png;
}

}
