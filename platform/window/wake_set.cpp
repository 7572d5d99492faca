#include "platform/window/wake_set.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <limits>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace listenpost {

Result<WakeSet> WakeSet::create(int stop_descriptor)
{
    int const event = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (event < 0)
        return fail(Errc::Io, std::string("eventfd: ") + std::strerror(errno));
    return WakeSet(stop_descriptor, event);
}

WakeSet::WakeSet(WakeSet&& other) noexcept
    : stop_(other.stop_)
    , event_(std::exchange(other.event_, -1))
    , display_(other.display_)
{
}

WakeSet& WakeSet::operator=(WakeSet&& other) noexcept
{
    std::swap(stop_, other.stop_);
    std::swap(event_, other.event_);
    std::swap(display_, other.display_);
    return *this;
}

WakeSet::~WakeSet()
{
    if (event_ >= 0)
        ::close(event_);
}

WakeSet::Ready WakeSet::wait(std::optional<std::chrono::milliseconds> timeout)
{
    constexpr std::chrono::milliseconds longest {std::numeric_limits<int>::max()};
    int const milliseconds = timeout
        ? static_cast<int>(std::clamp(*timeout, std::chrono::milliseconds::zero(), longest).count())
        : -1;
    // poll() skips entries with a negative descriptor.
    pollfd entries[] {{stop_, POLLIN, 0}, {display_, POLLIN, 0}, {event_, POLLIN, 0}};
    if (::poll(entries, std::size(entries), milliseconds) <= 0)
        return {}; // the time is over, or a signal: the caller looks at its clock either way
    if (entries[2].revents != 0) {
        std::uint64_t count = 0;
        [[maybe_unused]] auto const taken = ::read(event_, &count, sizeof count);
    }
    return {.stop = entries[0].revents != 0,
        .display = entries[1].revents != 0,
        .woken = entries[2].revents != 0};
}

void WakeSet::wake()
{
    std::uint64_t const one = 1;
    // Fails only when the counter is full, and then the wait ends anyway.
    [[maybe_unused]] auto const written = ::write(event_, &one, sizeof one);
}

}
