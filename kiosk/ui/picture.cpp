#include "kiosk/ui/picture.h"

#include "platform/os/files.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>

namespace {

/// Twice what the largest picture takes: a few bytes may claim gigabytes, or swell to them.
constexpr std::size_t largest_allocation = std::size_t {32} << 20;

void* allocate_within_reason(std::size_t bytes)
{
    return bytes <= largest_allocation ? std::malloc(bytes) : nullptr;
}

void* reallocate_within_reason(void* memory, std::size_t bytes)
{
    return bytes <= largest_allocation ? std::realloc(memory, bytes) : nullptr;
}

}

// A decoder of our own and not the one in the system's library: that reads a dozen
// formats, and each is a way in for bytes from outside. This one is fuzzed as it is.
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_MAX_DIMENSIONS 1024
#define STBI_MALLOC(bytes) allocate_within_reason(bytes)
#define STBI_REALLOC(memory, bytes) reallocate_within_reason(memory, bytes)
#define STBI_FREE(memory) std::free(memory)
#ifdef __GNUC__
#pragma GCC diagnostic ignored "-Wunused-function"
#endif
// An empty first IDAT copies nothing to null, which the sanitizer minds; a copy of
// something to null is still found, as a crash.
#ifdef __clang__
#pragma clang attribute push(__attribute__((no_sanitize("nonnull-attribute"))), apply_to = function)
#endif
#include <stb_image.h>
#ifdef __clang__
#pragma clang attribute pop
#endif

namespace listenpost::kiosk {

namespace {

constexpr int channels = 4;
static_assert(STBI_MAX_DIMENSIONS == largest_picture_side);

/// What part of the source a target pixel covers along one side.
struct Stretch {
    int first;
    int end;
    float before; ///< of the first source pixel, this much lies outside
    float behind; ///< and this much of the last
};

Stretch stretch_of(int target, int target_size, int source_size)
{
    double const scale = static_cast<double>(source_size) / target_size;
    double const from = target * scale;
    double const to = (target + 1) * scale;
    int const first = std::min(static_cast<int>(from), source_size - 1);
    int const end = std::clamp(static_cast<int>(std::ceil(to - 1e-9)), first + 1, source_size);
    return {first, end, static_cast<float>(from - first), static_cast<float>(std::max(0.0, end - to))};
}

float weight(Stretch const& stretch, int at)
{
    return 1 - (at == stretch.first ? stretch.before : 0) - (at == stretch.end - 1 ? stretch.behind : 0);
}

/// The mean of the covered pixels. Colours count as much as they are seen, which is what
/// premultiplying means: a clear pixel's colour leaves no fringe.
std::uint32_t mean(DecodedPicture const& picture, Stretch const& across, Stretch const& down)
{
    float colour[3] {};
    float alpha = 0;
    float area = 0;
    for (int y = down.first; y < down.end; ++y) {
        std::uint32_t const* const row = picture.pixels.data() + std::ptrdiff_t {y} * picture.size.width;
        for (int x = across.first; x < across.end; ++x) {
            float const share = weight(across, x) * weight(down, y);
            float const seen = share * static_cast<float>(row[x] >> 24);
            for (int channel = 0; channel < 3; ++channel)
                colour[channel] += seen * static_cast<float>(row[x] >> (16 - 8 * channel) & 0xFFU);
            alpha += seen;
            area += share;
        }
    }
    if (alpha <= 0 || area <= 0)
        return 0;
    auto const byte
        = [](float value) { return static_cast<std::uint32_t>(std::clamp(std::lrint(value), 0L, 255L)); };
    return byte(alpha / area) << 24 | byte(colour[0] / alpha) << 16 | byte(colour[1] / alpha) << 8
        | byte(colour[2] / alpha);
}

unsigned next_number()
{
    static std::atomic<unsigned> last {0};
    return ++last;
}

}

Result<DecodedPicture> decode_picture(std::span<unsigned char const> png)
{
    if (png.size() > largest_picture_bytes)
        return fail(Errc::Full, "picture: over 512 KiB");
    int width = 0;
    int height = 0;
    int found_channels = 0;
    auto const bytes = static_cast<int>(png.size());
    if (png.empty() || stbi_info_from_memory(png.data(), bytes, &width, &height, &found_channels) == 0)
        return fail(Errc::Invalid, "picture: not a PNG, or over 1024 pixels a side");
    if (width > largest_picture_side || height > largest_picture_side)
        return fail(Errc::Full, "picture: over 1024 pixels a side");
    std::unique_ptr<stbi_uc, void (*)(void*)> const rgba(
        stbi_load_from_memory(png.data(), bytes, &width, &height, &found_channels, channels), std::free);
    if (!rgba)
        return fail(Errc::Invalid, std::string("picture: a broken PNG: ") + stbi_failure_reason());
    DecodedPicture picture {{width, height}, {}};
    std::size_t const count = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    picture.pixels.reserve(count);
    stbi_uc const* from = rgba.get();
    for (std::size_t index = 0; index < count; ++index, from += channels)
        picture.pixels.push_back(static_cast<std::uint32_t>(from[3]) << 24
            | static_cast<std::uint32_t>(from[0]) << 16 | static_cast<std::uint32_t>(from[1]) << 8 | from[2]);
    return picture;
}

Result<DecodedPicture> load_picture(std::filesystem::path const& file)
{
    auto const png = read_file(file, largest_picture_bytes);
    if (!png)
        return fail(png.error());
    auto picture = decode_picture({reinterpret_cast<unsigned char const*>(png->data()), png->size()});
    if (!picture)
        return fail(picture.error().code, file.string() + ": " + picture.error().detail);
    return picture;
}

PixelSize fitted(PixelSize picture, PixelSize box)
{
    double const scale = std::min(static_cast<double>(box.width) / std::max(picture.width, 1),
        static_cast<double>(box.height) / std::max(picture.height, 1));
    auto const side
        = [scale](int length) { return std::max(1, static_cast<int>(std::lround(length * scale))); };
    return {side(picture.width), side(picture.height)};
}

ScreenPicture::ScreenPicture(DecodedPicture const& picture, PixelSize size)
    : size_(size)
    , number_(next_number())
{
    pixels_.reserve(static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height));
    for (int y = 0; y < size.height; ++y) {
        Stretch const down = stretch_of(y, size.height, picture.size.height);
        for (int x = 0; x < size.width; ++x)
            pixels_.push_back(mean(picture, stretch_of(x, size.width, picture.size.width), down));
    }
}

void ScreenPicture::draw(ImDrawList& list, ImVec2 corner, int opacity) const
{
    ImVec2 const from {std::round(corner.x), std::round(corner.y)};
    ImVec2 const to {from.x + static_cast<float>(size_.width), from.y + static_cast<float>(size_.height)};
    // ImGui's ids are not const; nothing writes through this one.
    list.AddImage(
        const_cast<ScreenPicture*>(this), from, to, {0, 0}, {1, 1}, IM_COL32(255, 255, 255, opacity));
}

}
