#include "kiosk/ui/text_fit.h"

#include "tests/kiosk/ui/screen_rig.h"

#include <catch2/catch.hpp>

using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

TEST_CASE("A text is made smaller before it is cut, and never wider than its place", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    Fonts& fonts = rig.fonts();
    using Lines = std::vector<std::string>;

    SECTION("what fits stays as it is")
    {
        auto const fitted = fit_text(fonts, "很满意", 26, 144, 1);
        CHECK(fitted.lines == Lines {"很满意"});
        CHECK(fitted.pixels == 26);
        CHECK(fitted.whole);
    }
    SECTION("lines are of about the same length")
    {
        CHECK(fit_text(fonts, "再评一次", 32, 104, 2).lines == Lines {"再评", "一次"});
        CHECK(fit_text(fonts, "Greeted and served in time?", 24, 232, 2).lines
            == Lines {"Greeted and", "served in time?"});
    }
    SECTION("a word is not broken: the text shrinks instead")
    {
        auto const fitted = fit_text(fonts, "Cleanliness", 40, 170, 2);
        CHECK(fitted.lines == Lines {"Cleanliness"});
        CHECK(fitted.pixels < 40);
        CHECK(fonts.width("Cleanliness", fitted.pixels) <= 170);
    }
    SECTION("nor is a Korean or Japanese one, nor a number parted from what it counts")
    {
        fonts.set_language("ja");
        CHECK(fit_text(fonts, "スキップ", 32, 104, 2).lines == Lines {"スキップ"});
        CHECK(fit_text(fonts, "くっきり表示", 32, 150, 2).lines == Lines {"くっきり", "表示"});
        CHECK(fit_text(fonts, "あと3項目", 26, 82, 2).lines == Lines {"あと", "3項目"});
        CHECK(fit_text(fonts, "もう一度", 32, 70, 2).lines == Lines {"もう", "一度"});
        fonts.set_language("ko");
        CHECK(fit_text(fonts, "마치기", 36, 82, 2).lines == Lines {"마치기"});
        CHECK(fit_text(fonts, "3 to go", 26, 82, 2).lines == Lines {"3 to go"});
    }
    SECTION("what cannot be saved ends in an ellipsis")
    {
        auto const fitted = fit_text(fonts, "一二三四五六七八九十一二三四五六七八九十", 30, 120, 2);
        CHECK_FALSE(fitted.whole);
        REQUIRE(fitted.lines.size() == 2);
        CHECK(fitted.lines[1].ends_with("…"));
        for (auto const& line : fitted.lines)
            CHECK(fonts.width(line, fitted.pixels) <= 120);
    }
    SECTION("nothing is nothing") { CHECK(fit_text(fonts, "", 30, 120, 2).whole); }
}

TEST_CASE("Two lines part where a reader pauses", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    rig.fonts().set_language("ja");
    using Lines = std::vector<std::string>;
    CHECK(fit_text(rig.fonts(), "味と温度はいかがですか？", 24, 230, 2).lines
        == Lines {"味と温度は", "いかがですか？"});
    CHECK(fit_text(rig.fonts(), "あと5秒です。ここまでは残ります。", 24, 300, 2).lines
        == Lines {"あと5秒です。", "ここまでは残ります。"});
    rig.fonts().set_language("zh-CN");
    CHECK(fit_text(rig.fonts(), "可以多选，也可以一个都不选", 24, 230, 2).lines
        == Lines {"可以多选，", "也可以一个都不选"});
    // No pause that leaves two lines which fit: about the same length.
    CHECK(fit_text(rig.fonts(), "好，其他的话请直接告诉我们的店员吧", 24, 230, 2).lines.size() == 2);
}
