#pragma once

#include "platform/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace listenpost::sync {

/// What a box says of itself now and then: `POST /v1/heartbeat` of PROTOCOL.md.
struct Heartbeat {
    std::string version; ///< of the box's programs; one line of printable text
    std::int64_t waiting = 0; ///< responses that the hub has not acknowledged yet
    /// The whole object, unknown fields included, on one line.
    std::string json;
};

/// The hub's reader of a heartbeat: takes bytes from anybody.
/// Errors: Invalid (names the field), NotFound (a wire version this hub does not speak).
Result<Heartbeat> parse_heartbeat(std::string_view text);

}
