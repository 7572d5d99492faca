#pragma once

#include <cstdint>

namespace listenpost::sync {

struct SentClocks;
struct ParsedResponse;

/// When a response's first tap really was, UTC ms: PROTOCOL.md, "Pulling", `at_ms`.
///   the box's clock was set                        -> what it said
///   set only later, in the same boot               -> counted back from the sending
///   never set, same boot                           -> counted back from the receipt
///   never set, another boot                        -> the receipt: all we know
/// `received_ms`: the hub's clock when the batch came in.
std::int64_t place_in_time(ParsedResponse const& response, SentClocks const& sent, std::int64_t received_ms);

}
