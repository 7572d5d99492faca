#pragma once

#include <cstdint>
#include <string_view>

namespace listenpost::sync {

/// The log's parts, each with gap-free offsets of its own. Written into every database and
/// every cursor: never changes.
inline constexpr int partition_count = 64;

/// Where the responses of a store's boxes go when a box first appears (FNV-1a: the same on
/// every machine and in every release).
constexpr int partition_of(std::string_view store)
{
    std::uint64_t hash = 14695981039346656037ULL;
    for (char const c : store) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 1099511628211ULL;
    }
    return static_cast<int>((hash ^ hash >> 32) % partition_count);
}

}
