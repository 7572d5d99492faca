#include "platform/http/http_client.h"

#include "tests/platform/http/client.h"
#include "tests/support/http_stub.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace std::chrono_literals;
using test::client_with;
using test::get;
using test::http_reply;
using test::HttpStub;
using test::post;
using test::StubReply;
using test::StubRequest;
using Then = StubReply::Then;

TEST_CASE("HttpClient sends a request as it was given", "[platform][http]")
{
    StubRequest seen;
    HttpStub server([&](StubRequest const& request) {
        seen = request;
        return StubReply {http_reply(201, "made", {"X-Mark: 7", "Etag:\t \"a\" "})};
    });
    auto client = client_with();
    std::string const body("a\0b\xff\n", 5);
    auto request = post(server.url() + "/v1/batches?x=1", body);
    request.headers = {{"Authorization", "Bearer secret"}, {"Content-Encoding", "zstd"}, {"X-Empty", ""}};

    auto const reply = client.send(request);
    REQUIRE(reply);
    CHECK(reply->status == 201);
    CHECK(reply->body == "made");
    CHECK(reply->header("x-mark") == "7");
    CHECK(reply->header("ETAG") == "\"a\"");
    CHECK_FALSE(reply->header("absent"));
    CHECK(seen.body == body);
    CHECK(seen.head.starts_with("POST /v1/batches?x=1 HTTP/1.1\r\n"));
    CHECK(seen.head.find("Authorization: Bearer secret\r\n") != std::string::npos);
    CHECK(seen.head.find("Content-Encoding: zstd\r\n") != std::string::npos);
    CHECK(seen.head.find("X-Empty:\r\n") != std::string::npos);
    CHECK(seen.head.find("User-Agent: listenpost/") != std::string::npos);
    CHECK(seen.head.find("Expect") == std::string::npos);
    CHECK(seen.head.find("Accept-Encoding") == std::string::npos);
}

TEST_CASE("HttpClient keeps one connection for many requests of different kinds", "[platform][http]")
{
    HttpStub server([](StubRequest const& request) {
        return StubReply {http_reply(200, request.head.substr(0, 4) + request.body)};
    });
    auto client = client_with();
    for (int round = 0; round < 3; ++round) {
        auto const posted = client.send(post(server.url(), "x"));
        auto const got = client.send(get(server.url()));
        auto const empty = client.send(post(server.url(), ""));
        REQUIRE(posted);
        REQUIRE(got);
        REQUIRE(empty);
        CHECK(posted->body == "POSTx");
        CHECK(got->body == "GET ");
        CHECK(empty->body == "POST");
    }
    CHECK(server.connections() == 1);
}

TEST_CASE("HttpClient opens a new connection when the kept one has gone", "[platform][http]")
{
    HttpStub server([](StubRequest const& request) {
        return StubReply {http_reply(200, request.body), Then::Close};
    });
    auto client = client_with();
    for (auto const* body : {"first", "second", "third"}) {
        auto const reply = client.send(post(server.url(), body));
        REQUIRE(reply);
        CHECK(reply->body == body);
    }
    CHECK(server.connections() == 3);
}

TEST_CASE("HttpClient leaves the kept connection when told to, once", "[platform][http]")
{
    std::vector<int> used;
    HttpStub server([&](StubRequest const& request) {
        used.push_back(request.connection);
        return StubReply {http_reply(200, "ok")};
    });
    auto client = client_with();
    client.renew_connection(); // there is none yet
    for (bool const renew : {false, false, true, false}) {
        if (renew)
            client.renew_connection();
        REQUIRE(client.send(get(server.url())));
    }
    CHECK(used == std::vector<int> {1, 1, 2, 2});
}

