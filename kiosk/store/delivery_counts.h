#pragma once

#include "kiosk/store/response_reader.h"
#include "platform/base/clock.h"
#include "platform/base/result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace listenpost::kiosk {

/// How far the hub has got with one install, as delivery.db says.
struct InstallDelivery {
    std::int64_t mark = 0; ///< everything up to this seq is acknowledged or quarantined
    std::int64_t acknowledged = 0;
    std::int64_t quarantined = 0;
};

/// Of all installs that store.db knows: responses and staff events, which are sent alike.
struct DeliveryCounts {
    std::int64_t captured = 0; ///< ever closed or written, as far as they are known
    std::int64_t delivered = 0; ///< of those, acknowledged by the hub
    std::int64_t waiting = 0;
    std::int64_t quarantined = 0; ///< the rest of them
    std::optional<WallTime> oldest_waiting; ///< by the box's clock
};

/// `delivery_of` is asked for each install, before its rows are counted: so what is closed or delivered
/// meanwhile counts as waiting still. Visits each row that waits. Errors: the two's.
Result<DeliveryCounts> count_deliveries(ResponseReader& store,
    std::function<Result<InstallDelivery>(std::string const& install)> const& delivery_of);

/// When the first row with `after` < seq <= `up_to` was opened, by the box's clock. Nothing: there is none,
/// or it is damaged. Errors: Busy, Io.
Result<std::optional<WallTime>> first_opened(ResponseReader& store, std::int64_t after, std::int64_t up_to);

/// The same of the newest response up to there: staff events come behind it.
Result<std::optional<WallTime>> last_tap(ResponseReader& store, std::int64_t up_to);

}
