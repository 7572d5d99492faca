#pragma once

#include "kiosk/flow/view.h"
#include "kiosk/model/survey.h"

#include <algorithm>
#include <catch2/catch.hpp>

namespace listenpost::test {

/// What must be true after every step, whatever happened before.
inline void check_invariants(kiosk::View const& view, kiosk::Survey const& survey)
{
    using namespace kiosk;
    bool const draft_is_new = view.draft.answers.empty();
    if (draft_is_new) {
        // Nothing of anybody's: neither what was said nor what was being said.
        REQUIRE(view.draft == Draft {});
        REQUIRE(std::ranges::count(view.phrases_chosen, true) == 0);
        REQUIRE(view.editor == Editor {});
        REQUIRE(view.follow_up.empty());
        REQUIRE(view.low_questions.empty());
    }
    if (view.screen == Screen::Attract) {
        View fresh;
        fresh.screen = Screen::Attract;
        fresh.language = survey.languages.front();
        fresh.phrases_chosen = view.phrases_chosen;
        fresh.phrases_fit = view.phrases_fit;
        fresh.unrated = static_cast<int>(survey.first_page());
        fresh.drift = view.drift;
        fresh.shop_is_open = view.shop_is_open;
        REQUIRE(view == fresh);
    }
    if (view.screen == Screen::Reasons)
        REQUIRE(view.current < view.low_questions.size());
    if (view.screen == Screen::FollowUp)
        REQUIRE(survey.find(view.follow_up));
    bool const stands_on_answers = view.screen == Screen::Comment || view.screen == Screen::FollowUp
        || view.screen == Screen::TimeoutWarning;
    if (stands_on_answers)
        REQUIRE_FALSE(draft_is_new);
    REQUIRE(view.editor.characters <= static_cast<int>(Draft::max_comment_characters));
    for (auto const& answer : view.draft.answers) {
        Question const* const question = survey.find(answer.question);
        REQUIRE(question);
        REQUIRE(answer.score.has_value() == (question->kind == QuestionKind::Rating));
        if (answer.score) {
            REQUIRE(*answer.score >= question->lowest_score());
            REQUIRE(*answer.score <= question->highest_score());
            REQUIRE((answer.reasons.empty() || question->asks_reasons_for(*answer.score)));
        }
        if (question->kind == QuestionKind::SingleChoice)
            REQUIRE(answer.choices.size() == 1);
    }
}

}
