#pragma once

#include "kiosk/store/delivery_counts.h"
#include "kiosk/store/delivery_record.h"
#include "platform/base/clock.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::kiosk {

/// Why nothing reaches the hub at the moment. What waits is kept in every case.
enum class SendingTrouble {
    None,
    Unknown, ///< delivery.db or store.db cannot be read: nothing is known of the rest either
    NeverRan, ///< the agent has never run here: is it installed?
    NotEnrolled, ///< HQ has to give this box a code
    Starting, ///< the machine has just started; it goes out by itself
    Unreachable, ///< no network, or the hub does not answer
    NotTheHub, ///< something else answered: a network's login page, a proxy
    Certificate, ///< whoever answered could not prove to be the hub
    Clock, ///< the same while nobody has set this machine's clock: set it
    UnknownBox, ///< the hub does not know this box any more (401, 403): enrol it again
    HubBusy, ///< it is sent again by itself
    HubOlder, ///< the hub does not speak this box's version
    DiskFull, ///< this box's disk has no room
    OwnFile, ///< a file of this box is damaged, or cannot be read or written: its log says more
    Stopped, ///< the agent ran here and does not any more
};

/// For strings and scripts: none, unknown, never_ran, not_enrolled, …
char const* name(SendingTrouble trouble);

/// What delivery.db's last error means. `code` and `detail` as in sync/agent/FORMAT.md.
SendingTrouble trouble_of(std::string_view code, std::string_view detail, bool clock_is_set);

/// How it stands between this box and HQ, for the manager's screen. What cannot be read is nothing, never 0.
struct DeliveryFigures {
    std::optional<DeliveryCounts> counts;
    std::vector<RefusedRows> refused; ///< of this store.db, the most frequent first; with `counts`
    std::optional<WallTime> last_contact; ///< the hub itself answered; by this box's clock
    SendingTrouble trouble = SendingTrouble::Unknown;
    std::string trouble_code; ///< the agent's or the hub's own, for whoever is called for help; may be empty
    std::optional<WallTime> trouble_at;
    std::optional<WallTime> next_attempt;
    std::optional<std::int64_t> disk_free_bytes;
    std::optional<std::int64_t> disk_total_bytes;
    bool clock_is_set = false;
    std::string version; ///< of the programs
};

/// Reads store.db and delivery.db of that folder, and writes neither; works whether or not the agent runs.
/// Visits each row that waits: not for the screen's own thread. Any thread.
DeliveryFigures read_delivery_figures(std::filesystem::path const& data, Clock const& clock);

}
