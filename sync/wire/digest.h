#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace listenpost::sync {

/// Tells a response sent twice from another one under the same number: PROTOCOL.md,
/// "The digest". Give it the parts in the order written there.
/// Threads: one at a time; one object serves any number of responses.
class DigestBuilder {
public:
    DigestBuilder();
    DigestBuilder(DigestBuilder&&) noexcept;
    DigestBuilder& operator=(DigestBuilder&&) noexcept;
    ~DigestBuilder();

    void add(std::string_view text);
    void add(std::int64_t number);
    /// The first 8 bytes of the SHA-256, most significant first. Starts over.
    std::uint64_t finish();

private:
    struct Sha256;
    std::unique_ptr<Sha256> sha256_;
    std::string parts_;
};

/// The SHA-256 as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view text);

/// Names the body of a request, as it was sent, in the hub's reply to it (PROTOCOL.md, "batch"):
/// the first 8 bytes of its SHA-256 as 16 hexadecimal digits.
std::string request_digest(std::string_view body);

}
