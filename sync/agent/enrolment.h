#pragma once

#include "platform/base/result.h"
#include "sync/agent/data_folder.h"
#include "sync/agent/delivery_store.h"
#include "sync/agent/transport.h"

#include <optional>
#include <string>

namespace listenpost::sync {

/// Enrolling while the agent runs must not make a second writer of delivery.db. So the
/// command asks the hub, and leaves the answer in a file (enrolment.pending, readable by
/// its owner alone, durable: the code is spent and the token told only once). Whoever
/// holds agent.lock takes it over: the command itself, or the agent that runs, at once.

struct EnrolRequest {
    std::string hub; ///< see hub_url()
    std::string code; ///< one-time code from HQ; never logged
    std::string name; ///< what people call this box; may be empty
    std::filesystem::path ca_file; ///< may be empty
    std::optional<std::string> install; ///< once the kiosk has run
    std::string pin = {}; ///< see Enrolment
};

/// Asks the hub to take this box. The detail of an error is a sentence for the operator.
/// Errors: Unauthorized (the code), Invalid (what answers is no hub), and HttpClient's.
Result<Enrolment> enrol(Transport& transport, EnrolRequest const& request, WallTime now);

/// For files of this box alone: it holds the token. What enrolment_from_json() reads back.
std::string enrolment_to_json(Enrolment const& enrolment);
/// Nothing: it is none, or lacks the hub or the token.
std::optional<Enrolment> enrolment_from_json(std::string_view text);

/// Durable when it returns. Errors: Io, Full.
Result<> leave_enrolment(DataFolder const& folder, Enrolment const& enrolment);

/// Takes over what leave_enrolment() left, if anything: into delivery.db, and the
/// store's name into the kiosk's inbox. The caller holds the lock. A crash on the way
/// leaves the file, and the next call does it all again. One at a time, see pending_file.h: while
/// true, another may be left.
/// False: there was nothing. Errors: Corrupt (it is removed then), Io, Full.
Result<bool> adopt_enrolment(DataFolder const& folder, DeliveryStore& delivery);

}
