// What networks do to the real agent: over real sockets on loopback, never the outside.
#include "tests/support/http_stub.h"
#include "tests/support/proxy_stub.h"
#include "tests/support/scripted_server.h"
#include "tests/support/server_tls.h"
#include "tests/support/test_certificate.h"
#include "tests/sync/agent/networked_box.h"

using namespace listenpost;
using namespace listenpost::sync;
using namespace std::chrono_literals;
using test::http_reply;
using test::hub_reply;
using test::Line;
using test::NetworkedBox;
using test::ProxyStub;
using test::read_message;
using test::ScriptedServer;

namespace {

std::string const login_page = "<html><title>Free Wi-Fi</title>Please log in.</html>";

/// Answers every request of a line as the hub would.
void be_the_hub(Line& line, test::FakeHub& hub)
{
    std::string pending;
    for (auto request = read_message(line, pending); !request.empty(); request = read_message(line, pending))
        line.write(hub_reply(hub, request));
}

/// The attempt fails, nothing is taken for delivered, and `status` says it in words that hold `part`.
void fails_telling(NetworkedBox& box, std::string const& part)
{
    auto const step = box.attempt();
    CHECK(step.state == UploadState::BackingOff);
    CHECK(step.next > box.clock.steady);
    CHECK(box.mark() == 0);
    CHECK(box.delivery->quarantined_count().value() == 0);
    CAPTURE(box.trouble(), part);
    CHECK(box.trouble().find(part) != std::string::npos);
}

void delivers(NetworkedBox& box)
{
    CHECK(box.attempt().state == UploadState::Delivering);
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.mark() > 0);
    CHECK(box.trouble().empty());
}

}

TEST_CASE(
    "A login page is never taken for an acknowledgement, and is told as what it is", "[sync][agent][network]")
{
    std::string page;
    std::string told = "a network's login page?";
    SECTION("200 with HTML") { page = http_reply(200, login_page, {"Content-Type: text/html"}); }
    SECTION("200 with HTML that says it is JSON")
    {
        page = http_reply(200, login_page, {"Content-Type: application/json"});
    }
    SECTION("200 with the JSON of something else") { page = http_reply(200, R"({"status":"ok"})"); }
    SECTION("an empty 200") { page = http_reply(200, ""); }
    SECTION("204, as a connectivity check")
    {
        page = http_reply(204, "");
        told = "answered 204";
    }
    SECTION("302")
    {
        page = http_reply(302, login_page, {"Location: http://portal.example/login"});
        told = "sends us on to http://portal.example/login (a network's login page?)";
    }
    SECTION("307, which keeps the method") { page = http_reply(307, "", {"Location: /welcome"}); }
    SECTION("511")
    {
        page = http_reply(511, login_page);
        told = "this network wants a login";
    }
    NetworkedBox box;
    bool portal = true; // changed between two requests
    ScriptedServer server([&](Line& line) {
        std::string pending;
        for (auto request = read_message(line, pending); !request.empty();
             request = read_message(line, pending))
            line.write(portal ? page : hub_reply(box.hub, request));
    });
    box.enrol_with(server.url());
    box.capture(3);
    for (int i = 0; i < 3; ++i)
        fails_telling(box, told);
    CHECK(server.connections() == 1); // nobody was followed anywhere
    portal = false;
    delivers(box);
    CHECK(box.hub.stored.size() == 3);
}

