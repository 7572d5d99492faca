#include "sync/hub/admin_server.h"

#include "platform/os/user_name.h"
#include "sync/hub/admin.h"
#include "sync/hub/admin_channel.h"
#include "sync/hub/await_callback.h"
#include "sync/hub/writer_queue.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace listenpost::sync {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Protocol = asio::local::stream_protocol;
using Stream = boost::beast::basic_stream<Protocol>;

constexpr auto token = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds deadline {10};
constexpr std::chrono::milliseconds accept_pause {100};
constexpr std::size_t max_request_bytes = 64UL * 1024;

class UnixAdminServer final : public AdminServer {
public:
    UnixAdminServer(
        asio::io_context& loop, std::filesystem::path path, WriterQueue& writer, Clock const& clock)
        : loop_(loop)
        , path_(std::move(path))
        , acceptor_(loop)
        , pause_(loop)
        , writer_(writer)
        , clock_(clock)
    {
    }
    ~UnixAdminServer() override
    {
        if (acceptor_.is_open())
            ::unlink(path_.c_str());
    }

    Result<> listen()
    {
        if (path_.string().size() > 100)
            return fail(Errc::Invalid,
                path_.string() + " is too long a name for a Unix socket: use a shorter data folder");
        ::unlink(path_.c_str());
        error_code error;
        acceptor_.open(Protocol(), error);
        // Never for a moment open to others: the mask counts at the moment of bind.
        mode_t const mask = ::umask(0177);
        if (!error)
            acceptor_.bind(Protocol::endpoint(path_.string()), error);
        ::umask(mask);
        if (!error)
            acceptor_.listen(16, error);
        if (error)
            return fail(Errc::Io, path_.string() + ": " + error.message());
        return {};
    }

    void start() override { asio::co_spawn(loop_, serve(), asio::detached); }

    void stop() override
    {
        // Gone first: a command that finds no socket waits for the lock instead.
        if (acceptor_.is_open())
            ::unlink(path_.c_str());
        error_code ignored;
        acceptor_.close(ignored);
        pause_.cancel();
        if (waiting_)
            waiting_->cancel();
    }

private:
    /// As the kernel says it.
    static std::string caller(Stream& stream)
    {
        ucred peer {};
        socklen_t size = sizeof peer;
        if (::getsockopt(stream.socket().native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
            return "unix:?";
        return "unix:" + name_of_user(peer.uid);
    }

    asio::awaitable<void> serve()
    {
        while (acceptor_.is_open()) {
            auto [error, socket] = co_await acceptor_.async_accept(token);
            if (!acceptor_.is_open())
                break;
            if (error) { // out of descriptors, say
                pause_.expires_after(accept_pause);
                co_await pause_.async_wait(token);
                continue;
            }
            Stream stream(std::move(socket));
            stream.expires_after(deadline);
            waiting_ = &stream;
            std::string request;
            auto const [read_error, bytes] = co_await asio::async_read_until(
                stream, asio::dynamic_buffer(request, max_request_bytes), '\n', token);
            waiting_ = nullptr;
            if (read_error)
                continue;
            auto run = [&](std::function<void(std::string)> const& done) {
                Act act {caller(stream), clock_.wall_now().time_since_epoch().count()};
                writer_.submit([&request, done, act = std::move(act)](
                                   Storage& storage) { done(run_admin_request(storage, request, act)); });
            };
            std::string const reply = co_await await_callback<std::string>(run);
            stream.expires_after(deadline);
            co_await asio::async_write(stream, asio::buffer(reply), token);
        }
    }

    asio::io_context& loop_;
    std::filesystem::path path_;
    Protocol::acceptor acceptor_;
    asio::steady_timer pause_;
    WriterQueue& writer_;
    Clock const& clock_;
    Stream* waiting_ = nullptr; ///< whose command has not come yet
};

}

Result<std::unique_ptr<AdminServer>> AdminServer::create(
    asio::io_context& loop, std::filesystem::path const& path, WriterQueue& writer, Clock const& clock)
{
    auto server = std::make_unique<UnixAdminServer>(loop, path, writer, clock);
    LISTENPOST_TRY(server->listen());
    return std::unique_ptr<AdminServer>(std::move(server));
}

}
