#pragma once

#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "sync/hub/rate_limiter.h"
#include "sync/hub/storage.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace listenpost::sync {

struct Deadlines;

struct ServerOptions {
    std::string address = "127.0.0.1"; ///< numeric, IPv4 or IPv6
    std::uint16_t port = 0; ///< 0: any that is free
    std::filesystem::path tls_certificate; ///< PEM, the chain; empty: plain HTTP
    std::filesystem::path tls_key; ///< PEM
    std::filesystem::path admin_socket; ///< empty: none
    std::size_t max_connections = 10'000;
    /// Of one caller, see peer_name(). A chain's boxes may all come through one address.
    std::size_t max_connections_per_address = 5'000;
    Rates rates;
};

/// Whether an address is this machine only; plain HTTP is for those alone.
bool is_loopback(std::string const& address);

/// The hub on the network: PROTOCOL.md over Boost.Beast, one event loop.
/// Threads: run() uses the calling one; beside it the writer's and the page reader's.
class Server {
public:
    /// Listens when it returns. `storage` and `clock` must outlive it.
    /// Errors: Invalid (address, certificate or key, plain HTTP beyond loopback), Busy (port
    /// taken), Io.
    static Result<std::unique_ptr<Server>> create(
        ServerOptions const& options, Deadlines const& deadlines, Storage& storage, Clock const& clock);
    ~Server();

    std::uint16_t port() const;
    /// http://127.0.0.1:8780
    std::string url() const;

    /// Serves until a stop is asked for, then: takes no connection any more, ends the idle
    /// ones, answers what is under way (after its commit), returns.
    void run();
    /// From any thread.
    void stop();
    /// Loads certificate and key anew whenever SIGHUP comes, for connections that begin from then on; what
    /// cannot be loaded is logged, and the ones before stay. With TLS only; before run().
    void reload_tls_on_hangup();
    /// Stops when the descriptor becomes readable; borrowed. Before run().
    void stop_when_readable(int descriptor);

private:
    struct Impl;
    explicit Server(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}
