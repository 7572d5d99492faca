#pragma once

#include "kiosk/model/erase_request.h"
#include "platform/base/result.h"
#include "sync/agent/data_folder.h"
#include "sync/agent/request_file.h"

#include <string>
#include <string_view>
#include <vector>

namespace listenpost::sync {

/// What the hub asks of this box in its replies to heartbeats, on its way to the kiosk and back: the file in
/// the inbox stands until the hub asks for something else, or for nothing; what is done is seen in store.db.
/// So nothing need be remembered: after a crash the file says what was asked for.
/// Threads: one at a time.
class BoxRequests {
public:
    explicit BoxRequests(DataFolder folder)
        : folder_(std::move(folder))
        , erase_file_(folder_.erase_request(), kiosk::EraseRequest::max_bytes)
    {
    }

    /// For the next heartbeat.
    struct Report {
        std::vector<std::string>
            installs; ///< of store.db, the last ones; empty before the kiosk has ever run
        std::vector<kiosk::ResponseRef> erased; ///< of what was asked for, all of it at least
    };
    /// Errors: as of store.db.
    Result<Report> report();

    /// `reply`: the body of the hub's; empty: it asks for nothing. What of it cannot be read is passed over,
    /// and stands in the log once. Errors: Invalid (no reply of a hub's, and what was asked for stands),
    /// Full, Io.
    Result<> take(std::string_view reply);

private:
    DataFolder folder_;
    RequestFile erase_file_;
    std::string told_unreadable_; ///< the first entry that the log has got
};

}
