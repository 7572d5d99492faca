#include "tests/kiosk/ui/golden.h"

#include "kiosk/ui/png.h"
#include "platform/os/files.h"
#include "tests/kiosk/ui/small_png.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace listenpost::kiosk::test {
namespace {

std::filesystem::path golden_folder() { return LISTENPOST_TEST_GOLDEN; }

/// Farther apart than the small picture's own inexactness.
bool clearly_differ(std::uint32_t a, std::uint32_t b)
{
    for (int const shift : {0, 8, 16})
        if (std::abs(static_cast<int>(a >> shift & 0xFF) - static_cast<int>(b >> shift & 0xFF))
            > small_png_error)
            return true;
    return false;
}

struct Difference {
    Picture picture; ///< red where they clearly differ, the actual picture faintly below
    std::size_t pixels = 0;
};

Difference difference(Picture const& expected, Picture const& actual)
{
    Difference result {Picture(actual.width, actual.height)};
    for (std::size_t index = 0; index < actual.pixels.size(); ++index) {
        std::uint32_t const pixel = actual.pixels[index];
        bool const differs = index >= expected.pixels.size() || clearly_differ(expected.pixels[index], pixel);
        result.pixels += differs;
        result.picture.pixels[index] = differs ? 0xFFD00000U : 0xFFC0C0C0U | ((pixel >> 2) & 0x003F3F3FU);
    }
    return result;
}

void update(Picture const& actual, std::filesystem::path const& file)
{
    REQUIRE(
        write_file_atomically(file, encode_small_png(actual), FileAccess::Everyone, Durability::Volatile));
    std::cout << "rewrote " << file.string() << ": look at it before it is committed\n";
}

}

void compare_with_golden(Picture actual, std::string const& name)
{
    constexpr std::size_t largest = 1 << 20;
    std::filesystem::path const file = golden_folder() / (name + ".png");
    auto const small = read_file(file, largest);
    auto const expected = small ? fingerprint_in(*small) : std::nullopt;
    if (expected == fingerprint(actual)) {
        SUCCEED(name);
        return;
    }
    if (std::getenv("LISTENPOST_UPDATE_GOLDEN"))
        return update(actual, file);
    auto const expected_picture = read_png(file);
    if (!expected_picture)
        FAIL(name << ": " << expected_picture.error().detail << "; LISTENPOST_UPDATE_GOLDEN=1 writes it");
    // Beside the test's other output, not in the source tree.
    auto const folder = std::filesystem::absolute("golden");
    std::filesystem::create_directories(folder);
    auto different = difference(*expected_picture, actual);
    REQUIRE(write_png(folder / (name + ".actual.png"), actual.span()));
    REQUIRE(write_png(folder / (name + ".diff.png"), different.picture.span()));
    FAIL(
        name << " is not pixel for pixel " << file << "; " << different.pixels
             << " pixels clearly differ (0: only shades, or only a few of them).\nSee " << name
             << ".actual.png and " << name << ".diff.png in " << folder
             << ".\nIf it is meant, run again with LISTENPOST_UPDATE_GOLDEN=1 and look at the result."
             << "\nIf all pictures differ in their text only, the installed fonts-noto-cjk is not the version"
             << " 20220127 that these were made with.");
}

}
