#include "tests/platform/http/client.h"
#include "tests/support/environment_guard.h"
#include "tests/support/http_stub.h"
#include "tests/support/proxy_stub.h"
#include "tests/support/server_tls.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_certificate.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace std::chrono_literals;
using test::client_with;
using test::http_reply;
using test::HttpStub;
using test::Line;
using test::post;
using test::ProxyStub;
using test::read_message;
using test::ScriptedServer;
using test::StubReply;
using test::StubRequest;

namespace {

/// A hub with TLS, and a proxy that the environment names for it.
struct ProxiedHub {
    ProxiedHub()
    {
        environment.forget_proxies();
        environment.set("https_proxy", proxy.url());
        options.ca_file = folder / "hub.pem";
    }

    ScriptedServer::Options with_tls()
    {
        test::write_test_certificate(folder / "hub.pem", folder / "hub.key");
        tls = test::make_server_tls(folder / "hub.pem", folder / "hub.key");
        ScriptedServer::Options given;
        given.tls = tls.get();
        return given;
    }

    test::EnvironmentGuard environment;
    test::TempFolder folder;
    test::ServerTls tls;
    HttpOptions options;
    ScriptedServer hub {[](Line& line) {
                            std::string pending;
                            while (!read_message(line, pending).empty())
                                line.write(http_reply(200, "the hub"));
                        },
        with_tls()};
    ProxyStub proxy;
};

}

TEST_CASE("A hub behind a proxy is reached through a tunnel, and kept to", "[platform][http][network]")
{
    ProxiedHub there;
    auto client = client_with(there.options);
    for (int i = 0; i < 2; ++i) {
        auto const reply = client.send(post(there.hub.url(), "secret"));
        REQUIRE(reply);
        CHECK(reply->status == 200);
        CHECK(reply->body == "the hub");
    }
    auto const tunnel = "CONNECT 127.0.0.1:" + std::to_string(there.hub.port()) + " HTTP/1.1";
    CHECK(there.proxy.asked() == std::vector<std::string> {tunnel});
    CHECK(there.hub.connections() == 1);
}

TEST_CASE("What a proxy says to the tunnel is never taken for the hub's reply", "[platform][http][network]")
{
    ProxiedHub there;
    auto const refusal = [&] {
        auto const reply = client_with(there.options).send(post(there.hub.url(), "secret"));
        REQUIRE_FALSE(reply);
        CHECK(reply.error().code == Errc::Unreachable);
        CHECK(there.hub.connections() == 0);
        return reply.error().detail;
    };
    SECTION("it wants a login")
    {
        there.proxy.answer_with(http_reply(407, "Log in", {"Proxy-Authenticate: Basic realm=\"x\""}));
        CHECK(refusal() == "asking the proxy: it wants a user name and a password (407)");
        // And that is no verdict for ever.
        there.proxy.answer_with("");
        CHECK(client_with(there.options).send(post(there.hub.url(), "secret")));
    }
    SECTION("it does not let anybody there")
    {
        there.proxy.answer_with(http_reply(403, R"({"acknowledged":1,"duplicates":0,"refused":[]})"));
        CHECK(refusal().starts_with("asking the proxy: "));
    }
    SECTION("it finds no hub")
    {
        there.proxy.answer_with(http_reply(502, "", {"Retry-After: 5"}));
        CHECK(refusal().starts_with("asking the proxy: "));
    }
    SECTION("it lets us through, and then the hub's certificate is not there")
    {
        there.proxy.answer_with("HTTP/1.1 200 Connection established\r\n\r\n");
        CHECK(refusal().starts_with("setting up TLS: "));
    }
    SECTION("it breaks off within its answer")
    {
        there.proxy.answer_with("HTTP/1.1 200 Conn");
        refusal();
    }
    SECTION("it has gone")
    {
        int free_port = 0;
        {
            ProxyStub gone;
            free_port = gone.port();
        }
        there.environment.set("https_proxy", "http://127.0.0.1:" + std::to_string(free_port));
        CHECK(refusal().starts_with("connecting: "));
    }
    SECTION("it has a name that nobody knows")
    {
        // Too long a part: nobody is asked, see bad_network_test.cpp.
        there.environment.set("https_proxy", "http://" + std::string(64, 'p') + ".invalid:3128");
        CHECK(refusal().starts_with("looking up the proxy's name: "));
    }
}

TEST_CASE("What no_proxy names is asked directly", "[platform][http][network]")
{
    ProxiedHub there;
    there.environment.set("no_proxy", "intranet.example,127.0.0.1");
    REQUIRE(client_with(there.options).send(post(there.hub.url(), "secret")));
    CHECK(there.proxy.asked().empty());
    there.environment.set("no_proxy", "intranet.example");
    REQUIRE(client_with(there.options).send(post(there.hub.url(), "secret")));
    CHECK(there.proxy.asked().size() == 1);
}

TEST_CASE(
    "A hub without TLS is asked for through http_proxy, by its whole address", "[platform][http][network]")
{
    std::string head;
    HttpStub proxy([&head](StubRequest const& request) {
        head = request.head;
        return StubReply {http_reply(200, "by proxy")};
    });
    test::EnvironmentGuard environment;
    environment.forget_proxies();
    environment.set("http_proxy", proxy.url());
    auto const reply = client_with().send(post("http://127.0.0.1:1/v1/batches", "body"));
    REQUIRE(reply);
    CHECK(reply->body == "by proxy");
    CHECK(head.starts_with("POST http://127.0.0.1:1/v1/batches HTTP/1.1\r\n"));
}
