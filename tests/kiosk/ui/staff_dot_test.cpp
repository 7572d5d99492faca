#include "kiosk/model/contrast.h"
#include "tests/kiosk/ui/golden.h"
#include "tests/kiosk/ui/screen_rig.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

std::uint32_t hex_of(theme::Colour colour)
{
    return (colour & 0xFF) << 16 | (colour & 0xFF00) | (colour >> 16 & 0xFF);
}

View with_rating() { return view_of(Screen::Rate, "zh-CN", {{"quality", 4, {}}}); }

}

TEST_CASE("What staff should look at is a dot beside the mark, on no screen but where customers begin",
    "[kiosk][ui][dot]")
{
    for (auto const& [width, height] : {std::pair {1280, 800}, {800, 1280}, {1024, 600}}) {
        INFO(width << "x" << height);
        ScreenRig rig(width, height, "人民广场店");
        for (Screen const screen : {Screen::Attract, Screen::Rate}) {
            INFO(name(screen));
            View const view = view_of(screen, "zh-CN");
            rig.screens().set_staff_dot(false);
            rig.draw(view);
            CHECK_FALSE(rig.map().find_hidden("manager.dot"));
            auto const without = rig.picture();
            auto const widgets = rig.map().widgets();

            rig.screens().set_staff_dot(true);
            rig.draw(view);
            Widget const* const dot = rig.map().find_hidden("manager.dot");
            REQUIRE(dot);
            CHECK(dot->box.x >= 0);
            CHECK(dot->box.y >= 0);
            CHECK(rig.map().widgets() == widgets); // nothing to touch, and nothing that is read aloud
            auto const with = rig.picture();
            int changed = 0;
            for (int y = 0; y < height; ++y)
                for (int x = 0; x < width; ++x) {
                    auto const at = static_cast<std::size_t>(y * width + x);
                    if (with.pixels[at] == without.pixels[at])
                        continue;
                    ++changed;
                    CHECK(std::abs(x - dot->box.centre().x) <= dot->box.w);
                    CHECK(std::abs(y - dot->box.centre().y) <= dot->box.h);
                }
            CHECK(changed > 8);
        }
        rig.draw(with_rating());
        CHECK_FALSE(rig.map().find_hidden("manager.dot"));
        rig.draw(view_of(Screen::OutOfService, "zh-CN"));
        CHECK_FALSE(rig.map().find_hidden("manager.dot"));
    }
}

TEST_CASE("The dot is found by who looks for it, and calls nobody", "[kiosk][ui][dot]")
{
    for (auto const& palette : {theme::light, theme::high_contrast}) {
        double const ratio = contrast_ratio(hex_of(palette.staff_dot), hex_of(palette.paper));
        CHECK(ratio >= 1.8);
        CHECK(ratio <= 2.4); // text has 4.5, what is to be touched 3
    }
}

TEST_CASE("The dot looks as in the pictures that were looked at", "[kiosk][ui][dot][golden]")
{
    struct Case {
        char const* name;
        Screen screen;
        bool is_portrait = false;
    };
    for (auto const& each :
        {Case {"dot-rate.zh-CN", Screen::Rate}, Case {"dot-attract.zh-CN", Screen::Attract},
            Case {"dot-rate-portrait.zh-CN", Screen::Rate, true}}) {
        DYNAMIC_SECTION(each.name)
        {
            ScreenRig rig(each.is_portrait ? 800 : 1280, each.is_portrait ? 1280 : 800, "人民广场店");
            rig.screens().set_staff_dot(true);
            rig.draw(view_of(each.screen, "zh-CN"));
            compare_with_golden(rig.picture(), each.name);
        }
    }
}
