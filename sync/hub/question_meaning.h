#pragma once

#include "kiosk/model/survey.h"
#include "sync/hub/storage.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace listenpost::sync {

/// What the figures of a rating are made by.
struct QuestionMeaning {
    kiosk::Scale scale = kiosk::Scale::FiveFaces;
    kiosk::Dimension dimension = kiosk::Dimension::Other;
    double weight = 1;
    friend auto operator<=>(QuestionMeaning const&, QuestionMeaning const&) = default;
};
char const* name(kiosk::Scale scale);
char const* name(kiosk::Dimension dimension);

/// The wire carries ids and scores only. What they mean is said by the surveys that were registered
/// (`listenpost-hub survey add`), the newest of each id for all that was ever answered under it; of a survey
/// that is not, `quality`, `service` and `cleanliness` are five faces of weight 1.
class QuestionMeanings {
public:
    /// A survey that cannot be read (of a newer hub, perhaps) counts as one that is not registered; the log
    /// says so.
    explicit QuestionMeanings(std::span<RegisteredSurvey const> surveys);

    /// Nothing: it is no rating that is known; only its scores can be told.
    std::optional<QuestionMeaning> find(std::string_view survey, std::string_view question) const;

private:
    std::map<std::string, std::map<std::string, QuestionMeaning, std::less<>>, std::less<>> surveys_;
};

/// What `json` is called. Errors: Invalid: names the place of the fault, as kiosk::parse_survey().
Result<RegisteredSurvey> survey_to_register(std::string json);

}
