#include "kiosk/ui/screens.h"

#include "tests/kiosk/ui/screen_rig.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

std::vector<Answer> const all_well {{"quality", 5, {}}, {"service", 4, {}}, {"cleanliness", 4, {}}};
std::vector<Answer> const one_low {{"quality", 5, {}}, {"service", 2, {}}, {"cleanliness", 4, {}}};

View with_countdown(View view)
{
    view.countdown = 5;
    view.countdown_of = 8;
    return view;
}

template <typename T>
T const& only(std::vector<Event> const& events)
{
    REQUIRE(events.size() == 1);
    REQUIRE(std::holds_alternative<T>(events.front()));
    return std::get<T>(events.front());
}

Survey with_languages(std::vector<std::string> languages)
{
    Survey survey = shipped_survey();
    survey.languages = std::move(languages);
    return survey;
}

std::size_t differing_pixels(Picture const& a, Picture const& b)
{
    std::size_t count = 0;
    for (std::size_t index = 0; index < a.pixels.size(); ++index)
        count += a.pixels[index] != b.pixels[index];
    return count;
}

}

TEST_CASE("Tapping a face rates its question", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    View const view = view_of(Screen::Rate, "zh-CN");
    for (int score = 1; score <= 5; ++score) {
        auto const events = rig.tap(view, "rate.service." + std::to_string(score));
        CHECK(only<event::Rated>(events).question == "service");
        CHECK(only<event::Rated>(events).score == score);
    }
}

TEST_CASE("A face shows the finger in the very frame in which it comes down", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    View const view = view_of(Screen::Rate, "zh-CN");
    rig.draw(view);
    Picture const before = rig.picture();
    Rect const face = rig.map().find("rate.quality.3")->box;
    rig.finger_down(face.centre().x, face.centre().y);
    auto const drawn = rig.draw(view);
    CHECK(drawn.events.empty());
    CHECK(differing_pixels(before, rig.picture()) > 1000);
    rig.finger_up();
    CHECK(rig.draw(view).events.size() == 1);
    rig.finger_away();
    rig.draw(view);
    CHECK(differing_pixels(before, rig.picture()) == 0);
}

TEST_CASE("A finger that slides off means nothing, and nothing where it ends", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    View const view = view_of(Screen::Rate, "zh-CN");
    rig.draw(view);
    Point const from = rig.map().find("rate.quality.3")->box.centre();
    Point const to = rig.map().find("rate.quality.4")->box.centre();
    rig.finger_down(from.x, from.y);
    CHECK(rig.draw(view).events.empty());
    rig.finger_down(to.x, to.y);
    CHECK(rig.draw(view).events.empty());
    rig.finger_up();
    CHECK(rig.draw(view).events.empty());
    rig.finger_away();
    CHECK(rig.draw(view).events.empty());
}

TEST_CASE("A finger that was down when the screen changed means nothing on the new one", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    View const rate = view_of(Screen::Rate, "zh-CN", one_low);
    View const reasons = view_of(Screen::Reasons, "zh-CN", one_low);
    rig.draw(rate);
    Point const submit = rig.map().find("submit")->box.centre();
    rig.finger_down(submit.x, submit.y);
    rig.draw(rate);
    rig.draw(reasons); // "submit" is at the same place here
    rig.finger_up();
    CHECK(rig.draw(reasons).events.empty());
    rig.finger_away();
    CHECK(rig.draw(reasons).events.empty());
}

TEST_CASE("The main button waits until everything is rated", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    View view = view_of(Screen::Rate, "en", {{"quality", 5, {}}});
    CHECK(rig.tap(view, "submit").empty());
    CHECK_FALSE(rig.map().find("submit")->enabled);
    CHECK(rig.map().find("submit")->label == "2 to go");
    view = view_of(Screen::Rate, "en", all_well);
    only<event::Submitted>(rig.tap(view, "submit"));
    CHECK(rig.map().find("submit")->enabled);
}

