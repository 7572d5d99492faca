#pragma once

#include <cstdint>
#include <string_view>

namespace listenpost {

/// CRC-32 (IEEE 802.3, as in zip and Ethernet) of `bytes`; `before`: the value for what came before them.
/// Finds damage, not deceit.
std::uint32_t crc32(std::string_view bytes, std::uint32_t before = 0);

}
