// What somebody tries who means harm; sync/hub/SECURITY.md lists it with what happens.

#include "platform/os/process_figures.h"
#include "sync/wire/compression.h"
#include "sync/wire/digest.h"
#include "sync/wire/limits.h"
#include "tests/support/captured_stderr.h"
#include "tests/sync/hub/raw_connection.h"
#include "tests/sync/hub/running_hub.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::test;
using listenpost::sync::sha256_hex;
using nlohmann::json;

namespace {

constexpr char const* sql = R"('; DROP TABLE log; DROP TABLE dedup; --)";

std::string answer_to(RunningHub& hub, std::string const& bytes)
{
    RawConnection connection(hub.server->port());
    connection.send(bytes);
    return connection.read_to_end();
}

std::size_t rows_of(std::string const& page)
{
    return static_cast<std::size_t>(std::ranges::count(page, '\n'));
}

HttpReply get(RunningHub& hub, std::string const& token, std::string const& path)
{
    return hub.send({"GET", path, {{"Authorization", "Bearer " + token}}, {}});
}

/// Another box, in a store of its own; returns its token.
std::string enrol_elsewhere(RunningHub& hub)
{
    hub.ask_admin({{"op", "store.add"}, {"id", "sh-002"}, {"name", "南京东路店"}});
    hub.code = hub.ask_admin({{"op", "device.invite"}, {"store", "sh-002"}, {"name", "exit"}})["code"];
    return json::parse(hub.post("/v1/enrol", R"({"code":")" + hub.code + "\"}").body)["token"];
}

}

TEST_CASE("Attack: a batch that was recorded and is played again changes nothing", "[sync][hub][attack]")
{
    RunningHub hub;
    auto const device = hub.enrol()["device"];
    auto const body = batch_json(install_id(1), {response_json(1), response_json(2)});
    REQUIRE(hub.upload(body).status == 200);
    auto const before = hub.pull().body;
    for (int i = 0; i < 20; ++i)
        CHECK(json::parse(hub.upload(body).body)["duplicates"] == 2);
    CHECK(hub.pull().body == before);
    hub.ask_admin({{"op", "device.revoke"}, {"device", device}});
    CHECK(hub.upload(body).status == 403);
}

