#pragma once

#include "platform/base/result.h"

#include <cstddef>
#include <filesystem>
#include <span>

namespace listenpost {

/// A whole file in the address space, read-only: pages come when touched and cost
/// nothing to whoever already has them in the page cache. The file must not shrink
/// while it is mapped; our assets are replaced by rename, so they do not.
class MappedFile {
public:
    /// Errors: NotFound, Invalid (empty or not a file), Io.
    static Result<MappedFile> open(std::filesystem::path const& path);
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();

    std::span<unsigned char const> bytes() const { return bytes_; }

private:
    explicit MappedFile(std::span<unsigned char const> bytes)
        : bytes_(bytes)
    {
    }
    std::span<unsigned char const> bytes_;
};

}
