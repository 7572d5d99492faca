#pragma once

#include "kiosk/model/response.h"

#include <cstdint>
#include <variant>

namespace listenpost::kiosk {

/// Replace the draft on disk.
struct SaveDraft {
    std::uint64_t revision;
    Draft draft;
    Outcome outcome_if_left; ///< should nobody close it any more
};

/// Close the draft on disk: it becomes a response.
struct CloseDraft {
    std::uint64_t revision;
    ClosedBy closed_by;
    SteadyTime closed;
};

/// What the screen's logic wants written, in the order of revisions, which count up by one.
using DraftWrite = std::variant<SaveDraft, CloseDraft>;

}
