#pragma once

#include "kiosk/model/response_ref.h"
#include "platform/base/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::kiosk {

/// inbox/erase.json, and what the hub tells the agent: responses out of which everything that a person has
/// written is to be taken, because head office has erased it. The agent writes the file, and removes it when
/// the hub asks for nothing any more; the kiosk answers by ResponseStore::erase().
struct EraseRequest {
    std::vector<ResponseRef> responses; ///< at most max_responses; install and seq as the hub has them
    /// Where an entry stood that cannot be read, and what is wrong with it: for the log. to_json() leaves
    /// them out.
    std::vector<std::string> unreadable {};

    /// More than that take one request after the other.
    static constexpr std::size_t max_responses = 16;
    static constexpr std::size_t max_bytes = 16UL * 1024; ///< of the file; max_responses fit

    friend bool operator==(EraseRequest const&, EraseRequest const&) = default;
};

/// Whatever the bytes; without a member `erase` nothing is asked for. An entry that cannot be read, a newer
/// hub's perhaps, holds up none of the others. Errors: Invalid (no such list, or none of its entries can be
/// read); the detail says what is wrong, and where.
Result<EraseRequest> parse_erase_request(std::string_view json);

/// {"erase":[{"install":"…","seq":17,"boot":"…","steady_ms":5000}]}, which parse_erase_request() reads back.
std::string to_json(EraseRequest const& request);

}
