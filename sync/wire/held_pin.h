#pragma once

#include <string>

namespace listenpost::sync {

/// What a box says of the manager's PIN from HQ: which one stands in its inbox.
struct HeldPin {
    std::string fingerprint {}; ///< sha256_hex() of its hash; empty: none
    /// The way in asks for it from its next use on. False: another was set on the box since.
    bool is_in_force = false;
    friend bool operator==(HeldPin const&, HeldPin const&) = default;
};

}
