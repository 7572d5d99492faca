#pragma once

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

/// From the agent's delivery.db (sync/agent/FORMAT.md), the lowest first. None where the agent has
/// never run; nothing: the file cannot be read.
std::optional<std::vector<DeliveryMark>> read_delivery_marks(std::filesystem::path const& delivery);

}
