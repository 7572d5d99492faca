#include "tests/sync/hub/raw_connection.h"
#include "tests/sync/hub/running_hub.h"

#include <algorithm>
#include <catch2/catch.hpp>

// Who may see what, over HTTP. That a limited reader gets all of its part and nothing else, whatever it
// asks for: pull_filter_property_test.cpp.

using namespace listenpost;
using namespace listenpost::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

HttpReply get(RunningHub& hub, std::string const& token, std::string const& path)
{
    return hub.send({"GET", path, {{"Authorization", "Bearer " + token}}, {}});
}

std::string code_of(HttpReply const& reply) { return json::parse(reply.body)["error"]["code"]; }

std::string new_token(RunningHub& hub, json request)
{
    request.update({{"op", "token.add"}, {"role", request.value("role", "reader")}});
    auto const reply = hub.ask_admin(request);
    REQUIRE(reply.contains("token"));
    return reply["token"];
}

}

TEST_CASE("A token that expires is good until that very moment", "[sync][hub][access]")
{
    RunningHub hub;
    auto const token = new_token(hub, {{"name", "month"}, {"expires_days", 30}});
    CHECK(get(hub, token, "/v1/responses").status == 200);
    hub.clock.advance(30 * 24h - 1ms);
    CHECK(get(hub, token, "/v1/responses").status == 200);
    hub.clock.advance(1ms);
    for (char const* path : {"/v1/responses", "/v1/summary", "/v1/ranking", "/metrics"}) {
        auto const reply = get(hub, token, path);
        CHECK(reply.status == 403);
        CHECK(code_of(reply) == "expired");
    }
    CHECK(hub.pull().status == 200); // the other one does not end
}

TEST_CASE("A revoked token is refused at the next request of the same connection, and page of the same pull",
    "[sync][hub][access]")
{
    RunningHub hub;
    hub.enrol();
    hub.upload(batch_json(install_id(1), {response_json(1), response_json(2)}));
    auto const token = new_token(hub, {{"name", "partner"}});
    RawConnection connection(hub.server->port());
    auto const ask = [&](std::string const& query) {
        connection.send("GET /v1/responses" + query + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token
            + "\r\n\r\n");
        return connection.read_until("}\n");
    };
    auto const first = ask("?limit=1");
    CHECK_THAT(first, Catch::StartsWith("HTTP/1.1 200 "));
    auto const at = first.find("ListenPost-Cursor: ") + 19;
    auto const cursor = first.substr(at, first.find("\r\n", at) - at);

    hub.ask_admin({{"op", "token.revoke"}, {"name", "partner"}});
    auto const second = ask("?limit=1&cursor=" + cursor);
    CHECK_THAT(second, Catch::StartsWith("HTTP/1.1 403 "));
    CHECK_THAT(second, Catch::Contains("\"revoked\""));
    CHECK(second.find("\"seq\":2") == std::string::npos);
    CHECK(hub.pull("?cursor=" + cursor).status == 200); // of HQ's own
}

TEST_CASE("A reader of a part sees neither the other responses nor the figures of the whole chain",
    "[sync][hub][access]")
{
    RunningHub hub;
    hub.ask_admin({{"op", "store.set"}, {"id", "sh-001"}, {"region", "华东"}, {"city", "上海"}});
    hub.enrol();
    hub.upload(batch_json(install_id(1), {response_json(1, "ours")}));
    hub.ask_admin({{"op", "store.add"}, {"id", "bj-001"}, {"name", "x"}, {"region", "华北"}});
    hub.code = hub.ask_admin({{"op", "device.invite"}, {"store", "bj-001"}, {"name", "exit"}})["code"];
    hub.enrol();
    hub.upload(batch_json(install_id(2), {response_json(1, "theirs")}));

    auto const east = new_token(hub, {{"name", "east"}, {"region", {"华东"}}});
    auto const figures = get(hub, east, "/metrics");
    CHECK(figures.status == 403);
    CHECK(code_of(figures) == "forbidden");
    CHECK(get(hub, hub.reader_token, "/metrics").status == 200);

    for (std::string const query : {"", "?region=%E5%8D%8E%E5%8C%97", "?store=bj-001", "?negative=1"}) {
        auto const reply = get(hub, east, "/v1/responses" + query);
        CAPTURE(query);
        CHECK(reply.status == 200);
        CHECK(reply.body.find("theirs") == std::string::npos);
        CHECK(reply.header("ListenPost-Log-End") == "true");
    }
    CHECK(get(hub, east, "/v1/responses").body.find("ours") != std::string::npos);

    // A cursor is no key: it says how far, not of what.
    auto const start = std::string(hub.pull("?limit=1").header("ListenPost-Cursor").value());
    CHECK(get(hub, east, "/v1/responses?cursor=" + start).body.find("theirs") == std::string::npos);

    // A store that moves is another reader's from the next request on.
    hub.ask_admin({{"op", "store.set"}, {"id", "bj-001"}, {"region", "华东"}});
    CHECK(get(hub, east, "/v1/responses").body.find("theirs") != std::string::npos);
    hub.ask_admin({{"op", "store.set"}, {"id", "sh-001"}, {"region", ""}});
    CHECK(get(hub, east, "/v1/responses").body.find("ours") == std::string::npos);
}

