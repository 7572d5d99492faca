#include "sync/agent/upload_pauses.h"

#include "sync/agent/retry_policy.h"

#include <algorithm>
#include <utility>

namespace listenpost::sync {
namespace {

using namespace std::chrono_literals;

/// A hub that does not know us will not learn it by being asked more often; but an
/// operator's mistake that HQ has put right should heal by itself.
constexpr std::chrono::milliseconds not_welcome_pause = 1h;
constexpr std::chrono::milliseconds not_welcome_jitter = 10min;
constexpr std::chrono::milliseconds busy_pause = 1s;
/// A network that comes up does so in several steps, and some never stop changing.
constexpr std::chrono::milliseconds between_fresh_starts = 30s;
constexpr std::chrono::milliseconds fresh_start_jitter = 2s;

}

std::optional<UploadStep> UploadPauses::running()
{
    if (pause_ && clock_.steady_now() >= *pause_->next)
        pause_.reset();
    return pause_;
}

std::chrono::milliseconds UploadPauses::after_failure(
    UploadState state, std::optional<std::chrono::milliseconds> retry_after)
{
    ++failures_;
    stuck_ = 0; // the files were all right: it came to sending
    auto const delay = state == UploadState::NotWelcome
        ? not_welcome_pause + part_of(not_welcome_jitter, random_())
        : backoff(failures_, random_());
    // The pause asked for, and then a random bit more, so that not all come back at its end.
    return delay + retry_after.value_or(0ms);
}

std::chrono::milliseconds UploadPauses::after_stuck(Errc code)
{
    if (code == Errc::Busy)
        return busy_pause;
    return stuck_pause(++stuck_);
}

std::optional<std::chrono::milliseconds> UploadPauses::before_first(Backlog backlog)
{
    auto const window = std::exchange(start_window_, 0ms);
    if (window == 0ms || backlog == Backlog::Nothing)
        return std::nullopt;
    starting_until_ = clock_.steady_now() + window;
    return part_of(window, random_());
}

UploadStep UploadPauses::begin(UploadState state, std::chrono::milliseconds delay, std::string detail)
{
    pause_ = UploadStep {state, clock_.steady_now() + delay, std::move(detail)};
    return *pause_;
}

void UploadPauses::forget_troubles(Change change)
{
    auto const now = clock_.steady_now();
    if (change == Change::Operator)
        starting_until_.reset();
    // All boxes that boot at once have their network at once, too.
    if (starting_until_ && now < *starting_until_)
        return;
    // No network makes a hub know this box again.
    if (change == Change::Network && pause_ && pause_->state == UploadState::NotWelcome)
        return;
    auto due = now + part_of(fresh_start_jitter, random_());
    if (fresh_start_ && now < *fresh_start_ + between_fresh_starts) {
        // Not so soon again, but not forgotten either: this may have been the change that mattered.
        due = std::max(due, *fresh_start_ + between_fresh_starts);
    } else {
        fresh_start_ = now;
        failures_ = 0;
    }
    if (pause_)
        pause_->next = std::min(*pause_->next, due);
}

}
