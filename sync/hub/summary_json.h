#pragma once

#include "sync/hub/summary_figures.h"

#include <map>
#include <span>
#include <string>

namespace listenpost::sync {

/// By the store's id.
using StoreNames = std::map<std::string_view, std::string_view>;

/// The answers of PROTOCOL.md, "Summaries", one line of JSON each.
std::string summary_json(SummaryQuery const& query, SummaryCounts const& counts,
    QuestionMeanings const& meanings, StoreNames const& names);
std::string ranking_json(RankingQuery const& query, SummaryCounts const& counts,
    QuestionMeanings const& meanings, StoreNames const& names);

}
