#pragma once

#include "kiosk/model/salvage_report.h"
#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "sync/agent/data_folder.h"
#include "sync/agent/delivery_store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace listenpost::sync {

/// What a box holds and how far it has got; of all installs that its store.db knows. Times are
/// as the box's clock told them.
struct BoxFigures {
    std::optional<std::string> install; ///< the current one; nothing: the kiosk has not run yet
    // Responses and staff events: what is sent.
    std::int64_t captured = 0; ///< ever closed or written, as far as they are known
    std::int64_t delivered = 0; ///< of those, acknowledged by the hub
    std::int64_t waiting = 0;
    std::int64_t quarantined = 0; ///< the rest of them
    std::optional<WallTime> oldest; ///< first tap of the oldest response that is still kept
    std::optional<WallTime> oldest_waiting;
    std::optional<WallTime> last_tap; ///< first tap of the newest response
    std::int64_t store_bytes = 0; ///< store.db and its side files
    std::int64_t disk_free_bytes = 0; ///< for us; 0: not known
    std::int64_t disk_total_bytes = 0;
    std::vector<kiosk::SalvageReport> salvages; ///< when store.db was found damaged, oldest first
};

/// `delivery`: nothing is delivered without one. Works while kiosk and agent run; what happens
/// meanwhile may be counted as waiting still. A missing store.db is no error.
/// Errors: Corrupt, Invalid (files of a newer version), Busy, Io.
Result<BoxFigures> read_box_figures(DataFolder const& folder, DeliveryStore* delivery);

}
