#pragma once

#include "platform/base/result.h"
#include "sync/agent/box_figures.h"
#include "sync/agent/data_folder.h"
#include "sync/agent/delivery_store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace listenpost::sync {

/// How it stands with this box, for people and scripts. Read from the files, so it
/// works whether or not kiosk and agent run.
struct Status {
    std::optional<Enrolment> enrolment; ///< the token stays inside
    BoxFigures box;
    std::int64_t quarantined = 0; ///< of this store.db and of earlier ones
    std::vector<Quarantined> quarantine; ///< the newest of them
    Contact contact;
    /// Why nothing can be recorded, as a sentence; empty: it can. delivery.db itself cannot tell.
    std::string disk_trouble;
    bool clock_is_set = false; ///< somebody has told this machine the time since it started
};

/// Errors: Corrupt, Invalid (files of a newer version), Io. Missing files are no error.
Result<Status> read_status(DataFolder const& folder, Clock const& clock);

/// What went wrong, as a sentence without jargon; empty if nothing did.
std::string plain_words(Contact const& contact);

/// One object, one line. Times are UTC in ms since 1970, null where there is none.
std::string to_json(Status const& status);
/// A few lines for a person at a terminal.
std::string to_text(Status const& status, WallTime now);

}
