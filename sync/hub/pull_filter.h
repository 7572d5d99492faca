#pragma once

#include "platform/base/result.h"
#include "sync/hub/scope.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::sync {

/// Which responses a reader wants. Those that fulfil all of it; of several values of one kind any
/// will do. PROTOCOL.md, "Pulling", says the same to strangers.
/// Its Scope: of which stores.
struct PullFilter : Scope {
    std::vector<std::string> touchpoints; ///< empty: all
    std::optional<std::int64_t> from_ms; ///< at_ms is this or later
    std::optional<std::int64_t> to_ms; ///< at_ms is before this
    bool only_negative = false; ///< some answer has a score of at most highest_negative_score
    bool only_with_comment = false; ///< a comment that is not empty
    /// The reader's own part of the chain, which no parameter widens: see intersection().
    Scope within;

    bool is_empty() const { return *this == PullFilter(); }
    bool asks_for_places() const { return needs_places() || within.needs_places(); }
    /// Whether it leaves a store's responses in, as far as that is a matter of the store.
    bool takes_store(std::string_view store, StorePlace const* place) const
    {
        return allows(store, place) && within.allows(store, place);
    }
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

/// What of `filter` a reader of that part may see.
PullFilter intersection(PullFilter filter, Scope const& within);

/// As parameters of a request, without '?': empty for the empty filter, and the same for all that
/// leave the same in (values sorted, times in milliseconds). The reader's part is none of them.
std::string to_query(PullFilter const& filter);

}
