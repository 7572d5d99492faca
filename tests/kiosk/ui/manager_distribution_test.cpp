#include "tests/kiosk/ui/golden.h"
#include "tests/kiosk/ui/manager_month.h"
#include "tests/kiosk/ui/manager_rig.h"
#include "tests/kiosk/ui/screen_cases.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

constexpr double least_em = 2.4; ///< mm, as of the manager's other screens

/// So many answers of every kind that the survey has, the same for the same survey; to every question but
/// choices with an option more than the first, the more the later it comes.
std::shared_ptr<Summary const> answers_to(Survey const& survey, std::int64_t each)
{
    auto summary = std::make_shared<Summary>();
    summary->query.period = Period::TwentyEightDays;
    summary->query.survey = std::make_shared<Survey const>(survey);
    summary->responses = 12'000 * each;
    summary->partial = share(900 * each, summary->responses);
    summary->flagged = share(30 * each, summary->responses);
    for (auto const& question : survey.questions) {
        if (question.kind == QuestionKind::Rating) {
            Summary::Rating rating;
            rating.question = question.id;
            rating.scale = question.scale;
            for (int score = question.lowest_score(); score <= question.highest_score(); ++score)
                rating.counts.add(score, each * (score * score + 1) * 17);
            rating.mean = mean_score(rating.counts, question.scale);
            rating.on_five = mean_on_five(rating.counts, question.scale);
            if (question.scale == Scale::Nps)
                rating.net_promoter_score = net_promoter_score(rating.counts);
            summary->ratings.push_back(rating);
        } else if (question.kind == QuestionKind::Minutes) {
            Summary::Waiting waiting {question.id, 0, 14, {}};
            for (int const minutes : question.minutes)
                waiting.distribution.push_back({minutes, each * 23});
            waiting.count = each * 23 * static_cast<std::int64_t>(question.minutes.size());
            summary->waiting.push_back(waiting);
        } else if (question.kind != QuestionKind::Text) {
            Summary::Choices choices {question.id, {}};
            for (auto const& option : question.options)
                choices.options.push_back({option.id, each * 1'100});
            summary->choices.push_back(choices);
        }
    }
    return summary;
}

/// The restaurant's, with as many options and minutes as a survey may have.
Survey survey_of_most()
{
    Survey survey = shipped_survey();
    for (auto& question : survey.questions) {
        for (std::size_t more = 0; !question.options.empty() && question.options.size() < 12; ++more) {
            Option option = question.options[more];
            option.id += "_too";
            question.options.push_back(option);
        }
        while (!question.minutes.empty() && question.minutes.size() < 12)
            question.minutes.push_back(question.minutes.back() + 15);
    }
    return survey;
}

ManagerView view_of(std::string const& language, std::size_t page)
{
    ManagerView view;
    view.screen = ManagerScreen::Distribution;
    view.language = language;
    view.period = Period::TwentyEightDays;
    view.questions_page = page;
    return view;
}

std::string label_of(ManagerRig& rig, std::size_t page, std::string_view id)
{
    rig.draw(view_of("en", page));
    Widget const* const widget = rig.map().find(id);
    INFO("widget " << id);
    REQUIRE(widget);
    return widget->label;
}

}

TEST_CASE("What a bar says is how many responses its list has", "[kiosk][ui][manager]")
{
    ManagerMonth month(ManagerMonth::weeks(bench::MonthOf::BadWeek));
    auto const figures = month.figures(Period::SevenDays);
    auto const count = [&](ListFilter const& list) {
        return static_cast<std::int64_t>(month.page(list, Period::SevenDays)->total);
    };
    for (auto const& rating : figures.summary->ratings)
        for (int score = 1; score <= 5; ++score) {
            ListFilter list;
            list.question = rating.question;
            list.lowest_score = score;
            list.highest_score = score;
            INFO(rating.question << " " << score);
            CHECK(count(list) == rating.counts.of[static_cast<std::size_t>(score)]);
        }
    REQUIRE_FALSE(figures.summary->waiting.empty());
    for (auto const& [minutes, times] : figures.summary->waiting.front().distribution) {
        ListFilter list;
        list.minutes = {minutes, minutes};
        CHECK(count(list) == times);
    }
    ListFilter list;
    list.with_flagged = true;
    list.kind = ResponseQuery::Kind::Partial;
    CHECK(count(list) == figures.summary->partial.count);
    list.kind = ResponseQuery::Kind::Flagged;
    CHECK(count(list) == figures.summary->flagged.count);
}

TEST_CASE("A list says what it is of", "[kiosk][ui][manager]")
{
    ManagerRig rig(1280, 800);
    rig.figures.summary = answers_to(shipped_survey(), 1);
    ManagerView view = view_of("en", 0);
    view.screen = ManagerScreen::Responses;
    auto const picture = [&](auto const& change) {
        view.list = {};
        change(view.list);
        auto const drawn = rig.draw(view);
        CHECK(drawn.cut_texts.empty());
        return rig.picture().pixels;
    };
    std::vector pictures {
        picture([](ListFilter&) {}),
        picture([](ListFilter& list) { list.question = "service"; }),
        picture(
            [](ListFilter& list) { list.question = "service", list.lowest_score = list.highest_score = 2; }),
        picture(
            [](ListFilter& list) { list.question = "service", list.lowest_score = list.highest_score = 3; }),
        picture([](ListFilter& list) { list.question = "service", list.reason = "long_wait"; }),
        picture([](ListFilter& list) {
            list.question = "wait", list.minutes = {15, 19};
        }),
        picture([](ListFilter& list) { list.kind = ResponseQuery::Kind::Partial; }),
        picture([](ListFilter& list) { list.kind = ResponseQuery::Kind::Flagged; }),
        picture([](ListFilter& list) {
            list.weekday = 4, list.hours = {12, 13};
        }),
    };
    std::ranges::sort(pictures);
    CHECK(std::ranges::adjacent_find(pictures) == pictures.end());
}

TEST_CASE("Whatever a survey asks, its distribution is whole, and large enough to be read and touched",
    "[kiosk][ui][manager][sizes]")
{
    for (auto const& survey : {shipped_survey(), read_shipped_survey("qsc-shop"),
             read_shipped_survey("staff-pulse"), survey_of_most()})
        for (auto const& size : panel_sizes()) {
            ManagerRig rig(size.width, size.height, survey);
            for (std::int64_t const each : {0, 1, 9}) {
                rig.figures.summary = answers_to(survey, each);
                for (auto const& language : survey.languages)
                    for (std::size_t page = 0; page < 3; ++page) {
                        INFO(survey.id << " " << language << " " << size.width << "x" << size.height
                                       << " page " << page);
                        auto const drawn = rig.draw(view_of(language, page));
                        CHECK(drawn.cut_texts == std::vector<std::string> {});
                        CHECK(drawn.smallest_text * size.millimetres_per_pixel >= least_em);
                        for (auto const& widget : rig.map().widgets()) {
                            INFO(widget.id);
                            CHECK(widget.box.w * size.millimetres_per_pixel >= 8);
                            CHECK(widget.box.h * size.millimetres_per_pixel >= 8);
                            CHECK(widget.box.right() <= size.width);
                            CHECK(widget.box.bottom() <= size.height);
                        }
                    }
            }
        }
}

TEST_CASE("A bar says how often, and where that adds up to a whole, how large a part", "[kiosk][ui][manager]")
{
    SECTION("of several choices no part is said")
    {
        ManagerRig rig(1280, 800);
        rig.figures.summary = answers_to(shipped_survey(), 1);
        auto const option = shipped_survey().find("dish")->options.front().id;
        CHECK_THAT(
            label_of(rig, 1, "figure.distribution.dish." + option), Catch::Matchers::EndsWith(": 1,100"));
        CHECK_THAT(label_of(rig, 0, "figure.distribution.quality.1"), Catch::Matchers::EndsWith(": 34 · 3%"));
    }
    SECTION("of one choice it is")
    {
        Survey const survey = read_shipped_survey("staff-pulse");
        ManagerRig rig(1280, 800, survey);
        rig.figures.summary = answers_to(survey, 1);
        auto const option = survey.find("improve")->options.front().id;
        CHECK_THAT(label_of(rig, 1, "figure.distribution.improve." + option),
            Catch::Matchers::EndsWith(": 1,100 · 17%"));
    }
    SECTION("somebody is not nobody")
    {
        ManagerRig rig(1280, 800);
        auto summary = *answers_to(shipped_survey(), 1);
        summary.ratings[0].counts = {};
        summary.ratings[0].counts.add(1, 2);
        summary.ratings[0].counts.add(5, 9'998);
        rig.figures.summary = std::make_shared<Summary const>(summary);
        CHECK_THAT(label_of(rig, 0, "figure.distribution.quality.1"), Catch::Matchers::EndsWith(": 2 · <1%"));
        CHECK_THAT(
            label_of(rig, 0, "figure.distribution.quality.5"), Catch::Matchers::EndsWith(": 9,998 · >99%"));
        CHECK_FALSE(
            rig.map().find("figure.distribution.quality.2")); // behind nothing there is nothing to see
    }
    SECTION("of fewer than five nothing is a part")
    {
        ManagerRig rig(1280, 800);
        auto summary = *answers_to(shipped_survey(), 1);
        summary.ratings[0].counts = {};
        summary.ratings[0].counts.add(4, 4);
        rig.figures.summary = std::make_shared<Summary const>(summary);
        CHECK_THAT(label_of(rig, 0, "figure.distribution.quality.4"), Catch::Matchers::EndsWith(": 4"));
    }
    SECTION("minutes that the survey no longer offers are in the bar below them, which says so")
    {
        ManagerRig rig(1280, 800);
        auto summary = *answers_to(shipped_survey(), 1);
        summary.waiting[0].distribution = {{10, 3}, {12, 2}, {45, 1}, {90, 1}};
        summary.waiting[0].count = 7;
        rig.figures.summary = std::make_shared<Summary const>(summary);
        CHECK_THAT(
            label_of(rig, 1, "figure.distribution.wait.10"), Catch::Matchers::EndsWith("10–12 min: 5 · 71%"));
        CHECK_THAT(
            label_of(rig, 1, "figure.distribution.wait.45"), Catch::Matchers::EndsWith("≥45 min: 2 · 29%"));
    }
}

TEST_CASE("The distribution of what a survey may ask looks as the pictures that were looked at",
    "[kiosk][ui][manager][golden]")
{
    Survey const staff = read_shipped_survey("staff-pulse");
    SECTION("numbers and one choice")
    {
        ManagerRig rig(1280, 800, staff);
        rig.figures.summary = answers_to(staff, 9);
        rig.draw(view_of("en", 1));
        compare_with_golden(rig.picture(), "manager-distribution-nps.en");
    }
    SECTION("as many as there may be")
    {
        Survey const most = survey_of_most();
        ManagerRig rig(800, 1280, most);
        rig.figures.summary = answers_to(most, 9);
        rig.draw(view_of("ja", 1));
        compare_with_golden(rig.picture(), "manager-distribution-most-portrait.ja");
    }
}
