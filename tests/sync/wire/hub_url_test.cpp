#include "sync/wire/hub_url.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::sync;

TEST_CASE("A hub's address is taken without its last slashes", "[sync][wire]")
{
    CHECK(hub_url("https://hub.example/").value() == "https://hub.example");
    CHECK(hub_url("https://hub.example:8443/lp//").value() == "https://hub.example:8443/lp");
    CHECK(hub_url("https://[2001:db8::1]:8443").value() == "https://[2001:db8::1]:8443");
    CHECK(hub_url("https://10.0.0.7").value() == "https://10.0.0.7");
}

TEST_CASE("Plain http is taken for this machine alone", "[sync][wire]")
{
    for (auto const* url :
        {"http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:8080", "http://127.8.9.10"})
        CHECK(hub_url(url));
    for (auto const* url : {"http://hub.example", "http://10.0.0.7:8080", "http://127.0.0.1.example.com",
             "http://127.0.0.1@example.com", "http://localhost.example.com", "http://127.1",
             "http://127.0.0.256", "http://127.0.0.1.", "http://0.0.0.0", "http://[::1].example.com",
             "http://[::2]", "http://127.0.0.1%2eevil.com", "http://localhost:80@example.com",
             "http://127.0.0.1\\@example.com"}) {
        CAPTURE(url);
        auto const result = hub_url(url);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == Errc::Invalid);
    }
}

TEST_CASE("What is no address of a hub is refused", "[sync][wire]")
{
    for (auto const* url : {"", "hub.example", "ftp://hub.example", "https://", "https:///path",
             "https://user:pw@hub.example", "https://hub.example:port",
             "https://hub.example:", "https://hub example", "https://hub.example/a?b",
             "https://hub.example/#x", "https://hub.example:123456", "https://[::1", "HTTPS://hub\r\nX: y"}) {
        CAPTURE(url);
        CHECK_FALSE(hub_url(url));
    }
}
