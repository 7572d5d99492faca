#include "tests/kiosk/ui/screen_cases.h"

#include "tests/kiosk/ui/screen_rig.h"

namespace listenpost::kiosk::test {
namespace {

View counting(View view, int left, int of)
{
    view.countdown = left;
    view.countdown_of = of;
    return view;
}

View under(Panel panel, View view)
{
    view.panel = panel;
    return view;
}

View at(std::size_t current, View view)
{
    view.current = current;
    view.can_go_back = current > 0;
    return view;
}

void add_overlays(std::vector<ScreenCase>& cases, View const& rate, View warned)
{
    cases.push_back({"languages", under(Panel::Languages, rate)});
    View aided = under(Panel::Access, rate);
    aided.high_contrast = false;
    cases.push_back({"access", aided});
    warned.screen = Screen::TimeoutWarning;
    cases.push_back({"timeout", counting(warned, 17, 20)});
    cases.push_back({"timeout-last", counting(warned, 1, 20)});
}

/// As much as a customer can say to it.
Answer full_answer(Question const& question)
{
    Answer answer {question.id};
    if (question.kind == QuestionKind::Rating)
        answer.score = question.highest_score();
    if (question.kind == QuestionKind::Minutes)
        answer.minutes = question.minutes.back();
    for (auto const& option : question.options)
        answer.choices.push_back(option.id);
    if (question.kind == QuestionKind::SingleChoice)
        answer.choices.resize(1);
    return answer;
}

}

std::vector<ScreenCase> follow_up_cases(Survey const& survey, std::string const& language, Aids aids)
{
    std::vector<ScreenCase> cases;
    for (std::size_t index = survey.first_page(); index < survey.questions.size(); ++index) {
        Question const& question = survey.questions[index];
        if (question.kind == QuestionKind::Text)
            continue;
        View view = view_of(Screen::FollowUp, language, {}, survey);
        view.follow_up = question.id;
        view.can_go_back = true;
        view.large_text = aids.large_text;
        view.low_reach = aids.low_reach;
        cases.push_back({"follow-up-" + question.id, view});
        view.draft.answers.push_back(full_answer(question));
        cases.push_back({"follow-up-" + question.id + "-full", view});
    }
    return cases;
}

std::vector<ScreenCase> screen_cases(std::string const& language, Aids aids)
{
    std::vector<Answer> const some {{"quality", 5, {}}, {"service", 2, {}}};
    std::vector<Answer> const mixed {
        {"quality", 5, {}}, {"service", 2, {"long_wait"}}, {"cleanliness", 4, {}}};
    std::vector<Answer> const low {
        {"quality", 1, {"salty"}}, {"service", 2, {"long_wait", "bill"}}, {"cleanliness", 2, {}}};
    auto const view = [&](Screen screen, std::vector<Answer> answers = {}) {
        return view_of(screen, language, std::move(answers));
    };
    std::vector<ScreenCase> cases;
    cases.push_back({"attract", view(Screen::Attract)});
    cases.push_back({"attract-closed", view(Screen::Attract)});
    cases.back().view.shop_is_open = false;
    cases.push_back({"rate-start", view(Screen::Rate)});
    cases.push_back(
        {"rate-midway", aids.one_by_one() ? at(1, view(Screen::Rate, some)) : view(Screen::Rate, some)});
    cases.push_back(
        {"rate-done", aids.one_by_one() ? at(2, view(Screen::Rate, mixed)) : view(Screen::Rate, mixed)});
    for (auto const& [name, answers] : {std::pair("reasons", mixed), {"reasons-all", low}}) {
        cases.push_back({name, view(Screen::Reasons, answers)});
        cases.back().view.can_go_back = true;
    }
    if (aids.one_by_one())
        cases.back().view.current = 1;
    for (auto& each : follow_up_cases(shipped_survey(), language, aids))
        cases.push_back(std::move(each));
    cases.push_back({"thanks", counting(view(Screen::Thanks, mixed), 6, 8)});
    cases.push_back({"thanks-partial", counting(view(Screen::Thanks, {{"service", 3, {}}}), 6, 8)});
    add_overlays(cases, view(Screen::Rate), view(Screen::TimeoutWarning, some));
    cases.push_back({"out-of-service", view(Screen::OutOfService)});
    for (auto& each : cases) {
        each.view.large_text = aids.large_text;
        each.view.low_reach = aids.low_reach;
    }
    return cases;
}

std::vector<PanelSize> const& panel_sizes()
{
    // From the panels' diagonals: 10.1" (16:10 and 17:10) and 15.6" (16:9).
    static std::vector<PanelSize> const sizes {
        {"10.1 inch", 1280, 800, 0.1695},
        {"10.1 inch", 1024, 600, 0.2162},
        {"10.1 inch, upright", 800, 1280, 0.1695},
        {"15.6 inch", 1920, 1080, 0.1799},
    };
    return sizes;
}

}
