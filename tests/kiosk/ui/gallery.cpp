// kiosk_gallery OUTDIR [--full]: pictures of every screen in every language, size and aid, for looking
// at. A sheet for each size, language and aid; with --full also each screen by itself.
#define CATCH_CONFIG_RUNNER
#include "kiosk/ui/png.h"
#include "tests/kiosk/ui/screen_cases.h"
#include "tests/kiosk/ui/screen_rig.h"
#include "tests/kiosk/ui/typing_views.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <iostream>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

std::filesystem::path folder;
bool is_full = false;

/// The mean of each two by two pixels.
Picture half(Picture const& picture)
{
    Picture result(picture.width / 2, picture.height / 2);
    for (int y = 0; y < result.height; ++y) {
        for (int x = 0; x < result.width; ++x) {
            auto const pixel = [&](int dx, int dy) {
                return picture.pixels[static_cast<std::size_t>((2 * y + dy) * picture.width + 2 * x + dx)];
            };
            std::uint32_t mean = 0xFF000000U;
            for (int const shift : {0, 8, 16}) {
                std::uint32_t sum = 2;
                for (int const at : {0, 1, 2, 3})
                    sum += pixel(at & 1, at >> 1) >> shift & 0xFF;
                mean |= sum / 4 << shift;
            }
            result.pixels[static_cast<std::size_t>(y * result.width + x)] = mean;
        }
    }
    return result;
}

/// So many side by side, the rows below one another.
Picture sheet(std::vector<Picture> const& pictures, int columns)
{
    constexpr int gap = 12;
    int const width = pictures.front().width;
    int const height = pictures.front().height;
    int const rows = (static_cast<int>(pictures.size()) + columns - 1) / columns;
    Picture result(columns * (width + gap) + gap, rows * (height + gap) + gap);
    for (auto& pixel : result.pixels)
        pixel = 0xFF808080U;
    for (std::size_t index = 0; index < pictures.size(); ++index) {
        int const left = gap + static_cast<int>(index) % columns * (width + gap);
        int const top = gap + static_cast<int>(index) / columns * (height + gap);
        for (int y = 0; y < height; ++y)
            std::copy_n(pictures[index].pixels.begin() + y * width, width, result.span().row(top + y) + left);
    }
    return result;
}

struct Mode {
    char const* name;
    Aids aids;
    bool high_contrast;
};

constexpr Mode modes[] {{"normal", {}, false}, {"contrast", {}, true}, {"large", {true, false}, false},
    {"low", {false, true}, false}, {"large-low", {true, true}, false}};

/// Their sizes are keyboard_test's; here they are to be looked at.
std::vector<ScreenCase> writing_cases(std::string const& language, Aids aids)
{
    std::vector<ScreenCase> cases {
        {"comment", writing(language, "")}, {"comment-numbers", writing(language, "12")}};
    cases.back().view.editor.composition.page = KeyPage::Numbers;
    bool const is_chinese = language.starts_with("zh");
    cases.push_back({"comment-typed",
        is_chinese ? composing(writing(language, "服务员态度很好，就是上菜太"), "man", many_candidates())
                   : writing(language, "Friendly staff, but a long wait")});
    cases.push_back({"comment-masked", writing(language, "***********")});
    cases.back().view.editor.is_masked = true;
    for (auto& each : cases) {
        each.view.large_text = aids.large_text;
        each.view.low_reach = aids.low_reach;
    }
    return cases;
}

}

TEST_CASE("Pictures of every screen")
{
    for (auto const& size : panel_sizes()) {
        for (auto const& language : shipped_survey().languages) {
            for (auto const& mode : modes) {
                std::string const name = std::to_string(size.width) + "x" + std::to_string(size.height) + "."
                    + language + "." + mode.name;
                ScreenRig rig(size.width, size.height, "人民广场店");
                std::vector<Picture> pictures;
                auto cases = screen_cases(language, mode.aids);
                std::ranges::move(writing_cases(language, mode.aids), std::back_inserter(cases));
                for (auto& each : cases) {
                    each.view.high_contrast = mode.high_contrast;
                    rig.draw(each.view);
                    rig.pass(std::chrono::seconds(1)); // whatever moved has come to rest
                    rig.draw(each.view);
                    Picture picture = rig.picture();
                    if (is_full)
                        REQUIRE(write_png(folder / (name + "." + each.name + ".png"), picture.span()));
                    pictures.push_back(half(picture));
                }
                Picture whole = sheet(pictures, size.width > size.height ? 3 : 5);
                REQUIRE(write_png(folder / ("sheet." + name + ".png"), whole.span()));
            }
        }
    }
}

int main(int argc, char** argv)
{
    bool const full = argc == 3 && std::string_view(argv[2]) == "--full";
    if (argc != 2 && !full) {
        std::cerr << "use: kiosk_gallery OUTDIR [--full]\n";
        return 2;
    }
    folder = argv[1];
    is_full = full;
    std::filesystem::create_directories(folder);
    return Catch::Session().run() == 0 ? 0 : 1;
}
