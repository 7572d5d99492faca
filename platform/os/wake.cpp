#include "platform/os/wake.h"

#include "platform/base/log.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace listenpost {
namespace {

int open_netlink()
{
    int const descriptor = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (descriptor < 0)
        return -1;
    sockaddr_nl address {};
    address.nl_family = AF_NETLINK;
    address.nl_groups
        = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_IFADDR | RTMGRP_IPV6_ROUTE;
    if (::bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0)
        return descriptor;
    ::close(descriptor);
    return -1;
}

/// Takes all that is pending; what it says in detail does not matter, and an
/// overrun (ENOBUFS) means "much has changed".
void drain(int descriptor)
{
    char buffer[8192];
    for (;;) {
        ssize_t const got = ::read(descriptor, buffer, sizeof buffer);
        if (got > 0 || (got < 0 && (errno == EINTR || errno == ENOBUFS)))
            continue;
        return;
    }
}

}

Result<Waker> Waker::create(int stop_descriptor, std::filesystem::path const& watched_folder)
{
    int const files = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (files < 0)
        return fail(Errc::Io, std::string("inotify: ") + std::strerror(errno));
    if (::inotify_add_watch(files, watched_folder.c_str(), IN_MODIFY | IN_CREATE | IN_MOVED_TO) < 0) {
        int const error = errno;
        ::close(files);
        return fail(Errc::Io, "watch " + watched_folder.string() + ": " + std::strerror(error));
    }
    int const network = open_netlink();
    if (network < 0)
        log(LogLevel::Warn, "no_netlink", {{"detail", std::strerror(errno)}});
    return Waker(stop_descriptor, network, files);
}

Waker::Waker(Waker&& other) noexcept
    : stop_(other.stop_)
    , network_(std::exchange(other.network_, -1))
    , files_(std::exchange(other.files_, -1))
{
}

Waker& Waker::operator=(Waker&& other) noexcept
{
    std::swap(stop_, other.stop_);
    std::swap(network_, other.network_);
    std::swap(files_, other.files_);
    return *this;
}

Waker::~Waker()
{
    if (network_ >= 0)
        ::close(network_);
    if (files_ >= 0)
        ::close(files_);
}

WakeReasons Waker::wait(std::optional<std::chrono::milliseconds> timeout)
{
    // poll() passes over negative descriptors, so a missing netlink needs no special case.
    pollfd waiting[3] = {{stop_, POLLIN, 0}, {network_, POLLIN, 0}, {files_, POLLIN, 0}};
    int milliseconds = -1;
    if (timeout)
        milliseconds = static_cast<int>(
            std::clamp<std::int64_t>(timeout->count(), 0, std::numeric_limits<int>::max()));
    if (::poll(waiting, 3, milliseconds) <= 0)
        return {};
    WakeReasons const reasons {waiting[0].revents != 0, waiting[1].revents != 0, waiting[2].revents != 0};
    if (reasons.network)
        drain(network_);
    if (reasons.files)
        drain(files_);
    return reasons;
}

}
