#pragma once

#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "platform/http/http_client.h"
#include "sync/agent/upload_reply.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace listenpost::sync {

/// What an upload's answer means for the batch. Pure rules: PROTOCOL.md's table.
enum class Outcome {
    Done, ///< committed by the hub: move the mark, set aside what it refuses
    Later, ///< nothing is known: send the same bytes again
    Never, ///< cannot be read as a whole: find the poisoned response
    Split, ///< too large
    NotWelcome, ///< the hub does not know this box, or no longer
};

/// The hub said it, as far as its JSON and its code tell; or somebody on the way did, or nobody.
/// Only the hub may discard a response, and only by the code that PROTOCOL.md has for it.
enum class Speaker { Hub, Unknown };

struct Verdict {
    Outcome outcome = Outcome::Later;
    Speaker speaker = Speaker::Unknown;
    std::optional<std::chrono::milliseconds> retry_after; ///< capped; only with Later
    UploadReply reply; ///< only with Done
    std::string code; ///< short, for programs: unreachable, http_503, bad_batch …
    std::string detail; ///< a sentence for people; empty with Done
};

/// `seqs`: what the batch held, ascending. `batch`: request_digest() of what was sent. `now`: this box's
/// clock, used for a Retry-After date when the reply has no Date of its own.
Verdict judge(
    Result<HttpReply> const& reply, std::span<std::int64_t const> seqs, std::string_view batch, WallTime now);

/// What boxes wait at random, so that those of a chain do not do the same thing at once.
/// `random`: 0 <= random < 1.
std::chrono::milliseconds part_of(std::chrono::milliseconds whole, double random);

/// How long to wait before attempt number `attempt` + 1 (the first failure is 1):
/// a random part of a ceiling that doubles from 1 s to 5 min, so that the boxes of a
/// whole chain do not come back in step. `random`: 0 <= random < 1.
std::chrono::milliseconds backoff(unsigned attempt, double random);

/// Within how long an agent that starts sends the first of a backlog, at a random moment. When the
/// power of a whole town comes back, all its boxes boot at once, with what they captured before; that
/// must not meet the hub in one second. Only a boot is shared by many: an agent that is started anew
/// on a machine that has been up for longer than 5 min goes at once (zero), and so does one with
/// nothing to send (UploadPauses sees to it).
/// `uptime`: of the machine. `spread`: what the operator wants, usual_start_spread if nothing else.
std::chrono::milliseconds start_window(std::chrono::milliseconds uptime, std::chrono::milliseconds spread);
/// 10,000 boxes in 2 min are 83 requests a second.
inline constexpr std::chrono::milliseconds usual_start_spread {120'000};

/// How long to wait after a file of this box could not be read or written for the `attempt`th
/// time in a row (a full disk, say): 30 s, doubled up to 5 min. Nothing goes over the network
/// meanwhile, so there is nobody to spread it for.
std::chrono::milliseconds stuck_pause(unsigned attempt);

/// Seconds, or an HTTP date as seen from `now`. At most an hour, and never negative:
/// a hub's slip must not silence a box for a year. Nothing: not readable.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value, WallTime now);

/// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that is sent today.
std::optional<WallTime> parse_http_date(std::string_view text);

}
