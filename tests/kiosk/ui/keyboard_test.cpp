#include "kiosk/input/keyboard_layout.h"
#include "tests/kiosk/ui/screen_cases.h"
#include "tests/kiosk/ui/typing_views.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;
using namespace std::chrono_literals;

namespace {

template <typename Kind>
Kind only(std::vector<Event> const& events)
{
    REQUIRE(events.size() == 1);
    REQUIRE(std::holds_alternative<Kind>(events.front()));
    return std::get<Kind>(events.front());
}

bool overlap(Rect const& a, Rect const& b)
{
    return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

std::vector<View> all_keyboards()
{
    std::vector<View> views;
    for (TypingMode const mode : {TypingMode::Pinyin, TypingMode::English})
        for (KeyPage const page : {KeyPage::Letters, KeyPage::Numbers, KeyPage::Symbols}) {
            View view = writing("zh-CN", "好");
            view.editor.composition.mode = mode;
            view.editor.composition.page = page;
            views.push_back(view);
        }
    views.push_back(composing(writing("zh-CN", "好"), "man", many_candidates()));
    views.push_back(views.back());
    views.back().editor.composition.expanded = true;
    return views;
}

}

TEST_CASE("Every key says what it is", "[kiosk][ui][keyboard]")
{
    ScreenRig rig(1280, 800);
    for (auto const& view : all_keyboards()) {
        if (view.editor.composition.expanded)
            continue;
        auto const layout = keyboard_layout(view.editor.composition);
        for (auto const& row : layout.rows)
            for (auto const& key : row) {
                INFO(key.name);
                CHECK(only<event::KeyPressed>(rig.tap(view, "key." + key.name)).key == key.name);
                CHECK_FALSE(rig.map().find("key." + key.name)->label.empty());
            }
    }
}

TEST_CASE("A candidate is chosen by its place, and not by a finger that was still on the bar",
    "[kiosk][ui][keyboard]")
{
    ScreenRig rig(1280, 800);
    View const view = composing(writing("zh-CN", "上菜太"), "man", many_candidates());
    rig.draw(view);
    rig.pass(300ms);
    CHECK(only<event::CandidateChosen>(rig.tap(view, "candidate.2")).index == 2);
    View const next = composing(writing("zh-CN", "上菜太"), "le", {"了", "乐", "勒"});
    rig.draw(next);
    CHECK(rig.tap(next, "candidate.0").empty()); // the second half of a double tap
    rig.pass(300ms);
    CHECK(only<event::CandidateChosen>(rig.tap(next, "candidate.0")).index == 0);
}

TEST_CASE("All candidates can be reached, page by page", "[kiosk][ui][keyboard]")
{
    ScreenRig rig(1280, 800);
    View view = composing(writing("zh-CN", ""), "man", many_candidates());
    rig.draw(view);
    rig.pass(300ms);
    CHECK(only<event::KeyPressed>(rig.tap(view, "key.more")).key == "more");
    view.editor.composition.expanded = true;
    std::size_t reached = 0;
    for (int page = 0; page < 20 && reached + 1 < many_candidates().size(); ++page) {
        rig.draw(view);
        for (std::size_t index = 0; index < many_candidates().size(); ++index)
            if (rig.map().find("candidate." + std::to_string(index)))
                reached = std::max(reached, index);
        rig.tap(view, "key.more_next");
    }
    CHECK(reached + 1 == many_candidates().size());
}

TEST_CASE("Every phrase can be reached, and says its number", "[kiosk][ui][keyboard]")
{
    for (auto const& size : panel_sizes()) {
        ScreenRig rig(size.width, size.height);
        for (auto const& language : shipped_survey().languages) {
            View const view = writing(language, "");
            std::vector<bool> reached(shipped_survey().phrases.size());
            rig.draw(view);
            for (int page = 0; page < 6; ++page) {
                for (std::size_t index = 0; index < reached.size(); ++index)
                    if (rig.map().find("phrase." + std::to_string(index)))
                        reached[index] = true;
                if (rig.map().find("phrase.more"))
                    rig.tap(view, "phrase.more");
                rig.draw(view);
            }
            INFO(size.width << "x" << size.height << " " << language);
            CHECK(std::ranges::count(reached, false) == 0);
        }
    }
    ScreenRig rig(1280, 800);
    CHECK(only<event::PhraseToggled>(rig.tap(writing("zh-CN", ""), "phrase.1")).index == 1);
}

TEST_CASE(
    "The keyboard fits every panel: keys apart, in the window, as wide as it allows", "[kiosk][ui][keyboard]")
{
    for (auto const& size : panel_sizes()) {
        ScreenRig rig(size.width, size.height);
        for (bool const low : {false, true})
            for (bool const large : {false, true})
                for (View view : all_keyboards()) {
                    view.low_reach = low;
                    view.large_text = large;
                    auto const drawn = rig.draw(view);
                    INFO(size.width << "x" << size.height << (low ? " low" : "") << (large ? " large" : ""));
                    CHECK(drawn.cut_texts == std::vector<std::string> {});
                    auto const& widgets = rig.map().widgets();
                    Stage const stage = stage_for(size.width, size.height, {large, low});
                    for (std::size_t a = 0; a < widgets.size(); ++a) {
                        INFO(widgets[a].id);
                        Rect const& box = widgets[a].box;
                        CHECK((box.x >= 0 && box.y >= stage.reach_top && box.right() <= size.width
                            && box.bottom() <= size.height));
                        // Ten keys a row: 20 mm on the panels that lie, 13 on the one that stands.
                        double const least = size.width > size.height ? 19.5 : 13;
                        CHECK(box.w * size.millimetres_per_pixel >= least);
                        CHECK(box.h * size.millimetres_per_pixel >= (low ? 12 : 15));
                        for (std::size_t b = a + 1; b < widgets.size(); ++b) {
                            INFO(widgets[b].id);
                            CHECK_FALSE(overlap(box, widgets[b].box));
                        }
                    }
                }
    }
}

TEST_CASE("Without a Chinese language there is no switch to pinyin", "[kiosk][ui][keyboard]")
{
    Survey survey = shipped_survey();
    survey.languages = {"en"};
    ScreenRig rig(1280, 800, {}, survey);
    rig.draw(writing("en", ""));
    CHECK_FALSE(rig.map().find("key.mode"));
    CHECK(rig.map().find("key.a"));
}

TEST_CASE("What was typed last is on the screen, however long the text", "[kiosk][ui][keyboard]")
{
    for (auto const& size : panel_sizes()) {
        ScreenRig rig(size.width, size.height);
        std::string const much(138, 'W');
        rig.draw(writing("en", much + "ab"));
        Picture const one = rig.picture();
        rig.draw(writing("en", much + "cd"));
        CHECK((one.pixels != rig.picture().pixels));
    }
}

TEST_CASE("The best candidate is offered on every panel, however much was typed", "[kiosk][ui][keyboard]")
{
    std::string const letters = "fuwuyuantaiduhenhaojiushishangcai";
    for (auto const& size : panel_sizes()) {
        ScreenRig rig(size.width, size.height);
        for (bool const low : {false, true}) {
            View view = composing(
                writing("zh-CN", ""), letters, {"服务员态度很好就是上菜", "服务员", "服务", "富屋", "夫"});
            view.low_reach = low;
            rig.draw(view);
            INFO(size.panel << (low ? " low" : ""));
            Widget const* const best = rig.map().find("candidate.0");
            REQUIRE(best);
            CHECK_FALSE(overlap(best->box, rig.map().find("key.mode")->box));
            CHECK_FALSE(overlap(best->box, rig.map().find("key.more")->box));
        }
    }
}

TEST_CASE("A letter's candidates can be tapped at once, by the other hand", "[kiosk][ui][keyboard]")
{
    ScreenRig rig(1280, 800);
    View const before = composing(writing("zh-CN", "上菜太"), "ma", {"吗", "妈", "马"});
    View const after = composing(writing("zh-CN", "上菜太"), "man", many_candidates());
    rig.draw(before);
    rig.pass(1s);
    CHECK(only<event::KeyPressed>(rig.tap(before, "key.n")).key == "n");
    CHECK(only<event::CandidateChosen>(rig.tap(after, "candidate.0")).index == 0);
}

TEST_CASE("A blank at the end of the text moves the caret", "[kiosk][ui][keyboard]")
{
    ScreenRig rig(1280, 800);
    View with_blank = writing("en", "Too long ");
    View without = writing("en", "Too long");
    without.editor.characters = with_blank.editor.characters; // only the caret is to differ
    rig.draw(without);
    Picture const before = rig.picture();
    rig.draw(with_blank);
    CHECK((before.pixels != rig.picture().pixels)); // as one truth: nobody reads a million numbers
}
