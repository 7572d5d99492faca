#pragma once

#include <filesystem>
#include <optional>

namespace listenpost {

/// Where the machine's power comes from; nothing where it does not say.
struct PowerState {
    std::optional<int> battery_pct; ///< of its own battery, 0 to 100; of several the emptiest
    std::optional<bool> on_mains;
};

/// `supplies`: the kernel's folder of power supplies. Batteries of mice and the like do not count.
PowerState read_power_state(std::filesystem::path const& supplies = "/sys/class/power_supply");

}
