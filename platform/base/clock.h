#pragma once

#include <chrono>
#include <string>

namespace listenpost {

/// UTC, milliseconds since 1970. May jump, and may be wrong after boot.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// Milliseconds since boot, suspend included. Measures delays; means something
/// to another boot only beside its boot id.
struct SteadyClockTag {
    using rep = std::chrono::milliseconds::rep;
    using period = std::chrono::milliseconds::period;
    using duration = std::chrono::milliseconds;
    using time_point = std::chrono::time_point<SteadyClockTag>;
    static constexpr bool is_steady = true;
};
using SteadyTime = SteadyClockTag::time_point;

/// Time is an argument: nothing but main.cpp and tests makes a Clock.
/// Threads: all functions may be called from any thread.
class Clock {
public:
    virtual ~Clock() = default;

    virtual WallTime wall_now() const = 0; ///< stamps responses
    virtual SteadyTime steady_now() const = 0; ///< measures delays
    /// False while nobody has set the wall clock since boot (no NTP answer yet):
    /// what wall_now() says then is a guess that the hub may correct.
    virtual bool wall_is_set() const = 0;
    /// Differs after every boot of the machine; constant during one.
    virtual std::string boot_id() const = 0;
};

/// A moment as a box can know it: enough for the hub to place a response that
/// was recorded under a wrong clock.
struct Stamp {
    WallTime wall {};
    bool wall_is_set = false;
    SteadyTime steady {};
    std::string boot_id;

    static Stamp now(Clock const& clock)
    {
        return {clock.wall_now(), clock.wall_is_set(), clock.steady_now(), clock.boot_id()};
    }
    friend bool operator==(Stamp const&, Stamp const&) = default;
};

}
