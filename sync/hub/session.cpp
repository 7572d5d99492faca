#include "sync/hub/session.h"

#include "sync/hub/api.h"
#include "sync/hub/metrics.h"
#include "sync/wire/limits.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

namespace listenpost::sync {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

// Reserved once: without it every request pays for several reallocations.
constexpr std::size_t buffer_bytes = 64UL * 1024;
constexpr std::uint32_t max_header_bytes = 8 * 1024;
/// What is still taken from a client that was refused before it had sent its body: closing
/// with unread bytes would reset the connection, and the reply might never be seen.
constexpr std::size_t max_drained_bytes = 1024UL * 1024;
constexpr std::chrono::seconds drain_time {2};

constexpr auto token = asio::as_tuple(asio::use_awaitable);

using Parser = http::request_parser<http::string_body>;
using Response = http::response<http::string_body>;

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

RequestHead head_of(Parser const& parser, SessionControl const& control)
{
    auto const& request = parser.get();
    RequestHead head;
    head.peer = control.peer;
    head.method = view(request.method_string());
    head.target = view(request.target());
    head.authorization = view(request[http::field::authorization]);
    head.content_type = view(request[http::field::content_type]);
    head.content_encoding = view(request[http::field::content_encoding]);
    head.accept = view(request[http::field::accept]);
    head.accept_encoding = view(request[http::field::accept_encoding]);
    head.sent_age = view(request["ListenPost-Sent-Age"]);
    head.says_its_length = request.has_content_length() || parser.chunked();
    return head;
}

ApiReply too_large(std::size_t max_body_bytes)
{
    return error_reply(
        413, "too_large", "a body has at most " + std::to_string(max_body_bytes) + " bytes as sent");
}

/// The reply to what could not be read; nothing when there is nobody to tell.
std::optional<ApiReply> reply_to(beast::error_code error, std::size_t max_body_bytes)
{
    if (error == http::error::body_limit)
        return too_large(max_body_bytes);
    if (error == http::error::header_limit)
        return error_reply(431, "header_too_large", "the head has more than 8 KiB");
    if (error == http::error::end_of_stream || error == http::error::partial_message)
        return {};
    if (error.category() == http::make_error_code(http::error::bad_version).category())
        return error_reply(400, "bad_request", "this is not HTTP/1.1");
    return {};
}

template <typename Stream>
asio::awaitable<bool> send(
    Stream& stream, ApiReply reply, unsigned version, bool keep_alive, SessionContext const& context)
{
    context.metrics.replied(reply.status);
    Response response(static_cast<http::status>(reply.status), version);
    bool const has_content = response.result() != http::status::no_content;
    if (has_content)
        response.set(http::field::content_type, reply.content_type);
    for (auto const& [name, value] : reply.headers)
        response.set(name, value);
    response.body() = std::move(reply.body);
    response.keep_alive(keep_alive);
    if (has_content) // else not even a length may be told
        response.prepare_payload();
    beast::get_lowest_layer(stream).expires_after(context.deadlines.write);
    auto const [error, bytes] = co_await http::async_write(stream, response, token);
    co_return !error;
}

template <typename Stream>
asio::awaitable<void> drain(Stream& stream, beast::flat_buffer& buffer)
{
    beast::get_lowest_layer(stream).expires_after(drain_time);
    beast::error_code ignored;
    beast::get_lowest_layer(stream).socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    for (std::size_t taken = 0; taken < max_drained_bytes;) {
        buffer.clear();
        auto const [error, bytes] = co_await stream.async_read_some(buffer.prepare(buffer_bytes), token);
        if (error)
            co_return;
        taken += bytes;
    }
}

enum class Next { Request, Close, DrainAndClose };

/// One request and its reply.
template <typename Stream>
asio::awaitable<Next> exchange(
    Stream& stream, beast::flat_buffer& buffer, SessionContext const& context, SessionControl const& control)
{
    auto& connection = beast::get_lowest_layer(stream);
    Parser parser;
    parser.header_limit(max_header_bytes);
    parser.body_limit(limits::max_packed_bytes);
    connection.expires_after(context.deadlines.header);
    auto const [head_error, head_bytes] = co_await http::async_read_header(stream, buffer, parser, token);
    if (head_error) {
        auto reply = reply_to(head_error, limits::max_packed_bytes);
        if (reply && co_await send(stream, std::move(*reply), 11, false, context))
            co_return Next::DrainAndClose;
        co_return Next::Close;
    }

    auto const head = head_of(parser, control);
    unsigned const version = parser.get().version();
    if (parser.get().count(http::field::transfer_encoding) > 0 && !parser.chunked()) {
        // Where such a body ends is a guess: what follows must not be taken for a request.
        auto reply = error_reply(400, "bad_request", "the only Transfer-Encoding taken is chunked");
        bool const sent = co_await send(stream, std::move(reply), version, false, context);
        co_return sent ? Next::DrainAndClose : Next::Close;
    }
    auto admitted = co_await context.api.admit(head);
    if (auto* const refusal = std::get_if<ApiReply>(&admitted)) {
        bool const body_follows = parser.chunked() || parser.content_length_remaining().value_or(0) > 0;
        bool const keep = !body_follows && parser.get().keep_alive() && !context.stopping;
        if (head.method == "HEAD")
            refusal->body.clear();
        if (!co_await send(stream, std::move(*refusal), version, keep, context))
            co_return Next::Close;
        co_return keep ? Next::Request : body_follows ? Next::DrainAndClose : Next::Close;
    }

    auto const& admission = std::get<Admission>(admitted);
    if (parser.content_length_remaining().value_or(0) > admission.max_body_bytes) {
        bool const sent = co_await send(stream, too_large(admission.max_body_bytes), version, false, context);
        co_return sent ? Next::DrainAndClose : Next::Close;
    }
    parser.body_limit(admission.max_body_bytes); // chunks tell no length in advance

    connection.expires_after(context.deadlines.body);
    if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
        http::response<http::empty_body> go_on(http::status::continue_, version);
        auto const [error, bytes] = co_await http::async_write(stream, go_on, token);
        if (error)
            co_return Next::Close;
    }
    auto const [body_error, body_bytes] = co_await http::async_read(stream, buffer, parser, token);
    if (body_error) {
        auto reply = reply_to(body_error, admission.max_body_bytes);
        if (reply && co_await send(stream, std::move(*reply), version, false, context))
            co_return Next::DrainAndClose;
        co_return Next::Close;
    }
    // The commit has its own pace; the connection's deadlines are about the other side.
    connection.expires_never();
    auto reply = co_await context.api.answer(admission, head, parser.get().body());
    bool const keep = parser.get().keep_alive() && !context.stopping;
    bool const sent = co_await send(stream, std::move(reply), version, keep, context);
    co_return sent&& keep ? Next::Request : Next::Close;
}