TEST_CASE("The comment is offered from the first rating on", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    rig.draw(view_of(Screen::Rate, "zh-CN"));
    CHECK_FALSE(rig.map().find("comment.open"));
    only<event::CommentOpened>(rig.tap(view_of(Screen::Rate, "zh-CN", {{"quality", 5, {}}}), "comment.open"));
    only<event::CommentOpened>(rig.tap(view_of(Screen::Reasons, "zh-CN", one_low), "comment.open"));
}

TEST_CASE("While the disk is waited for, only the language can be touched", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    for (Screen const screen : {Screen::Rate, Screen::Reasons, Screen::Comment}) {
        View view = view_of(screen, "zh-CN", one_low);
        view.saving = true;
        rig.draw(view);
        for (auto const& widget : rig.map().widgets()) {
            INFO(widget.id);
            CHECK(widget.enabled == (widget.id == "lang.en"));
        }
        CHECK(rig.tap(view, "submit").empty());
    }
}

TEST_CASE("Reasons are asked for low scores only", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    View const view = view_of(Screen::Reasons, "zh-CN",
        {{"quality", 5, {}}, {"service", 2, {"long_wait"}}, {"cleanliness", 4, {}}});
    auto const toggled = only<event::ReasonToggled>(rig.tap(view, "reason.service.ignored"));
    CHECK(toggled.question == "service");
    CHECK(toggled.reason == "ignored");
    CHECK(rig.map().find("reason.service.long_wait")->value == true);
    CHECK(rig.map().find("reason.service.ignored")->value == false);
    for (auto const& widget : rig.map().widgets()) {
        CHECK_FALSE(widget.id.starts_with("reason.quality."));
        CHECK_FALSE(widget.id.starts_with("reason.cleanliness."));
    }
    only<event::WentBack>(rig.tap(view, "back"));
    only<event::Submitted>(rig.tap(view, "submit"));
}

TEST_CASE(
    "A phrase that has no room left cannot be chosen, one that is chosen can be taken back", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    View view = view_of(Screen::Comment, "en", all_well);
    view.can_go_back = true;
    CHECK(only<event::PhraseToggled>(rig.tap(view, "phrase.4")).index == 4);
    only<event::Skipped>(rig.tap(view, "skip"));
    only<event::WentBack>(rig.tap(view, "back"));
    only<event::Submitted>(rig.tap(view, "submit"));

    choose_phrases(view, {4});
    view.phrases_fit[1] = false;
    CHECK(rig.tap(view, "phrase.1").empty());
    CHECK_FALSE(rig.map().find("phrase.1")->enabled);
    CHECK(only<event::PhraseToggled>(rig.tap(view, "phrase.4")).index == 4);
}

TEST_CASE("The thank-you ends by its button, again, or a touch anywhere", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    View const view = with_countdown(view_of(Screen::Thanks, "zh-CN", all_well));
    only<event::RestartPressed>(rig.tap(view, "again"));
    only<event::Submitted>(rig.tap(view, "submit"));
    only<event::Submitted>(rig.tap(view, Point {400, 500}));
    CHECK(only<event::LanguageChosen>(rig.tap(view, "lang.en")).language == "en");
}

TEST_CASE("Under the time-out warning nothing can be touched but its two answers", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    View view = with_countdown(view_of(Screen::TimeoutWarning, "zh-CN", one_low));
    for (Screen const behind : {Screen::Rate, Screen::Reasons, Screen::Comment}) {
        view.behind = behind;
        only<event::MoreTime>(rig.tap(view, "more_time"));
        only<event::GaveUp>(rig.tap(view, "give_up"));
        CHECK(rig.map().widgets().size() == 2);
        CHECK(rig.tap(view, Point {1196, 76}).empty()); // the language button, dimmed
        CHECK(rig.tap(view, Point {60, 400}).empty());
    }
}

TEST_CASE("Out of service offers nothing that could not be kept", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    rig.draw(view_of(Screen::OutOfService, "zh-CN", one_low));
    REQUIRE(rig.map().widgets().size() == 2);
    CHECK(rig.map().find("lang.en"));
    CHECK(rig.map().find("access.open"));
}

