#pragma once

#include "kiosk/model/boot_clock.h"
#include "sync/wire/batch_parser.h"

#include <cstdint>
#include <optional>
#include <span>

namespace listenpost::sync {

/// What the hub knows about the time of a sending, beside the responses themselves.
struct Sending {
    SentClocks const& sent;
    /// How long ago, by the box's steady clock, `sent` was read when the request left
    /// (header ListenPost-Sent-Age). Nothing: the box did not say.
    std::optional<std::int64_t> sent_age_ms;
    /// Of other boots than sent.boot; sorted by boot.
    std::span<kiosk::BootClock const> clocks;
    /// The hub's clock when the request began to come in. It is taken for the truth.
    std::int64_t received_ms = 0;
};

/// When a response's first tap really was, UTC ms: PROTOCOL.md, "When it was", `at_ms`.
///
/// Steady time counts within one boot whatever the wall clock does; so every reading of a
/// wall clock that was set, and the receipt, says by it when the tap was:
///
///   opened    opened_ms, where the response's clock was set
///   by_sent   sent.wall_ms counted back, where the sending's clock was set
///   by_hub    the receipt counted back, the age of `sent` included
///   by_note   the clock noted in the response's boot, counted from there
///
/// Two of them agree when they are at most 2 s apart, and what quartz may drift (1 s in
/// 10,000 s) over the steady time between them. The first row that fits:
///
///   the response is of the boot that sends it
///    1  opened agrees with by_hub                                         -> opened
///    2  by_sent is credible: at most 2 s after by_hub, and before it by
///       no more than a request may need on its way (5 min)
///         and opened agrees with it                                       -> opened
///         else: the clock was put right in between                        -> by_sent
///    3  opened is credible in the same way: the clock went wrong since    -> opened
///    4  no set clock that the hub can believe                             -> by_hub
///   it is of another boot
///    5  by_note is no later than the receipt
///         and opened agrees with it                                       -> opened
///         else: the clock was put right in that boot                      -> by_note
///    6  opened is no later than the receipt                               -> opened
///    7  nothing is known but that the boot that sends came afterwards     -> its beginning
///
/// Without an age a sending may have waited for any time. If its clock was set and is not
/// ahead of the hub's, it is believed, and the age follows from it. If it is ahead, by_hub is
/// only the latest moment there can be: row 3 believes any opened before it. If it was not
/// set, `sent` is of this very attempt, as PROTOCOL.md asks, and the age is 0.
///
/// The result is never after the receipt. A reading from before there was a ListenPost
/// counts as no reading, and where nothing else is left the receipt stands in.
std::int64_t place_in_time(ParsedResponse const& response, Sending const& sending);

}
