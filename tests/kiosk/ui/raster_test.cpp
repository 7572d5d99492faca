#include "tests/kiosk/ui/scene.h"

#include <imgui_internal.h>
#include <random>

using namespace listenpost;
using namespace listenpost::kiosk;

namespace {

constexpr PixelSize size {320, 240};

/// Things as screens have them, and worse: soft edges, lines, text, clips.
struct Thing {
    int kind;
    ImVec2 a;
    ImVec2 b;
    ImU32 colour;
    float number;
};

Thing random_thing(std::mt19937& random)
{
    std::uniform_real_distribution<float> x(-40, 360);
    std::uniform_real_distribution<float> y(-40, 280);
    std::uniform_real_distribution<float> small(0, 40);
    return {static_cast<int>(random() % 9), {x(random), y(random)}, {x(random), y(random)},
        static_cast<ImU32>(random()), small(random)};
}

void draw(ImDrawList& list, Fonts& fonts, Thing const& thing)
{
    ImVec2 const low {std::min(thing.a.x, thing.b.x), std::min(thing.a.y, thing.b.y)};
    ImVec2 const high {std::max(thing.a.x, thing.b.x), std::max(thing.a.y, thing.b.y)};
    switch (thing.kind) {
    case 0:
        list.AddRectFilled(low, high, thing.colour);
        break;
    case 1:
        list.AddRectFilled(low, high, thing.colour, thing.number);
        break;
    case 2:
        list.AddRect(low, high, thing.colour, thing.number, 0, thing.number / 8);
        break;
    case 3:
        list.AddCircleFilled(low, thing.number * 2, thing.colour);
        break;
    case 4:
        list.AddLine(thing.a, thing.b, thing.colour, thing.number / 10);
        break;
    case 5:
        list.AddRectFilledMultiColor(
            low, high, thing.colour, ~thing.colour, thing.colour >> 3, thing.colour * 7);
        break;
    case 6:
        fonts.draw(list, "品质 Quality 服务", thing.a, 20 + thing.number, thing.colour, Align::Centre);
        break;
    case 7:
        list.PushClipRect(low, high, true);
        list.AddCircleFilled(thing.a, 60, thing.colour);
        fonts.draw(list, "清洁", thing.a, 40, ~thing.colour);
        list.PopClipRect();
        break;
    default:
        list.AddTriangleFilled(thing.a, thing.b, {thing.number * 8, thing.number * 4}, thing.colour);
    }
}

}

TEST_CASE("A partial redraw is the full redraw, pixel for pixel", "[raster]")
{
    std::mt19937 random(4);
    Scene scene(size);
    std::vector<Thing> things;
    for (int index = 0; index < 12; ++index)
        things.push_back(random_thing(random));
    int partial = 0;
    for (int round = 0; round < 300; ++round) {
        // Something new, something gone, something moved, or another colour.
        std::size_t const which = random() % things.size();
        switch (random() % 4) {
        case 0:
            things.insert(things.begin() + static_cast<std::ptrdiff_t>(which), random_thing(random));
            break;
        case 1:
            if (things.size() > 4)
                things.erase(things.begin() + static_cast<std::ptrdiff_t>(which));
            break;
        case 2:
            things[which].a.x += 0.3F;
            break;
        default:
            things[which].colour ^= 0x80402010U;
        }
        scene.show([&](ImDrawList& list, Fonts& fonts) {
            list.AddRectFilled({0, 0}, {320, 240}, IM_COL32(247, 241, 230, 255));
            for (Thing const& thing : things)
                draw(list, fonts, thing);
        });
        Picture full(size.width, size.height);
        Raster::draw_all(scene.draw_data(), scene.fonts().slab(), full.span());
        CAPTURE(round);
        REQUIRE(scene.shown() == full);
        ++partial;
    }
    CHECK(partial == 300);
}

