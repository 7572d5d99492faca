#pragma once

#include "platform/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::kiosk {

/// inbox/conflict.json: responses that the hub refused because it knows their install and seq
/// from another box, of which this one is a copy. The agent writes it, and removes it when
/// store.db has none of them under that install any more; the kiosk answers by moving them to
/// an install that is this box's alone (ResponseStore::adopt).
struct ConflictRequest {
    std::string install; ///< see is_install_id()
    std::vector<std::int64_t> seqs; ///< ascending, at least one, at most max_seqs

    /// More conflicts than that take one request after the other.
    static constexpr std::size_t max_seqs = 10'000;
    static constexpr std::size_t max_bytes = 256 * 1024; ///< of the file; max_seqs fit

    friend bool operator==(ConflictRequest const&, ConflictRequest const&) = default;
};

/// Whatever the bytes. Errors: Invalid; the detail says what is wrong, and where.
Result<ConflictRequest> parse_conflict_request(std::string_view json);

/// What parse_conflict_request() reads back.
std::string to_json(ConflictRequest const& request);

}