TEST_CASE("With two languages the tile changes between them", "[kiosk][ui]")
{
    Survey const survey = with_languages({"zh-CN", "en"});
    ScreenRig rig(1280, 800, {}, survey);
    CHECK(only<event::LanguageChosen>(rig.tap(view_of(Screen::Rate, "zh-CN"), "lang.en")).language == "en");
    CHECK(
        only<event::LanguageChosen>(rig.tap(view_of(Screen::Rate, "en"), "lang.zh-CN")).language == "zh-CN");
    rig.draw(view_of(Screen::Rate, "en"));
    CHECK_FALSE(rig.map().find("lang.en"));
    CHECK_FALSE(rig.map().find("lang.more"));
}

TEST_CASE("With more languages the tile changes between the first and English", "[kiosk][ui]")
{
    Survey const survey = with_languages({"zh-CN", "ja", "en", "ko"});
    ScreenRig rig(1280, 800, {}, survey);
    CHECK(only<event::LanguageChosen>(rig.tap(view_of(Screen::Rate, "zh-CN"), "lang.en")).language == "en");
    for (std::string const other : {"en", "ja", "ko"})
        CHECK(only<event::LanguageChosen>(rig.tap(view_of(Screen::Rate, other), "lang.zh-CN")).language
            == "zh-CN");

    Survey const without_english = with_languages({"ja", "ko", "zh-TW"});
    ScreenRig another(1280, 800, {}, without_english);
    CHECK(only<event::LanguageChosen>(another.tap(view_of(Screen::Rate, "ja"), "lang.ko")).language == "ko");
}

TEST_CASE("The other languages are offered where nothing leads back", "[kiosk][ui]")
{
    Survey const survey = with_languages({"zh-CN", "en", "ja"});
    ScreenRig rig(1280, 800, {}, survey);
    View view = view_of(Screen::Rate, "zh-CN");
    CHECK(only<event::PanelOpened>(rig.tap(view, "lang.more")).panel == Panel::Languages);
    view.can_go_back = true;
    only<event::WentBack>(rig.tap(view, "back"));
    CHECK_FALSE(rig.map().find("lang.more"));
}

TEST_CASE("The panel of languages has all of them and marks the present one", "[kiosk][ui]")
{
    std::vector<std::string> const all {"zh-CN", "zh-TW", "en", "ja", "ko"};
    Survey const survey = with_languages(all);
    ScreenRig rig(1280, 800, {}, survey);
    View view = view_of(Screen::Rate, "en");
    view.panel = Panel::Languages;
    for (auto const& language : all) {
        CHECK(only<event::LanguageChosen>(rig.tap(view, "lang." + language)).language == language);
        CHECK(rig.map().find("lang." + language)->value == (language == "en"));
    }
    CHECK(rig.map().widgets().size() == all.size() + 1);
    only<event::PanelClosed>(rig.tap(view, "panel.close"));
}

TEST_CASE("The panel of aids has four switches that say their state", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    CHECK(only<event::PanelOpened>(rig.tap(view_of(Screen::Rate, "zh-CN"), "access.open")).panel
        == Panel::Access);
    View view = view_of(Screen::Rate, "zh-CN");
    view.panel = Panel::Access;
    view.high_contrast = true;
    view.spoken = true;
    auto const toggled = [&](std::string const& id) {
        return only<event::AccessToggled>(rig.tap(view, "access." + id)).access;
    };
    CHECK(toggled("contrast") == Access::Contrast);
    CHECK(toggled("large") == Access::Large);
    CHECK(toggled("low_reach") == Access::LowReach);
    CHECK(toggled("speech") == Access::Speech);
    CHECK(rig.map().find("access.contrast")->value == true);
    CHECK(rig.map().find("access.large")->value == false);
    CHECK(rig.map().find("access.low_reach")->value == false);
    CHECK(rig.map().find("access.speech")->value == true);
    CHECK(rig.map().widgets().size() == 5);
}

