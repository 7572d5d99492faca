#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::sync {

/// The code of a Refusal that says: this number is another response's, the box is a copy.
inline constexpr char conflict_code[] = "conflict";

/// A response the hub will never take, and why.
struct Refusal {
    std::int64_t seq = 0;
    std::string code; ///< invalid, conflict, …: for programs
    std::string detail; ///< for people

    friend bool operator==(Refusal const&, Refusal const&) = default;
};

/// What the hub says of a batch it has committed.
struct UploadReply {
    std::int64_t acknowledged = 0; ///< duplicates included
    std::int64_t duplicates = 0;
    std::vector<Refusal> refused;
};

/// Reads the body of a 200. Nothing unless it is exactly an answer to the batch with
/// these seqs (ascending), sent as the bytes that `batch` names (request_digest()): it must
/// add up, refuse only what was sent, each once, and name this request.
/// Anything less may be a portal's page or the answer to something else, and taking
/// it for an acknowledgement would lose responses.
std::optional<UploadReply> parse_upload_reply(
    std::string_view body, std::span<std::int64_t const> seqs, std::string_view batch);

/// `{"error":{"code":…,"detail":…}}`: how the hub says no. So do some gateways: which code it is
/// tells them apart.
struct HubError {
    std::string code;
    std::string detail;
};
std::optional<HubError> parse_hub_error(std::string_view body);

}
