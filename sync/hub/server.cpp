#include "sync/hub/server.h"

#include "platform/base/log.h"
#include "sync/hub/admin_server.h"
#include "sync/hub/api.h"
#include "sync/hub/metrics.h"
#include "sync/hub/peer_name.h"
#include "sync/hub/session.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <exception>
#include <list>
#include <map>
#include <openssl/ssl.h>
#include <optional>
#include <unistd.h>

namespace listenpost::sync {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto token = asio::as_tuple(asio::use_awaitable);
/// After an accept that failed for want of descriptors or memory.
constexpr std::chrono::milliseconds accept_pause {100};

tl::unexpected<Error> fail_with(Errc code, std::string_view action, error_code const& error)
{
    return fail(code, std::string(action) + ": " + error.message());
}

using TlsContext = std::shared_ptr<asio::ssl::context>;

Result<TlsContext> load_tls(ServerOptions const& options)
{
    auto const loaded = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    auto& context = *loaded;
    error_code error;
    context.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2
            | asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1,
        error);
    // Renegotiation costs us far more than the client who asks for it.
    SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    context.use_certificate_chain_file(options.tls_certificate.string(), error);
    if (error)
        return fail_with(Errc::Invalid, "TLS certificate " + options.tls_certificate.string(), error);
    context.use_private_key_file(options.tls_key.string(), asio::ssl::context::pem, error);
    if (error)
        return fail_with(Errc::Invalid, "TLS key " + options.tls_key.string(), error);
    if (SSL_CTX_check_private_key(context.native_handle()) != 1)
        return fail(
            Errc::Invalid, "the TLS key " + options.tls_key.string() + " does not belong to the certificate");
    return loaded;
}

}

bool is_loopback(std::string const& address)
{
    error_code error;
    auto const parsed = asio::ip::make_address(address, error);
    return !error && parsed.is_loopback();
}

struct Server::Impl {
    Impl(ServerOptions server_options, Deadlines const& session_deadlines, Storage& storage, WallTime started)
        : options(std::move(server_options))
        , deadlines(session_deadlines)
        , metrics(started)
        , acceptor(loop)
        , room(loop)
        , last_moment(loop)
        , hangup(loop)
        , writer(storage, {})
    {
    }

    Result<> listen();
    asio::awaitable<void> accept_connections();
    void start_session(tcp::socket socket);
    void await_hangup();
    void begin_stop();
    void finish_if_empty();

    ServerOptions const options;
    Deadlines deadlines;
    Metrics metrics;
    asio::io_context loop {1};
    tcp::acceptor acceptor;
    asio::steady_timer room; ///< cancelled when a connection ends
    asio::steady_timer last_moment; ///< of a stop: who has no answer by then gets none
    asio::signal_set hangup; ///< the certificate was renewed
    std::map<std::string, std::size_t, std::less<>> connections; ///< by peer_name()
    std::optional<asio::posix::stream_descriptor> stop_descriptor;
    WriterQueue writer;
    std::unique_ptr<Api> api;
    std::optional<SessionContext> context;
    std::unique_ptr<AdminServer> admin;
    std::list<SessionControl> sessions;
};

Result<> Server::Impl::listen()
{
    error_code error;
    auto const address = asio::ip::make_address(options.address, error);
    if (error)
        return fail(Errc::Invalid, options.address + " is not an address: give numbers, not a name");
    if (options.tls_certificate.empty() && !address.is_loopback())
        return fail(Errc::Invalid,
            "plain HTTP is for this machine alone: give --tls-cert and --tls-key to listen on "
                + options.address);
    tcp::endpoint const endpoint(address, options.port);
    acceptor.open(endpoint.protocol(), error);
    if (!error)
        acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error)
        acceptor.bind(endpoint, error);
    if (error)
        return fail_with(error == asio::error::address_in_use ? Errc::Busy : Errc::Io,
            "listen on " + options.address + " port " + std::to_string(options.port), error);
    acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error)
        return fail_with(Errc::Io, "listen", error);
    return {};
}

asio::awaitable<void> Server::Impl::accept_connections()
{
    while (acceptor.is_open()) {
        if (sessions.size() >= options.max_connections) {
            room.expires_at(asio::steady_timer::time_point::max());
            co_await room.async_wait(token);
            continue;
        }
        auto [error, socket] = co_await acceptor.async_accept(token);
        if (!acceptor.is_open())
            break;
        if (error) {
            log(LogLevel::Warn, "accept_failed", {{"detail", error.message()}});
            room.expires_after(accept_pause);
            co_await room.async_wait(token);
            continue;
        }
        start_session(std::move(socket));
    }
}

