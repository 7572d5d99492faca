#pragma once

#include "kiosk/model/response.h"
#include "kiosk/model/survey.h"

namespace listenpost::test {

inline Stamp stamp_at(std::int64_t steady_ms, std::int64_t wall_ms = 1'790'000'000'000)
{
    return {WallTime(std::chrono::milliseconds(wall_ms)), true,
        SteadyTime(std::chrono::milliseconds(steady_ms)), "0123456789abcdef"};
}

inline kiosk::Draft sample_draft()
{
    kiosk::Draft draft;
    draft.survey = "qsc-restaurant";
    draft.survey_version = 1;
    draft.touchpoint = "exit";
    draft.language = "zh-CN";
    draft.opened = stamp_at(5'000);
    draft.touched = SteadyTime(std::chrono::milliseconds(7'500));
    draft.answers = {{"quality", 2, {"salty", "cold"}}, {"service", 5, {}}};
    draft.comment = "上菜有点慢，\"真的\"";
    return draft;
}

/// Three questions with reasons, two languages, two phrases.
inline kiosk::Survey sample_survey()
{
    using namespace kiosk;
    auto const text = [](char const* chinese, char const* english) {
        LocalizedText result;
        result.by_language = {{"zh-CN", chinese}, {"en", english}};
        result.fallback_language = "zh-CN";
        return result;
    };
    Survey survey;
    survey.id = "sample";
    survey.version = 3;
    survey.languages = {"zh-CN", "en"};
    auto const question
        = [&](char const* id, Dimension dimension, LocalizedText title, std::vector<Reason> reasons) {
              Question result;
              result.id = id;
              result.dimension = dimension;
              result.title = std::move(title);
              result.score_labels.assign(5, text("一般", "Okay"));
              result.reasons = std::move(reasons);
              return result;
          };
    survey.questions = {
        question("quality", Dimension::Quality, text("品质", "Quality"),
            {{"salty", text("偏咸", "Salty")}, {"cold", text("不热", "Cold")}}),
        question("service", Dimension::Service, text("服务", "Service"), {{"slow", text("等太久", "Slow")}}),
        question(
            "cleanliness", Dimension::Cleanliness, text("清洁", "Clean"), {{"table", text("桌面", "Table")}}),
    };
    survey.first_page_count = survey.questions.size();
    survey.phrases = {text("上菜有点慢", "A bit slow"), text("会再来", "Will be back")};
    return survey;
}

/// The same, and behind its three ratings a further question of every kind.
inline kiosk::Survey every_kind_survey()
{
    using namespace kiosk;
    Survey survey = sample_survey();
    auto const add = [&](char const* id, QuestionKind kind, char const* when) -> Question& {
        Question question = survey.questions.front();
        question.id = id;
        question.kind = kind;
        question.dimension = Dimension::Other;
        question.reasons.clear();
        if (when)
            question.when = *Condition::parse(when);
        return survey.questions.emplace_back(std::move(question));
    };
    add("dish", QuestionKind::MultipleChoice, "quality <= 3").options
        = {{"soup", survey.brand}, {"rice", survey.brand}, {"tea", survey.brand}};
    add("wait", QuestionKind::Minutes, "service has slow").minutes = {5, 10, 20};
    add("visit", QuestionKind::SingleChoice, "cleanliness = 1").options
        = {{"first", survey.brand}, {"again", survey.brand}};
    add("recommend", QuestionKind::Rating, "dish has soup or wait >= 20").scale = Scale::Nps;
    add("note", QuestionKind::Text, "recommend <= 6");
    return survey;
}

}
