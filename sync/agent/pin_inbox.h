#pragma once

#include "platform/base/result.h"
#include "sync/agent/data_folder.h"
#include "sync/wire/held_pin.h"

#include <string_view>

namespace listenpost::sync {

/// The manager's PIN (its hash) on its way from the hub to the kiosk: inbox/manager_pin.json, which the kiosk
/// takes when the way in is used next (kiosk/manager/FORMAT.md). Nothing is remembered: what the box has is
/// what the files say at each look, so whatever is lost or put back is told, and sent again.
/// Threads: one at a time.
class PinInbox {
public:
    explicit PinInbox(DataFolder folder)
        : folder_(std::move(folder))
    {
    }

    /// For the next heartbeat. What cannot be read is none.
    HeldPin held() const;

    /// `reply`: the body of the hub's. Whether it brought a PIN that was not there; it is on the disk then.
    /// Without one what is there stays. Errors: Invalid (no hash that the kiosk takes), Full, Io: what was
    /// there stands, and the hub sends it again.
    Result<bool> take(std::string_view reply);

private:
    DataFolder folder_;
};

}
