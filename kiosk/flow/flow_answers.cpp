#include "kiosk/flow/flow.h"

#include <algorithm>
#include <utility>

namespace listenpost::kiosk {

/// The answer to a question, made if it is the first word to it; the first answer of all
/// opens the response.
Answer& Flow::answer_to(std::string const& question, Stamp const& now)
{
    Draft& draft = view_.draft;
    if (draft.answers.empty()) {
        draft.survey = survey_.id;
        draft.survey_version = survey_.version;
        draft.touchpoint = touchpoint_;
        draft.language = view_.language;
        draft.opened = now;
        guard_.opened(now.steady);
    }
    Answer* const answer = draft.find(question);
    return answer ? *answer : draft.answers.emplace_back(Answer {.question = question});
}

/// A follow-up whose last word was taken back has no answer any more.
void Flow::drop_unsaid(std::string const& question)
{
    std::erase_if(view_.draft.answers, [&](Answer const& each) {
        return each.question == question && !each.score && each.choices.empty() && !each.minutes
            && each.text.empty();
    });
}

bool Flow::asks_now(std::string_view question, QuestionKind kind) const
{
    Question const* const asked = survey_.find(question);
    return takes_input(Screen::FollowUp) && view_.follow_up == question && asked && asked->kind == kind;
}

void Flow::settle_rating(SteadyTime now)
{
    refresh(now);
    if (view_.screen == Screen::FollowUp)
        settle(times_.settle_low, now);
    else if (view_.unrated == 0)
        settle(step_after_ratings() ? times_.settle_low : times_.settle_high, now);
    else if (view_.one_by_one() && std::as_const(view_.draft).find(survey_.questions[view_.current].id))
        settle(times_.settle_next, now);
}

void Flow::on(event::Rated const& event, Stamp const& now, Writes& writes)
{
    Question const* const question = survey_.find(event.question);
    if (!question || event.score < question->lowest_score() || event.score > question->highest_score())
        return;
    auto const index = static_cast<std::size_t>(question - survey_.questions.data());
    bool const is_of_first_page = index < survey_.first_page();
    bool const is_asked
        = is_of_first_page ? takes_input(Screen::Rate) : asks_now(question->id, QuestionKind::Rating);
    if (!is_asked)
        return;
    Answer& answer = answer_to(question->id, now);
    bool const changed = answer.score != event.score;
    answer.score = event.score;
    if (!question->asks_reasons_for(event.score))
        answer.reasons.clear();
    if (is_of_first_page)
        guard_.rated(view_.draft.answers, static_cast<int>(survey_.first_page()), now.steady);
    else
        guard_.considered(now.steady);
    if (changed)
        save(now, writes);
    settle_rating(now.steady);
}

void Flow::on(event::ReasonToggled const& event, Stamp const& now, Writes& writes)
{
    Question const* const question = survey_.find(event.question);
    bool const asked = question && std::ranges::count(view_.low_questions, event.question) > 0
        && std::ranges::count(question->reasons, event.reason, &Reason::id) > 0;
    if (!takes_input(Screen::Reasons) || !asked)
        return;
    auto& reasons = view_.draft.find(event.question)->reasons;
    if (std::erase(reasons, event.reason) == 0)
        reasons.push_back(event.reason);
    guard_.considered(now.steady);
    save(now, writes);
}

void Flow::on(event::OptionToggled const& event, Stamp const& now, Writes& writes)
{
    bool const is_single = asks_now(event.question, QuestionKind::SingleChoice);
    if (!is_single && !asks_now(event.question, QuestionKind::MultipleChoice))
        return;
    if (std::ranges::count(survey_.find(event.question)->options, event.option, &Option::id) == 0)
        return;
    auto& choices = answer_to(event.question, now).choices;
    // Chosen a moment ago and on its way: the second half of a double tap takes nothing back.
    if (is_single && settles_ && std::ranges::count(choices, event.option) > 0)
        return settle(times_.settle_low, now.steady);
    bool const was_chosen = std::erase(choices, event.option) > 0;
    if (is_single)
        choices.clear();
    if (!was_chosen)
        choices.push_back(event.option);
    settles_.reset();
    if (is_single && !was_chosen)
        settle(times_.settle_low, now.steady);
    drop_unsaid(event.question);
    guard_.considered(now.steady);
    save(now, writes);
}

void Flow::on(event::MinutesChosen const& event, Stamp const& now, Writes& writes)
{
    constexpr int a_day = 24 * 60;
    if (!asks_now(event.question, QuestionKind::Minutes) || event.minutes < 0 || event.minutes > a_day)
        return;
    answer_to(event.question, now).minutes = event.minutes;
    guard_.considered(now.steady);
    save(now, writes);
    settle(times_.settle_low, now.steady);
}

/// Written down at every key: who walks away in the middle is heard as far as they came.
void Flow::text_changed(Stamp const& now, Writes& writes)
{
    guard_.considered(now.steady);
    save_if_changed(now, writes);
}

void Flow::on(event::KeyPressed const& event, Stamp const& now, Writes& writes)
{
    bool const is_writing = takes_input(Screen::Comment) || asks_now(view_.follow_up, QuestionKind::Text);
    if (is_writing && texts_.press(event.key))
        text_changed(now, writes);
}

void Flow::on(event::CandidateChosen const& event, Stamp const& now, Writes& writes)
{
    bool const is_writing = takes_input(Screen::Comment) || asks_now(view_.follow_up, QuestionKind::Text);
    if (is_writing && texts_.choose_candidate(event.index))
        text_changed(now, writes);
}

void Flow::on(event::PinyinReady const&, Stamp const&, Writes&) { texts_.refresh_candidates(); }

void Flow::on(event::PhraseToggled const& event, Stamp const& now, Writes& writes)
{
    if (!takes_input(Screen::Comment) || event.index >= view_.phrases_fit.size()
        || !view_.phrases_fit[event.index])
        return;
    texts_.toggle_phrase(event.index, view_.language);
    text_changed(now, writes);
}

}
