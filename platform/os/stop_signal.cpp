#include "platform/os/stop_signal.h"

#include <csignal>
#include <cstdlib>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace listenpost {

StopSignal::StopSignal(Hangup hangup)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    if (hangup == Hangup::Stops)
        sigaddset(&signals, SIGHUP);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    // A peer that went away is an error of the write, not a death.
    ::signal(SIGPIPE, SIG_IGN);
    descriptor_ = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    if (descriptor_ < 0)
        std::abort();
}

StopSignal::~StopSignal() { ::close(descriptor_); }

bool StopSignal::requested() const { return wait_for(std::chrono::milliseconds(0)); }

bool StopSignal::wait_for(std::chrono::milliseconds time) const
{
    // Never read: the descriptor stays readable for everybody who waits on it.
    pollfd waiting {descriptor_, POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(time.count())) > 0;
}

}
