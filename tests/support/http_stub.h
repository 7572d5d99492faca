#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace listenpost::test {

/// What came in on a connection: head and body as they were sent.
struct StubRequest {
    std::string head;
    std::string body;
    int connection = 0; ///< 1, 2, … in the order they were accepted
};

/// What the stub does about it.
struct StubReply {
    std::string bytes; ///< raw: status line, headers, body
    enum class Then { KeepOpen, Close, HangUntilStopped } then = Then::KeepOpen;
};

/// A real HTTP server on a loopback port, one connection at a time (a new one displaces
/// one on which nothing is asked), that answers whatever the test says, however wrong it is.
class HttpStub {
public:
    using Handler = std::function<StubReply(StubRequest const&)>;

    explicit HttpStub(Handler handler);
    ~HttpStub();
    HttpStub(HttpStub const&) = delete;
    HttpStub& operator=(HttpStub const&) = delete;

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    int port() const { return port_; }
    int connections() const { return connections_; }

private:
    void serve();
    void serve_connection(int connection);

    Handler handler_;
    int listener_ = -1;
    int stop_[2] = {-1, -1};
    int port_ = 0;
    std::atomic<int> connections_ = 0;
    std::thread thread_;
};

/// Bytes of the HTTP message that `bytes` begin with, by its Content-Length (none: no body).
/// 0: it is not whole yet.
std::size_t http_message_size(std::string_view bytes);

/// A whole reply with its length.
std::string http_reply(int status, std::string const& body, std::vector<std::string> const& headers = {});

}
