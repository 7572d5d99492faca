#pragma once

#include "sync/hub/summary.h"

#include <optional>
#include <string>
#include <vector>

namespace listenpost::sync {

/// One question's counts; where surveys ask it in several ways, there are several of one id.
struct QuestionFigures {
    std::string id;
    std::optional<QuestionMeaning> meaning; ///< nothing: no figure can be made of it
    kiosk::ScoreCounts counts;
};

struct GroupFigures {
    std::int64_t complete = 0;
    std::int64_t partial = 0;
    std::int64_t with_comment = 0;
    std::int64_t flagged = 0;
    std::vector<QuestionFigures> questions; ///< by id
    bool has_too_many_questions = false; ///< see Tally: they tell of fewer responses than there are
    /// Of all ratings of quality, service and cleanliness, whatever questions were asked for.
    kiosk::Mean index;
};

/// `questions`: which are told; empty: all.
GroupFigures figures_of(
    GroupCounts const& counts, QuestionMeanings const& meanings, std::vector<std::string> const& questions);

/// What a ranking goes by: the index, or on the common scale of 1 to 5 the mean of one question.
kiosk::Mean ranked_mean(GroupFigures const& figures, std::string const& question);

}
