#pragma once

#include "platform/base/result.h"
#include "sync/agent/data_folder.h"
#include "sync/agent/delivery_store.h"

#include <optional>
#include <string>
#include <vector>

namespace listenpost::sync {

/// What an operator does about responses the hub has refused. Asking for another try while
/// the agent runs must not make a second writer of delivery.db: as with an enrolment, the wish
/// is left in a file (quarantine.retry), and whoever holds agent.lock takes it over.

/// Adds to what was left before and is not taken over yet. Durable when it returns.
/// Errors: Io, Full.
Result<> leave_retry(DataFolder const& folder, RetryRequest const& request);

/// Takes over what leave_retry() left, if anything. The caller holds the lock. A crash on the
/// way leaves the file, and the next call does it all again. One at a time, see pending_file.h.
/// How many quarantined responses will be sent again; nothing: there was no request.
/// Errors: Corrupt (it is removed then), Io, Full.
Result<std::optional<std::int64_t>> adopt_retry(DataFolder const& folder, DeliveryStore& delivery);

/// A list of objects, one line. Times are UTC in ms since 1970.
std::string quarantine_to_json(std::vector<Quarantined> const& list);
/// One line each, for a person at a terminal.
std::string quarantine_to_text(std::vector<Quarantined> const& list);

}
