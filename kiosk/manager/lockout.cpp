#include "kiosk/manager/lockout.h"

#include <algorithm>
#include <array>

namespace listenpost::kiosk {

using namespace std::chrono_literals;

std::chrono::seconds wait_after(int wrong)
{
    static constexpr std::array<std::chrono::seconds, 8> waits {0s, 0s, 0s, 30s, 60s, 5min, 15min, 1h};
    auto const index = static_cast<std::size_t>(std::max(0, wrong));
    return waits[std::min(index, waits.size() - 1)];
}

std::chrono::milliseconds time_left(PinAttempts const& attempts, SteadyTime now, std::string_view boot_id)
{
    // The steady clock counts from the boot: so much has passed at least.
    auto const passed = attempts.boot_id == boot_id ? now - attempts.last : now.time_since_epoch();
    return std::max(0ms, wait_after(attempts.wrong) - std::max(0ms, passed));
}

}
