#pragma once

#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "platform/sqlite/database.h"

#include <chrono>
#include <filesystem>

namespace listenpost::kiosk {

/// What leaves store.db, and when: responses that the hub has, once they are older than
/// `keep` (lived_days.h says how a wrong clock cannot make them so).
/// Never: one that waits (beyond the mark of its install in the agent's delivery.db), one in
/// quarantine, and the newest acknowledged one of each install, by which the agent sees that
/// store.db is still the file it knows. Where delivery.db is missing, cannot be read, has a
/// format this program does not know, or knows of more than store.db has (one of the two was
/// put back from a backup), nothing leaves.
struct RetentionRule {
    std::filesystem::path delivery; ///< the agent's, see sync/agent/FORMAT.md
    std::chrono::days keep {400}; ///< at most max_keep_days
};

/// Removes a few hundred at most, in one transaction of some milliseconds. True: more may be
/// due. Errors: Invalid (delivery.db, whatever is wrong with it), Full, Busy, Io, Corrupt (store.db):
/// nothing has left then.
Result<bool> remove_old_responses(sqlite::Database& store, RetentionRule const& rule, Stamp const& now);

}
