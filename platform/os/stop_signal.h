#pragma once

#include <chrono>

namespace listenpost {

/// What SIGHUP, the end of the terminal, is to a program.
enum class Hangup { Stops, IsNoStop };

/// SIGTERM, SIGINT and, where it stops, SIGHUP as a file descriptor instead of an interruption, so that a
/// program ends between two steps and never inside one.
/// Make one in main before any thread starts: threads inherit the blocked mask.
class StopSignal {
public:
    explicit StopSignal(Hangup hangup = Hangup::Stops);
    ~StopSignal();
    StopSignal(StopSignal const&) = delete;
    StopSignal& operator=(StopSignal const&) = delete;

    /// Readable once a stop was asked for, and from then on.
    int descriptor() const { return descriptor_; }
    bool requested() const;
    /// Sleeps, but no longer than until a stop is asked for; whether one was.
    bool wait_for(std::chrono::milliseconds time) const;

private:
    int descriptor_;
};

}
