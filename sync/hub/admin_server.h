#pragma once

#include "platform/base/clock.h"
#include "platform/base/result.h"

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <memory>

namespace listenpost::sync {

class WriterQueue;

/// Takes admin commands (admin.h) at a Unix socket that only the hub's own user may open,
/// one after another, and carries them out on the writer thread.
class AdminServer {
public:
    virtual ~AdminServer() = default;

    /// Replaces a socket that a dead hub left behind: the caller holds hub.lock.
    /// Errors: Invalid (path too long), Io.
    static Result<std::unique_ptr<AdminServer>> create(boost::asio::io_context& loop,
        std::filesystem::path const& path, WriterQueue& writer, Clock const& clock);

    virtual void start() = 0;
    /// A command under way is still answered.
    virtual void stop() = 0;
};

}
