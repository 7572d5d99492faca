#include "platform/os/files.h"
#include "tests/kiosk/ui/screen_rig.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <utility>

// Every shipped text on every screen, in every language, size and mode: none may be cut
// short. The table walks the values of Screen and Panel, so a screen that is new here is
// covered from its first day.

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

enum class Mode { Normal, Large };

Survey survey_from(std::filesystem::path const& file)
{
    auto const text = read_file(file, 1 << 20);
    REQUIRE(text);
    auto survey = parse_survey(*text);
    if (!survey)
        FAIL(file.filename() << ": " << survey.error().detail);
    return std::move(*survey);
}

/// What the flow would give a customer who gave each question of the first page that score.
View view_of(Survey const& survey, Screen screen, std::string const& language, Mode mode,
    std::optional<int> score = {})
{
    View view;
    view.screen = screen;
    view.language = language;
    view.large_text = mode == Mode::Large;
    view.phrases_chosen.assign(survey.phrases.size(), false);
    view.phrases_fit.assign(survey.phrases.size(), true);
    for (std::size_t index = 0; index < survey.first_page(); ++index) {
        Question const& question = survey.questions[index];
        if (!score) {
            ++view.unrated;
            continue;
        }
        int const given = std::clamp(*score, question.lowest_score(), question.highest_score());
        Answer answer;
        answer.question = question.id;
        answer.score = given;
        view.draft.answers.push_back(std::move(answer));
        if (question.asks_reasons_for(given))
            view.low_questions.push_back(question.id);
    }
    return view;
}

/// A name for the report, and what is drawn.
using Scene = std::pair<std::string, View>;

void add_rate_and_reasons(std::vector<Scene>& scenes, Survey const& survey, View const& low)
{
    for (std::size_t index = 0; index < survey.first_page(); ++index) {
        View rate = low;
        rate.screen = Screen::Rate;
        rate.current = index;
        scenes.emplace_back("rated low", rate);
        rate.draft.answers.clear();
        rate.low_questions.clear();
        rate.unrated = static_cast<int>(survey.first_page());
        scenes.emplace_back("nothing rated", rate);
    }
    for (std::size_t index = 0; index < low.low_questions.size(); ++index) {
        View reasons = low;
        reasons.screen = Screen::Reasons;
        reasons.current = index;
        reasons.can_go_back = true;
        scenes.emplace_back("all low", reasons);
        reasons.current = 0;
        reasons.low_questions = {low.low_questions[index]};
        scenes.emplace_back("one low", reasons);
    }
}

std::vector<Scene> scenes_of(Survey const& survey, std::string const& language, Mode mode)
{
    std::vector<Scene> scenes;
    View const low = view_of(survey, Screen::Rate, language, mode, 1);
    for (auto const screen : {Screen::Attract, Screen::Rate, Screen::Reasons, Screen::FollowUp,
             Screen::Comment, Screen::Thanks, Screen::TimeoutWarning, Screen::OutOfService}) {
        View view = view_of(survey, screen, language, mode, 5);
        switch (screen) {
        case Screen::Rate:
            add_rate_and_reasons(scenes, survey, low);
            break;
        case Screen::Reasons:
            break; // above
        case Screen::FollowUp:
            view.can_go_back = true;
            for (std::size_t index = survey.first_page(); index < survey.questions.size(); ++index) {
                view.follow_up = survey.questions[index].id;
                scenes.emplace_back("follow-up " + view.follow_up, view);
            }
            continue;
        case Screen::Comment:
            view.can_go_back = true;
            scenes.emplace_back("nothing written", view);
            view.editor.text = "***";
            view.editor.is_masked = true;
            view.editor.characters = 3;
            break;
        case Screen::Attract:
            scenes.emplace_back("open", view);
            view.shop_is_open = false;
            break;
        case Screen::Thanks:
            view.countdown = view.countdown_of = 10;
            scenes.emplace_back("all rated", view);
            view = view_of(survey, screen, language, mode);
            view.countdown = view.countdown_of = 10;
            break;
        case Screen::TimeoutWarning:
            view.countdown = view.countdown_of = 15;
            break;
        case Screen::OutOfService:
            break;
        }
        if (screen != Screen::Reasons)
            scenes.emplace_back("", view);
    }
    for (auto const& [panel, title] :
        {std::pair {Panel::Languages, "panel of languages"}, std::pair {Panel::Access, "panel of aids"}}) {
        View view = low;
        view.panel = panel;
        scenes.emplace_back(title, view);
    }
    return scenes;
}

