#include "kiosk/ui/picture.h"
#include "kiosk/ui/png.h"
#include "platform/window/sdl_gpu_canvas.h"
#include "tests/kiosk/ui/scene.h"

#include <fstream>
#include <unistd.h>

using namespace listenpost;
using namespace listenpost::kiosk;

namespace {

constexpr PixelSize size {200, 120};
constexpr std::uint32_t clear = 0x00FF00FFU; // a colour that must not be seen

DecodedPicture checked(int width, int height)
{
    DecodedPicture picture {{width, height}, {}};
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            picture.pixels.push_back(x < width / 2 ? 0xFFC83210U : y < height / 2 ? 0x8020A0F0U : clear);
    return picture;
}

std::filesystem::path own_file(char const* name)
{
    return std::filesystem::temp_directory_path() / (std::to_string(::getpid()) + name);
}

}

TEST_CASE("A PNG is loaded with its pixels, and what is none or too large is refused", "[picture]")
{
    auto const file = own_file("-picture.png");
    Picture written(5, 3);
    for (std::size_t index = 0; index < written.pixels.size(); ++index)
        written.pixels[index] = 0xFF000000U | static_cast<std::uint32_t>(index * 0x10305);
    REQUIRE(write_png(file, written.span()));
    auto const loaded = load_picture(file);
    REQUIRE(loaded);
    CHECK(loaded->size == PixelSize {5, 3});
    CHECK(loaded->pixels == written.pixels);

    Picture wide(largest_picture_side + 1, 1);
    REQUIRE(write_png(file, wide.span()));
    auto const refused = load_picture(file);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().detail.find("1024") != std::string::npos);
    Picture largest(largest_picture_side, 1);
    REQUIRE(write_png(file, largest.span()));
    CHECK(load_picture(file));

    std::ofstream(file, std::ios::trunc) << std::string(largest_picture_bytes + 1, 'x');
    CHECK(load_picture(file).error().code == Errc::Full);
    std::ofstream(file, std::ios::trunc) << "GIF89a, or so it says";
    CHECK(load_picture(file).error().code == Errc::Invalid);
    std::filesystem::remove(file);
    CHECK(load_picture(file).error().code == Errc::NotFound);
    CHECK(decode_picture({}).error().code == Errc::Invalid);
}

TEST_CASE("A picture cut off anywhere is an error or a picture, never a crash", "[picture]")
{
    auto const file = own_file("-cut.png");
    Picture written(40, 30);
    REQUIRE(write_png(file, written.span()));
    std::ifstream stream(file, std::ios::binary);
    std::string const png {std::istreambuf_iterator<char>(stream), {}};
    std::filesystem::remove(file);
    auto const bytes = reinterpret_cast<unsigned char const*>(png.data());
    REQUIRE(decode_picture({bytes, png.size()}));
    for (std::size_t length = 0; length < png.size() / 2; ++length)
        CHECK_FALSE(decode_picture({bytes, length}));
}

TEST_CASE("A picture is scaled by area, and a clear pixel's colour leaves no fringe", "[picture]")
{
    ScreenPicture const same(checked(4, 4), {4, 4});
    CHECK(same.row(0)[0] == 0xFFC83210U);
    CHECK(same.row(0)[3] == 0x8020A0F0U);
    CHECK(same.row(3)[3] >> 24 == 0);

    ScreenPicture const half(checked(4, 4), {2, 2});
    CHECK(half.row(1)[0] == 0xFFC83210U);
    CHECK(half.row(0)[1] == 0x8020A0F0U);
    // Half of it clear: half as opaque, in the colour of the other half.
    DecodedPicture const edge {{2, 1}, {0xFFC83210U, clear}};
    CHECK(ScreenPicture(edge, {1, 1}).row(0)[0] == 0x80C83210U);
    // Three pixels on two: the middle one counts half on both sides.
    DecodedPicture const three {{3, 1}, {0xFF000000U, 0xFF5A5A5AU, 0xFFFFFFFFU}};
    CHECK(ScreenPicture(three, {2, 1}).row(0)[0] == 0xFF1E1E1EU);
    CHECK(ScreenPicture(three, {2, 1}).row(0)[1] == 0xFFC8C8C8U);

    CHECK(fitted({100, 50}, {60, 60}) == PixelSize {60, 30});
    CHECK(fitted({1000, 1}, {60, 60}) == PixelSize {60, 1});
}

