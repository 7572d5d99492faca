#include "tests/load/virtual_box.h"

#include "sync/wire/batch_writer.h"
#include "sync/wire/compression.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace listenpost::load {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using std::chrono::milliseconds;

constexpr auto token = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds patience {60};
constexpr int percent_broken_off = 3; ///< of all requests

asio::awaitable<void> pause(milliseconds time)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(token);
}

/// A small generator, as there are thousands of boxes (SplitMix64, Steele, Lea and Flood 2014).
std::uint64_t next(std::uint64_t& state)
{
    state += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
}

/// Every box comes from an address of its own, as in life: 127.0.0.0/8 is all this machine.
tcp::endpoint address_of(std::uint32_t number)
{
    constexpr std::uint32_t first = (127U << 24U) + (1U << 16U) + 1;
    return {asio::ip::address_v4(first + number), 0};
}

}

class VirtualBox::Connection {
public:
    explicit Connection(VirtualBox& box)
        : box_(box)
    {
    }

    struct Reply {
        unsigned status = 0;
        std::string body;
        milliseconds retry_after {};
    };

    /// Nothing: no reply. `break_off`: hangs up as soon as the request is out.
    asio::awaitable<std::optional<Reply>> post(
        char const* path, std::string body, bool packed, bool break_off)
    {
        if (!stream_ && !co_await connect())
            co_return std::nullopt;
        http::request<http::string_body> request(http::verb::post, path, 11);
        request.set(http::field::host, "hub");
        request.set(http::field::content_type, "application/json");
        if (packed)
            request.set(http::field::content_encoding, "zstd");
        if (!box_.token_.empty())
            request.set(http::field::authorization, "Bearer " + box_.token_);
        request.body() = std::move(body);
        request.prepare_payload();
        ++box_.figures_.requests;
        beast::get_lowest_layer(*stream_).expires_after(patience);
        auto const [write_error, written] = co_await http::async_write(*stream_, request, token);
        if (write_error || break_off) {
            stream_.reset();
            co_return std::nullopt;
        }
        http::response<http::string_body> response;
        auto const [read_error, got] = co_await http::async_read(*stream_, buffer_, response, token);
        if (read_error) {
            stream_.reset();
            co_return std::nullopt;
        }
        Reply reply {response.result_int(), std::move(response.body()), {}};
        if (auto const field = response.find(http::field::retry_after); field != response.end())
            reply.retry_after = std::chrono::seconds(std::atoi(std::string(field->value()).c_str()));
        if (!response.keep_alive())
            stream_.reset();
        co_return reply;
    }

private:
    asio::awaitable<bool> connect()
    {
        buffer_.clear();
        stream_.emplace(co_await asio::this_coro::executor, box_.tls_);
        auto& lowest = beast::get_lowest_layer(*stream_);
        lowest.expires_after(patience);
        beast::error_code error;
        lowest.socket().open(tcp::v4(), error);
        lowest.socket().bind(box_.from_, error);
        auto const [connect_error] = co_await lowest.async_connect(box_.hub_, token);
        if (!connect_error) {
            lowest.socket().set_option(tcp::no_delay(true), error);
            auto const [tls_error] = co_await stream_->async_handshake(asio::ssl::stream_base::client, token);
            if (!tls_error) {
                ++box_.figures_.connections;
                co_return true;
            }
        }
        stream_.reset();
        co_return false;
    }

    VirtualBox& box_;
    std::optional<beast::ssl_stream<beast::tcp_stream>> stream_;
    beast::flat_buffer buffer_;
};

VirtualBox::VirtualBox(
    tcp::endpoint hub, asio::ssl::context& tls, std::uint32_t number, FleetFigures& figures)
    : hub_(std::move(hub))
    , from_(address_of(number))
    , tls_(tls)
    , figures_(figures)
    , random_(number)
{
    char digits[33];
    std::snprintf(digits, sizeof digits, "%016llx%016llx", static_cast<unsigned long long>(next(random_)),
        static_cast<unsigned long long>(number));
    install_ = digits;
}

