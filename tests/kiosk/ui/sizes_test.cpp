#include "tests/kiosk/ui/screen_cases.h"
#include "tests/kiosk/ui/screen_rig.h"

#include <catch2/catch.hpp>

using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

constexpr double least_target = 20; ///< mm, both ways
/// Chips come in numbers and lie apart from what ends a screen: a fingertip's height is enough.
constexpr double least_chip_height = 15;
constexpr double least_number_width = 15;
constexpr double least_em = 2.9; ///< mm, of what had to shrink most: a newspaper's print

bool overlap(Rect const& a, Rect const& b)
{
    return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

bool inside(Rect const& inner, Rect const& outer)
{
    return inner.x >= outer.x && inner.y >= outer.y && inner.right() <= outer.right()
        && inner.bottom() <= outer.bottom();
}

/// Eleven in a row: as wide as a fingertip.
bool is_number(std::string const& id) { return id.starts_with("rate.recommend."); }

bool is_chip(std::string const& id)
{
    return id.starts_with("reason.") || id.starts_with("option.") || id.starts_with("minutes.")
        || id.starts_with("phrase.") || is_number(id);
}

void check_targets(std::vector<Widget> const& widgets, Stage const& stage, double millimetres_per_pixel)
{
    for (std::size_t a = 0; a < widgets.size(); ++a) {
        auto const& widget = widgets[a];
        INFO(widget.id << " " << widget.box.x << "," << widget.box.y << " " << widget.box.w << "x"
                       << widget.box.h);
        CHECK(inside(widget.box, stage.screen));
        if (widget.id != "start") // the whole screen is
            CHECK(widget.box.y >= stage.reach_top);
        CHECK(widget.box.w * millimetres_per_pixel
            >= (is_number(widget.id) ? least_number_width : least_target));
        CHECK(
            widget.box.h * millimetres_per_pixel >= (is_chip(widget.id) ? least_chip_height : least_target));
        for (std::size_t b = a + 1; b < widgets.size(); ++b) {
            INFO(widgets[b].id);
            CHECK_FALSE(overlap(widget.box, widgets[b].box));
        }
    }
}

struct Mode {
    char const* name;
    Aids aids;
};

constexpr Mode modes[] {{"normal", {}}, {"large text", {true, false}}, {"low reach", {false, true}},
    {"large text in low reach", {true, true}}};

}

TEST_CASE("On every screen, panel, language and aid: texts whole, targets a finger wide, apart and in reach",
    "[kiosk][ui][sizes]")
{
    for (auto const& size : panel_sizes()) {
        DYNAMIC_SECTION(size.panel << " " << size.width << "x" << size.height)
        {
            ScreenRig rig(size.width, size.height, "人民广场店");
            for (auto const& mode : modes) {
                Stage const stage = stage_for(size.width, size.height, mode.aids);
                for (auto const& language : shipped_survey().languages) {
                    for (auto const& each : screen_cases(language, mode.aids)) {
                        INFO(each.name << ", " << language << ", " << mode.name);
                        auto const drawn = rig.draw(each.view);
                        CHECK(drawn.cut_texts == std::vector<std::string> {});
                        CHECK(drawn.smallest_text * size.millimetres_per_pixel >= least_em);
                        REQUIRE_FALSE(rig.map().widgets().empty());
                        check_targets(rig.map().widgets(), stage, size.millimetres_per_pixel);
                    }
                }
            }
        }
    }
}

TEST_CASE("Surveys of one to three questions with any number of faces fit as well", "[kiosk][ui][sizes]")
{
    using enum Scale;
    for (auto const& scales :
        {std::vector {ThreeFaces}, {FourFaces}, {FiveFaces}, {ThreeFaces, FiveFaces}, {FourFaces, FourFaces},
            {ThreeFaces, ThreeFaces, ThreeFaces}, {ThreeFaces, FourFaces, FiveFaces}}) {
        Survey const survey = survey_of_faces(scales);
        for (auto const& size : panel_sizes()) {
            ScreenRig rig(size.width, size.height, {}, survey);
            std::vector<Answer> low;
            for (auto const& question : survey.questions)
                low.push_back({question.id, 1});
            for (auto const& language : survey.languages) {
                for (Screen const screen : {Screen::Rate, Screen::Reasons, Screen::Thanks}) {
                    INFO(scales.size() << " questions, " << size.width << "x" << size.height << ", "
                                       << language << ", " << name(screen));
                    auto const drawn = rig.draw(view_of(screen, language, low, survey));
                    CHECK(drawn.cut_texts == std::vector<std::string> {});
                    check_targets(
                        rig.map().widgets(), stage_for(size.width, size.height), size.millimetres_per_pixel);
                }
            }
        }
    }
}

TEST_CASE("Every further question of the shipped surveys fits in every language, panel and aid",
    "[kiosk][ui][sizes]")
{
    for (std::string const id : {"qsc-restaurant", "qsc-shop", "staff-pulse"}) {
        Survey const survey = read_shipped_survey(id);
        for (auto const& size : panel_sizes()) {
            ScreenRig rig(size.width, size.height, {}, survey);
            for (auto const& mode : modes) {
                Stage const stage = stage_for(size.width, size.height, mode.aids);
                for (auto const& language : survey.languages) {
                    for (auto const& each : follow_up_cases(survey, language, mode.aids)) {
                        INFO(id << ", " << each.name << ", " << size.width << "x" << size.height << ", "
                                << language << ", " << mode.name);
                        auto const drawn = rig.draw(each.view);
                        CHECK(drawn.cut_texts == std::vector<std::string> {});
                        CHECK(drawn.smallest_text * size.millimetres_per_pixel >= least_em);
                        check_targets(rig.map().widgets(), stage, size.millimetres_per_pixel);
                    }
                }
            }
        }
    }
}

TEST_CASE("A choice of two to twelve options fits in every panel and aid", "[kiosk][ui][sizes]")
{
    Survey survey = shipped_survey();
    Question& question = survey.questions[survey.first_page()];
    Option const option = question.options.front();
    for (int count = 2; count <= 12; ++count) {
        question.options.assign(static_cast<std::size_t>(count), option);
        for (std::size_t index = 0; index < question.options.size(); ++index)
            question.options[index].id = std::to_string(index);
        for (auto const& size : panel_sizes()) {
            ScreenRig rig(size.width, size.height, {}, survey);
            for (auto const& mode : modes) {
                INFO(count << " options, " << size.width << "x" << size.height << ", " << mode.name);
                auto const drawn = rig.draw(follow_up_cases(survey, "en", mode.aids).front().view);
                CHECK(drawn.cut_texts == std::vector<std::string> {});
                check_targets(rig.map().widgets(), stage_for(size.width, size.height, mode.aids),
                    size.millimetres_per_pixel);
            }
        }
    }
}
