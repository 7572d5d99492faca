#pragma once

#include "platform/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::sync {

/// Which responses a reader wants. Those that fulfil all of it; of several values of one kind any
/// will do. PROTOCOL.md, "Pulling", says the same to strangers.
struct PullFilter {
    std::vector<std::string> stores; ///< ids; empty: all, here and below
    std::vector<std::string> regions; ///< of the store, as the hub's table of stores says
    std::vector<std::string> cities; ///< ditto
    std::vector<std::string> touchpoints;
    std::optional<std::int64_t> from_ms; ///< at_ms is this or later
    std::optional<std::int64_t> to_ms; ///< at_ms is before this
    bool only_negative = false; ///< some answer has a score of at most highest_negative_score
    bool only_with_comment = false; ///< a comment that is not empty

    bool is_empty() const { return *this == PullFilter(); }
    bool needs_places() const { return !regions.empty() || !cities.empty(); }
    friend bool operator==(PullFilter const&, PullFilter const&) = default;
};

/// The wire knows scores, 0 to 10, and not the survey's range: up to here a face is a low one, on any
/// number of faces, and a recommendation (NPS) is among the lowest. Surveys ask for reasons up to here.
inline constexpr int highest_negative_score = 2;

/// Takes one parameter of a pull, its value already decoded. False: the name is none of a filter's.
/// Errors: Invalid (the value, or a second one where there can be one only): says so to a person.
Result<bool> take_filter_parameter(PullFilter& filter, std::string_view name, std::string_view value);

/// What no single parameter can tell. Errors: Invalid.
Result<> check_filter(PullFilter const& filter);

/// As parameters of a request, without '?': empty for the empty filter, and the same for all that
/// leave the same in (values sorted, times in milliseconds).
std::string to_query(PullFilter const& filter);

}
