#pragma once

#include "platform/base/clock.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace listenpost::kiosk {

/// Wrong PINs in a row. Pure.
struct PinAttempts {
    int wrong = 0;
    /// When the last one was tried: of the wall clock nothing is believed, for whoever stands at the box
    /// may be able to change it.
    std::string boot_id;
    SteadyTime last {};

    friend bool operator==(PinAttempts const&, PinAttempts const&) = default;
};

/// Three are free. Then 30 s, 1, 5 and 15 minutes, and from the seventh on an hour each: about 30 guesses on
/// the first day and 24 on every further one, of a million PINs.
std::chrono::seconds wait_after(int wrong);

/// Until the next one may be tried; zero: now. In another boot than the last attempt's the wait runs from
/// that boot on, so that switching the box off never shortens it.
std::chrono::milliseconds time_left(PinAttempts const& attempts, SteadyTime now, std::string_view boot_id);

}