TEST_CASE("HttpClient refuses a reply longer than allowed", "[platform][http]")
{
    std::string bytes;
    HttpStub server([&](StubRequest const&) { return StubReply {bytes, Then::Close}; });
    HttpOptions options;
    options.max_reply_bytes = 1000;
    auto client = client_with(std::move(options));

    SECTION("exactly the limit is taken")
    {
        bytes = http_reply(200, std::string(1000, 'x'));
        auto const reply = client.send(get(server.url()));
        REQUIRE(reply);
        CHECK(reply->body.size() == 1000);
    }
    SECTION("one byte more is not, whether the length was told")
    {
        bytes = http_reply(200, std::string(1001, 'x'));
    }
    SECTION("or not") { bytes = "HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'x'); }
    SECTION("nor headers without end")
    {
        bytes = "HTTP/1.1 200 OK\r\n";
        for (int line = 0; line < 2000; ++line)
            bytes += "X-" + std::to_string(line) + ": " + std::string(60, 'y') + "\r\n";
        bytes += "\r\n";
    }
    if (bytes.size() > 1100) {
        auto const reply = client.send(get(server.url()));
        REQUIRE_FALSE(reply);
        CHECK(reply.error().code == Errc::Full);
        // The client is as good as new afterwards.
        bytes = http_reply(200, "short");
        auto const next = client.send(get(server.url()));
        REQUIRE(next);
        CHECK(next->body == "short");
    }
}

TEST_CASE("HttpClient takes a reply that broke off for no reply", "[platform][http]")
{
    std::string bytes;
    HttpStub server([&](StubRequest const&) { return StubReply {bytes, Then::Close}; });
    auto client = client_with();
    SECTION("in the body") { bytes = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"; }
    SECTION("in a chunk") { bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n12345"; }
    SECTION("in the headers") { bytes = "HTTP/1.1 200 OK\r\nContent-Le"; }
    SECTION("before it began") { bytes = ""; }
    SECTION("or is not HTTP") { bytes = "220 smtp.example ESMTP\r\n"; }
    auto const reply = client.send(post(server.url(), "body"));
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code == Errc::Unreachable);
}

TEST_CASE("HttpClient says in which phase a request failed", "[platform][http]")
{
    HttpOptions options;
    options.stall_timeout = 50ms;
    options.total_timeout = 20s;

    SECTION("nobody listens")
    {
        int free_port = 0;
        {
            HttpStub gone([](StubRequest const&) { return StubReply {}; });
            free_port = gone.port();
        }
        auto const reply
            = client_with(std::move(options)).send(get("http://127.0.0.1:" + std::to_string(free_port)));
        REQUIRE_FALSE(reply);
        CHECK(reply.error().code == Errc::Unreachable);
        CHECK(reply.error().detail.starts_with("connecting: "));
    }
    SECTION("a silent server")
    {
        HttpStub server([](StubRequest const&) { return StubReply {"", Then::HangUntilStopped}; });
        auto const reply = client_with(std::move(options)).send(post(server.url(), "body"));
        REQUIRE_FALSE(reply);
        CHECK(reply.error().code == Errc::Unreachable);
        CHECK(reply.error().detail.starts_with("waiting for the reply: "));
    }
    SECTION("a server that falls silent half way")
    {
        options.stall_timeout = 1s; // the first half must have come by then
        HttpStub server([](StubRequest const&) {
            return StubReply {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123", Then::HangUntilStopped};
        });
        auto const reply = client_with(std::move(options)).send(get(server.url()));
        REQUIRE_FALSE(reply);
        CHECK(reply.error().code == Errc::Unreachable);
        CHECK(reply.error().detail.starts_with("receiving the reply: "));
    }
    SECTION("the whole exchange takes too long")
    {
        options.total_timeout = 300ms;
        options.stall_timeout = 20s;
        HttpStub server([](StubRequest const&) { return StubReply {"", Then::HangUntilStopped}; });
        auto const reply = client_with(std::move(options)).send(get(server.url()));
        REQUIRE_FALSE(reply);
        CHECK(reply.error().code == Errc::Unreachable);
    }
    SECTION("TLS with a server that speaks none")
    {
        options.connect_timeout = 300ms;
        HttpStub server([](StubRequest const&) { return StubReply {}; });
        auto const url = "https://127.0.0.1:" + std::to_string(server.port());
        auto const reply = client_with(std::move(options)).send(get(url));
        REQUIRE_FALSE(reply);
        CHECK(reply.error().code == Errc::Unreachable);
    }
}

TEST_CASE("HttpClient gives a transfer up on request", "[platform][http]")
{
    HttpStub server([](StubRequest const&) { return StubReply {"", Then::HangUntilStopped}; });
    HttpOptions options;
    int asked = 0;
    options.cancelled = [&asked] { return ++asked > 2; };
    auto const reply = client_with(std::move(options)).send(get(server.url()));
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code == Errc::Cancelled);
}

TEST_CASE("HttpClient sends no faster than it may, and waits as long as that takes", "[platform][http]")
{
    HttpStub server([](StubRequest const& request) {
        return StubReply {http_reply(200, std::to_string(request.body.size()))};
    });
    HttpOptions options;
    options.max_upload_bytes_per_second = 100'000;
    options.total_timeout = 200ms; // less than the body needs at this pace
    auto const start = std::chrono::steady_clock::now();
    auto const reply = client_with(std::move(options)).send(post(server.url(), std::string(100'000, 'x')));
    REQUIRE(reply);
    CHECK(reply->body == "100000");
    CHECK(std::chrono::steady_clock::now() - start >= 500ms); // at once without a limit
}

TEST_CASE("HttpClient hands a redirect back instead of following it", "[platform][http]")
{
    int requests = 0;
    HttpStub server([&](StubRequest const&) {
        ++requests;
        return StubReply {http_reply(302, "", {"Location: /login"})};
    });
    auto const reply = client_with().send(post(server.url(), "secret"));
    REQUIRE(reply);
    CHECK(reply->status == 302);
    CHECK(reply->header("location") == "/login");
    CHECK(requests == 1);
}

TEST_CASE("HttpClient refuses what could smuggle or leak", "[platform][http]")
{
    auto client = client_with();
    auto request = get("http://127.0.0.1:1/");
    SECTION("a line break in a header") { request.headers = {{"X", "a\r\nAuthorization: b"}}; }
    SECTION("another protocol") { request.url = "file:///etc/hostname"; }
    SECTION("no address at all") { request.url = "http://"; }
    auto const reply = client.send(request);
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code == Errc::Invalid);
}

TEST_CASE("HttpClient is not made without the certificates it was told to trust", "[platform][http]")
{
    HttpOptions options;
    options.ca_file = "/nonexistent/ca.pem";
    auto const client = HttpClient::create(std::move(options));
    REQUIRE_FALSE(client);
    CHECK(client.error().code == Errc::NotFound);
}