void Server::Impl::start_session(tcp::socket socket)
{
    error_code error;
    auto const from = socket.remote_endpoint(error);
    if (error)
        return; // gone already
    std::string peer = peer_name(from.address());
    auto const count = connections.try_emplace(peer, 0).first;
    if (count->second >= options.max_connections_per_address) {
        metrics.connection_refused();
        return;
    }
    ++count->second;
    metrics.connection_opened();
    auto const session = sessions.emplace(sessions.end());
    session->peer = std::move(peer);
    asio::co_spawn(loop, run_session(std::move(socket), *context, *session),
        [this, session, count](std::exception_ptr const& failure) {
            if (failure)
                log(LogLevel::Error, "session_failed");
            metrics.connection_closed();
            if (--count->second == 0)
                connections.erase(count);
            sessions.erase(session);
            room.cancel();
            finish_if_empty();
        });
}

void Server::Impl::await_hangup()
{
    hangup.async_wait([this](error_code error, int) {
        if (error)
            return;
        await_hangup();
        auto renewed = load_tls(options);
        if (!renewed) {
            log(LogLevel::Error, "certificate_not_reloaded", {{"detail", renewed.error().detail}});
            return;
        }
        context->tls = std::move(*renewed);
        log(LogLevel::Info, "certificate_reloaded", {{"file", options.tls_certificate.string()}});
    });
}

void Server::Impl::begin_stop()
{
    if (context->stopping)
        return;
    context->stopping = true;
    api->begin_stop();
    log(LogLevel::Info, "stopping", {{"connections", sessions.size()}});
    error_code ignored;
    acceptor.close(ignored);
    room.cancel();
    if (stop_descriptor)
        stop_descriptor->cancel(ignored);
    hangup.cancel(ignored);
    if (admin)
        admin->stop();
    for (auto const& session : sessions)
        if (session.idle && session.close)
            session.close();
    last_moment.expires_after(deadlines.shutdown);
    last_moment.async_wait([this](error_code error) {
        if (error)
            return;
        for (auto const& session : sessions)
            if (session.close)
                session.close();
    });
    finish_if_empty();
}

void Server::Impl::finish_if_empty()
{
    if (context->stopping && sessions.empty())
        last_moment.cancel();
}

Result<std::unique_ptr<Server>> Server::create(
    ServerOptions const& options, Deadlines const& deadlines, Storage& storage, Clock const& clock)
{
    auto impl = std::make_unique<Impl>(options, deadlines, storage, clock.wall_now());
    TlsContext tls;
    if (!options.tls_certificate.empty()) {
        auto loaded = load_tls(options);
        if (!loaded)
            return fail(std::move(loaded).error());
        tls = std::move(*loaded);
    }
    LISTENPOST_TRY(impl->listen());
    auto readers = Api::Readers::open(storage);
    if (!readers)
        return fail(std::move(readers).error());
    impl->api = std::make_unique<Api>(impl->writer, std::move(*readers), clock, options.rates, impl->metrics);
    impl->context.emplace(SessionContext {*impl->api, deadlines, impl->metrics, std::move(tls), false});
    if (!options.admin_socket.empty()) {
        auto admin = AdminServer::create(impl->loop, options.admin_socket, impl->writer, clock);
        if (!admin)
            return fail(std::move(admin).error());
        impl->admin = std::move(*admin);
    }
    return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl))
{
}

Server::~Server() = default;

std::uint16_t Server::port() const
{
    error_code ignored;
    return impl_->acceptor.local_endpoint(ignored).port();
}

std::string Server::url() const
{
    error_code ignored;
    auto address = impl_->acceptor.local_endpoint(ignored).address();
    if (address.is_unspecified())
        address = address.is_v6() ? asio::ip::address(asio::ip::address_v6::loopback())
                                  : asio::ip::address(asio::ip::address_v4::loopback());
    std::string const host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
    return (!impl_->options.tls_certificate.empty() ? "https://" : "http://") + host + ":"
        + std::to_string(port());
}

void Server::run()
{
    asio::co_spawn(impl_->loop, impl_->accept_connections(), asio::detached);
    if (impl_->admin)
        impl_->admin->start();
    impl_->loop.run();
}

void Server::stop()
{
    asio::post(impl_->loop, [impl = impl_.get()] { impl->begin_stop(); });
}

void Server::reload_tls_on_hangup()
{
    error_code error;
    impl_->hangup.add(SIGHUP, error);
    if (error)
        log(LogLevel::Error, "signal", {{"detail", error.message()}});
    else
        impl_->await_hangup();
}

void Server::stop_when_readable(int descriptor)
{
    auto& watched = impl_->stop_descriptor.emplace(impl_->loop, ::dup(descriptor));
    watched.async_wait(asio::posix::stream_descriptor::wait_read, [impl = impl_.get()](error_code error) {
        if (!error)
            impl->begin_stop();
    });
}

}
