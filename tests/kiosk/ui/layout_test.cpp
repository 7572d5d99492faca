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

bool inside(Rect const& inner, Rect const& outer)
{
    return inner.x >= outer.x && inner.y >= outer.y && inner.right() <= outer.right()
        && inner.bottom() <= outer.bottom();
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
    for (auto const size : sizes) {
        Stage const stage = stage_for(size.width, size.height);
        for (std::vector<int> const& faces : {std::vector {5}, {5, 5}, {3, 5}}) {
            auto const rows = rate_rows(stage, faces);
            REQUIRE(rows.size() == faces.size());
            int const above = rows.front().card.y - stage.body.y;
            int const below = stage.body.bottom() - rows.back().card.bottom();
            CHECK(std::abs(above - below) <= 1);
        }
    }
}

TEST_CASE("Three, four or five faces share their row, whole and within their touch", "[kiosk][ui]")
{
    for (auto const size : sizes) {
        for (Aids const aids : {Aids {}, Aids {true, false}, Aids {false, true}, Aids {true, true}}) {
            Stage const stage = stage_for(size.width, size.height, aids);
            for (int faces = 3; faces <= 5; ++faces) {
                INFO(size.width << "x" << size.height << ", " << faces << " faces, large " << aids.large_text
                                << ", low " << aids.low_reach);
                auto rows = rate_rows(stage, {faces, faces, faces});
                if (aids.one_by_one())
                    rows = {rate_alone(stage, faces)};
                for (auto const& row : rows) {
                    REQUIRE(row.faces.size() == static_cast<std::size_t>(faces));
                    for (std::size_t index = 0; index < row.faces.size(); ++index) {
                        auto const& face = row.faces[index];
                        int const grown = face.radius + stage.px(10); // with the chosen one's ring
                        Rect const seen {face.centre.x - grown, face.centre.y - grown, 2 * grown, 2 * grown};
                        CHECK(inside(seen, row.hits[index]));
                        CHECK(inside(row.hits[index], row.card));
                        CHECK(row.hits[index].y >= stage.reach_top);
                        CHECK(row.label_y > face.centre.y + face.radius);
                    }
                }
            }
        }
    }
}

TEST_CASE("In low reach the rail and all that is touched are in the lower 81 mm", "[kiosk][ui]")
{
    for (auto const size : sizes) {
        Stage const stage = stage_for(size.width, size.height, {.large_text = true, .low_reach = true});
        INFO(size.width << "x" << size.height);
        CHECK(stage.reach_top == size.height - stage.px(480));
        for (Rect const& place : {stage.language, stage.access, stage.upper, stage.lower, stage.submit})
            CHECK(place.y >= stage.reach_top);
        for (Rect const& button : languages_layout(stage, 8).buttons)
            CHECK(button.y >= stage.reach_top);
        for (Rect const& button : access_layout(stage, 4).buttons)
            CHECK(button.y >= stage.reach_top);
        CHECK(timeout_layout(stage).more_time.y >= stage.reach_top);
        for (Rect const& chip : reasons_alone(stage, 6).hits)
            CHECK(chip.y >= stage.reach_top);
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