TEST_CASE("Attack: a forged token opens nothing", "[sync][hub][attack]")
{
    RunningHub hub;
    hub.enrol();
    std::string const good = hub.device_token;
    auto changed = good;
    changed.back() = changed.back() == 'A' ? 'B' : 'A';
    auto const body = batch_json(install_id(1), {response_json(1)});
    for (std::string const& token :
        {changed, good.substr(0, good.size() - 1), good + "A", good + " x", "lpr_" + good.substr(4),
            std::string("' OR 1=1 --"), std::string(150, 'A'), std::string(5'000, 'A')}) {
        INFO(token);
        hub.device_token = token;
        auto const reply = hub.upload(body);
        CHECK(reply.status == 401);
        CHECK(reply.body.find(good) == std::string::npos);
    }
    hub.device_token = good;
    CHECK(hub.upload(body).status == 200);
}

TEST_CASE("Attack: a box reads nothing, and writes for its own store alone", "[sync][hub][attack]")
{
    RunningHub hub;
    hub.enrol();
    REQUIRE(hub.upload(batch_json(install_id(1), {response_json(1, "theirs")})).status == 200);
    std::string const stranger = enrol_elsewhere(hub);
    for (char const* path : {"/v1/responses", "/v1/summary", "/v1/ranking", "/metrics"})
        CHECK(hub.send({"GET", path, {{"Authorization", "Bearer " + stranger}}, {}}).status == 401);

    hub.device_token = stranger;
    std::string claims = response_json(1, "mine");
    claims.insert(1, R"("store":"sh-001",)");
    auto const reply = json::parse(hub.upload(batch_json(install_id(2), {claims})).body);
    CHECK(reply["refused"][0]["code"] == "invalid");

    // Who knows another box's install id can neither change what that has said nor take its numbers in
    // silence.
    auto const over = json::parse(hub.upload(batch_json(install_id(1), {response_json(1, "mine")})).body);
    CHECK(over["refused"][0]["code"] == "conflict");
    auto const all = hub.pull().body;
    CHECK(rows_of(all) == 1);
    CHECK(all.find("theirs") != std::string::npos);
    CHECK(all.find("\"store\":\"sh-001\"") != std::string::npos);
}

TEST_CASE("Attack: paths lead to no file", "[sync][hub][attack]")
{
    RunningHub hub;
    hub.enrol();
    for (std::string const& path : {std::string("/../../etc/passwd"), std::string("/v1/../../hub.db"),
             std::string("/%2e%2e/%2e%2e/etc/passwd"), std::string("//etc/passwd"),
             std::string("/healthz/../metrics"), std::string("/v1/responses%00"), std::string("/hub.db"),
             std::string("/admin.sock"), std::string("http://169.254.169.254/latest/meta-data"),
             "/" + std::string(7'000, 'a')}) {
        auto const reply
            = answer_to(hub, "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        INFO(path);
        CHECK_THAT(reply, Catch::StartsWith("HTTP/1.1 404 "));
    }
}

TEST_CASE("Attack: SQL in any text is text", "[sync][hub][attack]")
{
    RunningHub hub;
    hub.enrol();
    std::string response = response_json(1, sql);
    for (std::string const field : {"survey", "touchpoint", "lang", "boot"}) {
        auto const at = response.find("\"" + field + "\":\"") + field.size() + 4;
        response.replace(at, response.find('"', at) - at, std::string(sql).substr(0, 40));
    }
    CHECK(json::parse(hub.upload(batch_json(install_id(1), {response})).body)["acknowledged"] == 1);
    auto const added
        = hub.ask_admin({{"op", "store.add"}, {"id", "sh-9"}, {"name", sql}, {"region", sql}, {"city", sql}});
    CHECK_FALSE(added.contains("error"));
    auto const scoped = hub.ask_admin({{"op", "token.add"}, {"role", "reader"}, {"name", sql},
        {"region", {sql, "' OR '1'='1"}}, {"city", {sql}}, {"store", {"sh-001' OR '1'='1"}}});
    CHECK(get(hub, scoped["token"], "/v1/responses").body.empty()); // such a store there is none
    hub.ask_admin({{"op", "store.set"}, {"id", "sh-9' OR '1'='1"}, {"region", sql}});
    hub.ask_admin({{"op", "store.set"}, {"id", "sh-9"}, {"name", sql}, {"region", "x'); --"}});
    CHECK(hub.ask_admin({{"op", "token.revoke"}, {"name", "x' OR '1'='1"}}).contains("error"));
    CHECK(hub.ask_admin({{"op", "response.erase"}, {"id", "' OR '1'='1:1"}}).contains("error"));
    CHECK(hub.ask_admin({{"op", "audit.list"}, {"since", "0; DROP TABLE audit"}}).contains("error"));
    CHECK(hub.ask_admin({{"op", "token.list"}})["tokens"][0]["name"] == sql);
    CHECK(hub.post("/v1/enrol", R"({"code":"' OR 'a'='a","name":"x"})").status == 403);
    for (std::string const query : {"?cursor='%3B%20DROP%20TABLE%20log", "?cursor=1'--", "?limit=1%3BDROP"})
        CHECK(hub.pull(query).status == 400);

    auto const row = json::parse(hub.pull().body);
    CHECK(row["comment"] == sql);
    CHECK(row["survey"] == std::string(sql).substr(0, 40));
}

TEST_CASE("Attack: what unpacks to gigabytes costs the hub kilobytes", "[sync][hub][attack]")
{
    RunningHub hub;
    hub.enrol();
    hub.upload(batch_json(install_id(1), {response_json(1)})); // its buffers are there
    constexpr std::size_t gigabyte = 1UL << 30U;
    auto const encoding = GENERATE(sync::Encoding::Zstd, sync::Encoding::Gzip);
    std::string bomb = sync::compress(encoding, std::string(gigabyte, ' ')).value();
    if (encoding == sync::Encoding::Gzip)
        bomb.resize(200'000); // what comes behind it is never looked at
    REQUIRE(bomb.size() <= sync::limits::max_packed_bytes);
    [[maybe_unused]] auto const before = process_figures().value();
    for (int i = 0; i < 10; ++i) {
        auto const reply = hub.upload(bomb, {{"Content-Encoding", name(encoding)}});
        CHECK((reply.status == 413 || reply.status == 400));
    }
    [[maybe_unused]] auto const after = process_figures().value();
#ifndef LISTENPOST_SANITIZED // which keeps what was freed, to find its late use
    CHECK(after.resident_bytes < before.resident_bytes + 32UL * 1024 * 1024);
#endif
    CHECK(hub.upload(batch_json(install_id(1), {response_json(2)})).status == 200);
}

TEST_CASE("Attack: JSON without a bottom is refused", "[sync][hub][attack]")
{
    RunningHub hub;
    hub.enrol();
    std::size_t const depth = GENERATE(17U, 1'000U, 1'000'000U);
    std::string const nested = std::string(depth, '[') + std::string(depth, ']');
    auto const packed = sync::compress(sync::Encoding::Zstd, nested).value();
    CHECK(hub.upload(packed, {{"Content-Encoding", "zstd"}}).status == 400);
    std::string inside = response_json(1);
    inside.insert(1, "\"x\":" + nested + ",");
    auto const reply
        = hub.upload(sync::compress(sync::Encoding::Zstd, batch_json(install_id(1), {inside})).value(),
            {{"Content-Encoding", "zstd"}});
    CHECK((reply.status == 400 || json::parse(reply.body)["acknowledged"] == 0));
    CHECK(hub.pull().body.empty());
}

TEST_CASE("Attack: lengths that lie get nobody anywhere", "[sync][hub][attack]")
{
    RunningHub hub;
    hub.enrol();
    auto const post = [&](std::string const& headers, std::string const& body) {
        return answer_to(hub,
            "POST /v1/batches HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                + hub.device_token + "\r\n" + headers + "\r\n" + body);
    };
    std::string const hidden
        = "GET /v1/responses HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + hub.reader_token + "\r\n\r\n";
    for (std::string const& headers : {std::string("Content-Length: 18446744073709551616\r\n"),
             std::string("Content-Length: -1\r\n"), std::string("Content-Length: 0x10\r\n"),
             std::string("Content-Length: 5\r\nContent-Length: 6\r\n"),
             std::string("Content-Length: 99999999999\r\n"), std::string("Content-Length : 5\r\n"),
             std::string("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")}) {
        INFO(headers);
        auto const reply = post(headers, "5\r\nhello\r\n0\r\n\r\n" + hidden);
        CHECK_THAT(reply, Catch::StartsWith("HTTP/1.1 4") || Catch::Equals(""));
        CHECK(reply.find("HTTP/1.1 200") == std::string::npos);
    }
    for (std::string const& chunk :
        {std::string("FFFFFFFFFFFFFFFF\r\n"), std::string("10000000000000000\r\n"), std::string("-1\r\n"),
            std::string("\r\n"), std::string("zz\r\n")}) {
        INFO(chunk);
        auto const reply = post("Transfer-Encoding: chunked\r\n", chunk + "hello\r\n0\r\n\r\n" + hidden);
        CHECK(reply.find("HTTP/1.1 200") == std::string::npos);
    }
    CHECK(hub.pull().body.empty());
}

TEST_CASE("Attack: a reader of one region gets at no other's responses", "[sync][hub][attack]")
{
    RunningHub hub;
    hub.ask_admin({{"op", "store.set"}, {"id", "sh-001"}, {"region", "华东"}});
    hub.enrol();
    hub.upload(batch_json(install_id(1), {response_json(1, "theirs")}));
    auto const token = hub.ask_admin(
        {{"op", "token.add"}, {"role", "reader"}, {"name", "north"}, {"region", {"华北"}}})["token"];
    auto const foreign = std::string(hub.pull().header("ListenPost-Cursor").value());
    for (std::string const& query :
        {std::string(), std::string("?region=%E5%8D%8E%E4%B8%9C"), std::string("?store=sh-001"),
            std::string("?region=%E5%8D%8E%E5%8C%97&region=%E5%8D%8E%E4%B8%9C"), std::string("?city="),
            std::string("?within="), std::string("?scope=everything"),
            std::string("?store=sh-001&limit=10000"), "?cursor=" + foreign, std::string("?with_comment=1")})
        for (char const* accept : {"text/csv", "application/x-ndjson"}) {
            CAPTURE(query, accept);
            auto const reply = hub.send({"GET", "/v1/responses" + query,
                {{"Authorization", "Bearer " + std::string(token)}, {"Accept", accept}}, {}});
            CHECK(reply.body.find("theirs") == std::string::npos);
            CHECK(reply.body.find("sh-001") == std::string::npos);
        }
    CHECK(get(hub, token, "/metrics").status == 403);
    for (std::string const& query : {std::string("&group=store"), std::string("&group=region"),
             std::string("&group=city"), std::string("&group=touchpoint"), std::string("&group=hour_of_week"),
             std::string("&region=%E5%8D%8E%E4%B8%9C"), std::string("&city="),
             std::string("&scope=everything"), std::string("&store=sh-001"),
             std::string("&touchpoint=exit&flagged=include")})
        for (std::string const path : {"/v1/summary", "/v1/ranking"}) {
            CAPTURE(path, query);
            auto const reply = get(hub, token, path + "?from=2026-01-01&to=2027-01-01" + query);
            auto const told = json::parse(reply.body);
            if (reply.status == 200 && told.contains("total"))
                CHECK(told["total"]["responses"] == 0);
            if (reply.status == 200 && told.contains("groups"))
                CHECK(told["groups"].empty());
            if (reply.status == 200 && told.contains("ranking"))
                CHECK(told["ranking"].empty());
            CHECK((reply.status == 200 || reply.status == 400));
        }
    CHECK(json::parse(get(hub, hub.reader_token, "/v1/summary?from=2026-01-01&to=2027-01-01")
                          .body)["total"]["responses"]
        == 1);
    // Nor by being told of what happens to them.
    hub.ask_admin({{"op", "response.erase"}, {"id", install_id(1) + ":1"}});
    CHECK(get(hub, token, "/v1/responses").body.empty());
}

TEST_CASE("Attack: tokens that were revoked or have expired open nothing, and nobody revives them",
    "[sync][hub][attack]")
{
    RunningHub hub;
    auto const add = [&](char const* name) {
        return hub.ask_admin({{"op", "token.add"}, {"role", "admin"}, {"name", name}, {"expires_days", 1}});
    };
    std::string const revoked = add("revoked")["token"];
    std::string const expired = add("expired")["token"];
    hub.ask_admin({{"op", "token.revoke"}, {"name", "revoked"}});
    hub.clock.advance(std::chrono::hours(25));
    for (auto const& token : {revoked, expired})
        for (char const* path :
            {"/v1/responses", "/v1/responses?limit=1", "/v1/summary", "/v1/ranking?by=region", "/metrics"}) {
            auto const reply = get(hub, token, path);
            CHECK(reply.status == 403);
            CHECK(reply.body.find(token) == std::string::npos);
        }
    // Their names are taken for good.
    CHECK(add("revoked").contains("error"));
    CHECK(get(hub, revoked, "/v1/responses").status == 403);
}

TEST_CASE("Attack: an erased text does not come back, and no box erases another's", "[sync][hub][attack]")
{
    RunningHub hub;
    hub.enrol();
    auto const body = batch_json(install_id(1), {response_json(1, "mine"), response_json(2, "kept")});
    hub.upload(body);
    auto const before = std::string(hub.pull().header("ListenPost-Cursor").value());
    hub.ask_admin({{"op", "response.erase"}, {"id", install_id(1) + ":1"}});
    for (int i = 0; i < 3; ++i) // played again
        CHECK(json::parse(hub.upload(body).body)["duplicates"] == 2);
    for (std::string const query : {"", "?with_comment=1", "?limit=1"})
        CHECK(hub.pull(query).body.find("mine") == std::string::npos);
    CHECK(hub.pull("?cursor=" + before).body.find("mine") == std::string::npos);
    CHECK(rows_of(hub.pull().body) == 3);

    for (std::string const kind : {"text_erased", "staff_call"}) {
        auto forged = response_json(3, "x");
        forged.insert(1, R"("event":")" + kind + "\",");
        auto const reply = json::parse(hub.upload(batch_json(install_id(1), {forged})).body);
        CHECK(reply["refused"][0]["code"] == "invalid");
    }
    CHECK(rows_of(hub.pull().body) == 3);
}

TEST_CASE("Attack: a manager's PIN goes to boxes of its store, and to nobody else in any words",
    "[sync][hub][attack][pin]")
{
    std::string said;
    std::string const hash = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$"
                             "aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g";
    {
        CapturedStderr const log(said);
        RunningHub hub;
        auto const device = hub.enrol()["device"];
        auto const elsewhere = enrol_elsewhere(hub);
        hub.upload(batch_json(install_id(1), {response_json(1)}));
        hub.ask_admin({{"op", "pin.set"}, {"hash", hash}, {"store", {"sh-001"}}});
        json beat {{"v", 1}, {"version", "0.1.0"}, {"uptime_s", 60}, {"agent_uptime_s", 5},
            {"disk_free_bytes", 1}, {"disk_total_bytes", 2}, {"store_bytes", 3}, {"captured", 12},
            {"delivered", 10}, {"waiting", 2}, {"quarantined", 0},
            {"clock", {{"wall_ms", 1}, {"set", false}, {"steady_ms", 60'000}, {"boot", "9c1b"}}}};
        auto const send = [&](std::string const& token) {
            return hub.post("/v1/heartbeat", beat.dump(), {{"Authorization", "Bearer " + token}});
        };
        // A box from before is not told what it could not use.
        CHECK(send(hub.device_token).status == 204);
        beat["manager_pin"] = nullptr;
        auto const reply = send(hub.device_token);
        CHECK(reply.status == 200);
        CHECK(json::parse(reply.body) == json {{"erase", json::array()}, {"manager_pin", {{"hash", hash}}}});
        CHECK(send(elsewhere).status == 204);
        // That it has another's, or this one, gives a box of another store nothing either.
        for (auto const& held : {sha256_hex(hash), std::string(64, '0')}) {
            beat["manager_pin"] = {{"sha256", held}, {"in_force", true}};
            CHECK(send(elsewhere).body.empty());
        }
        beat["store"] = "sh-001";
        CHECK(send(elsewhere).body.empty());
        beat["manager_pin"] = "x";
        said += send(hub.device_token).body;
        CHECK(send(hub.reader_token).status == 401);
        for (auto const* path : {"/v1/responses", "/v1/summary", "/v1/ranking", "/metrics", "/readyz"})
            said += get(hub, hub.reader_token, path).body;
        for (auto const* list : {"pin.list", "audit.list", "device.list", "store.list", "token.list"})
            said += hub.ask_admin({{"op", list}}).dump();
        said += hub.ask_admin({{"op", "pin.set"}, {"hash", hash}, {"store", {"nope"}}}).dump();
        said += hub.ask_admin({{"op", "pin.set"}, {"hash", hash + "$"}, {"store", {"sh-001"}}}).dump();
        hub.storage.fail_for(device);
        beat["manager_pin"] = nullptr;
        CHECK(send(hub.device_token).status == 503);
        hub.ask_admin({{"op", "device.revoke"}, {"device", device}});
        CHECK(send(hub.device_token).status == 403);
    }
    CHECK(said.find("heartbeats_not_kept") != said.npos);
    CHECK(said.find("pin.set") != said.npos);
    CHECK(said.find("c2FsdHNhbHRz") == said.npos);
    CHECK(said.find("aGFzaGhhc2") == said.npos);
}

TEST_CASE("Attack: no secret stands in the log, whatever goes wrong", "[sync][hub][attack]")
{
    std::string said;
    std::vector<std::string> secrets;
    {
        CapturedStderr const log(said);
        RunningHub hub;
        secrets = {hub.code, hub.reader_token};
        hub.enrol();
        secrets.push_back(hub.device_token);
        hub.upload(batch_json(install_id(1), {R"({"seq":1})"}));
        hub.upload("not JSON");
        hub.post("/v1/enrol", R"({"code":")" + hub.code + "\"}");
        hub.storage.fail_for(hub.ask_admin({{"op", "device.list"}})["devices"][0]["id"]);
        hub.upload(batch_json(install_id(1), {response_json(1)}));
        hub.pull("?cursor=" + hub.reader_token);
        auto const part = hub.ask_admin({{"op", "token.add"}, {"role", "reader"}, {"name", "part"},
            {"region", {"x"}}, {"expires_days", 1}});
        secrets.push_back(part["token"]);
        get(hub, part["token"], "/metrics");
        hub.ask_admin({{"op", "response.erase"}, {"id", install_id(1) + ":9"}});
        hub.clock.advance(std::chrono::hours(25));
        get(hub, part["token"], "/v1/responses");
        hub.ask_admin({{"op", "token.revoke"}, {"name", "part"}});
        get(hub, part["token"], "/v1/responses");
        // Nor where admins look things up.
        for (char const* list : {"token.list", "audit.list", "device.list", "store.list"})
            said += hub.ask_admin({{"op", list}}).dump();
    }
    CHECK(said.find("event=enrolled") != std::string::npos);
    for (auto const& secret : secrets)
        CHECK(said.find(secret) == std::string::npos);
}
