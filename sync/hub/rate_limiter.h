#pragma once

#include "platform/base/clock.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace listenpost::sync {

/// So many a second in the long run, and so many at once after a rest. A rate of 0: no limit.
struct Rate {
    double per_second = 0;
    double burst = 1;
};

/// How often one caller may ask; the rest is told to come later (429). What a box does in its worst hour is
/// well below: a drain is some 30 requests a second.
struct Rates {
    Rate address {2'000, 10'000}; ///< requests of one address
    Rate device {50, 500}; ///< batches and heartbeats of one box
    Rate enrolment {1, 100}; ///< tries of one address
};
inline constexpr Rates no_limits {{}, {}, {}};

/// Who asks too often is told when to come again; one bucket for each name (a device, an address).
/// The generic cell rate algorithm (ITU-T I.371, the virtual scheduling form): of each name one moment is
/// kept. Memory: for at most `max_names`; a name whose bucket is full again is forgotten first, as it makes
/// no difference. When even so there is no room, all further names share one bucket: a flood of names made up
/// can take the hub's memory as little as its time.
/// Threads: one.
class RateLimiter {
public:
    RateLimiter(Rate rate, std::size_t max_names);

    /// Takes one from `name`'s bucket. Otherwise how long to wait until there is one; nothing was taken then.
    std::optional<std::chrono::milliseconds> take(std::string_view name, SteadyTime now);
    /// The same without taking.
    std::optional<std::chrono::milliseconds> wait_of(std::string_view name, SteadyTime now) const;

    std::size_t names() const { return full_at_.size(); }

private:
    using Moment = std::chrono::time_point<SteadyTime::clock, std::chrono::nanoseconds>;
    Moment& full_at(std::string_view name, SteadyTime now);
    std::optional<std::chrono::milliseconds> wait_until(Moment full, SteadyTime now) const;

    bool unlimited_;
    std::chrono::nanoseconds between_; ///< of two, in the long run
    std::chrono::nanoseconds tolerance_; ///< what the burst allows
    std::size_t max_names_;
    std::unordered_map<std::string, Moment> full_at_; ///< when the bucket of a name is full again
    Moment everybody_else_ {};
    SteadyTime next_sweep_ {};
};

}
