#pragma once

#include "platform/base/result.h"

#include <chrono>
#include <filesystem>
#include <optional>

namespace listenpost {

/// Why a wait ended.
struct WakeReasons {
    bool stop = false; ///< a stop was asked for
    bool network = false; ///< an address, a link or a route changed
    bool files = false; ///< something was written in the watched folder
    bool timeout() const { return !stop && !network && !files; }
};

/// Sleeps until there is a reason to work: a stop signal, a network change
/// (netlink), a write in a folder (inotify), or the time. No polling in between.
/// Threads: one thread waits.
class Waker {
public:
    /// `stop_descriptor`: see StopSignal; borrowed. Without a netlink socket (some
    /// sandboxes) it works by time and files alone, and says so in the log.
    /// Errors: Io.
    static Result<Waker> create(int stop_descriptor, std::filesystem::path const& watched_folder);
    Waker(Waker&&) noexcept;
    Waker& operator=(Waker&&) noexcept;
    ~Waker();

    /// Blocks until a reason or the timeout; forever without one. All events that
    /// are pending are taken at once.
    WakeReasons wait(std::optional<std::chrono::milliseconds> timeout);

private:
    Waker(int stop, int network, int files)
        : stop_(stop)
        , network_(network)
        , files_(files)
    {
    }
    int stop_;
    int network_;
    int files_;
};

}
