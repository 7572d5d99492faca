#pragma once

#include "platform/base/result.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace listenpost::sync {

/// How the bytes of a body are packed: HTTP's Content-Encoding.
enum class Encoding { Identity, Gzip, Zstd };

/// The header's word for it: identity, gzip, zstd.
char const* name(Encoding encoding);

/// What a Content-Encoding header says, in any case; an empty one is Identity.
/// Nothing: an encoding, or a chain of several, that we do not read.
std::optional<Encoding> encoding_from_name(std::string_view header);

/// Packs many bodies with the same working memory.
/// Threads: one at a time.
class Compressor {
public:
    /// Without a level, zstd works with parameters found for batches: packed smaller than
    /// level 8 would, in less time than level 6 and with a fifth of its memory (PROTOCOL.md,
    /// "What a batch costs").
    explicit Compressor(std::optional<int> zstd_level = std::nullopt);
    /// Spares time instead of bytes: for pages of megabytes to readers, who have a line and wait. The lowest
    /// levels; zstd packs a page to 3/4 of what gzip does in 2/3 of the time.
    static Compressor quick();
    Compressor(Compressor&&) noexcept;
    Compressor& operator=(Compressor&&) noexcept;
    ~Compressor();

    /// Replaces `out` (its room is used again). `out` must not be where `bytes` lie.
    /// Errors: Full (no memory).
    Result<> compress(Encoding encoding, std::string_view bytes, std::string& out);

private:
    struct Impl;
    explicit Compressor(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// Unpacks many bodies with the same working memory, from whoever sent them: at most
/// `max_bytes` and a window of 8 MiB are ever held, however much a body unpacks to.
/// Threads: one at a time.
class Decompressor {
public:
    Decompressor();
    Decompressor(Decompressor&&) noexcept;
    Decompressor& operator=(Decompressor&&) noexcept;
    ~Decompressor();

    /// Replaces `out` (its room is used again). `out` must not be where `bytes` lie.
    /// Errors: Full (more than `max_bytes`), Invalid (not that encoding, cut, or
    /// followed by something else); `out` is empty then.
    Result<> decompress(Encoding encoding, std::string_view bytes, std::size_t max_bytes, std::string& out);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// The same for a single body.
Result<std::string> compress(Encoding encoding, std::string_view bytes);
Result<std::string> decompress(Encoding encoding, std::string_view bytes, std::size_t max_bytes);

}
