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
    survey.reasons_at_most = 2;
    survey.questions = {
        {"quality", Dimension::Quality, text("品质", "Quality"), {},
            {{"salty", text("偏咸", "Salty")}, {"cold", text("不热", "Cold")}}},
        {"service", Dimension::Service, text("服务", "Service"), {}, {{"slow", text("等太久", "Slow")}}},
        {"cleanliness", Dimension::Cleanliness, text("清洁", "Clean"), {},
            {{"table", text("桌面", "Table")}}},
    };
    survey.phrases = {text("上菜有点慢", "A bit slow"), text("会再来", "Will be back")};
    return survey;
}

}
