#include "tests/platform/http/client.h"
#include "tests/support/http_stub.h"
#include "tests/support/scripted_server.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <poll.h>

using namespace listenpost;
using namespace std::chrono_literals;
using test::client_with;
using test::get;
using test::http_reply;
using test::Line;
using test::post;
using test::read_message;
using test::ScriptedServer;

namespace {

using Steady = std::chrono::steady_clock;

std::string detail_of(Result<HttpReply> const& reply)
{
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code == Errc::Unreachable);
    return reply.error().detail;
}

/// Writes one byte at a time, as fast as the line takes them, until `enough`; the longest pause
/// that the machine made in between.
Steady::duration trickle(Line& line, std::string_view bytes, Steady::time_point enough)
{
    Steady::duration longest {};
    auto last = Steady::now();
    auto const note = [&] {
        auto const now = Steady::now();
        longest = std::max(longest, now - last);
        last = now;
    };
    // All but the last byte, over and over; a blank may stand between any two JSON values.
    while (line.open() && Steady::now() < enough) {
        line.write(" ");
        note();
    }
    for (char const& byte : bytes) {
        line.write({&byte, 1});
        note();
    }
    return longest;
}

}

TEST_CASE("A name that does not resolve is told as such", "[platform][http][network]")
{
    // One part is longer than a name's may be: the resolver knows without asking anybody, so no
    // query leaves the machine, whatever name server it has.
    std::string const name = std::string(64, 'h') + ".invalid";
    HttpOptions options;
    options.connect_timeout = 5s;
    auto const detail = detail_of(client_with(std::move(options)).send(get("http://" + name + ":8443/")));
    CHECK(detail.starts_with("looking up the name: "));
    CHECK(detail.find(name) != std::string::npos);
}

TEST_CASE("A peer that accepts and then says nothing costs one time-out", "[platform][http][network]")
{
    HttpOptions options;
    SECTION("before TLS: the time for connecting")
    {
        options.connect_timeout = 50ms;
        ScriptedServer server([](Line& line) { line.wait_until_closed(); });
        auto const url = "https://127.0.0.1:" + std::to_string(server.port());
        CHECK(detail_of(client_with(std::move(options)).send(get(url))).starts_with("setting up TLS: "));
    }
    SECTION("after the request: the time without a byte")
    {
        options.stall_timeout = 50ms;
        ScriptedServer server([](Line& line) { line.wait_until_closed(); });
        CHECK(detail_of(client_with(std::move(options)).send(post(server.url(), "body")))
            == "waiting for the reply: nothing moved for 50 ms");
    }
}

TEST_CASE("A kept connection on which nobody answers any more is left", "[platform][http][network]")
{
    // Its peer has lost its power, say: it takes what is sent, as the first hop does for a while.
    ScriptedServer server([&server](Line& line) {
        if (server.connections() == 1 && !read_message(line).empty()) {
            line.write(http_reply(200, "first"));
            line.wait_until_closed();
            return;
        }
        std::string pending;
        while (!read_message(line, pending).empty())
            line.write(http_reply(200, "later"));
    });
    HttpOptions options;
    options.stall_timeout = 300ms;
    auto client = client_with(std::move(options));
    auto const first = client.send(post(server.url(), "one"));
    REQUIRE(first);
    CHECK(first->body == "first");
    CHECK(detail_of(client.send(post(server.url(), "two"))).starts_with("waiting for the reply: "));
    auto const third = client.send(post(server.url(), "three"));
    REQUIRE(third);
    CHECK(third->body == "later");
    CHECK(server.connections() == 2);
}

