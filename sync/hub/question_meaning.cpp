#include "sync/hub/question_meaning.h"

#include "platform/base/log.h"

#include <array>

namespace listenpost::sync {
namespace {

std::optional<kiosk::Dimension> dimension_by_name(std::string_view question)
{
    if (question == "quality")
        return kiosk::Dimension::Quality;
    if (question == "service")
        return kiosk::Dimension::Service;
    if (question == "cleanliness")
        return kiosk::Dimension::Cleanliness;
    return {};
}

}

char const* name(kiosk::Scale scale)
{
    constexpr std::array<char const*, 4> names {"faces3", "faces4", "faces5", "nps"};
    return names.at(static_cast<std::size_t>(scale));
}

char const* name(kiosk::Dimension dimension)
{
    constexpr std::array<char const*, 4> names {"quality", "service", "cleanliness", "other"};
    return names.at(static_cast<std::size_t>(dimension));
}

QuestionMeanings::QuestionMeanings(std::span<RegisteredSurvey const> surveys)
{
    for (auto const& registered : surveys) {
        auto const survey = kiosk::parse_survey(registered.json);
        if (!survey) {
            log(LogLevel::Warn, "survey_unreadable",
                {{"survey", registered.id}, {"detail", survey.error().detail}});
            continue;
        }
        auto& questions = surveys_[registered.id];
        for (auto const& question : survey->questions)
            if (question.kind == kiosk::QuestionKind::Rating)
                questions[question.id] = {question.scale, question.dimension, question.weight};
    }
}

std::optional<QuestionMeaning> QuestionMeanings::find(
    std::string_view survey, std::string_view question) const
{
    if (auto const known = surveys_.find(survey); known != surveys_.end()) {
        auto const found = known->second.find(question);
        return found == known->second.end() ? std::nullopt : std::optional(found->second);
    }
    if (auto const dimension = dimension_by_name(question))
        return QuestionMeaning {kiosk::Scale::FiveFaces, *dimension, 1};
    return {};
}

Result<RegisteredSurvey> survey_to_register(std::string json)
{
    auto const survey = kiosk::parse_survey(json);
    if (!survey)
        return fail(survey.error());
    return RegisteredSurvey {survey->id, survey->version, std::move(json)};
}

}