TEST_CASE("A touch beside a panel closes it, one on its ground does nothing", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    View view = view_of(Screen::Rate, "zh-CN");
    for (Panel const panel : {Panel::Languages, Panel::Access}) {
        view.panel = panel;
        rig.draw(view);
        only<event::PanelClosed>(rig.tap(view, Point {20, 400}));
        only<event::PanelClosed>(rig.tap(view, Point {1200, 700})); // the main button, under the scrim
        rig.draw(view);
        Rect const close = rig.map().find("panel.close")->box;
        CHECK(rig.tap(view, Point {close.x + 10, close.bottom() + 12}).empty());
    }
}

TEST_CASE("On the waiting screen a touch anywhere is nothing but a touch", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    View view = view_of(Screen::Attract, "zh-CN");
    rig.draw(view);
    REQUIRE(rig.map().widgets().size() == 1);
    CHECK(rig.map().find("start")->box == Rect {0, 0, 1280, 800});
    CHECK(rig.tap(view, "start").empty());
}

TEST_CASE("The waiting screen's picture moves from minute to minute, and says when the shop is closed",
    "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    View view = view_of(Screen::Attract, "zh-CN");
    rig.draw(view);
    Picture before = rig.picture();
    for (view.drift = 1; view.drift < 20; ++view.drift) {
        rig.draw(view);
        Picture const after = rig.picture();
        CHECK(differing_pixels(before, after) > 1000);
        before = after;
    }
    view.drift = 0;
    rig.draw(view);
    before = rig.picture();
    view.shop_is_open = false;
    rig.draw(view);
    CHECK(differing_pixels(before, rig.picture()) > 1000);
}

TEST_CASE("Large text and low reach ask one question a screen, the others are not there", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    View view = view_of(Screen::Rate, "zh-CN", {{"quality", 5, {}}});
    view.current = 1;
    for (int aid = 0; aid < 2; ++aid) {
        view.large_text = aid == 0;
        view.low_reach = aid == 1;
        CHECK(only<event::Rated>(rig.tap(view, "rate.service.3")).question == "service");
        CHECK_FALSE(rig.map().find("rate.quality.3"));
        CHECK_FALSE(rig.map().find("rate.cleanliness.3"));
    }
    View reasons
        = view_of(Screen::Reasons, "zh-CN", {{"quality", 1, {}}, {"service", 2, {}}, {"cleanliness", 5, {}}});
    reasons.low_reach = true;
    reasons.current = 1;
    CHECK(only<event::ReasonToggled>(rig.tap(reasons, "reason.service.ignored")).question == "service");
    CHECK_FALSE(rig.map().find("reason.quality.salty"));
}

TEST_CASE("A finger that was down on one question means nothing on the next", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    View view = view_of(Screen::Reasons, "zh-CN", {{"quality", 1, {}}, {"service", 2, {}}});
    view.large_text = true;
    rig.draw(view);
    Point const submit = rig.map().find("submit")->box.centre();
    rig.finger_down(submit.x, submit.y);
    rig.draw(view);
    view.current = 1;
    rig.draw(view);
    rig.finger_up();
    CHECK(rig.draw(view).events.empty());
}

TEST_CASE("Three and four faces are drawn from the five and keep their ends", "[kiosk][ui]")
{
    Survey const survey = survey_of_faces({Scale::ThreeFaces, Scale::FourFaces});
    ScreenRig rig(1280, 800, {}, survey);
    View const view = view_of(Screen::Rate, "zh-CN", {}, survey);
    CHECK(only<event::Rated>(rig.tap(view, "rate.quality.3")).score == 3);
    CHECK(only<event::Rated>(rig.tap(view, "rate.service.4")).score == 4);
    CHECK_FALSE(rig.map().find("rate.quality.4"));
    CHECK(rig.map().find("rate.quality.3")->label == "很满意");
    CHECK_FALSE(rig.map().find("rate.cleanliness.1"));
    CHECK(rig.map().find("submit")->label == "还差 2 项");
}