TEST_CASE("A reply that comes byte by byte is waited for as long as it moves", "[platform][http][network]")
{
    SECTION("each byte of head and body alone")
    {
        ScriptedServer server([](Line& line) {
            read_message(line);
            trickle(line, http_reply(200, "slowly"), {});
        });
        auto const reply = client_with().send(post(server.url(), "body"));
        REQUIRE(reply);
        CHECK(reply->body == "slowly");
    }
    SECTION("even if it takes several times the stall time-out in all")
    {
        // A machine that leaves the server without a turn for so long proves nothing: then once
        // more with a longer time-out.
        bool is_shown = false;
        for (auto stall = 100ms; !is_shown && stall < 60s; stall *= 4) {
            Steady::duration longest_pause {};
            Result<HttpReply> reply;
            {
                ScriptedServer server([&](Line& line) {
                    read_message(line);
                    line.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
                    longest_pause = trickle(line, "{}", Steady::now() + 3 * stall);
                });
                HttpOptions options;
                options.stall_timeout = stall;
                options.total_timeout = 10min;
                reply = client_with(std::move(options)).send(post(server.url(), "body"));
            }
            if (!reply && longest_pause >= stall / 2)
                continue;
            REQUIRE(reply);
            CHECK(reply->body.ends_with("{}"));
            is_shown = true;
        }
        CHECK(is_shown);
    }
    SECTION("but not for ever: the time-out for the whole exchange counts")
    {
        ScriptedServer server([](Line& line) {
            read_message(line);
            line.write("HTTP/1.1 200 OK\r\n\r\n");
            while (line.write(" ")) { }
        });
        HttpOptions options;
        options.total_timeout = 100ms;
        options.max_reply_bytes = std::numeric_limits<std::uint32_t>::max();
        detail_of(client_with(std::move(options)).send(post(server.url(), "body")));
    }
    SECTION("nor for a head without end")
    {
        ScriptedServer server([](Line& line) {
            read_message(line);
            line.write("HTTP/1.1 200 OK\r\n");
            while (line.write("X: y\r\n")) { }
        });
        auto const reply = client_with().send(post(server.url(), "body"));
        REQUIRE_FALSE(reply);
        CHECK(reply.error().code == Errc::Full);
    }
}

TEST_CASE("An upload that stalls is given up", "[platform][http][network]")
{
    // Nobody reads; this is more than the kernel takes in on both sides.
    std::string const body(32UL * 1024 * 1024, 'x');
    ScriptedServer::Options narrow;
    narrow.receive_buffer = 4096;
    ScriptedServer server(
        [&server](Line&) {
            pollfd until_the_end {server.stop_descriptor(), POLLIN, 0};
            ::poll(&until_the_end, 1, -1);
        },
        narrow);
    HttpOptions options;
    options.stall_timeout = 100ms;
    auto const detail = detail_of(client_with(std::move(options)).send(post(server.url(), body)));
    CHECK(detail.starts_with("sending the request: nothing moved for 100 ms"));
}

TEST_CASE("A reply that is cut anywhere is no reply", "[platform][http][network]")
{
    std::string const body = R"({"acknowledged":3,"duplicates":0,"refused":[]})";
    std::string whole;
    SECTION("with its length") { whole = http_reply(200, body, {"Content-Type: application/json"}); }
    SECTION("in chunks")
    {
        whole = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n" + body.substr(0, 16)
            + "\r\n1e\r\n" + body.substr(16) + "\r\n0\r\n\r\n";
    }
    std::size_t length = 0;
    ScriptedServer server([&](Line& line) {
        read_message(line);
        line.write(std::string_view(whole).substr(0, length));
    });
    auto client = client_with();
    for (length = 0; length < whole.size(); ++length) {
        CAPTURE(length);
        auto const reply = client.send(post(server.url(), "batch"));
        // All that may be missing is the line feed after the last, empty chunk.
        if (reply && length + 1 == whole.size() && whole.ends_with("\r\n"))
            CHECK(reply->body == body);
        else
            detail_of(reply);
    }
    auto const reply = client.send(post(server.url(), "batch"));
    REQUIRE(reply);
    CHECK(reply->body == body);
}

TEST_CASE("A hub that has IPv6 alone is reached", "[platform][http][network]")
{
    if (!ScriptedServer::has_v6()) {
        WARN("this machine has no IPv6 loopback");
        return;
    }
    std::string head;
    ScriptedServer::Options v6;
    v6.family = ScriptedServer::Family::V6;
    ScriptedServer server(
        [&head](Line& line) {
            head = read_message(line);
            line.write(http_reply(200, "six"));
        },
        v6);
    CHECK(server.url().starts_with("http://[::1]:"));
    auto const reply = client_with().send(get(server.url() + "/v1/batches"));
    REQUIRE(reply);
    CHECK(reply->body == "six");
    CHECK(head.find("Host: [::1]:" + std::to_string(server.port()) + "\r\n") != std::string::npos);
}
