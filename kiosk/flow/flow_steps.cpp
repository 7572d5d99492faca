#include "kiosk/flow/flow.h"

#include <algorithm>
#include <utility>

namespace listenpost::kiosk {

void Flow::enter(Step const& step, SteadyTime now)
{
    texts_.close();
    view_.current = step.current;
    view_.follow_up = step.follow_up;
    show(step.screen, now);
    if (step.screen == Screen::Comment)
        texts_.open(TextEditor::comment);
    else if (Question const* const question = survey_.find(step.follow_up);
             step.screen == Screen::FollowUp && question && question->kind == QuestionKind::Text)
        texts_.open(step.follow_up);
}

void Flow::step_to(Step step, Stamp const& now)
{
    before_.push_back(here());
    enter(step, now.steady);
}

/// The first page's next question without a tap, after the present one and round.
std::optional<std::size_t> Flow::next_unrated() const
{
    std::size_t const count = survey_.first_page();
    for (std::size_t step = 1; step <= count; ++step) {
        std::size_t const index = (view_.current + step) % count;
        if (!std::as_const(view_.draft).find(survey_.questions[index].id))
            return index;
    }
    return std::nullopt;
}

std::optional<Flow::Step> Flow::next_follow_up() const
{
    auto const asked_already = [this](std::string const& id) {
        return view_.follow_up == id
            || std::ranges::count(before_, id, [](Step const& step) { return step.follow_up; }) > 0;
    };
    for (std::size_t index = survey_.first_page(); index < survey_.questions.size(); ++index) {
        auto const& question = survey_.questions[index];
        bool const is_due = !question.when || question.when->holds(view_.draft.answers);
        if (is_due && !asked_already(question.id))
            return Step {.screen = Screen::FollowUp, .current = 0, .follow_up = question.id};
    }
    return std::nullopt;
}

std::optional<Flow::Step> Flow::step_after_ratings() const
{
    if (!view_.low_questions.empty())
        return Step {.screen = Screen::Reasons};
    return next_follow_up();
}

/// From a screen that has what it asked for to the next one, or to the thanks.
void Flow::go_on(Stamp const& now, Writes& writes)
{
    refresh(now.steady);
    std::optional<Step> next;
    if (view_.screen == Screen::Rate && view_.unrated > 0 && view_.one_by_one())
        next = Step {.screen = Screen::Rate, .current = next_unrated().value_or(0)};
    else if (view_.screen == Screen::Rate)
        next = step_after_ratings();
    else if (view_.screen == Screen::Reasons && view_.one_by_one()
        && view_.current + 1 < view_.low_questions.size())
        next = Step {.screen = Screen::Reasons, .current = view_.current + 1};
    else if (view_.screen != Screen::Comment)
        next = next_follow_up();
    if (!next)
        return close(ClosedBy::Finish, now, writes);
    step_to(std::move(*next), now);
    save_if_changed(now, writes); // a text that was being written is whole now
}

void Flow::on(event::CommentOpened const&, Stamp const& now, Writes&)
{
    bool const from_here
        = takes_input(Screen::Rate) || takes_input(Screen::Reasons) || takes_input(Screen::FollowUp);
    if (from_here && has_begun())
        step_to({.screen = Screen::Comment}, now);
}

void Flow::on(event::Submitted const&, Stamp const& now, Writes& writes)
{
    bool const has_all_ratings = takes_input(Screen::Rate) && view_.unrated == 0;
    if (has_all_ratings || takes_input(Screen::Reasons) || takes_input(Screen::FollowUp)
        || takes_input(Screen::Comment))
        go_on(now, writes);
    else if (takes_input(Screen::Thanks))
        start_over(now.steady);
}

void Flow::on(event::Skipped const&, Stamp const& now, Writes& writes)
{
    if (takes_input(Screen::Reasons)) {
        for (auto& answer : view_.draft.answers)
            answer.reasons.clear();
    } else if (takes_input(Screen::FollowUp)) {
        std::erase_if(
            view_.draft.answers, [this](Answer const& each) { return each.question == view_.follow_up; });
        texts_.clear(view_.follow_up);
    } else if (takes_input(Screen::Comment)) {
        texts_.clear(TextEditor::comment);
    } else {
        return;
    }
    save_if_changed(now, writes);
    go_on(now, writes);
}

void Flow::on(event::WentBack const&, Stamp const& now, Writes& writes)
{
    if (view_.panel != Panel::None && takes_any_input())
        return on(event::PanelClosed {}, now, writes);
    bool const can_leave = takes_input(Screen::Rate) || takes_input(Screen::Reasons)
        || takes_input(Screen::FollowUp) || takes_input(Screen::Comment);
    if (!can_leave || before_.empty())
        return;
    Step const step = before_.back();
    before_.pop_back();
    enter(step, now.steady);
    save_if_changed(now, writes);
}

void Flow::on(event::LanguageChosen const& event, Stamp const& now, Writes& writes)
{
    if (view_.panel != Panel::None && !takes_any_input())
        return;
    if (view_.panel == Panel::Languages)
        on(event::PanelClosed {}, now, writes);
    if (std::ranges::count(survey_.languages, event.language) == 0 || event.language == view_.language)
        return;
    texts_.change_language(view_.language, event.language);
    view_.language = event.language;
    // What is closed stays in the language it was said in.
    if (!has_begun() || view_.saving || view_.screen == Screen::Thanks)
        return;
    view_.draft.language = event.language;
    save(now, writes);
}

void Flow::on(event::PanelOpened const& event, Stamp const& now, Writes&)
{
    bool const over_a_screen = view_.screen != Screen::TimeoutWarning && view_.screen != Screen::Attract;
    if (!over_a_screen || view_.saving || event.panel == view_.panel || !takes_any_input())
        return;
    // Like a new screen: a second tap of the same finger must not hit what appears under it.
    show(view_.screen, now.steady);
    view_.panel = event.panel;
}

void Flow::on(event::PanelClosed const&, Stamp const& now, Writes&)
{
    if (view_.panel == Panel::None || !takes_any_input())
        return;
    show(view_.screen, now.steady);
    if (view_.screen == Screen::Rate && has_begun())
        settle_rating(now.steady);
}

void Flow::on(event::AccessToggled const& event, Stamp const&, Writes&)
{
    if (!takes_any_input())
        return;
    switch (event.access) {
    case Access::Contrast:
        view_.high_contrast = !view_.high_contrast;
        return;
    case Access::Speech:
        view_.spoken = !view_.spoken;
        return;
    case Access::Large:
        view_.large_text = !view_.large_text;
        break;
    case Access::LowReach:
        view_.low_reach = !view_.low_reach;
        break;
    }
    // From all questions on a screen to one a screen, or back: begin with what is still to be said.
    std::erase_if(before_, [this](Step const& step) {
        return (step.screen == Screen::Rate && step.current > 0)
            || (step.screen == Screen::Reasons && view_.screen == Screen::Reasons);
    });
    view_.current = 0;
    if (view_.screen == Screen::Rate && view_.one_by_one() && has_begun())
        view_.current = next_unrated().value_or(survey_.first_page() - 1);
}

void Flow::on(event::MoreTime const&, Stamp const& now, Writes&)
{
    if (!takes_input(Screen::TimeoutWarning))
        return;
    touched_ = now.steady;
    show(view_.behind, now.steady);
}

void Flow::on(event::GaveUp const&, Stamp const& now, Writes& writes)
{
    if (takes_input(Screen::TimeoutWarning))
        close(ClosedBy::Timeout, now, writes);
}

void Flow::on(event::RestartPressed const&, Stamp const& now, Writes&)
{
    if (takes_input(Screen::Thanks))
        start_over(now.steady);
}

}