TEST_CASE("A frame like the last one changes nothing and presents nothing", "[raster]")
{
    Scene scene(size);
    auto const draw_it = [](ImDrawList& list, Fonts& fonts) {
        list.AddRectFilled({10, 10}, {100, 60}, IM_COL32_WHITE, 8);
        fonts.draw(list, "满意", {20, 30}, 32, IM_COL32_BLACK);
    };
    CHECK(scene.show(draw_it) == Presented::Changed);
    CHECK(scene.show(draw_it) == Presented::Same);
}

TEST_CASE("Only the neighbourhood of a change is drawn", "[raster]")
{
    Scene scene(size);
    GlyphSlab const& slab = scene.fonts().slab();
    Raster raster(slab);
    Picture picture(size.width, size.height);
    auto const shown = [&](ImU32 colour) {
        scene.show([&](ImDrawList& list, Fonts&) {
            list.AddRectFilled({0, 0}, {320, 240}, IM_COL32(247, 241, 230, 255));
            list.AddRectFilled({100, 100}, {120, 120}, colour);
        });
        return raster.draw(scene.draw_data(), picture.span());
    };
    auto const first = shown(IM_COL32_BLACK);
    REQUIRE(first.size() == 1);
    CHECK(first[0] == PixelRect {0, 0, 320, 240});

    auto const second = shown(IM_COL32_WHITE);
    REQUIRE(second.size() == 1);
    CHECK(second[0] == PixelRect {96, 96, 32, 32});

    CHECK(shown(IM_COL32_WHITE).empty());
    raster.invalidate();
    CHECK(shown(IM_COL32_WHITE).size() == 1);
}

TEST_CASE("What is left uncovered becomes black, not what was there before", "[raster]")
{
    Scene scene(size);
    scene.show([](ImDrawList& list, Fonts&) { list.AddRectFilled({0, 0}, {320, 240}, IM_COL32_WHITE); });
    CHECK(scene.pixel(5, 5) == 0xFFFFFF);
    scene.show([](ImDrawList&, Fonts&) {});
    CHECK(scene.pixel(5, 5) == 0);
}

TEST_CASE("A clip that alone changes is a change", "[raster]")
{
    Scene scene(size);
    for (float const right : {100.0F, 90.0F, 110.0F}) {
        scene.show([&](ImDrawList& list, Fonts&) {
            list.PushClipRect({10, 10}, {right, 60});
            list.AddRectFilled({0, 0}, {320, 240}, IM_COL32_WHITE);
            list.PopClipRect();
        });
        CHECK(scene.pixel(static_cast<int>(right) - 1, 20) == 0xFFFFFF);
        CHECK(scene.pixel(static_cast<int>(right), 20) == 0);
    }
}

TEST_CASE("Changes all over the screen are still few rectangles that cover them", "[raster]")
{
    Scene scene({1280, 800});
    Raster raster(scene.fonts().slab());
    Picture picture(1280, 800);
    auto const shown = [&](bool is_marked) {
        scene.show([&](ImDrawList& list, Fonts&) {
            for (int index = 0; is_marked && index < 60; ++index) {
                ImVec2 const at {
                    static_cast<float>(index * 211 % 1270), static_cast<float>(index * 97 % 790)};
                list.AddRectFilled(at, {at.x + 4, at.y + 4}, IM_COL32_WHITE);
            }
        });
        return raster.draw(scene.draw_data(), picture.span());
    };
    shown(false);
    auto const changed = shown(true);
    CHECK(changed.size() <= 16);
    Picture full(1280, 800);
    Raster::draw_all(scene.draw_data(), scene.fonts().slab(), full.span());
    CHECK(picture == full);
}

TEST_CASE("More shapes than 16-bit indices can count are all drawn", "[raster]")
{
    Scene scene(size);
    scene.show([](ImDrawList& list, Fonts&) {
        for (int index = 0; index < 20000; ++index)
            list.AddRectFilled({0, 0}, {8, 8}, IM_COL32(0, 0, 255, 255));
        list.AddRectFilled({0, 0}, {8, 8}, IM_COL32(0, 255, 0, 255));
    });
    CHECK(scene.pixel(4, 4) == 0x00FF00);
}