/// One line for each text that was cut, with where.
std::set<std::string> cut_on(int width, int height, Survey const& survey, Mode mode)
{
    std::set<std::string> cut;
    ScreenRig rig(width, height, "003", survey);
    for (auto const& language : survey.languages)
        for (auto const& [title, view] : scenes_of(survey, language, mode))
            for (auto const& text : rig.draw(view).cut_texts)
                cut.insert(survey.id + " " + language + " " + name(view.screen) + " " + title + ": " + text);
    return cut;
}

void check_nothing_is_cut(int width, int height)
{
    int surveys = 0;
    for (auto const& entry : std::filesystem::directory_iterator(share_folder() / "surveys")) {
        Survey const survey = survey_from(entry.path());
        CHECK(survey.languages == std::vector<std::string> {"zh-CN", "zh-TW", "en", "ja", "ko"});
        for (auto const mode : {Mode::Normal, Mode::Large})
            for (auto const& line : cut_on(width, height, survey, mode))
                FAIL_CHECK((mode == Mode::Large ? "large text, " : "") << line);
        ++surveys;
    }
    CHECK(surveys == 3);
}

}

TEST_CASE("No shipped text is cut on a screen of 1280x800", "[kiosk][ui]")
{
    check_nothing_is_cut(1280, 800);
}

TEST_CASE("No shipped text is cut on a screen of 1024x600", "[kiosk][ui]")
{
    check_nothing_is_cut(1024, 600);
}

TEST_CASE("No shipped text is cut on an upright screen", "[kiosk][ui]") { check_nothing_is_cut(800, 1280); }

TEST_CASE("No shipped text is cut on a screen of 1920x1080", "[kiosk][ui]")
{
    check_nothing_is_cut(1920, 1080);
}

TEST_CASE("A text that is too long for its place is reported", "[kiosk][ui]")
{
    Survey survey = shipped_survey();
    std::string const title = "Everything that you could possibly have eaten here today";
    survey.questions[0].title.by_language["en"] = title;
    auto const cut = cut_on(1280, 800, survey, Mode::Normal);
    CHECK(std::ranges::any_of(cut, [&](std::string const& line) { return line.ends_with(title); }));
}

namespace {

/// So long a text in Hanzi, and in Latin letters in words of six.
LocalizedText text_of(std::size_t hanzi, std::size_t letters)
{
    LocalizedText text;
    text.fallback_language = "zh-CN";
    for (std::size_t index = 0; index < hanzi; ++index)
        text.by_language["zh-CN"] += "国";
    for (std::size_t index = 0; index < letters; ++index)
        text.by_language["en"] += index % 7 == 6 && index + 1 < letters ? ' ' : 'n';
    return text;
}

/// The shipped survey with texts as long as kiosk/model/SURVEY.md says they may be.
Survey longest_survey()
{
    Survey survey = shipped_survey();
    survey.languages = {"zh-CN", "en"};
    survey.headline = text_of(10, 20);
    survey.attract_headline = text_of(8, 20);
    survey.attract_subline = text_of(12, 28);
    survey.privacy = text_of(24, 60);
    survey.thanks_promise = text_of(20, 50);
    for (auto& step : survey.thanks_steps)
        step.what = text_of(12, 28);
    for (auto& phrase : survey.phrases)
        phrase = text_of(6, 16);
    for (std::size_t index = 0; index < survey.questions.size(); ++index) {
        Question& question = survey.questions[index];
        question.title = index < survey.first_page() ? text_of(4, 11) : text_of(10, 24);
        question.title.by_language["en"] = std::string(index < survey.first_page() ? 11 : 24, 'n');
        question.hint = text_of(11, 28);
        for (auto& label : question.score_labels)
            label = text_of(4, 9);
        for (auto* options : {&question.reasons, &question.options})
            for (auto& option : *options)
                option.text = text_of(6, 16);
    }
    return survey;
}

}

TEST_CASE("Texts of the lengths that the survey's documentation allows are not cut", "[kiosk][ui]")
{
    Survey const survey = longest_survey();
    for (auto const& [width, height] : {std::pair {1280, 800}, {1024, 600}, {800, 1280}, {1920, 1080}})
        for (auto const mode : {Mode::Normal, Mode::Large})
            for (auto const& line : cut_on(width, height, survey, mode))
                FAIL_CHECK(width << "x" << height << (mode == Mode::Large ? ", large text, " : ", ") << line);
}
