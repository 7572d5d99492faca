// A fleet of virtual boxes against a real hub: all have a backlog and reconnect within a while, some go on
// live; strangers hold connections open meanwhile, a byte at a time.
//
//   fleet PORT CA_FILE CODES [--responses N] [--seconds N] [--strangers N]
//
// CODES: a file with a one-time code a line; so many boxes. PORT: of a hub on this machine. The last line of
// stdout is JSON: what was done, and how long a live response took. scripts/load checks what HQ pulls.

#include "platform/os/descriptor_limit.h"
#include "tests/load/virtual_box.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstdio>
#include <fstream>
#include <list>
#include <vector>

using namespace listenpost;
using namespace listenpost::load;

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::milliseconds;

constexpr auto token = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t enrolling_at_once = 50;
constexpr std::size_t live_share = 50; ///< every so many boxes goes on live

struct Options {
    std::uint16_t port = 0;
    std::string ca_file;
    std::string codes_file;
    std::int64_t responses = 200;
    std::int64_t seconds = 60;
    int strangers = 200;
};

std::vector<std::string> lines_of(std::string const& file)
{
    std::vector<std::string> lines;
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

/// Starts a request and never ends it, a byte every second; comes again when it is thrown out.
asio::awaitable<void> pester(tcp::endpoint hub, bool const& over, std::int64_t& thrown_out)
{
    auto const executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor);
    while (!over) {
        tcp::socket socket(executor);
        boost::system::error_code ignored;
        socket.open(tcp::v4(), ignored);
        socket.bind({asio::ip::make_address_v4("127.0.0.2"), 0}, ignored);
        auto [error] = co_await socket.async_connect(hub, token);
        // The first bytes of a TLS record that says it has 16 KiB to come.
        std::string const greeting("\x16\x03\x01\x40\x00", 5);
        for (std::size_t i = 0; !error && !over; ++i) {
            auto const [write_error, bytes]
                = co_await asio::async_write(socket, asio::buffer(&greeting[i % greeting.size()], 1), token);
            error = write_error;
            timer.expires_after(std::chrono::seconds(1));
            co_await timer.async_wait(token);
        }
        thrown_out += error ? 1 : 0;
        if (error) {
            timer.expires_after(std::chrono::seconds(1));
            co_await timer.async_wait(token);
        }
    }
}

double milliseconds_of(std::chrono::microseconds time) { return static_cast<double>(time.count()) / 1e3; }

/// In percent; of sorted ones.
double quantile(std::vector<std::chrono::microseconds> const& sorted, std::size_t percent)
{
    if (sorted.empty())
        return 0;
    return milliseconds_of(sorted[std::min(sorted.size() - 1, sorted.size() * percent / 100)]);
}

int run(Options const& options)
{
    raise_descriptor_limit();
    auto const codes = lines_of(options.codes_file);
    asio::io_context loop {1};
    asio::ssl::context tls(asio::ssl::context::tls_client);
    tls.load_verify_file(options.ca_file);
    tls.set_verify_mode(asio::ssl::verify_peer);
    tcp::endpoint const hub(asio::ip::address_v4::loopback(), options.port);

    FleetFigures figures;
    std::list<VirtualBox> boxes;
    for (std::size_t i = 0; i < codes.size(); ++i)
        boxes.emplace_back(hub, tls, static_cast<std::uint32_t>(i), figures);

    auto box = boxes.begin();
    auto code = codes.begin();
    auto enrol_one_after_the_other = [&]() -> asio::awaitable<void> {
        while (box != boxes.end())
            co_await (box++)->enrol(*code++);
    };
    for (std::size_t i = 0; i < enrolling_at_once; ++i)
        asio::co_spawn(loop, enrol_one_after_the_other, asio::detached);
    loop.run();
    loop.restart();
    std::printf("enrolled %zu boxes\n", boxes.size());
    std::fflush(stdout);

    bool over = false;
    std::int64_t thrown_out = 0;
    for (int i = 0; i < options.strangers; ++i)
        asio::co_spawn(loop, pester(hub, over, thrown_out), asio::detached);
    auto const begun = std::chrono::steady_clock::now();
    std::size_t under_way = boxes.size();
    std::size_t number = 0;
    for (auto& each : boxes) {
        VirtualBox::Day day;
        day.backlog = options.responses;
        // Spread evenly, in an order that has nothing to do with the boxes' numbers.
        auto const place = number * 2'654'435'761U % boxes.size();
        day.reconnects_after
            = milliseconds(options.seconds * 1'000 * static_cast<std::int64_t>(place) / std::ssize(boxes));
        if (number++ % live_share == 0)
            day.live = options.seconds; // about one a second, and so beyond the last to reconnect
        asio::co_spawn(
            loop, each.live_through(day), [&](std::exception_ptr const&) { over = --under_way == 0; });
    }
    loop.run();
    auto const took = std::chrono::steady_clock::now() - begun;

    std::ranges::sort(figures.live);
    std::printf(
        "{\"boxes\":%zu,\"acknowledged\":%lld,\"requests\":%lld,\"connections\":%lld,\"sent_again\":%lld,"
        "\"told_later\":%lld,\"broken_off\":%lld,\"strangers_thrown_out\":%lld,\"seconds\":%.1f,"
        "\"live\":%zu,\"live_p50_ms\":%.1f,\"live_p99_ms\":%.1f,\"live_max_ms\":%.1f}\n",
        boxes.size(), static_cast<long long>(figures.acknowledged), static_cast<long long>(figures.requests),
        static_cast<long long>(figures.connections), static_cast<long long>(figures.sent_again),
        static_cast<long long>(figures.told_later), static_cast<long long>(figures.broken_off),
        static_cast<long long>(thrown_out), std::chrono::duration<double>(took).count(), figures.live.size(),
        quantile(figures.live, 50), quantile(figures.live, 99), quantile(figures.live, 100));
    return 0;
}

}

int main(int argc, char** argv)
{
    Options options;
    CLI::App app {"A fleet of virtual boxes against a hub on this machine", "fleet"};
    app.add_option("port", options.port)->required();
    app.add_option("ca", options.ca_file)->required();
    app.add_option("codes", options.codes_file)->required();
    app.add_option("--responses", options.responses, "of each box's backlog")->check(CLI::PositiveNumber);
    app.add_option("--seconds", options.seconds, "within which all reconnect")->check(CLI::PositiveNumber);
    app.add_option("--strangers", options.strangers)->check(CLI::NonNegativeNumber);
    CLI11_PARSE(app, argc, argv);
    return run(options);
}
