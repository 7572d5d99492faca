#pragma once

#include "platform/base/clock.h"

#include <optional>
#include <string>

namespace listenpost::sync {

/// Where the work stands after a step.
enum class UploadState {
    Delivering, ///< more waits: step again at once
    Idle, ///< nothing waits, or the kiosk has not run yet
    NotEnrolled, ///< nobody to deliver to
    Starting, ///< a backlog waits for its random moment after a boot
    BackingOff, ///< the hub could not be reached, or asked for a pause
    NotWelcome, ///< the hub does not know this box, or no longer
    Stuck, ///< a file of this box cannot be read or written; see the detail
};

struct UploadStep {
    UploadState state = UploadState::Idle;
    /// When to step again without any other reason. Nothing: only when files change.
    std::optional<SteadyTime> next;
    std::string detail; ///< for the log; empty when all is well
    /// With Stuck: only opening delivery.db anew mends it, see open_delivery(). Said once.
    bool delivery_is_damaged = false;
};

}
