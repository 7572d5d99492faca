#include "platform/base/crc32.h"

#include <array>
#include <cstddef>

namespace listenpost {
namespace {

// Eight tables: eight bytes a step. The start check of a box goes over every byte that was ever stored.
constexpr std::size_t slices = 8;
using Tables = std::array<std::array<std::uint32_t, 256>, slices>;

constexpr Tables make_tables()
{
    constexpr std::uint32_t reversed_polynomial = 0xedb88320;
    Tables tables {};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t value = byte;
        for (int bit = 0; bit < 8; ++bit)
            value = (value >> 1) ^ ((value & 1) != 0 ? reversed_polynomial : 0);
        tables[0][byte] = value;
    }
    for (std::size_t slice = 1; slice < slices; ++slice)
        for (std::size_t byte = 0; byte < 256; ++byte) {
            std::uint32_t const value = tables[slice - 1][byte];
            tables[slice][byte] = (value >> 8) ^ tables[0][value & 0xff];
        }
    return tables;
}

constexpr Tables tables = make_tables();

std::uint32_t byte_at(std::string_view bytes, std::size_t index)
{
    return static_cast<unsigned char>(bytes[index]);
}

}

std::uint32_t crc32(std::string_view bytes, std::uint32_t before)
{
    std::uint32_t value = ~before;
    while (bytes.size() >= slices) {
        value
            ^= byte_at(bytes, 0) | byte_at(bytes, 1) << 8 | byte_at(bytes, 2) << 16 | byte_at(bytes, 3) << 24;
        value = tables[7][value & 0xff] ^ tables[6][(value >> 8) & 0xff] ^ tables[5][(value >> 16) & 0xff]
            ^ tables[4][value >> 24] ^ tables[3][byte_at(bytes, 4)] ^ tables[2][byte_at(bytes, 5)]
            ^ tables[1][byte_at(bytes, 6)] ^ tables[0][byte_at(bytes, 7)];
        bytes.remove_prefix(slices);
    }
    for (std::size_t index = 0; index < bytes.size(); ++index)
        value = (value >> 8) ^ tables[0][(value ^ byte_at(bytes, index)) & 0xff];
    return ~value;
}

}
