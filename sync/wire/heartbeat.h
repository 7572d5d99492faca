#pragma once

#include "platform/base/result.h"
#include "sync/wire/held_pin.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::sync {

/// What a box says of itself now and then: `POST /v1/heartbeat` of PROTOCOL.md.
struct Heartbeat {
    std::string version; ///< of the box's programs; one line of printable text
    std::int64_t waiting = 0; ///< responses that the hub has not acknowledged yet
    /// The whole object, unknown fields included, on one line.
    std::string json;
    /// All that the box's store.db has had, the present one among them. Nothing: a box from before the hub
    /// could ask for something in its reply.
    std::optional<std::vector<std::string>> installs {};
    /// What the hub asked for, and is done.
    struct Erased {
        std::string install;
        std::int64_t seq = 0;
        friend bool operator==(Erased const&, Erased const&) = default;
    };
    std::vector<Erased> erased {};
    /// Nothing: a box from before the hub could send one.
    std::optional<HeldPin> pin {};
};

/// The hub's reader of a heartbeat: takes bytes from anybody.
/// Errors: Invalid (names the field), NotFound (a wire version this hub does not speak).
Result<Heartbeat> parse_heartbeat(std::string_view text);

}
