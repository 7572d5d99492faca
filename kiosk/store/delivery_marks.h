#pragma once

#include "platform/base/result.h"
#include "platform/sqlite/database.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace listenpost::kiosk {

/// Up to which seq the hub has, or has refused for good, what an install said.
struct DeliveryMark {
    std::string install;
    std::int64_t mark = 0;
};

/// Whether the marks are what the agent wrote: from format 3 on each row says so. Errors: Corrupt, Busy, Io.
Result<> check_delivery_marks(sqlite::Database& delivery);

/// From the agent's delivery.db (sync/agent/FORMAT.md), the lowest first. None where the agent has
/// never run; nothing: the file cannot be read.
std::optional<std::vector<DeliveryMark>> read_delivery_marks(std::filesystem::path const& delivery);

}
