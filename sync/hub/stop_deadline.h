#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace listenpost::sync {

/// Ends the program, with exit code 1, when a stop that was asked for has not come to its end in
/// time: a commit may wait for a database's server, or for its standby, for ever. Nothing is lost
/// by it: what was not committed was not acknowledged, and its box sends it again.
class StopDeadline {
public:
    /// Counts from the moment when `stop` becomes readable; borrowed.
    StopDeadline(int stop, std::chrono::milliseconds patience);
    /// The stop has come to its end.
    ~StopDeadline();
    StopDeadline(StopDeadline const&) = delete;
    StopDeadline& operator=(StopDeadline const&) = delete;

private:
    void watch(int stop, std::chrono::milliseconds patience);

    std::mutex mutex_;
    std::condition_variable wake_;
    bool ended_ = false;
    int end_ = -1; ///< readable when it has ended without a stop
    std::thread thread_; ///< last: starts when all the rest is there
};

}
