#include "tests/platform/http/client.h"
#include "tests/support/http_stub.h"
#include "tests/support/scripted_server.h"
#include "tests/support/server_tls.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_certificate.h"

#include <catch2/catch.hpp>
#include <optional>

using namespace listenpost;
using namespace std::chrono_literals;
using test::CertificateClaims;
using test::client_with;
using test::http_reply;
using test::Line;
using test::post;
using test::read_message;
using test::ScriptedServer;

namespace {

WallTime now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

/// A server that shows a certificate of these claims; its client trusts that one, or another's.
struct TlsServer {
    enum class Trust { Itself, Somebody };

    explicit TlsServer(CertificateClaims const& claims, Trust trust = Trust::Itself)
    {
        test::write_test_certificate(folder / "hub.pem", folder / "hub.key", claims);
        test::write_test_certificate(folder / "somebody.pem", folder / "somebody.key");
        tls = test::make_server_tls(folder / "hub.pem", folder / "hub.key");
        ScriptedServer::Options with_tls;
        with_tls.tls = tls.get();
        server.emplace(
            [this](Line& line) {
                if (read_message(line).empty())
                    return;
                ++requests;
                line.write(http_reply(200, "trusted"));
            },
            with_tls);
        options.ca_file = folder / (trust == Trust::Itself ? "hub.pem" : "somebody.pem");
    }

    Result<HttpReply> ask() { return client_with(options).send(post(server->url(), "secret")); }

    /// And the request, with its token, must not have gone out.
    void is_refused_as(std::string const& why)
    {
        auto const reply = ask();
        REQUIRE_FALSE(reply);
        CHECK(reply.error().code == Errc::Unreachable);
        CAPTURE(reply.error().detail);
        CHECK(reply.error().detail.starts_with("setting up TLS: "));
        CHECK(reply.error().detail.find(why) != std::string::npos);
        CHECK(requests == 0);
    }

    test::TempFolder folder;
    test::ServerTls tls;
    HttpOptions options;
    std::atomic<int> requests = 0;
    std::optional<ScriptedServer> server;
};

using Trust = TlsServer::Trust;

}

TEST_CASE("Nothing is said to a server whose certificate is wrong", "[platform][http][network]")
{
    SECTION("a right one is talked to")
    {
        TlsServer right({});
        auto const reply = right.ask();
        REQUIRE(reply);
        CHECK(reply->body == "trusted");
    }
    SECTION("another authority's, as a login page's")
    {
        TlsServer({}, Trust::Somebody).is_refused_as("self-signed certificate");
    }
    SECTION("another name's") { TlsServer({.names = "DNS:hub.example"}).is_refused_as("127.0.0.1"); }
    SECTION("an expired one")
    {
        TlsServer({.begins = -7200s, .ends = -3600s}).is_refused_as("certificate has expired");
    }
    SECTION("one that is not valid yet")
    {
        TlsServer({.begins = 3600s, .ends = 7200s}).is_refused_as("certificate is not yet valid");
    }
}

TEST_CASE("Where the clock is not set, a certificate is judged by the time that it is at least",
    "[platform][http][network]")
{
    auto const year = 24h * 365;
    std::optional<WallTime> earliest;
    auto const with_clock
        = [&](TlsServer& server) { server.options.earliest_now = [&earliest] { return earliest; }; };
    SECTION("a clock behind the certificate is no reason to refuse it")
    {
        // Seen from this machine's clock it begins in an hour, as every one does from 1970.
        TlsServer server({.begins = 3600s, .ends = 7200s});
        with_clock(server);
        earliest = now() - year;
        CHECK(server.ask());
    }
    SECTION("one that had not expired then may be valid still")
    {
        TlsServer server({.begins = -7200s, .ends = -3600s});
        with_clock(server);
        earliest = now() - 90min;
        CHECK(server.ask());
    }
    SECTION("one that had expired by then is refused")
    {
        TlsServer server({.begins = -7200s, .ends = -3600s});
        with_clock(server);
        earliest = now() - 30min;
        server.is_refused_as("certificate has expired");
    }
    SECTION("another authority is refused as ever")
    {
        TlsServer server({.begins = 3600s, .ends = 7200s}, Trust::Somebody);
        with_clock(server);
        earliest = now() - year;
        server.is_refused_as("self-signed certificate");
    }
    SECTION("and another name")
    {
        TlsServer server({.names = "DNS:hub.example", .begins = 3600s, .ends = 7200s});
        with_clock(server);
        earliest = now() - year;
        server.is_refused_as("127.0.0.1");
    }
    SECTION("a clock that is set counts, from the next connection on")
    {
        TlsServer server({.begins = 3600s, .ends = 7200s});
        with_clock(server);
        server.is_refused_as("certificate is not yet valid");
        earliest = now() - year;
        CHECK(server.ask());
        earliest.reset();
        server.requests = 0;
        server.is_refused_as("certificate is not yet valid");
    }
}
