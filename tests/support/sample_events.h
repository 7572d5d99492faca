#pragma once

#include "kiosk/model/staff_event.h"
#include "kiosk/model/stored_response.h"

#include <string>

namespace listenpost::test {

/// What somebody of the store did about that response of that install.
inline kiosk::StaffEvent handled(std::string const& install, kiosk::StoredResponse const& response,
    kiosk::CommentState state = kiosk::CommentState::Seen, std::string note = {})
{
    return {.of = {install, response.seq, std::string(response.boot_id), response.steady_ms},
        .state = state,
        .by = "LW",
        .note = std::move(note)};
}

}
