#pragma once

namespace listenpost {

/// SIGTERM, SIGINT and SIGHUP as a file descriptor instead of an interruption, so that a
/// program ends between two steps and never inside one.
/// Make one in main before any thread starts: threads inherit the blocked mask.
class StopSignal {
public:
    StopSignal();
    ~StopSignal();
    StopSignal(StopSignal const&) = delete;
    StopSignal& operator=(StopSignal const&) = delete;

    /// Readable once a stop was asked for, and from then on.
    int descriptor() const { return descriptor_; }
    bool requested() const;

private:
    int descriptor_;
};

}