TEST_CASE("A reader of a part is told the figures and ranks of its part alone", "[sync][hub][access]")
{
    RunningHub hub;
    hub.ask_admin({{"op", "store.set"}, {"id", "sh-001"}, {"region", "华东"}, {"city", "上海"}});
    hub.enrol();
    hub.upload(batch_json(install_id(1), {response_json(1)}));
    hub.ask_admin({{"op", "store.add"}, {"id", "bj-001"}, {"name", "西单店"}, {"region", "华北"}});
    hub.code = hub.ask_admin({{"op", "device.invite"}, {"store", "bj-001"}, {"name", "exit"}})["code"];
    hub.enrol();
    hub.upload(batch_json(install_id(2), {response_json(1), response_json(2)}));
    auto const east = new_token(hub, {{"name", "east"}, {"region", {"华东"}}});
    std::string const period = "from=2026-01-01&to=2027-01-01";
    auto const responses = [&](std::string const& token, std::string const& query) {
        return json::parse(get(hub, token, "/v1/summary?" + period + query).body)["total"]["responses"];
    };
    auto const ranked = [&](std::string const& token, std::string const& query) {
        auto const told = json::parse(get(hub, token, "/v1/ranking?" + period + query).body);
        std::vector<std::string> groups;
        for (auto const& entry : told["ranking"])
            groups.push_back(entry["group"]);
        std::ranges::sort(groups);
        return groups;
    };
    CHECK(responses(hub.reader_token, "") == 3);
    CHECK(responses(east, "") == 1);
    CHECK(responses(east, "&region=%E5%8D%8E%E5%8C%97") == 0);
    CHECK(ranked(hub.reader_token, "") == std::vector<std::string> {"bj-001", "sh-001"});
    CHECK(ranked(east, "") == std::vector<std::string> {"sh-001"});
    CHECK(ranked(east, "&by=region") == std::vector<std::string> {"华东"});
    // A store of another part is as one that is not there.
    for (std::string const path : {"/v1/summary?store=bj-001", "/v1/ranking?store=bj-001"})
        CHECK(get(hub, east, path).status == 400);
    // And when it moves here, it is here.
    hub.ask_admin({{"op", "store.set"}, {"id", "bj-001"}, {"region", "华东"}});
    CHECK(responses(east, "") == 3);
    CHECK(ranked(east, "").size() == 2);
}

TEST_CASE("Readers and admins send nothing, and boxes read nothing", "[sync][hub][access]")
{
    RunningHub hub;
    hub.enrol();
    auto const admin = new_token(hub, {{"name", "boss"}, {"role", "admin"}});
    for (auto const& token : {hub.reader_token, admin}) {
        for (char const* path : {"/v1/responses", "/v1/summary", "/v1/ranking"})
            CHECK(get(hub, token, path).status == 200);
        for (char const* path : {"/v1/batches", "/v1/heartbeat"})
            CHECK(hub.post(path, "{}", {{"Authorization", "Bearer " + token}}).status == 401);
    }
    for (char const* path : {"/v1/responses", "/v1/summary", "/v1/ranking", "/metrics"})
        CHECK(get(hub, hub.device_token, path).status == 401);
}
