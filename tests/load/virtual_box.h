#pragma once

#include "tests/load/fleet_figures.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <cstdint>
#include <string>

namespace listenpost::load {

/// One box of the fleet, as the hub sees it: an address of its own, TLS, one kept connection, batches packed
/// as the agent packs them, and the agent's answer to everything that goes wrong: the same again, later.
class VirtualBox {
public:
    /// What it has to do.
    struct Day {
        std::int64_t backlog = 0; ///< responses that wait when it reconnects
        std::chrono::milliseconds reconnects_after {};
        std::int64_t live = 0; ///< afterwards one response alone, about every second, so often
    };

    /// `number`: which box of the fleet; decides its address, its install and its chances.
    VirtualBox(boost::asio::ip::tcp::endpoint hub, boost::asio::ssl::context& tls, std::uint32_t number,
        FleetFigures& figures);

    /// Uses the one-time code up. Ends the program if the hub does not take it.
    boost::asio::awaitable<void> enrol(std::string code);
    /// Comes to an end once the hub has acknowledged everything.
    boost::asio::awaitable<void> live_through(Day day);

private:
    class Connection;

    boost::asio::awaitable<void> deliver(Connection& connection, std::int64_t count);
    std::string batch(std::int64_t count);

    boost::asio::ip::tcp::endpoint hub_;
    boost::asio::ip::tcp::endpoint from_;
    boost::asio::ssl::context& tls_;
    FleetFigures& figures_;
    std::uint64_t random_;
    std::string install_;
    std::string token_;
    std::int64_t next_seq_ = 1;
};

}
