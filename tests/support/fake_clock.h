#pragma once

#include "platform/base/clock.h"

namespace listenpost::test {

/// Stands still unless told to move.
class FakeClock final : public Clock {
public:
    WallTime wall_now() const override { return wall; }
    SteadyTime steady_now() const override { return steady; }
    bool wall_is_set() const override { return is_set; }
    std::string boot_id() const override { return "0123456789abcdef"; }

    void advance(std::chrono::milliseconds span)
    {
        wall += span;
        steady += span;
    }

    WallTime wall {std::chrono::milliseconds(1'790'000'000'000)};
    SteadyTime steady {std::chrono::milliseconds(1'000'000)};
    bool is_set = true;
};

}
