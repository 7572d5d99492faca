#pragma once

#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "sync/agent/upload_step.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace listenpost::sync {

/// What makes old troubles worth nothing.
enum class Change {
    Network, ///< an address, a link or a route; all the shops of a town may have it at once
    Operator, ///< somebody enrolled the box or asked for something
};

enum class Backlog { Nothing, Waits };

/// When the uploader may go on after a trouble: the rules of retry_policy.h, and how many troubles
/// there were in a row. No files, no network, no waiting.
class UploadPauses {
public:
    /// `clock` must outlive it. `random` yields numbers in [0, 1).
    UploadPauses(Clock const& clock, std::function<double()> random)
        : clock_(clock)
        , random_(std::move(random))
    {
    }

    /// The pause that is not over yet.
    std::optional<UploadStep> running();

    /// The hub was not reached, or did not take it. How long to wait.
    std::chrono::milliseconds after_failure(
        UploadState state, std::optional<std::chrono::milliseconds> retry_after);
    /// A file of this box could not be used.
    std::chrono::milliseconds after_stuck(Errc code);
    UploadStep begin(UploadState state, std::chrono::milliseconds delay, std::string detail);

    /// Something was settled, or nothing waits.
    void went_well() { failures_ = stuck_ = 0; }
    /// See Uploader::spread_start().
    void spread_start(std::chrono::milliseconds window) { start_window_ = window; }
    /// The first look at what there is to do. How long to wait before the first upload; nothing: no
    /// time at all. Once: from the second call on there is nothing to wait for.
    std::optional<std::chrono::milliseconds> before_first(Backlog backlog);

    /// See Uploader::forget_troubles().
    void forget_troubles(Change change);

    unsigned failures() const { return failures_; }

private:
    Clock const& clock_;
    std::function<double()> random_;
    unsigned failures_ = 0; ///< in a row, without an answer that settles anything
    unsigned stuck_ = 0; ///< in a row
    std::optional<UploadStep> pause_;
    std::optional<SteadyTime> fresh_start_;
    std::chrono::milliseconds start_window_ {0}; ///< until the first look
    std::optional<SteadyTime> starting_until_; ///< a network that comes up is no reason to hurry before
};

}
