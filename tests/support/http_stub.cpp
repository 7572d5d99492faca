#include "tests/support/http_stub.h"

#include <arpa/inet.h>
#include <cstdlib>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace listenpost::test {

HttpStub::HttpStub(Handler handler)
    : handler_(std::move(handler))
    , listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, raw, length) != 0 || ::listen(listener_, 16) != 0
        || ::getsockname(listener_, raw, &length) != 0 || ::pipe(stop_) != 0)
        std::abort();
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
}

HttpStub::~HttpStub()
{
    ::close(stop_[1]); // readable for everybody who waits on the other end
    thread_.join();
    ::close(stop_[0]);
    ::close(listener_);
}

void HttpStub::serve()
{
    for (;;) {
        pollfd waiting[2] = {{listener_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
        ::poll(waiting, 2, -1);
        if (waiting[1].revents != 0)
            return;
        int const connection = ::accept(listener_, nullptr, nullptr);
        ++connections_;
        serve_connection(connection);
        ::close(connection);
    }
}

void HttpStub::serve_connection(int connection)
{
    std::string pending;
    for (;;) {
        if (std::size_t const total = http_message_size(pending); total > 0) {
            auto const head_end = pending.find("\r\n\r\n");
            StubRequest const request {pending.substr(0, head_end + 2),
                pending.substr(head_end + 4, total - head_end - 4), connections_};
            pending.erase(0, total);
            auto const reply = handler_(request);
            [[maybe_unused]] auto const sent
                = ::send(connection, reply.bytes.data(), reply.bytes.size(), MSG_NOSIGNAL);
            if (reply.then == StubReply::Then::Close)
                return;
            if (reply.then == StubReply::Then::HangUntilStopped) {
                pollfd waiting {stop_[0], POLLIN, 0};
                ::poll(&waiting, 1, -1);
                return;
            }
            continue;
        }
        pollfd waiting[3]
            = {{connection, POLLIN, 0}, {stop_[0], POLLIN, 0}, {pending.empty() ? listener_ : -1, POLLIN, 0}};
        ::poll(waiting, 3, -1);
        char buffer[65536];
        bool const displaced = waiting[0].revents == 0 && waiting[2].revents != 0;
        ssize_t const got
            = waiting[1].revents != 0 || displaced ? 0 : ::recv(connection, buffer, sizeof buffer, 0);
        if (got <= 0)
            return;
        pending.append(buffer, static_cast<std::size_t>(got));
    }
}

std::size_t http_message_size(std::string_view bytes)
{
    constexpr std::string_view field = "content-length:";
    auto const head_end = bytes.find("\r\n\r\n");
    if (head_end == std::string_view::npos)
        return 0;
    std::string head(bytes.substr(0, head_end + 2));
    for (char& c : head)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + 32);
    auto const at = head.find(field);
    std::size_t const body
        = at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + field.size(), nullptr, 10);
    std::size_t const size = head_end + 4 + body;
    return bytes.size() >= size ? size : 0;
}

std::string http_reply(int status, std::string const& body, std::vector<std::string> const& headers)
{
    std::string reply = "HTTP/1.1 " + std::to_string(status) + " Whatever\r\n";
    for (auto const& header : headers)
        reply += header + "\r\n";
    return reply + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}
