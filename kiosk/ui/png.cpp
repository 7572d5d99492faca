#include "kiosk/ui/png.h"

#include "platform/os/files.h"

#include <cstdlib>
#include <memory>
#include <stb_image.h>
#include <stb_image_write.h>
#include <vector>

namespace listenpost::kiosk {

namespace {

constexpr int channels = 3;
constexpr std::size_t largest_png = std::size_t {32} << 20;
constexpr std::uint8_t byte(std::uint32_t pixel, int shift)
{
    return static_cast<std::uint8_t>(pixel >> shift);
}

}

Result<> write_png(std::filesystem::path const& file, PixelSpan picture)
{
    std::vector<std::uint8_t> rgb;
    rgb.reserve(
        static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height) * channels);
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x) {
            std::uint32_t const pixel = picture.row(y)[x];
            rgb.insert(rgb.end(), {byte(pixel, 16), byte(pixel, 8), byte(pixel, 0)});
        }
    }
    std::string png;
    auto const append = [](void* out, void* data, int size) {
        static_cast<std::string*>(out)->append(
            static_cast<char const*>(data), static_cast<std::size_t>(size));
    };
    if (stbi_write_png_to_func(
            append, &png, picture.width, picture.height, channels, rgb.data(), picture.width * channels)
        == 0)
        return fail(Errc::Io, file.string() + ": cannot be encoded");
    return write_file_atomically(file, png, FileAccess::Everyone, Durability::Volatile);
}

Result<Picture> read_png(std::filesystem::path const& file)
{
    auto const png = read_file(file, largest_png);
    if (!png)
        return fail(png.error());
    int width = 0;
    int height = 0;
    int found_channels = 0;
    std::unique_ptr<stbi_uc, void (*)(void*)> const rgb(
        stbi_load_from_memory(reinterpret_cast<stbi_uc const*>(png->data()), static_cast<int>(png->size()),
            &width, &height, &found_channels, channels),
        std::free);
    if (!rgb)
        return fail(Errc::Invalid, file.string() + ": not a PNG");
    Picture picture(width, height);
    stbi_uc const* from = rgb.get();
    for (std::uint32_t& pixel : picture.pixels) {
        pixel = 0xFF000000U | static_cast<std::uint32_t>(from[0]) << 16
            | static_cast<std::uint32_t>(from[1]) << 8 | from[2];
        from += channels;
    }
    return picture;
}

}