asio::awaitable<void> VirtualBox::enrol(std::string code)
{
    Connection connection(*this);
    auto const reply = co_await connection.post("/v1/enrol", R"({"code":")" + code + "\"}", false, false);
    constexpr std::string_view before = R"("token":")";
    auto const at = reply ? reply->body.find(before) : std::string::npos;
    if (at == std::string::npos) {
        std::fprintf(stderr, "fleet: a box could not be enrolled: %s\n",
            reply ? reply->body.c_str() : "the hub does not answer");
        std::exit(1);
    }
    auto const begin = at + before.size();
    token_ = reply->body.substr(begin, reply->body.find('"', begin) - begin);
}

asio::awaitable<void> VirtualBox::live_through(Day day)
{
    co_await pause(day.reconnects_after);
    Connection connection(*this);
    constexpr auto largest = static_cast<std::int64_t>(sync::limits::max_responses);
    while (day.backlog > 0) {
        auto const count = std::min(day.backlog, largest);
        co_await deliver(connection, count);
        day.backlog -= count;
    }
    for (; day.live > 0; --day.live) {
        co_await pause(milliseconds(500 + next(random_) % 1'000));
        auto const begun = std::chrono::steady_clock::now();
        co_await deliver(connection, 1);
        figures_.live.push_back(
            std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun));
    }
}

asio::awaitable<void> VirtualBox::deliver(Connection& connection, std::int64_t count)
{
    auto const packed = sync::compress(sync::Encoding::Zstd, batch(count)).value();
    for (bool first = true;; first = false) {
        figures_.sent_again += first ? 0 : 1;
        // A response alone is measured: it meets the network as it is.
        bool const break_off = first && count > 1 && next(random_) % 100 < percent_broken_off;
        figures_.broken_off += break_off ? 1 : 0;
        auto const reply = co_await connection.post("/v1/batches", packed, true, break_off);
        if (reply && reply->status == 200
            && reply->body.starts_with("{\"acknowledged\":" + std::to_string(count) + ',')
            && reply->body.find("\"refused\":[]") != std::string::npos)
            break;
        if (reply && (reply->status == 429 || reply->status == 503)) {
            ++figures_.told_later;
        } else if (reply) {
            std::fprintf(stderr, "fleet: %u %s\n", reply->status, reply->body.c_str());
            std::exit(1);
        }
        auto const wait = reply ? reply->retry_after : milliseconds(0);
        co_await pause(
            wait + milliseconds(next(random_) % (1'000 + static_cast<std::uint64_t>(wait.count()))));
    }
    figures_.acknowledged += count;
    next_seq_ += count;
}

std::string VirtualBox::batch(std::int64_t count)
{
    constexpr std::int64_t boot_ms = 1'790'000'000'000;
    constexpr std::int64_t between_ms = 180'000;
    std::string const boot = install_.substr(0, 16);
    sync::BatchWriter writer;
    auto const now = next_seq_ + count;
    writer.begin(install_,
        {WallTime(milliseconds(boot_ms + now * between_ms)), true, SteadyTime(milliseconds(now * between_ms)),
            boot});
    for (std::int64_t seq = next_seq_; seq < next_seq_ + count; ++seq) {
        std::string answers = "[";
        for (char const* question : {"quality", "service", "cleanliness"}) {
            auto const score = 1 + next(random_) % 5;
            answers += std::string(answers.size() > 1 ? "," : "") + R"({"q":")" + question + R"(","score":)"
                + std::to_string(score)
                + (score < 3 && next(random_) % 2 == 0 ? R"(,"reasons":["slow"]})" : "}");
        }
        answers += ']';
        kiosk::StoredResponse response;
        response.seq = seq;
        response.opened_ms = boot_ms + seq * between_ms;
        response.steady_ms = seq * between_ms;
        response.took_ms = 3'000 + static_cast<std::int64_t>(next(random_) % 9'000);
        response.clock_set = true;
        response.boot_id = boot;
        response.survey = "qsc-restaurant";
        response.survey_version = 1;
        response.touchpoint = "exit";
        response.language = "zh-CN";
        response.outcome = "complete";
        response.closed_by = "finish";
        response.answers = answers;
        response.comment = next(random_) % 12 == 0 ? "上菜有点慢，其他都很好" : "";
        if (!writer.add(response))
            std::abort(); // its own limit is the hub's
    }
    return std::string(writer.finish());
}

}
