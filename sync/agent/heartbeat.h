#pragma once

#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "sync/agent/box_requests.h"
#include "sync/agent/data_folder.h"
#include "sync/agent/delivery_store.h"
#include "sync/agent/pin_inbox.h"
#include "sync/agent/transport.h"

#include <filesystem>
#include <functional>
#include <string>

namespace listenpost::sync {

/// Tells the hub that this box lives, and how it is: PROTOCOL.md, "Heartbeat". About every
/// five minutes, at a random moment, so that the boxes of a chain do not beat in step. The
/// caller sends none while responses wait: those come first, and say that the box lives.
/// What the hub asks for in its reply goes into the inbox, and what came of it into the next heartbeat
/// (BoxRequests, PinInbox).
/// A hub that does not know heartbeats is asked no more until the next start.
/// Owns no thread, never sleeps. Threads: one at a time.
class Heartbeat {
public:
    /// All references must outlive it. `random` yields numbers in [0, 1). `power_supplies`: see
    /// read_power_state().
    Heartbeat(DataFolder folder, DeliveryStore& delivery, Transport& transport, Clock const& clock,
        std::function<double()> random, std::filesystem::path power_supplies = "/sys/class/power_supply");

    /// When step() has something to do next; nothing: never.
    std::optional<SteadyTime> due() const;

    /// At most one request, and none before its time or before the box is enrolled. What comes
    /// of it is noted in delivery.db, for `status`.
    void step();

private:
    Result<std::string> body();
    void act_on(Result<HttpReply> const& reply);
    void take_requests(HttpReply const& reply);

    DataFolder folder_;
    DeliveryStore& delivery_;
    Transport& transport_;
    Clock const& clock_;
    std::function<double()> random_;
    std::filesystem::path power_supplies_;
    BoxRequests requests_;
    PinInbox pin_;
    SteadyTime started_;
    SteadyTime due_;
    bool is_known_ = true; ///< the hub has not said otherwise
};

}
