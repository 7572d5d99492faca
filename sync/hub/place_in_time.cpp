#include "sync/hub/place_in_time.h"

#include "sync/wire/batch_parser.h"

namespace listenpost::sync {

std::int64_t place_in_time(ParsedResponse const& response, SentClocks const& sent, std::int64_t received_ms)
{
    if (response.clock_set)
        return response.opened_ms;
    // A steady time ahead of the sending is no moment of that boot, whatever its id says.
    if (response.boot != sent.boot || response.steady_ms > sent.steady_ms)
        return received_ms;
    std::int64_t const ago_ms = sent.steady_ms - response.steady_ms;
    return (sent.clock_set ? sent.wall_ms : received_ms) - ago_ms;
}

}
