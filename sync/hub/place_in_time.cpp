#include "sync/hub/place_in_time.h"

#include "kiosk/model/place_in_time.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace listenpost::sync {
namespace {

using namespace std::chrono_literals;

using Moment = std::optional<std::int64_t>; ///< UTC ms; nothing: no such reading

constexpr std::int64_t in_ms(std::chrono::milliseconds span) { return span.count(); }

/// A box gives a request up after a minute; a proxy may hold it for as long again.
constexpr std::int64_t slowest_ms = in_ms(5min);
std::int64_t place_in_this_boot(ParsedResponse const& response, Sending const& sending)
{
    auto const& sent = sending.sent;
    std::int64_t const before_sent = sent.steady_ms - response.steady_ms;
    // Not told how long `sent` has waited: a set clock says it too, if it is right.
    std::int64_t const age = sending.sent_age_ms.value_or(
        sent.clock_set ? std::max<std::int64_t>(0, sending.received_ms - sent.wall_ms) : 0);
    std::int64_t const elapsed = before_sent + age;
    std::int64_t const by_hub = sending.received_ms - elapsed;
    Moment const opened = kiosk::clock_reading(response.clock_set, response.opened_ms);
    Moment by_sent = kiosk::clock_reading(sent.clock_set, sent.wall_ms);
    if (by_sent)
        *by_sent -= before_sent;

    if (kiosk::clocks_agree(opened, by_hub, elapsed))
        return *opened;
    bool const waited_unknown = !sending.sent_age_ms && sent.clock_set;
    std::int64_t const slowest = waited_unknown ? std::numeric_limits<std::int64_t>::max() : slowest_ms;
    auto const credible = [&](Moment moment) {
        return moment && *moment <= by_hub + kiosk::close_clocks_ms && by_hub - *moment <= slowest;
    };
    if (credible(by_sent))
        return kiosk::clocks_agree(opened, *by_sent, before_sent) ? *opened : *by_sent;
    return credible(opened) ? *opened : by_hub;
}

kiosk::BootClock const* note_of(std::string const& boot, Sending const& sending)
{
    auto const note = std::ranges::lower_bound(sending.clocks, boot, {}, &kiosk::BootClock::boot_id);
    return note != sending.clocks.end() && note->boot_id == boot ? &*note : nullptr;
}

std::int64_t place_in_another_boot(ParsedResponse const& response, Sending const& sending)
{
    kiosk::TapTime const tap {response.opened_ms, response.clock_set, response.steady_ms};
    if (auto const placed = kiosk::place_by_box(
            tap, note_of(response.boot, sending), sending.received_ms + kiosk::close_clocks_ms))
        return *placed;
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
    return !kiosk::clock_reading(true, placed) ? sending.received_ms : std::min(placed, sending.received_ms);
}

}