TEST_CASE("A survey's logo takes the mark's place on light and dark screens", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    DecodedPicture logo {{60, 30}, std::vector<std::uint32_t>(60 * 30, 0xFFE00000U)};
    auto const reds = [&](View const& view) {
        rig.draw(view);
        auto const pixels = rig.picture().pixels;
        return std::ranges::count(pixels, 0xFFE00000U);
    };
    View dark = view_of(Screen::Rate, "zh-CN");
    dark.high_contrast = true;
    for (View const& view : {view_of(Screen::Rate, "zh-CN"), dark, view_of(Screen::Attract, "zh-CN")}) {
        rig.screens().set_logo(std::nullopt);
        CHECK(reds(view) == 0);
        rig.screens().set_logo(logo);
        CHECK(reds(view) >= 80 * 40);
    }
}

TEST_CASE("The ring's new segment grows for 160 ms and then nothing moves", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    CHECK_FALSE(rig.draw(view_of(Screen::Rate, "zh-CN")).moving_until);
    View const rated = view_of(Screen::Rate, "zh-CN", {{"quality", 5, {}}});
    auto const until = rig.draw(rated).moving_until;
    REQUIRE(until);
    CHECK(*until - rig.now() == std::chrono::milliseconds(160));
    Picture const first = rig.picture();
    rig.pass(std::chrono::milliseconds(80));
    CHECK(rig.draw(rated).moving_until == until);
    CHECK(differing_pixels(first, rig.picture()) > 100);
    rig.pass(std::chrono::milliseconds(80));
    CHECK_FALSE(rig.draw(rated).moving_until);
    Picture const last = rig.picture();
    rig.pass(std::chrono::milliseconds(1000));
    CHECK_FALSE(rig.draw(rated).moving_until);
    CHECK(differing_pixels(last, rig.picture()) == 0);
}

TEST_CASE("The next customer's ring does not move", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    rig.draw(view_of(Screen::Rate, "zh-CN", {{"quality", 5, {}}}));
    rig.draw(with_countdown(view_of(Screen::Thanks, "zh-CN", all_well)));
    CHECK_FALSE(rig.draw(view_of(Screen::Rate, "zh-CN")).moving_until);
}

TEST_CASE("A text that no size can save is cut and reported", "[kiosk][ui]")
{
    Survey survey = shipped_survey();
    std::string const endless = "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八"
                                "九十一二三四五六七八九十";
    survey.questions[0].title.by_language["zh-CN"] = endless;
    ScreenRig rig(1280, 800, {}, survey);
    CHECK(rig.draw(view_of(Screen::Rate, "zh-CN")).cut_texts == std::vector {endless});
}

TEST_CASE("A window of whatever size somebody makes it is drawn, not died of", "[kiosk][ui]")
{
    auto const [width, height] = GENERATE(table<int, int>(
        {{1, 1}, {1, 800}, {1280, 1}, {2, 10}, {50, 50}, {300, 10}, {640, 480}, {8192, 200}, {200, 8192}}));
    INFO(width << "x" << height);
    ScreenRig rig(width, height);
    for (Screen const screen : {Screen::Attract, Screen::Rate, Screen::Reasons, Screen::Comment,
             Screen::Thanks, Screen::TimeoutWarning, Screen::OutOfService})
        for (Panel const panel : {Panel::None, Panel::Languages, Panel::Access}) {
            View view = with_countdown(view_of(screen, "en", one_low));
            view.panel = panel;
            CHECK(rig.draw(view).events.empty());
            view.large_text = true;
            CHECK(rig.draw(view).events.empty());
            view.low_reach = true;
            CHECK(rig.draw(view).events.empty());
        }
}

TEST_CASE("What a customer wrote is not reported as too long, for reports are logged", "[kiosk][ui]")
{
    ScreenRig rig(640, 480);
    View view = view_of(Screen::Comment, "zh-CN", one_low);
    for (int count = 0; count < 400; ++count)
        view.draft.comment += "字";
    for (auto const& text : rig.draw(view).cut_texts)
        CHECK(text.find("字字") == std::string::npos);
}
