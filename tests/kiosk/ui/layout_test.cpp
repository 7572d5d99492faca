#include "kiosk/ui/layout.h"

#include "tests/kiosk/ui/screen_rig.h"

#include <catch2/catch.hpp>

using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

struct Size {
    int width;
    int height;
};

constexpr Size sizes[] {{1280, 800}, {1024, 600}, {1920, 1080}, {800, 1280}, {1080, 1920}, {1024, 768}};

bool overlap(Rect const& a, Rect const& b)
{
    return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

bool inside(Rect const& inner, Rect const& outer)
{
    return inner.x >= outer.x && inner.y >= outer.y && inner.right() <= outer.right()
        && inner.bottom() <= outer.bottom();
}

/// Everybody rated low, everything offered: the fullest form of each screen.
std::vector<View> fullest_views(std::string const& language)
{
    std::vector<Answer> const low {
        {"quality", 1, {"salty"}}, {"service", 2, {}}, {"cleanliness", 2, {"table"}}};
    std::vector<View> views;
    views.push_back(view_of(Screen::Rate, language));
    views.push_back(view_of(Screen::Rate, language, {{"quality", 5, {}}}));
    views.push_back(view_of(Screen::Rate, language, low));
    views.push_back(view_of(Screen::Reasons, language, low));
    views.push_back(
        view_of(Screen::Reasons, language, {{"quality", 5, {}}, {"service", 2, {}}, {"cleanliness", 5, {}}}));
    views.push_back(view_of(Screen::Comment, language, low));
    views.push_back(view_of(Screen::Comment, language, low));
    choose_phrases(views.back(), {0, 1, 2, 3, 4, 5, 6, 7, 8});
    for (Screen const screen : {Screen::Thanks, Screen::TimeoutWarning}) {
        views.push_back(view_of(screen, language, low));
        views.back().countdown = 20;
        views.back().countdown_of = 20;
        views.push_back(view_of(screen, language, {{"service", 3, {}}}));
        views.back().countdown = 1;
        views.back().countdown_of = 20;
    }
    views.push_back(view_of(Screen::OutOfService, language));
    return views;
}

/// A finger's width wherever something is touched; chips of reasons may be lower.
bool is_large_enough(Widget const& widget, float scale)
{
    bool const reason = widget.id.starts_with("reason.");
    float const slack = 1; // edges are rounded to pixels
    return static_cast<float>(widget.box.w) + slack >= 120 * scale
        && static_cast<float>(widget.box.h) + slack >= (reason ? 88 : 120) * scale;
}

}

TEST_CASE("On every screen what can be touched is whole, large enough and apart from the rest", "[kiosk][ui]")
{
    for (auto const size : sizes) {
        for (std::string const language : {"zh-CN", "en"}) {
            DYNAMIC_SECTION(size.width << "x" << size.height << " " << language)
            {
                ScreenRig rig(size.width, size.height, "人民广场店");
                Stage const stage = stage_for(size.width, size.height);
                for (auto const& view : fullest_views(language)) {
                    INFO(name(view.screen) << " with " << view.draft.answers.size() << " answers");
                    auto const drawn = rig.draw(view);
                    CHECK(drawn.cut_texts == std::vector<std::string> {});
                    auto const& widgets = rig.map().widgets();
                    REQUIRE_FALSE(widgets.empty());
                    for (std::size_t a = 0; a < widgets.size(); ++a) {
                        INFO(widgets[a].id);
                        CHECK(inside(widgets[a].box, stage.screen));
                        CHECK(is_large_enough(widgets[a], stage.scale));
                        for (std::size_t b = a + 1; b < widgets.size(); ++b) {
                            INFO(widgets[b].id);
                            CHECK_FALSE(overlap(widgets[a].box, widgets[b].box));
                        }
                    }
                }
            }
        }
    }
}

TEST_CASE("The rows of faces stay where they are whatever is tapped", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    rig.draw(view_of(Screen::Rate, "zh-CN"));
    std::vector<Widget> const before = rig.map().widgets();
    rig.draw(
        view_of(Screen::Rate, "zh-CN", {{"quality", 1, {}}, {"service", 2, {}}, {"cleanliness", 1, {}}}));
    for (auto const& widget : before) {
        INFO(widget.id);
        Widget const* const after = rig.map().find(widget.id);
        REQUIRE(after);
        CHECK(after->box == widget.box);
    }
}

TEST_CASE("A survey of one or two questions is laid out in the middle", "[kiosk][ui]")
{
    Stage const stage = stage_for(1280, 800);
    for (int const questions : {1, 2}) {
        auto const rows = rate_rows(stage, questions);
        REQUIRE(rows.size() == static_cast<std::size_t>(questions));
        CHECK(rows.front().card.y - stage.body.y == stage.body.bottom() - rows.back().card.bottom());
    }
}

TEST_CASE("Any number of chips fills its rows without a hole", "[kiosk][ui]")
{
    for (auto const size : sizes) {
        Stage const stage = stage_for(size.width, size.height);
        for (int phrases = 1; phrases <= 12; ++phrases) {
            INFO(size.width << "x" << size.height << ", " << phrases << " phrases");
            auto const layout = comment_layout(stage, phrases);
            REQUIRE(layout.chips.size() == static_cast<std::size_t>(phrases));
            CHECK(layout.chips.front().x == stage.body.x);
            CHECK(std::abs(layout.chips.back().right() - stage.body.right()) <= 1);
            CHECK(layout.chips.back().bottom() <= stage.body.bottom() + 1);
            for (auto const& hit : layout.hits)
                CHECK(hit.h + 1 >= stage.px(112));
        }
        for (int reasons = 1; reasons <= 6; ++reasons) {
            auto const row = reasons_row(stage, 3, 1, reasons);
            REQUIRE(row.chips.size() == static_cast<std::size_t>(reasons));
            for (auto const& chip : row.chips)
                CHECK(inside(chip, row.card));
            for (auto const& hit : row.hits)
                CHECK(hit.h >= stage.px(88));
        }
    }
}