/// True when the connection should be ended politely, false when it is gone.
template <typename Stream>
asio::awaitable<bool> converse(Stream& stream, SessionContext const& context, SessionControl& control)
{
    beast::flat_buffer buffer;
    buffer.reserve(buffer_bytes);
    while (!context.stopping) {
        if (buffer.size() == 0) {
            control.idle = true;
            beast::get_lowest_layer(stream).expires_after(context.deadlines.idle);
            auto const [error, bytes] = co_await stream.async_read_some(buffer.prepare(buffer_bytes), token);
            control.idle = false;
            if (error)
                co_return false;
            buffer.commit(bytes);
        }
        auto const next = co_await exchange(stream, buffer, context, control);
        if (next == Next::DrainAndClose) {
            co_await drain(stream, buffer);
            co_return false;
        }
        if (next == Next::Close)
            break;
    }
    co_return true;
}

}

asio::awaitable<void> run_session(
    asio::ip::tcp::socket socket, SessionContext const& context, SessionControl& control)
{
    beast::error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    auto const tls = context.tls;
    if (!tls) {
        beast::tcp_stream stream(std::move(socket));
        control.close = [&stream] { stream.close(); };
        if (co_await converse(stream, context, control))
            stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
        control.close = nullptr;
        co_return;
    }
    beast::ssl_stream<beast::tcp_stream> stream(std::move(socket), *tls);
    auto& connection = beast::get_lowest_layer(stream);
    control.close = [&connection] { connection.close(); };
    connection.expires_after(context.deadlines.handshake);
    control.idle = true; // nobody has asked for anything yet
    auto const [error] = co_await stream.async_handshake(asio::ssl::stream_base::server, token);
    control.idle = false;
    if (!error && co_await converse(stream, context, control)) {
        connection.expires_after(drain_time);
        co_await stream.async_shutdown(token);
    }
    control.close = nullptr;
}

}
