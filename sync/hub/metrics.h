#pragma once

#include "platform/base/clock.h"
#include "sync/hub/router.h"
#include "sync/hub/storage.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace listenpost::sync {

/// What the hub counts of itself since its start, for Prometheus. No secret and no name of a box, a store or
/// an address is in it, so that its size does not grow with the fleet. Threads: all functions from any
/// thread; none waits for another.
class Metrics {
public:
    explicit Metrics(WallTime started);
    ~Metrics();
    Metrics(Metrics const&) = delete;
    Metrics& operator=(Metrics const&) = delete;

    void connection_opened();
    void connection_closed();
    /// Closed at once, as its address had too many.
    void connection_refused();
    /// A reply of any kind, to whatever was asked.
    void replied(unsigned status);
    /// How long an admitted request took, from its whole body to its reply: with the commit, without the
    /// network.
    void answered(Route route, std::chrono::nanoseconds took);
    void ingested(IngestReply const& reply);

    enum class Limit { Address, Device, Enrolment };
    /// Told to come later, as it asked too often.
    void limited(Limit by);

    /// The exposition format 0.0.4, with the process's own figures of this moment.
    std::string text() const;
    static constexpr char const* content_type = "text/plain; version=0.0.4; charset=utf-8";

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}
