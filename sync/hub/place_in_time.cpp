#include "sync/hub/place_in_time.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <limits>

namespace listenpost::sync {
namespace {

using namespace std::chrono_literals;

using Moment = std::optional<std::int64_t>; ///< UTC ms; nothing: no such reading

constexpr std::int64_t in_ms(std::chrono::milliseconds span) { return span.count(); }

/// What set clocks may differ by, and what the hub promises.
constexpr std::int64_t close_ms = in_ms(2s);
/// A box gives a request up after a minute; a proxy may hold it for as long again.
constexpr std::int64_t slowest_ms = in_ms(5min);
constexpr std::int64_t quartz = 10'000; ///< drifts by one part in so many
/// 2025-01-01. Clocks that nobody has set say 1970 or the day the firmware was made.
constexpr std::int64_t earliest_ms = 1'735'689'600'000;

Moment reading(bool is_set, std::int64_t wall_ms)
{
    return is_set && wall_ms >= earliest_ms ? Moment(wall_ms) : std::nullopt;
}

/// `span_ms`: the steady time that lies between the two readings.
bool agree(Moment one, std::int64_t other, std::int64_t span_ms)
{
    return one && std::abs(*one - other) <= close_ms + std::abs(span_ms) / quartz;
}

std::int64_t place_in_this_boot(ParsedResponse const& response, Sending const& sending)
{
    auto const& sent = sending.sent;
    std::int64_t const before_sent = sent.steady_ms - response.steady_ms;
    // Not told how long `sent` has waited: a set clock says it too, if it is right.
    std::int64_t const age = sending.sent_age_ms.value_or(
        sent.clock_set ? std::max<std::int64_t>(0, sending.received_ms - sent.wall_ms) : 0);
    std::int64_t const elapsed = before_sent + age;
    std::int64_t const by_hub = sending.received_ms - elapsed;
    Moment const opened = reading(response.clock_set, response.opened_ms);
    Moment by_sent = reading(sent.clock_set, sent.wall_ms);
    if (by_sent)
        *by_sent -= before_sent;

    if (agree(opened, by_hub, elapsed))
        return *opened;
    bool const waited_unknown = !sending.sent_age_ms && sent.clock_set;
    std::int64_t const slowest = waited_unknown ? std::numeric_limits<std::int64_t>::max() : slowest_ms;
    auto const credible = [&](Moment moment) {
        return moment && *moment <= by_hub + close_ms && by_hub - *moment <= slowest;
    };
    if (credible(by_sent))
        return agree(opened, *by_sent, before_sent) ? *opened : *by_sent;
    return credible(opened) ? *opened : by_hub;
}

Moment by_note(ParsedResponse const& response, Sending const& sending, Moment opened)
{
    auto const note = std::ranges::lower_bound(sending.clocks, response.boot, {}, &kiosk::BootClock::boot_id);
    if (note == sending.clocks.end() || note->boot_id != response.boot || !reading(true, note->wall_ms))
        return {};
    std::int64_t const since = response.steady_ms - note->steady_ms;
    std::int64_t const noted = note->wall_ms + since;
    if (noted > sending.received_ms + close_ms)
        return {};
    return agree(opened, noted, since) ? *opened : noted;
}

std::int64_t place_in_another_boot(ParsedResponse const& response, Sending const& sending)
{
    Moment const opened = reading(response.clock_set, response.opened_ms);
    if (auto const noted = by_note(response, sending, opened))
        return *noted;
    if (opened && *opened <= sending.received_ms + close_ms)
        return *opened;
    // The same boot, but a tap after its own sending: that steady time means nothing.
    if (response.boot == sending.sent.boot)
        return sending.received_ms;
    return sending.received_ms - sending.sent.steady_ms - sending.sent_age_ms.value_or(0);
}

}

std::int64_t place_in_time(ParsedResponse const& response, Sending const& sending)
{
    bool const same_boot = response.boot == sending.sent.boot && response.steady_ms <= sending.sent.steady_ms;
    std::int64_t const placed
        = same_boot ? place_in_this_boot(response, sending) : place_in_another_boot(response, sending);
    // Steady times are whatever the box says: none may lead out of the product's life.
    return placed < earliest_ms ? sending.received_ms : std::min(placed, sending.received_ms);
}

}
