#include "sync/hub/stop_deadline.h"

#include "platform/base/log.h"

#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace listenpost::sync {

StopDeadline::StopDeadline(int stop, std::chrono::milliseconds patience)
    : end_(::eventfd(0, EFD_CLOEXEC))
    , thread_([this, stop, patience] { watch(stop, patience); })
{
}

StopDeadline::~StopDeadline()
{
    {
        std::lock_guard const lock(mutex_);
        ended_ = true;
    }
    wake_.notify_one();
    std::uint64_t const one = 1;
    (void)!::write(end_, &one, sizeof one);
    thread_.join();
    ::close(end_);
}

void StopDeadline::watch(int stop, std::chrono::milliseconds patience)
{
    pollfd watched[] = {{stop, POLLIN, 0}, {end_, POLLIN, 0}};
    while (::poll(watched, 2, -1) < 0) { // interrupted
    }
    std::unique_lock lock(mutex_);
    if (wake_.wait_for(lock, patience, [this] { return ended_; }))
        return;
    log(LogLevel::Error, "stop_overdue",
        {{"detail", "the storage does not answer: what it has not confirmed was not acknowledged"}});
    ::_exit(1);
}

}
