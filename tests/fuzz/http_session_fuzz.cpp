#include "platform/base/log.h"
#include "sync/hub/secrets.h"
#include "sync/hub/server.h"
#include "sync/hub/session.h"
#include "sync/hub/sqlite_storage.h"
#include "tests/fuzz/require.h"
#include "tests/support/fake_clock.h"
#include "tests/support/hub_acts.h"
#include "tests/support/must.h"
#include "tests/support/temp_folder.h"

#include <arpa/inet.h>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <set>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using listenpost::test::require;

namespace {

using namespace listenpost;
namespace beast = boost::beast;
namespace http = beast::http;

/// The system's call; again where libFuzzer's clock broke it off.
template <typename Call>
ssize_t unbroken(Call const& call)
{
    for (;;)
        if (ssize_t const result = call(); result >= 0 || errno != EINTR)
            return result;
}

/// A hub on a loopback port, in this process and in memory. The seeds know its tokens.
class FuzzedHub {
public:
    FuzzedHub()
    {
        std::int64_t const now = clock_.wall_now().time_since_epoch().count();
        auto& registry = storage_->registry();
        auto const code = sync::hash_of_secret("K7QM3WZX9FHD");
        auto const act = test::act_at(now);
        test::must(
            registry.add_store({"sh-001", "人民广场店", "east", "上海", "Asia/Shanghai"}, act), "store");
        test::must(registry.add_invite(code, "sh-001", "exit", now + 1'000, act), "invite");
        test::must(registry.enrol(code, "dev_1", sync::hash_of_secret("lpd_seed"), "exit", now), "enrol");
        sync::Grant reader;
        reader.name = "hq";
        test::must(registry.add_token(reader, sync::hash_of_secret("lpr_seed"), act), "token");
        sync::ServerOptions options;
        options.rates = sync::no_limits;
        server_ = test::must(sync::Server::create(options, sync::Deadlines(), *storage_, clock_), "server");
        thread_ = std::thread([this] { server_->run(); });
    }
    FuzzedHub(FuzzedHub const&) = delete;
    FuzzedHub& operator=(FuzzedHub const&) = delete;
    ~FuzzedHub()
    {
        server_->stop();
        thread_.join();
    }

    /// All that it answers to somebody who says that and then no more.
    std::string answer(std::string_view bytes)
    {
        int const descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address {};
        address.sin_family = AF_INET;
        // From 127.0.0.1 to 127.1.0.0 in turns: the ports of one address are soon used up.
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + next_client_++);
        require(::bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        address.sin_port = htons(server_->port());
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ssize_t const connected = unbroken([&] {
            int const result = ::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address);
            return result != 0 && errno == EISCONN ? 0 : result; // broken off, and done all the same
        });
        require(connected == 0);
        // What fits into no socket's buffer comes from no seed.
        unbroken([&] { return ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL); });
        ::shutdown(descriptor, SHUT_WR);
        std::string all;
        char buffer[16 * 1024];
        auto const receive
            = [&] { return unbroken([&] { return ::recv(descriptor, buffer, sizeof buffer, 0); }); };
        for (ssize_t got = 0; (got = receive()) > 0;)
            all.append(buffer, static_cast<std::size_t>(got));
        ::close(descriptor);
        return all;
    }

private:
    std::uint16_t next_client_ = 0;
    test::FakeClock clock_;
    test::TempFolder folder_ {test::in_memory()};
    std::unique_ptr<sync::Storage> storage_
        = test::must(sync::open_sqlite_storage(folder_ / "hub.db"), "storage");
    std::unique_ptr<sync::Server> server_;
    std::thread thread_;
};

/// Its own words, and never "something went wrong": no byte that a client sends is the hub's trouble.
void check_reply(http::response<http::string_body> const& reply)
{
    static std::set<unsigned> const told {
        100, 200, 204, 400, 401, 403, 404, 405, 409, 411, 413, 415, 431, 501};
    require(told.contains(reply.result_int()));
    if (reply.result_int() < 400 || reply.body().empty())
        return; // HEAD gets no body
    auto const said = nlohmann::json::parse(reply.body(), nullptr, false);
    require(said.is_object() && said.contains("error"));
    require(!said["error"].value("code", "").empty() && !said["error"].value("detail", "").empty());
}

void check_replies(std::string const& bytes)
{
    for (std::size_t at = 0; at < bytes.size();) {
        http::response_parser<http::string_body> parser;
        parser.eager(true);
        parser.body_limit(64UL * 1024 * 1024);
        beast::error_code error;
        at += parser.put(boost::asio::buffer(bytes.data() + at, bytes.size() - at), error);
        require(!error && parser.is_done());
        check_reply(parser.get());
    }
}

}

// Whatever comes over a connection: no crash, and every answer is one that PROTOCOL.md knows.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static auto const quiet = [] { return set_log_level(LogLevel::Off), true; }();
    static_cast<void>(quiet);
    // A new one now and then: what was taken is pulled again and again.
    static std::unique_ptr<FuzzedHub> hub;
    static int served = 0;
    if (served++ % 2'000 == 0) {
        hub.reset();
        hub = std::make_unique<FuzzedHub>();
    }
    check_replies(hub->answer({reinterpret_cast<char const*>(data), size}));
    return 0;
}