TEST_CASE("A hub whose certificate is wrong gets nothing, and status says why", "[sync][agent][network]")
{
    NetworkedBox box;
    auto const file = [&](char const* name) { return box.folder / name; };
    test::write_test_certificate(file("right.pem"), file("right.key"));
    test::write_test_certificate(file("wrong.pem"), file("wrong.key"));
    auto trusted = file("wrong.pem");
    std::string told;
    SECTION("of another authority")
    {
        trusted = file("right.pem");
        told = "certificate";
    }
    SECTION("of another name")
    {
        test::write_test_certificate(file("wrong.pem"), file("wrong.key"), {.names = "DNS:hub.example"});
        told = "127.0.0.1";
    }
    SECTION("expired")
    {
        test::write_test_certificate(
            file("wrong.pem"), file("wrong.key"), {.begins = -7200s, .ends = -3600s});
        told = "certificate has expired";
    }
    auto const tls = test::make_server_tls(file("wrong.pem"), file("wrong.key"));
    bool was_asked = false;
    ScriptedServer::Options with_tls;
    with_tls.tls = tls.get();
    ScriptedServer server(
        [&](Line& line) { was_asked = was_asked || !read_message(line).empty(); }, with_tls);
    box.enrol_with(server.url(), trusted);
    box.capture(2);
    fails_telling(box, "the hub could not be reached: setting up TLS: ");
    fails_telling(box, told);
    CHECK_FALSE(was_asked);
}

TEST_CASE("A hub that cannot be found or does not speak is told apart", "[sync][agent][network]")
{
    HttpOptions options;
    options.connect_timeout = 100ms;
    options.stall_timeout = 100ms;
    SECTION("its name does not resolve")
    {
        // Too long a part: no name server is asked, see bad_network_test.cpp.
        NetworkedBox box;
        box.enrol_with("https://" + std::string(64, 'h') + ".invalid");
        box.capture(1);
        fails_telling(box, "the hub could not be reached: looking up the name: ");
    }
    SECTION("it accepts and says nothing")
    {
        NetworkedBox box(options);
        ScriptedServer server([](Line& line) { line.wait_until_closed(); });
        box.enrol_with(server.url());
        box.capture(1);
        fails_telling(box, "the hub could not be reached: waiting for the reply: nothing moved for 100 ms");
    }
    SECTION("its TLS says nothing")
    {
        NetworkedBox box(options);
        ScriptedServer server([](Line& line) { line.wait_until_closed(); });
        box.enrol_with("https://127.0.0.1:" + std::to_string(server.port()));
        box.capture(1);
        fails_telling(box, "the hub could not be reached: setting up TLS: ");
    }
    SECTION("its reply never ends")
    {
        options.stall_timeout = 1min;
        options.total_timeout = 100ms;
        NetworkedBox box(options);
        ScriptedServer server([](Line& line) {
            read_message(line);
            line.write("HTTP/1.1 200 OK\r\n\r\n");
            while (line.write(" ")) { }
        });
        box.enrol_with(server.url());
        box.capture(1);
        // It is full or too late, as fast as the machine is.
        auto const step = box.attempt();
        CHECK(step.state == UploadState::BackingOff);
        CHECK(box.mark() == 0);
        CHECK_FALSE(box.trouble().empty());
    }
}

TEST_CASE("A hub that answers byte by byte has answered", "[sync][agent][network]")
{
    NetworkedBox box;
    ScriptedServer server([&](Line& line) {
        for (char const& byte : hub_reply(box.hub, read_message(line)))
            line.write({&byte, 1});
    });
    box.enrol_with(server.url());
    box.capture(5);
    delivers(box);
}

TEST_CASE("A reply that is cut anywhere acknowledges nothing, and the same bytes go again",
    "[sync][agent][network]")
{
    enum class Framing { Length, Chunks, UntilTheEnd };
    auto const framing = GENERATE(Framing::Length, Framing::Chunks, Framing::UntilTheEnd);
    NetworkedBox box;
    box.hub.refused = {2};
    std::size_t length = 0;
    std::size_t whole_length = 0;
    ScriptedServer server([&](Line& line) {
        auto reply = hub_reply(box.hub, read_message(line));
        auto const body = reply.substr(reply.find("\r\n\r\n") + 4);
        if (framing == Framing::UntilTheEnd)
            reply = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body;
        char size[32];
        std::snprintf(size, sizeof size, "%zx\r\n", body.size());
        if (framing == Framing::Chunks)
            reply = std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n") + size + body
                + "\r\n0\r\n\r\n";
        whole_length = reply.size();
        line.write(std::string_view(reply).substr(0, length));
    });
    box.enrol_with(server.url());
    box.capture(3);
    for (bool delivered = false; !delivered; ++length) {
        CAPTURE(length, whole_length);
        auto const step = box.attempt();
        delivered = step.state == UploadState::Delivering;
        // All that may be missing is the line feed after the last, empty chunk.
        if (delivered)
            CHECK(length + (framing == Framing::Chunks ? 1 : 0) >= whole_length);
        else
            REQUIRE(box.mark() == 0);
        REQUIRE(length <= whole_length);
    }
    CHECK(box.mark() == 3);
    CHECK(box.delivery->quarantined_count().value() == 1);
    CHECK(box.hub.stored.size() == 2);
    for (auto const& body : box.hub.bodies)
        REQUIRE(body == box.hub.bodies.front());
}

