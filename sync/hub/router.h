#pragma once

#include "platform/base/result.h"
#include "sync/hub/api_types.h"
#include "sync/hub/pull_filter.h"
#include "sync/wire/compression.h"

#include <optional>
#include <string_view>
#include <variant>

namespace listenpost::sync {

enum class Route { Health, Ready, Metrics, Enrol, Batches, Heartbeat, Responses, Summary, Ranking };
inline constexpr std::size_t route_count = 9;
/// One word, for logs and metrics.
char const* name(Route route);

/// Which route a head asks for, or the reply that ends it: 404, 405, 411, 415.
std::variant<Route, ApiReply> find_route(RequestHead const& head);

/// The token of `Authorization: Bearer TOKEN`; nothing if it is not of that form.
std::optional<std::string_view> bearer_token(std::string_view authorization);

/// Milliseconds; nothing where it says no number: what a proxy spoilt must cost no response.
std::optional<std::int64_t> parse_sent_age(std::string_view text);

/// How a reply is packed for who sends this Accept-Encoding header: zstd before gzip, whichever is named, and
/// not with a weight of 0; else not at all.
Encoding accepted_encoding(std::string_view accept_encoding);

/// `GET /v1/responses?cursor=…&limit=…`, and a filter's parameters
struct PullQuery {
    std::string_view cursor; ///< empty: from the beginning
    std::size_t limit = 0;
    PullFilter filter;
};
/// A parameter that it does not know is an error: a misspelt filter must not pull everything.
/// Errors: Invalid: says to a person which parameter is wrong and why.
Result<PullQuery> parse_pull_query(std::string_view target);

}
