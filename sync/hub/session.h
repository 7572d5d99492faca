#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace listenpost::sync {

class Api;
class Metrics;

/// How long a connection may take for what. A deadline that passes drops the connection:
/// who sends a byte a second holds nothing up for longer.
struct Deadlines {
    std::chrono::milliseconds handshake {10'000};
    std::chrono::milliseconds idle {75'000}; ///< between two requests
    std::chrono::milliseconds header {10'000};
    std::chrono::milliseconds body {30'000};
    std::chrono::milliseconds write {120'000};
    std::chrono::milliseconds shutdown {10'000}; ///< for requests under way when the hub stops
};

/// One connection as the server sees it.
struct SessionControl {
    std::string peer; ///< whom limits count for, see peer_name()
    /// Between two requests: may be closed at any moment without loss.
    bool idle = false;
    std::function<void()> close; ///< set while the session runs
};

/// What all sessions of a server share.
struct SessionContext {
    Api& api;
    Deadlines deadlines;
    Metrics& metrics;
    /// None: plain HTTP. Replaced when the certificate is: a session keeps the one that it began with.
    std::shared_ptr<boost::asio::ssl::context> tls;
    bool stopping = false; ///< answer what is under way, take nothing new
};

/// Serves a connection until either side ends it.
boost::asio::awaitable<void> run_session(
    boost::asio::ip::tcp::socket socket, SessionContext const& context, SessionControl& control);

}