TEST_CASE("A picture is drawn over what is below it, where the clip lets it", "[picture][raster]")
{
    Scene scene(size);
    ScreenPicture const picture(checked(20, 20), {20, 20});
    scene.show([&](ImDrawList& list, Fonts& fonts) {
        list.AddRectFilled({0, 0}, {200, 120}, IM_COL32_WHITE);
        picture.draw(list, {10.4F, 10});
        list.PushClipRect({60, 60}, {65, 80});
        picture.draw(list, {60, 60}, 128);
        list.PopClipRect();
        fonts.draw(list, "国", {140, 60}, 40, IM_COL32_BLACK);
    });
    CHECK(scene.pixel(9, 10) == 0xFFFFFF);
    CHECK(scene.pixel(10, 10) == 0xC83210);
    CHECK(scene.pixel(19, 29) == 0xC83210);
    CHECK(scene.pixel(20, 10) == 0x8FCFF7); // half of 20A0F0 over white
    CHECK(scene.pixel(20, 29) == 0xFFFFFF);
    CHECK(scene.pixel(10, 30) == 0xFFFFFF);
    CHECK(scene.pixel(60, 60) == 0xE39887); // half of C83210 over white
    CHECK(scene.pixel(65, 60) == 0xFFFFFF);
    CHECK(scene.frame().picture() == scene.shown());
}

TEST_CASE("Another picture in the same place is a change, the same one is none", "[picture][raster]")
{
    Scene scene(size);
    auto picture = std::make_unique<ScreenPicture>(checked(20, 20), PixelSize {20, 20});
    auto const show = [&] {
        return scene.show([&](ImDrawList& list, Fonts&) { picture->draw(list, {40, 40}); });
    };
    CHECK(show() == Presented::Changed);
    CHECK(show() == Presented::Same);
    // In all likelihood at the same address.
    picture.reset();
    picture = std::make_unique<ScreenPicture>(DecodedPicture {{1, 1}, {0xFF00FF00U}}, PixelSize {20, 20});
    CHECK(show() == Presented::Changed);
    CHECK(scene.pixel(45, 45) == 0x00FF00);
}

TEST_CASE("The GPU path draws pictures and text as the software does", "[picture][gpu]")
{
    Scene scene(size);
    ScreenPicture const picture(checked(60, 40), {60, 40});
    auto canvas = create_software_canvas(size);
    REQUIRE(canvas);
    GpuRenderer renderer(scene.fonts().slab(), **canvas);
    for (float const x : {10.0F, 30.0F, -20.0F}) {
        scene.show([&](ImDrawList& list, Fonts& fonts) {
            list.AddRectFilled({0, 0}, {200, 120}, IM_COL32(247, 241, 230, 255));
            if (x > 0)
                picture.draw(list, {x, 20});
            fonts.draw(list, "服务", {100, 90}, 30, IM_COL32_BLACK);
            list.PushClipRect({100, 10}, {120, 30});
            picture.draw(list, {95, 5}, 128);
            list.PopClipRect();
        });
        CHECK(renderer.draw(scene.draw_data(), size));
        auto const read = (*canvas)->read_back();
        REQUIRE(read);
        Picture const ours = scene.frame().picture();
        int differing = 0;
        for (std::size_t index = 0; index < ours.pixels.size(); ++index) {
            for (int shift = 0; shift < 24; shift += 8) {
                int const one = static_cast<int>(ours.pixels[index] >> shift & 0xFF);
                int const other = static_cast<int>(read->pixels[index] >> shift & 0xFF);
                differing += std::abs(one - other) > 8 ? 1 : 0;
            }
        }
        CHECK(differing < 60);
    }
}
