#include "sync/hub/summary_figures.h"

#include <algorithm>
#include <map>

namespace listenpost::sync {
namespace {

using ById = std::map<std::pair<std::string, std::optional<QuestionMeaning>>, kiosk::ScoreCounts>;

/// Where one question was asked in several ways, each has the share of its weight that it has of its ratings:
/// together they weigh as the one.
kiosk::Mean weighted(ById const& questions, bool (*is_part)(QuestionMeaning const&))
{
    std::map<std::string_view, std::int64_t> ratings;
    std::vector<std::pair<std::string_view, kiosk::IndexPart>> parts;
    for (auto const& [name, counts] : questions) {
        auto const& [id, meaning] = name;
        if (!meaning || !is_part(*meaning))
            continue;
        auto const mean = kiosk::mean_on_five(counts, meaning->scale);
        if (mean.count == 0)
            continue;
        ratings[id] += mean.count;
        parts.push_back({id, {mean, meaning->weight}});
    }
    std::vector<kiosk::IndexPart> shares;
    for (auto& [id, part] : parts) {
        part.weight *= static_cast<double>(part.mean.count) / static_cast<double>(ratings[id]);
        shares.push_back(part);
    }
    return kiosk::qsc_index(shares);
}

}

GroupFigures figures_of(
    GroupCounts const& counts, QuestionMeanings const& meanings, std::vector<std::string> const& questions)
{
    GroupFigures figures;
    figures.flagged = counts.flagged;
    ById by_id;
    for (auto const& [survey, tally] : counts.surveys) {
        figures.complete += tally.complete;
        figures.partial += tally.partial;
        figures.with_comment += tally.with_comment;
        figures.has_too_many_questions = figures.has_too_many_questions || tally.has_too_many_questions;
        for (auto const& [id, scores] : tally.questions)
            by_id[{id, meanings.find(survey, id)}] += scores;
    }
    figures.index = weighted(
        by_id, [](QuestionMeaning const& meaning) { return meaning.dimension != kiosk::Dimension::Other; });
    for (auto const& [name, scores] : by_id)
        if (questions.empty() || std::ranges::find(questions, name.first) != questions.end())
            figures.questions.push_back({name.first, name.second, scores});
    return figures;
}

kiosk::Mean ranked_mean(GroupFigures const& figures, std::string const& question)
{
    if (question.empty())
        return figures.index;
    ById by_id;
    for (auto const& [id, meaning, counts] : figures.questions)
        if (id == question && meaning) {
            auto alike = *meaning; // its weight among other questions means nothing here
            alike.weight = 1;
            by_id[{id, alike}] += counts;
        }
    return weighted(by_id, [](QuestionMeaning const&) { return true; });
}

}
