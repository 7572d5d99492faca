#include "kiosk/ui/gpu_renderer.h"
#include "kiosk/ui/png.h"
#include "platform/window/sdl_gpu_canvas.h"
#include "tests/kiosk/ui/scene.h"

#include <unistd.h>

using namespace listenpost;
using namespace listenpost::kiosk;

TEST_CASE("A picture written as PNG reads back the same", "[png]")
{
    Picture picture(33, 7);
    for (std::size_t index = 0; index < picture.pixels.size(); ++index)
        picture.pixels[index] = 0xFF000000U | static_cast<std::uint32_t>(index * 0x10305);
    auto const file
        = std::filesystem::temp_directory_path() / ("listenpost-" + std::to_string(::getpid()) + ".png");
    REQUIRE(write_png(file, picture.span()));
    auto const read = read_png(file);
    REQUIRE(read);
    CHECK(*read == picture);
    std::filesystem::remove(file);
    CHECK(read_png(file).error().code == Errc::NotFound);
    CHECK_FALSE(write_png("/nowhere/x.png", picture.span()));
}

TEST_CASE("A screenshot is what the screen shows", "[frame]")
{
    Scene scene({200, 100});
    scene.show([](ImDrawList& list, Fonts& fonts) {
        list.AddRectFilled({0, 0}, {200, 100}, IM_COL32(18, 63, 64, 255));
        fonts.draw(list, "谢谢", {100, 50}, 48, IM_COL32_WHITE, Align::Centre);
    });
    CHECK(scene.frame().picture() == scene.shown());
}

TEST_CASE("The GPU path draws the same screen, and nothing when nothing changed", "[gpu]")
{
    constexpr PixelSize size {400, 300};
    Scene scene(size);
    auto const draw_it = [](ImDrawList& list, Fonts& fonts) {
        list.AddRectFilled({0, 0}, {400, 300}, IM_COL32(247, 241, 230, 255));
        list.AddRectFilled({20, 20}, {380, 140}, IM_COL32(255, 252, 245, 255));
        list.PushClipRect({30, 150}, {200, 280});
        list.AddRectFilled({0, 160}, {400, 300}, IM_COL32(23, 97, 95, 255));
        list.PopClipRect();
        fonts.draw(list, "服务 Service", {40, 80}, 40, IM_COL32(30, 43, 43, 255));
    };
    scene.show(draw_it);

    auto canvas = create_software_canvas(size);
    REQUIRE(canvas);
    GpuRenderer renderer(scene.fonts().slab(), **canvas);
    CHECK(renderer.draw(scene.draw_data(), size));
    auto const read = (*canvas)->read_back();
    REQUIRE(read);
    // Another rasteriser rounds otherwise, but not the picture.
    Picture const ours = scene.frame().picture();
    std::size_t differing = 0;
    for (std::size_t index = 0; index < ours.pixels.size(); ++index) {
        bool is_far_off = false;
        for (int shift = 0; shift < 24; shift += 8) {
            auto const channel
                = [&](Picture const& of) { return static_cast<int>(of.pixels[index] >> shift & 0xFF); };
            is_far_off = is_far_off || std::abs(channel(*read) - channel(ours)) > 8;
        }
        differing += is_far_off ? 1 : 0;
    }
    CHECK(differing < ours.pixels.size() / 200);
    CHECK_FALSE(renderer.draw(scene.draw_data(), size));
    renderer.invalidate();
    CHECK(renderer.draw(scene.draw_data(), size));
}
