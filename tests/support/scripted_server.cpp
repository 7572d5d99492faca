#include "tests/support/scripted_server.h"

#include "tests/support/http_stub.h"

#include <cstdlib>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace listenpost::test {
namespace {

struct Bound {
    int listener = -1;
    int port = 0;
};

/// Of port 0: any free one. No listener: the machine has no such loopback.
Bound bind_loopback(ScriptedServer::Family family, int receive_buffer)
{
    bool const is_v6 = family == ScriptedServer::Family::V6;
    sockaddr_in v4 {};
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 v6 {};
    v6.sin6_family = AF_INET6;
    v6.sin6_addr = in6addr_loopback;
    auto* const address = is_v6 ? reinterpret_cast<sockaddr*>(&v6) : reinterpret_cast<sockaddr*>(&v4);
    socklen_t length = is_v6 ? sizeof v6 : sizeof v4;
    int const listener = ::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0)
        return {};
    // Before listen(): connections take it over.
    if (receive_buffer > 0)
        ::setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    if (::bind(listener, address, length) != 0 || ::listen(listener, 16) != 0
        || ::getsockname(listener, address, &length) != 0) {
        ::close(listener);
        return {};
    }
    return {listener, ntohs(is_v6 ? v6.sin6_port : v4.sin_port)};
}

}

ScriptedServer::ScriptedServer(Script script)
    : ScriptedServer(std::move(script), Options {})
{
}

ScriptedServer::ScriptedServer(Script script, Options const& options)
    : script_(std::move(script))
    , options_(options)
{
    auto const bound = bind_loopback(options.family, options.receive_buffer);
    if (bound.listener < 0 || ::pipe(stop_) != 0)
        std::abort();
    listener_ = bound.listener;
    port_ = bound.port;
    thread_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer()
{
    ::close(stop_[1]); // readable for everybody who waits on the other end
    thread_.join();
    ::close(stop_[0]);
    ::close(listener_);
}

bool ScriptedServer::has_v6()
{
    int const listener = bind_loopback(Family::V6, 0).listener;
    if (listener >= 0)
        ::close(listener);
    return listener >= 0;
}

std::string ScriptedServer::url() const
{
    std::string const host = options_.family == Family::V6 ? "[::1]" : "127.0.0.1";
    return (options_.tls ? "https://" : "http://") + host + ":" + std::to_string(port_);
}

void ScriptedServer::serve()
{
    for (;;) {
        pollfd waiting[2] = {{listener_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
        ::poll(waiting, 2, -1);
        if (waiting[1].revents != 0)
            return;
        int const connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0)
            continue;
        // What a script says in pieces arrives in pieces.
        int const on = 1;
        ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        ++connections_;
        Line line(connection, stop_[0], options_.tls);
        script_(line);
    }
}

std::string read_message(Line& line, std::string& pending)
{
    for (;;) {
        if (std::size_t const size = http_message_size(pending); size > 0) {
            std::string message = pending.substr(0, size);
            pending.erase(0, size);
            return message;
        }
        if (!line.read(pending))
            return {};
    }
}

std::string read_message(Line& line)
{
    std::string pending;
    return read_message(line, pending);
}

}
