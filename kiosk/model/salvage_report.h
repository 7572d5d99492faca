#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace listenpost::kiosk {

/// What became of a store.db that was damaged.
struct SalvageReport {
    std::int64_t at_ms = 0; ///< wall clock, UTC, as the box knew it
    std::string kept_as; ///< file name of what was damaged, in the data folder
    std::string reason;
    std::int64_t recovered = 0; ///< responses that could be read
    /// Numbers between the first and the last known that no recovered response has. Those that
    /// were moved or removed before the damage are among them.
    std::int64_t missing = 0;
    /// Of all numbers up to the last known that no recovered response has, those that the hub has not
    /// got: the most that may be lost. Nothing: delivery.db could not be read.
    std::optional<std::int64_t> undelivered;

    friend bool operator==(SalvageReport const&, SalvageReport const&) = default;
};

}
