#include "tests/support/proxy_stub.h"

#include <array>
#include <cstdlib>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace listenpost::test {
namespace {

int connect_to_loopback(int port)
{
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    int const descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0)
        return descriptor;
    ::close(descriptor);
    return -1;
}

/// One piece. False: it will say nothing more, or nobody listens any more.
bool pass_on(int from, int to)
{
    std::array<char, 16'384> buffer;
    ssize_t const got = ::recv(from, buffer.data(), buffer.size(), 0);
    for (ssize_t gone = 0; gone < got;) {
        ssize_t const sent
            = ::send(to, buffer.data() + gone, static_cast<std::size_t>(got - gone), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        gone += sent;
    }
    return got > 0;
}

}

ProxyStub::ProxyStub()
    : server_([this](Line& line) { serve(line); })
{
}

void ProxyStub::answer_with(std::string reply)
{
    std::scoped_lock const lock(mutex_);
    reply_ = std::move(reply);
}

std::vector<std::string> ProxyStub::asked() const
{
    std::scoped_lock const lock(mutex_);
    return asked_;
}

void ProxyStub::serve(Line& line)
{
    std::string const request = read_message(line);
    if (request.empty())
        return;
    std::string reply;
    {
        std::scoped_lock const lock(mutex_);
        asked_.push_back(request.substr(0, request.find("\r\n")));
        reply = reply_;
    }
    if (!reply.empty()) {
        line.write(reply);
        return;
    }
    // CONNECT 127.0.0.1:PORT HTTP/1.1
    auto const colon = request.find(':');
    int const there
        = connect_to_loopback(static_cast<int>(std::strtol(request.c_str() + colon + 1, nullptr, 10)));
    if (there < 0) {
        line.write("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
        return;
    }
    line.write("HTTP/1.1 200 Connection established\r\n\r\n");
    for (bool open = true; open;) {
        pollfd waiting[3]
            = {{line.descriptor(), POLLIN, 0}, {there, POLLIN, 0}, {server_.stop_descriptor(), POLLIN, 0}};
        ::poll(waiting, 3, -1);
        open = waiting[2].revents == 0 && (waiting[0].revents == 0 || pass_on(line.descriptor(), there))
            && (waiting[1].revents == 0 || pass_on(there, line.descriptor()));
    }
    ::close(there);
}

}