TEST_CASE("A hub behind a proxy is delivered to, whatever the proxy did before", "[sync][agent][network]")
{
    NetworkedBox box;
    test::write_test_certificate(box.folder / "hub.pem", box.folder / "hub.key");
    auto const tls = test::make_server_tls(box.folder / "hub.pem", box.folder / "hub.key");
    ScriptedServer::Options with_tls;
    with_tls.tls = tls.get();
    ScriptedServer server([&](Line& line) { be_the_hub(line, box.hub); }, with_tls);
    box.enrol_with(server.url(), box.folder / "hub.pem");
    box.capture(2);
    ProxyStub proxy;
    box.environment.set("https_proxy", proxy.url());

    SECTION("it wants a login")
    {
        proxy.answer_with(http_reply(407, login_page, {"Proxy-Authenticate: Basic realm=\"shop\""}));
        fails_telling(
            box, "the hub could not be reached: asking the proxy: it wants a user name and a password (407)");
        proxy.answer_with("");
    }
    SECTION("it acknowledges in the hub's words")
    {
        proxy.answer_with(http_reply(200, R"({"acknowledged":2,"duplicates":0,"refused":[]})"));
        fails_telling(box, "the hub could not be reached: ");
        proxy.answer_with("");
    }
    SECTION("it is down")
    {
        int free_port = 0;
        {
            ProxyStub gone;
            free_port = gone.port();
        }
        box.environment.set("https_proxy", "http://127.0.0.1:" + std::to_string(free_port));
        fails_telling(box, "the hub could not be reached: connecting: ");
        box.environment.set("https_proxy", proxy.url());
    }
    SECTION("nothing") { }
    CHECK(server.connections() == 0);
    delivers(box);
    CHECK(proxy.asked().back() == "CONNECT 127.0.0.1:" + std::to_string(server.port()) + " HTTP/1.1");
    CHECK(box.hub.stored.size() == 2);
}

TEST_CASE(
    "no_proxy is honoured, and a proxy's login page over plain HTTP is no hub", "[sync][agent][network]")
{
    NetworkedBox box;
    ScriptedServer server([&](Line& line) { be_the_hub(line, box.hub); });
    test::HttpStub proxy(
        [](test::StubRequest const&) { return test::StubReply {http_reply(407, login_page)}; });
    box.enrol_with(server.url());
    box.capture(2);
    box.environment.set("http_proxy", proxy.url());
    fails_telling(
        box, "the hub could not be reached: asking the proxy: it wants a user name and a password (407)");
    CHECK(server.connections() == 0);
    box.environment.set("no_proxy", "127.0.0.1");
    box.uploader->forget_troubles(Change::Network); // the kept connection is the proxy's
    box.clock.advance(5min);
    delivers(box);
}

TEST_CASE("A hub that has IPv6 alone is delivered to", "[sync][agent][network]")
{
    if (!ScriptedServer::has_v6()) {
        WARN("this machine has no IPv6 loopback");
        return;
    }
    NetworkedBox box;
    ScriptedServer::Options v6;
    v6.family = ScriptedServer::Family::V6;
    ScriptedServer server([&](Line& line) { be_the_hub(line, box.hub); }, v6);
    box.enrol_with(server.url());
    box.capture(2);
    delivers(box);
}
