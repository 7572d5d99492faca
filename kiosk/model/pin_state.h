#pragma once

#include <chrono>

namespace listenpost::kiosk {

/// Of the manager's PIN, as its screen needs it.
struct PinState {
    bool is_set = false;
    int wrong = 0; ///< in a row
    std::chrono::milliseconds left {}; ///< until the next may be tried
    std::chrono::seconds wait {}; ///< of which `left` is what remains

    friend bool operator==(PinState const&, PinState const&) = default;
};

enum class PinVerdict {
    Right,
    Wrong,
    Locked, ///< not looked at: the wait is not over
    NotSet,
};

struct PinJudgement {
    PinVerdict verdict = PinVerdict::Wrong;
    PinState state; ///< afterwards
};

}
