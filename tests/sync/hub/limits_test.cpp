#include "sync/hub/peer_name.h"

#include "platform/sqlite/database.h"
#include "sync/hub/api.h"
#include "tests/sync/hub/raw_connection.h"
#include "tests/sync/hub/running_hub.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <memory>
#include <thread>

using namespace listenpost;
using namespace listenpost::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

sync::ServerOptions with_rates(sync::Rates const& rates)
{
    sync::ServerOptions options;
    options.rates = rates;
    return options;
}

std::string metrics_of(RunningHub& hub)
{
    auto const reply = hub.send({"GET", "/metrics", {{"Authorization", "Bearer " + hub.reader_token}}, {}});
    CHECK(reply.status == 200);
    CHECK(reply.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
    return reply.body;
}

/// The value of the line that begins with `series`.
double value_of(std::string const& metrics, std::string const& series)
{
    auto const at = metrics.find("\n" + series + " ");
    INFO(series << " in " << metrics);
    REQUIRE(at != std::string::npos);
    return std::stod(metrics.substr(at + series.size() + 2));
}

}

TEST_CASE(
    "Hub: a box that asks too often is told when to come again, and nobody else is", "[sync][hub][limits]")
{
    RunningHub hub(Transport::Plain, {}, with_rates({{0, 1}, {0.5, 3}, {0, 1}}));
    hub.enrol();
    std::string const first_token = hub.device_token;
    auto const body = batch_json(install_id(1), {response_json(1)});
    for (int i = 0; i < 3; ++i)
        CHECK(hub.upload(body).status == 200);
    auto const refused = hub.upload(body);
    CHECK(refused.status == 429);
    CHECK(json::parse(refused.body)["error"]["code"] == "too_many_requests");
    CHECK(refused.header("Retry-After") == "2");

    hub.code = hub.ask_admin({{"op", "device.invite"}, {"store", "sh-001"}, {"name", "back door"}})["code"];
    hub.enrol();
    CHECK(hub.upload(batch_json(install_id(2), {response_json(1)})).status == 200);

    hub.device_token = first_token;
    hub.clock.advance(2s);
    CHECK(hub.upload(body).status == 200);
    CHECK(hub.upload(body).status == 429);
    CHECK(value_of(metrics_of(hub), "listenpost_limited_total{by=\"device\"}") == 2);
}

TEST_CASE("Hub: one address cannot ask, nor try codes, without end", "[sync][hub][limits]")
{
    SECTION("anything")
    {
        RunningHub hub(Transport::Plain, {}, with_rates({{1, 5}, {0, 1}, {0, 1}}));
        for (int i = 0; i < 5; ++i)
            CHECK(hub.send({"GET", "/healthz", {}, {}}).status == 200);
        CHECK(hub.send({"GET", "/healthz", {}, {}}).status == 429);
        CHECK(hub.pull().status == 429);
        hub.clock.advance(1s);
        CHECK(hub.send({"GET", "/healthz", {}, {}}).status == 200);
    }
    SECTION("codes")
    {
        RunningHub hub(Transport::Plain, {}, with_rates({{0, 1}, {0, 1}, {1, 3}}));
        for (int i = 0; i < 3; ++i)
            CHECK(hub.post("/v1/enrol", R"({"code":"AAAA-BBBB-CCCC"})").status == 403);
        CHECK(hub.post("/v1/enrol", R"({"code":")" + hub.code + "\"}").status == 429);
        CHECK(hub.pull().status == 200);
        hub.clock.advance(1s);
        hub.enrol();
        CHECK_FALSE(hub.device_token.empty());
    }
}

TEST_CASE("Hub: one address cannot take all connections", "[sync][hub][limits]")
{
    sync::ServerOptions options;
    options.max_connections_per_address = 2;
    RunningHub hub(Transport::Plain, {}, options);
    RawConnection first(hub.server->port());
    first.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK_THAT(first.read_until("}"), Catch::StartsWith("HTTP/1.1 200 "));
    {
        RawConnection second(hub.server->port());
        second.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
        CHECK_THAT(second.read_until("}"), Catch::StartsWith("HTTP/1.1 200 "));
        RawConnection third(hub.server->port());
        third.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
        CHECK(third.read_until("}").empty());
    }
    // The second has gone: its place is free again, as soon as the hub has seen that.
    std::string reply;
    for (int tries = 0; tries < 10'000 && reply.empty(); ++tries) {
        RawConnection next(hub.server->port());
        next.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
        reply = next.read_until("}");
    }
    CHECK_THAT(reply, Catch::StartsWith("HTTP/1.1 200 "));
}

