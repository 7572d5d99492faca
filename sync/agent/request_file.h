#pragma once

#include "platform/base/result.h"

#include <cstddef>
#include <filesystem>
#include <string>

namespace listenpost::sync {

/// A file in the inbox by which the agent asks the kiosk for something, for as long as it stands there.
/// Threads: one at a time.
class RequestFile {
public:
    /// `max_bytes`: of what the kiosk takes.
    RequestFile(std::filesystem::path path, std::size_t max_bytes)
        : path_(std::move(path))
        , max_bytes_(max_bytes)
    {
    }

    /// Replaces the file, or removes it where `content` is empty; does nothing where it says so already.
    /// Errors: Full, Io; it may be tried again.
    Result<> write(std::string const& content);

private:
    std::filesystem::path path_;
    std::size_t max_bytes_;
};

}
