#pragma once

#include "tests/support/line.h"

#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::test {

using Random = std::mt19937_64;

/// 0 … `below` - 1.
inline std::uint64_t draw(Random& random, std::uint64_t below) { return random() % below; }
inline bool chance(Random& random, unsigned percent) { return draw(random, 100) < percent; }

/// What goes wrong with whatever the agent does until the next fault is armed.
struct Fault {
    enum class Kind {
        None,
        Cut, ///< the line breaks at a byte of the request or of the reply, see `cut`
        Truncate, ///< Cut of the request, and the hub gets what had come until then
        NoReply, ///< the hub takes it; the line breaks before the reply
        Refused, ///< connected, and closed at once
        Gateway, ///< an intermediary answers for a hub that it cannot reach
        Silent, ///< connected, and then nothing, before the hub or after it
        HalfAReply, ///< the hub takes it; half the reply, and then nothing
        HalfOpen, ///< the other side has lost its power: the connection stays and says nothing
        Trickle, ///< the hub takes it; the reply comes byte by byte
        Starve, ///< the same, and so slowly that it never ends
        Delay, ///< a few milliseconds late, in both directions
        Twice, ///< delivered twice, one after the other
        TwiceAtOnce, ///< delivered twice, side by side
        Again, ///< delivered, and again much later
        LateOnly, ///< no reply; delivered much later
        OldReply, ///< the reply to an earlier request comes instead
        OldReplyBehind, ///< an earlier reply follows the right one on the same connection
        Wrong, ///< something else answers, see wrong_reply()
        WrongAfter, ///< the hub takes it, and something else answers
        Odd, ///< the hub takes it, and its reply comes in another shape of HTTP
        Tls, ///< a certificate that must not be trusted, or no TLS at all
        HubKilled, ///< kill -9 of the hub in the middle of it
    };
    Kind kind = Kind::None;
    Cut cut {};
    std::uint64_t salt = 0; ///< decides all details
};

char const* name(Fault::Kind kind);
inline constexpr int fault_kinds = static_cast<int>(Fault::Kind::HubKilled) + 1;
/// Ends by the agent's own time-out only.
bool needs_impatience(Fault::Kind kind);
/// For the story of a failing schedule.
std::string describe(Fault const& fault);

/// What an intermediary could know of a batch.
struct SeenBatch {
    std::vector<std::int64_t> seqs; ///< empty: this was no batch
    std::string digest; ///< what a reply must name it by
};
SeenBatch read_batch(std::string_view request);

/// A reply as raw bytes, and what becomes of the connection.
struct Answer {
    std::string bytes;
    bool close = true;
};

/// Anything that may come instead of the hub's reply, except what only the hub itself could
/// say: a true acknowledgement, or that one of these responses is bad.
Answer wrong_reply(Random& random, SeenBatch const& batch);

/// A hub's `reply` in another shape that HTTP allows, or nearly.
Answer odd_reply(Random& random, std::string const& reply);

}
