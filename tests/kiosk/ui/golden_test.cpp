#include "tests/kiosk/ui/golden.h"
#include "tests/kiosk/ui/screen_rig.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

struct Case {
    std::string name;
    View view;
    int width = 1280;
    int height = 800;
    std::string place {};
    Survey const* survey = &shipped_survey();
};

std::vector<Answer> mixed_answers()
{
    return {{"quality", 5, {}}, {"service", 2, {"long_wait"}}, {"cleanliness", 4, {}}};
}

View counting(Screen screen, std::string const& language, std::vector<Answer> answers, int left, int of)
{
    View view = view_of(screen, language, std::move(answers));
    view.countdown = left;
    view.countdown_of = of;
    return view;
}

View contrast(View view)
{
    view.high_contrast = true;
    return view;
}

View under(Panel panel, View view)
{
    view.panel = panel;
    return view;
}

View aided(View view, bool View::*aid, Panel panel = Panel::None)
{
    view.*aid = true;
    view.panel = panel;
    return view;
}

/// One question a screen.
void add_aided(std::vector<Case>& all, std::vector<Answer> const& two, std::vector<Answer> const& low)
{
    View second = view_of(Screen::Rate, "zh-CN", two);
    second.current = 1;
    second.can_go_back = true;
    View reasons = view_of(Screen::Reasons, "zh-CN", low);
    reasons.current = 1;
    reasons.can_go_back = true;
    View const first = view_of(Screen::Rate, "en");
    View const warned = counting(Screen::TimeoutWarning, "zh-CN", two, 17, 20);
    all.push_back({"rate-large.zh-CN", aided(second, &View::large_text)});
    all.push_back({"rate-large-portrait.en", aided(first, &View::large_text), 800, 1280});
    all.push_back({"rate-low.zh-CN", aided(second, &View::low_reach)});
    all.push_back({"rate-low-portrait.en", aided(first, &View::low_reach), 800, 1280});
    all.push_back({"reasons-large.zh-CN", aided(reasons, &View::large_text)});
    all.push_back({"reasons-low.zh-CN", aided(reasons, &View::low_reach)});
    all.push_back({"timeout-low.zh-CN", aided(warned, &View::low_reach)});
    all.push_back({"access-low.en", aided(first, &View::low_reach, Panel::Access)});
    all.push_back({"thanks-low.zh-CN",
        aided(counting(Screen::Thanks, "zh-CN", mixed_answers(), 6, 8), &View::low_reach)});
}

std::vector<Case> cases()
{
    std::vector<Case> all;
    for (std::string const language : {"zh-CN", "en"}) {
        auto const add = [&](std::string const& name, View view, int width = 1280, int height = 800) {
            all.push_back({name + "." + language, std::move(view), width, height});
        };
        add("attract", view_of(Screen::Attract, language));
        add("access", aided(view_of(Screen::Rate, language), &View::high_contrast, Panel::Access));
        add("languages", under(Panel::Languages, view_of(Screen::Rate, language)));
        add("rate-midway", view_of(Screen::Rate, language, {{"quality", 5, {}}, {"service", 2, {}}}));
        add("reasons", view_of(Screen::Reasons, language, mixed_answers()));
        add("thanks", counting(Screen::Thanks, language, mixed_answers(), 6, 8));
        add("timeout",
            counting(Screen::TimeoutWarning, language, {{"quality", 5, {}}, {"service", 2, {}}}, 17, 20));
        add("out-of-service", view_of(Screen::OutOfService, language));
    }
    auto const two = std::vector<Answer> {{"quality", 5, {}}, {"service", 2, {}}};
    auto const low = std::vector<Answer> {
        {"quality", 1, {"salty"}}, {"service", 2, {"long_wait", "bill"}}, {"cleanliness", 2, {}}};
    all.push_back(
        {"rate-contrast.zh-CN", contrast(view_of(Screen::Rate, "zh-CN", two)), 1280, 800, "人民广场店"});
    all.push_back({"reasons-contrast.en", contrast(view_of(Screen::Reasons, "en", low))});
    all.push_back({"rate-portrait.zh-CN", view_of(Screen::Rate, "zh-CN", two), 800, 1280, "人民广场店"});
    all.push_back({"reasons-portrait.en", view_of(Screen::Reasons, "en", low), 800, 1280});
    all.push_back({"rate-small.en", view_of(Screen::Rate, "en", two), 1024, 600});
    all.push_back({"rate-start.zh-CN", view_of(Screen::Rate, "zh-CN"), 1280, 800, "人民广场店"});
    all.push_back({"rate-done.zh-CN", view_of(Screen::Rate, "zh-CN", mixed_answers())});
    View closed = view_of(Screen::Attract, "zh-CN");
    closed.shop_is_open = false;
    closed.drift = 1;
    all.push_back({"attract-closed-portrait.zh-CN", closed, 800, 1280, "人民广场店"});
    add_aided(all, two, low);
    static Survey const three = survey_of_faces({Scale::ThreeFaces, Scale::ThreeFaces});
    all.push_back({"rate-three-faces.zh-CN", view_of(Screen::Rate, "zh-CN", {{"quality", 3, {}}}, three),
        1280, 800, {}, &three});
    static Survey const branded = [] {
        Survey survey = survey_of_faces({Scale::FourFaces});
        survey.branding = {.primary = 0x7A1F3D, .rail = 0x3B1020, .accent = 0xFFD8A8, .logo = {}};
        return survey;
    }();
    all.push_back({"rate-branded.en", view_of(Screen::Rate, "en", {{"quality", 4, {}}}, branded), 1280, 800,
        {}, &branded});
    return all;
}

}

TEST_CASE("Every screen looks as the pictures that were looked at", "[kiosk][ui][golden]")
{
    for (auto const& each : cases()) {
        DYNAMIC_SECTION(each.name)
        {
            ScreenRig rig(each.width, each.height, each.place, *each.survey);
            auto const drawn = rig.draw(each.view);
            CHECK(drawn.cut_texts.empty());
            CHECK_FALSE(drawn.moving_until);
            compare_with_golden(rig.picture(), each.name);
        }
    }
}