TEST_CASE("Limits: whom an address counts for", "[sync][hub][limits]")
{
    auto const name = [](char const* text) { return sync::peer_name(boost::asio::ip::make_address(text)); };
    CHECK(name("192.0.2.7") == "192.0.2.7");
    CHECK(name("::ffff:192.0.2.7") == "192.0.2.7");
    CHECK(name("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
    CHECK(name("2001:db8:1:2:ffff::1") == name("2001:db8:1:2::"));
    CHECK(name("2001:db8:1:3::1") != name("2001:db8:1:2::1"));
    CHECK(name("fe80::1%lo") == name("fe80::2"));
}

TEST_CASE("Hub: its figures are for who may pull, and say what happened", "[sync][hub][limits]")
{
    RunningHub hub;
    hub.enrol();
    CHECK(hub.send({"GET", "/metrics", {}, {}}).status == 401);
    CHECK(hub.send({"GET", "/metrics", {{"Authorization", "Bearer " + hub.device_token}}, {}}).status == 401);
    auto const body = batch_json(install_id(1), {response_json(1), response_json(2), R"({"seq":3})"});
    CHECK(hub.upload(body).status == 200);
    CHECK(hub.upload(body).status == 200);

    auto const metrics = metrics_of(hub);
    CHECK(value_of(metrics, "listenpost_responses_total{outcome=\"stored\"}") == 2);
    CHECK(value_of(metrics, "listenpost_responses_total{outcome=\"duplicate\"}") == 2);
    CHECK(value_of(metrics, "listenpost_responses_total{outcome=\"refused\"}") == 2);
    CHECK(value_of(metrics, "listenpost_replies_total{status=\"401\"}") == 2);
    CHECK(value_of(metrics, "listenpost_request_duration_seconds_count{route=\"batches\"}") == 2);
    CHECK(value_of(metrics, "listenpost_connections") >= 1);
    CHECK(value_of(metrics, "process_resident_memory_bytes") > 0);
    CHECK(value_of(metrics, "process_start_time_seconds") == 1'790'000'000);
    CHECK(value_of(metrics, "listenpost_build_info{version=\"" LISTENPOST_VERSION "\"}") == 1);
    for (auto const& secret : {hub.device_token, hub.reader_token, std::string("sh-001")})
        CHECK(metrics.find(secret) == std::string::npos);
}

TEST_CASE("Hub: it is ready while its storage answers", "[sync][hub][limits]")
{
    RunningHub hub;
    CHECK(hub.send({"GET", "/readyz", {}, {}}).status == 200);
    // What a restore gone wrong leaves: the file is there, and its tables are not.
    auto database = sqlite::Database::open(hub.folder / "hub.db", sqlite::OpenMode::Writer).value();
    REQUIRE(database.execute("ALTER TABLE tokens RENAME TO tokens_gone"));
    auto const reply = hub.send({"GET", "/readyz", {}, {}});
    CHECK(reply.status == 500);
    CHECK(json::parse(reply.body)["error"]["code"] == "damaged");
    CHECK(hub.send({"GET", "/healthz", {}, {}}).status == 200);
}

namespace {

/// A hub with a response that counts, whose gate for rollups is closed.
struct HubThatCounts {
    HubThatCounts()
    {
        hub.enrol();
        hub.upload(batch_json(install_id(1), {response_json(1)}));
        hub.storage.rollup_gate.set(false);
    }
    std::string request() const
    {
        return "GET /v1/summary?from=2026-01-01&to=2027-01-01 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
            + hub.reader_token + "\r\n\r\n";
    }
    RunningHub hub;
};

}

TEST_CASE(
    "Hub: of more summaries than it can count soon one is told to come later, and the others are answered",
    "[sync][hub][limits]")
{
    HubThatCounts counting;
    auto& hub = counting.hub;
    std::vector<std::unique_ptr<RawConnection>> connections;
    for (std::size_t i = 0; i < sync::Api::max_summaries + 1; ++i)
        connections.push_back(std::make_unique<RawConnection>(hub.server->port()));
    std::vector<std::string> replies(connections.size());
    std::promise<void> somebody_answered;
    std::atomic_flag was_answered;
    std::vector<std::jthread> callers;
    for (std::size_t i = 0; i < connections.size(); ++i)
        callers.emplace_back([&, i] {
            connections[i]->send(counting.request());
            replies[i] = connections[i]->read_until("}\n");
            if (!was_answered.test_and_set())
                somebody_answered.set_value();
        });
    // None can be but who was refused. Were nobody, this would wait for ever.
    CHECK(somebody_answered.get_future().wait_for(60s) == std::future_status::ready);
    hub.storage.rollup_gate.set(true);
    callers.clear();
    std::size_t refused = 0;
    for (auto const& reply : replies)
        if (reply.starts_with("HTTP/1.1 503 ")) {
            ++refused;
            CHECK_THAT(reply, Catch::Contains("\"busy\"") && Catch::Contains("Retry-After: "));
        } else
            CHECK_THAT(reply, Catch::StartsWith("HTTP/1.1 200 "));
    CHECK(refused == 1);
    // And there is room again.
    connections[0]->send(counting.request());
    CHECK_THAT(connections[0]->read_until("}\n"), Catch::StartsWith("HTTP/1.1 200 "));
}

TEST_CASE("Hub: a stop does not wait until a summary has been counted", "[sync][hub][limits]")
{
    HubThatCounts counting;
    auto& hub = counting.hub;
    RawConnection idle(hub.server->port());
    idle.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    idle.read_until("}\n");
    RawConnection connection(hub.server->port());
    connection.send(counting.request());
    hub.storage.rollup_gate.wait_for_somebody();
    hub.server->stop();
    idle.read_to_end(); // it closes those that wait for nothing when it begins to stop
    hub.storage.rollup_gate.set(true);
    auto const reply = connection.read_to_end();
    CHECK_THAT(reply, Catch::StartsWith("HTTP/1.1 503 ") && Catch::Contains("\"stopping\""));
}
