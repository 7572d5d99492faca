#pragma once

#include "kiosk/model/response.h"
#include "kiosk/summary/response_list.h"
#include "kiosk/summary/summary.h"

#include <optional>
#include <string>
#include <vector>

namespace listenpost::test {

/// A response as it was given, and when it was by all that is known now.
struct Told {
    kiosk::Draft draft;
    bool complete = false;
    std::optional<std::int64_t> at_ms {}; ///< nothing: it cannot be placed
    bool provisional = false; ///< by an unset clock
};

/// Three faces, five faces, Nps, a choice and minutes.
kiosk::Survey survey_of_all_kinds();

/// What summarize() should say, counted in the plainest way: every figure by a look at every response. The
/// statistics of counts are the product's own (score_statistics.h, compare()); the sentence is left out.
kiosk::Summary recount(std::vector<Told> const& told, kiosk::SummaryQuery const& query);

/// Those that fit, in the page's order, before any paging.
std::vector<Told> relist(std::vector<Told> const& told, kiosk::ResponseQuery const& query);

/// All of it, a line a figure, for comparing.
std::string describe(kiosk::Summary const& summary);

}
