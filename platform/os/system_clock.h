#pragma once

#include "platform/base/clock.h"

namespace listenpost {

/// The machine's clocks. Steady time counts suspend (CLOCK_BOOTTIME); the wall
/// clock counts as set when the kernel was told so by a time service
/// (adjtimex without STA_UNSYNC).
class SystemClock final : public Clock {
public:
    SystemClock();

    WallTime wall_now() const override;
    SteadyTime steady_now() const override;
    bool wall_is_set() const override;
    std::string boot_id() const override { return boot_id_; }

private:
    std::string boot_id_;
};

}
