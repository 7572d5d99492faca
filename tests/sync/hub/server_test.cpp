#include "sync/hub/server.h"

#include "sync/wire/compression.h"
#include "sync/wire/digest.h"
#include "sync/wire/limits.h"
#include "tests/sync/hub/raw_connection.h"
#include "tests/sync/hub/running_hub.h"

#include <catch2/catch.hpp>
#include <future>
#include <sstream>

using namespace listenpost;
using namespace listenpost::test;
using nlohmann::json;

namespace {

std::vector<json> lines_of(std::string const& text)
{
    std::vector<json> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(json::parse(line));
    return lines;
}

std::string error_code(HttpReply const& reply)
{
    auto const body = json::parse(reply.body, nullptr, false);
    return body.is_object() && body.contains("error") ? body["error"].value("code", "") : "";
}

/// The bytes of a POST of `body` to /v1/batches.
std::string raw_post(RunningHub const& hub, std::string const& body)
{
    return "POST /v1/batches HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + hub.device_token
        + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}

TEST_CASE("Hub: a box enrols, uploads and HQ pulls, over plain HTTP and TLS", "[sync][hub][server]")
{
    RunningHub hub(GENERATE(Transport::Plain, Transport::Tls));
    auto const enrolled = hub.enrol();
    CHECK(enrolled["device"].get<std::string>().starts_with("dev_"));
    CHECK(enrolled["token"].get<std::string>().starts_with("lpd_"));
    CHECK(
        enrolled["store"] == json {{"id", "sh-001"}, {"name", "人民广场店"}, {"timezone", "Asia/Shanghai"}});

    auto const body
        = batch_json(install_id(1), {response_json(1), response_json(2, "上菜有点慢"), R"({"seq":3})"});
    auto const encoding = GENERATE(sync::Encoding::Identity, sync::Encoding::Gzip, sync::Encoding::Zstd);
    auto const packed = sync::compress(encoding, body);
    REQUIRE(packed);
    auto const reply = hub.upload(*packed, {{"Content-Encoding", name(encoding)}});
    CHECK(reply.status == 200);
    CHECK(json::parse(reply.body)
        == json {{"acknowledged", 2}, {"duplicates", 0},
            {"refused", {{{"seq", 3}, {"code", "invalid"}, {"detail", "opened_ms is missing"}}}},
            {"batch", sync::request_digest(*packed)}});
    CHECK(json::parse(hub.upload(body).body)["duplicates"] == 2);

    auto const page = hub.pull();
    CHECK(page.status == 200);
    CHECK(page.header("Content-Type") == "application/x-ndjson");
    auto const rows = lines_of(page.body);
    REQUIRE(rows.size() == 2);
    CHECK(rows[1]["seq"] == 2);
    CHECK(rows[1]["comment"] == "上菜有点慢");
    CHECK(rows[1]["store"] == "sh-001");
    CHECK(rows[1]["device"] == enrolled["device"]);
    CHECK(rows[1]["received_ms"] == hub.clock.wall_now().time_since_epoch().count());

    std::string const cursor(page.header("ListenPost-Cursor").value());
    auto const empty = hub.pull("?cursor=" + cursor);
    CHECK(empty.status == 200);
    CHECK(empty.body.empty());
    CHECK(empty.header("ListenPost-Cursor") == cursor);
}

TEST_CASE("Hub: pages join without a seam, as NDJSON and as CSV", "[sync][hub][server]")
{
    RunningHub hub;
    hub.enrol();
    std::vector<std::string> responses;
    for (int seq = 1; seq <= 10; ++seq)
        responses.push_back(response_json(seq));
    hub.upload(batch_json(install_id(1), responses));

    std::string cursor;
    std::vector<int> seen;
    for (int page = 0; page < 5; ++page) {
        auto const reply = hub.pull("?limit=3" + (cursor.empty() ? "" : "&cursor=" + cursor));
        for (auto const& row : lines_of(reply.body))
            seen.push_back(row["seq"]);
        cursor = reply.header("ListenPost-Cursor").value();
    }
    CHECK(seen == std::vector {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});

    auto const table = hub.pull("", {{"Accept", "text/csv"}});
    CHECK(table.header("Content-Type") == "text/csv; charset=utf-8");
    CHECK(table.body.starts_with("\xEF\xBB\xBFstore,device,"));
    CHECK(std::ranges::count(table.body, '\n') == 11);
    CHECK(hub.pull("?cursor=" + cursor, {{"Accept", "text/csv"}}).body.empty());
}

TEST_CASE(
    "Hub: a page says whether it came to the log's end, and is packed for who asks", "[sync][hub][server]")
{
    RunningHub hub;
    hub.enrol();
    CHECK(hub.pull().header("ListenPost-Log-End") == "true");
    std::vector<std::string> responses;
    for (int seq = 1; seq <= 10; ++seq)
        responses.push_back(response_json(seq, seq == 10 ? "" : "慢"));
    hub.upload(batch_json(install_id(1), responses));

    auto const full = hub.pull("?limit=4");
    CHECK(full.header("ListenPost-Log-End") == "false");
    // Nothing of this page is wanted: it is empty, and not the end.
    auto const empty = hub.pull("?limit=4&store=elsewhere");
    CHECK(empty.body.empty());
    CHECK(empty.header("ListenPost-Log-End") == "false");
    CHECK(empty.header("ListenPost-Cursor") == full.header("ListenPost-Cursor"));
    CHECK(hub.pull("?with_comment=1&limit=10").header("ListenPost-Log-End") == "false");
    CHECK(lines_of(hub.pull("?with_comment=1&limit=11").body).size() == 9);
    CHECK(hub.pull("?with_comment=1&limit=11").header("ListenPost-Log-End") == "true");
    CHECK(error_code(hub.pull("?with_comments=1")) == "bad_request");

    auto const plain = hub.pull();
    CHECK_FALSE(plain.header("Content-Encoding"));
    for (auto const& [asked, encoding] :
        {std::pair("gzip, deflate", sync::Encoding::Gzip), std::pair("gzip, zstd", sync::Encoding::Zstd)}) {
        auto const packed = hub.pull("", {{"Accept-Encoding", asked}});
        CHECK(packed.header("Content-Encoding") == name(encoding));
        CHECK(packed.body.size() < plain.body.size() / 2);
        CHECK(sync::decompress(encoding, packed.body, 1'000'000) == plain.body);
    }
}

TEST_CASE(
    "Hub: strangers and the wrong kind of token are refused before their body is read", "[sync][hub][server]")
{
    RunningHub hub;
    std::string const body = batch_json(install_id(1), {response_json(1)});
    CHECK(hub.post("/v1/batches", body).status == 401);
    hub.device_token = hub.reader_token;
    CHECK(error_code(hub.upload(body)) == "token_unknown");
    hub.enrol();
    CHECK(hub.upload(body).status == 200);
    std::swap(hub.reader_token, hub.device_token);
    CHECK(error_code(hub.pull()) == "token_unknown");
    std::swap(hub.reader_token, hub.device_token);

    // The body never comes, yet the refusal does.
    RawConnection stranger(hub.server->port());
    stranger.send("POST /v1/batches HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer lpd_x\r\nContent-Length: "
                  "1000\r\n\r\n");
    CHECK_THAT(stranger.read_until("}}"), Catch::StartsWith("HTTP/1.1 401 "));
}

TEST_CASE("Hub: a code works once; a revoked box is told so at its next request", "[sync][hub][server]")
{
    RunningHub hub;
    auto const enrolled = hub.enrol();
    CHECK(error_code(hub.post("/v1/enrol", R"({"code":")" + hub.code + "\"}")) == "code_unknown");
    CHECK(error_code(hub.post("/v1/enrol", R"({"code":7})")) == "bad_request");
    CHECK(error_code(hub.post("/v1/enrol", "\xff")) == "bad_request");

    auto const body = batch_json(install_id(1), {response_json(1)});
    CHECK(hub.upload(body).status == 200);
    hub.ask_admin({{"op", "device.revoke"}, {"device", enrolled["device"]}});
    auto const reply = hub.upload(body);
    CHECK(reply.status == 403);
    CHECK(error_code(reply) == "revoked");
}

TEST_CASE("Hub: a box's own name is stored as whole characters, whatever it sends", "[sync][hub][server]")
{
    RunningHub hub;
    auto const code = hub.ask_admin({{"op", "device.invite"}, {"store", "sh-001"}, {"name", ""}})["code"];
    std::string name("x\0", 2);
    for (int i = 0; i < 80; ++i)
        name += "店";
    REQUIRE(hub.post("/v1/enrol", json {{"code", code}, {"name", name}}.dump()).status == 200);
    auto const stored = hub.real->registry().devices().value().at(0).name;
    CHECK(stored.size() == 2 + 3 * 66 - 1); // 200 bytes would end within a character
    CHECK(stored.starts_with("x店店"));
    CHECK(stored.ends_with("店"));
}

TEST_CASE("Hub: an enrolment is short, whoever sends it and however it is packed", "[sync][hub][server]")
{
    RunningHub hub;
    auto const request_of = [&](std::size_t bytes) {
        std::string text = R"({"code":")" + hub.code + "\"}";
        return text.append(bytes - text.size(), ' ');
    };
    std::string const longest = request_of(sync::limits::max_enrol_bytes);
    std::string const too_long = longest + " ";
    CHECK(error_code(hub.post("/v1/enrol", too_long)) == "too_large");
    auto const packed = sync::compress(sync::Encoding::Zstd, too_long);
    REQUIRE(packed);
    CHECK(error_code(hub.post("/v1/enrol", *packed, {{"Content-Encoding", "zstd"}})) == "too_large");

    // Told before it has sent them; nor do chunks get round it.
    RawConnection stranger(hub.server->port());
    stranger.send("POST /v1/enrol HTTP/1.1\r\nHost: x\r\nContent-Length: 4097\r\n\r\n");
    CHECK_THAT(stranger.read_until("}}"), Catch::StartsWith("HTTP/1.1 413 "));
    RawConnection chunked(hub.server->port());
    chunked.send("POST /v1/enrol HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1001\r\n");
    CHECK_THAT(chunked.read_until("}}"), Catch::StartsWith("HTTP/1.1 413 "));

    CHECK(hub.post("/v1/enrol", longest).status == 200);
}

TEST_CASE("Hub: what cannot be taken gets the reply of the protocol", "[sync][hub][server]")
{
    RunningHub hub;
    hub.enrol();
    CHECK(hub.send({"GET", "/", {}, {}}).status == 404);
    CHECK(hub.send({"DELETE", "/v1/batches", {}, {}}).status == 405);
    CHECK(hub.send({"DELETE", "/v1/batches", {}, {}}).header("Allow") == "POST");
    CHECK(hub.send({"GET", "/healthz", {}, {}}).status == 200);
    CHECK(error_code(hub.upload("{")) == "bad_batch");
    CHECK(error_code(hub.upload("not zstd", {{"Content-Encoding", "zstd"}})) == "bad_batch");
    CHECK(error_code(hub.upload("{}", {{"Content-Encoding", "br"}})) == "encoding_unknown");
    CHECK(hub.upload(R"({"v":2})").status == 501);
    CHECK(error_code(hub.pull("?limit=0")) == "bad_request");
    CHECK(error_code(hub.pull("?cursor=garbage")) == "bad_cursor");

    auto const large = hub.upload(std::string(sync::limits::max_packed_bytes + 1, ' '));
    CHECK(large.status == 413);
    CHECK(error_code(large) == "too_large");
    auto const bomb
        = sync::compress(sync::Encoding::Zstd, std::string(sync::limits::max_unpacked_bytes + 1, ' '));
    REQUIRE(bomb);
    CHECK(error_code(hub.upload(*bomb, {{"Content-Encoding", "zstd"}})) == "too_large");

    std::vector<std::string> many;
    for (int seq = 1; seq <= 1'001; ++seq)
        many.push_back(R"({"seq":)" + std::to_string(seq) + "}");
    CHECK(error_code(hub.upload(batch_json(install_id(1), many))) == "too_large");
}

TEST_CASE("Hub: odd HTTP is answered or dropped, never obeyed", "[sync][hub][server]")
{
    RunningHub hub;
    hub.enrol();
    auto const answer_to = [&](std::string const& bytes) {
        RawConnection connection(hub.server->port());
        connection.send(bytes);
        return connection.read_to_end();
    };
    CHECK_THAT(answer_to("hello\r\n\r\n"), Catch::StartsWith("HTTP/1.1 400 "));
    CHECK_THAT(answer_to("GET /healthz HTTP/1.1\r\nX: " + std::string(10'000, 'x') + "\r\n\r\n"),
        Catch::StartsWith("HTTP/1.1 431 "));
    CHECK_THAT(answer_to("GET /healthz HTTP/1.0\r\n\r\n"), Catch::Contains("{\"status\":\"ok\"}"));
    CHECK_THAT(answer_to("POST /v1/enrol HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        Catch::StartsWith("HTTP/1.1 411 "));
    // A body whose end cannot be known does not become the next request.
    for (std::string const coding : {"xchunked", "chunked, identity", "gzip"}) {
        auto const answer = answer_to("POST /v1/enrol HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: " + coding
            + "\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        CHECK_THAT(answer, Catch::StartsWith("HTTP/1.1 400 "));
        CHECK_THAT(answer, !Catch::Contains("\"status\":\"ok\""));
    }
    CHECK_THAT(answer_to("POST /v1/enrol HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: "
                         "chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"),
        Catch::StartsWith("HTTP/1.1 400 ") && !Catch::Contains("\"status\":\"ok\""));
    // Two requests in one packet: two replies, in order.
    auto const two = answer_to("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
                               "GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(two.find("HTTP/1.1 200 ") == 0);
    CHECK(two.find("HTTP/1.1 404 ") != std::string::npos);

    // A client that asks first is told to go on, and its chunks are taken.
    auto const body = batch_json(install_id(1), {response_json(1)});
    RawConnection careful(hub.server->port());
    careful.send("POST /v1/batches HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + hub.device_token
        + "\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
    CHECK_THAT(careful.read_until("\r\n\r\n"), Catch::StartsWith("HTTP/1.1 100 "));
    std::ostringstream chunk;
    chunk << std::hex << body.size() << "\r\n" << body << "\r\n0\r\n\r\n";
    careful.send(chunk.str());
    CHECK_THAT(careful.read_until("}\n"), Catch::Contains("\"acknowledged\":1"));
}

TEST_CASE(
    "Hub: a batch has come when its head has, and its clocks are as old as it says", "[sync][hub][server]")
{
    RunningHub hub;
    hub.enrol();
    auto body = batch_json(install_id(1), {response_json(1)});
    std::string const set = "\"clock_set\":true"; // of the sending and of the response
    for (auto at = body.find(set); at != std::string::npos; at = body.find(set))
        body.replace(at, set.size(), "\"clock_set\":false");
    auto const head_ms = hub.clock.wall.time_since_epoch().count();
    RawConnection slow(hub.server->port());
    slow.send("POST /v1/batches HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + hub.device_token
        + "\r\nListenPost-Sent-Age: 5000\r\nExpect: 100-continue\r\nContent-Length: "
        + std::to_string(body.size()) + "\r\n\r\n");
    CHECK_THAT(slow.read_until("\r\n\r\n"), Catch::StartsWith("HTTP/1.1 100 "));
    hub.clock.advance(std::chrono::seconds(25));
    slow.send(body);
    CHECK_THAT(slow.read_until("}\n"), Catch::Contains("\"acknowledged\":1"));

    auto const rows = lines_of(hub.pull().body);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0]["received_ms"] == head_ms);
    CHECK(rows[0]["at_ms"] == head_ms - 10'000 - 5'000); // the tap was 10 s before `sent`
}

TEST_CASE("Hub: a box's heartbeat is kept, and one that is wrong is told why", "[sync][hub][server]")
{
    RunningHub hub;
    std::string const device = hub.enrol()["device"];
    json beat {{"v", 1}, {"version", "0.1.0"}, {"install", nullptr}, {"uptime_s", 60}, {"agent_uptime_s", 5},
        {"disk_free_bytes", 1}, {"disk_total_bytes", 2}, {"store_bytes", 3}, {"captured", 12},
        {"delivered", 10}, {"waiting", 2}, {"quarantined", 0},
        {"clock", {{"wall_ms", 1}, {"set", false}, {"steady_ms", 60'000}, {"boot", "9c1b"}}}};
    auto const send = [&](std::string const& body, std::string const& encoding = "identity") {
        return hub.post("/v1/heartbeat", body,
            {{"Authorization", "Bearer " + hub.device_token}, {"Content-Encoding", encoding}});
    };
    auto const reply = send(beat.dump());
    CHECK(reply.status == 204);
    CHECK(reply.body.empty());
    auto listed = hub.ask_admin({{"op", "device.list"}})["devices"][0];
    CHECK(listed["seen_ms"] == hub.clock.wall_now().time_since_epoch().count());
    CHECK(listed["waiting"] == 2);
    beat["waiting"] = 1;
    CHECK(send(sync::compress(sync::Encoding::Zstd, beat.dump()).value(), "zstd").status == 204);
    CHECK(hub.ask_admin({{"op", "device.list"}})["devices"][0]["waiting"] == 1);

    beat["waiting"] = -1;
    CHECK(error_code(send(beat.dump())) == "bad_heartbeat");
    CHECK_THAT(send(beat.dump()).body, Catch::Contains("waiting is -1"));
    CHECK(send("{").status == 400);
    beat["v"] = 2;
    CHECK(send(beat.dump()).status == 501);
    CHECK(send(std::string(4'097, ' ')).status == 413);
    CHECK(send(sync::compress(sync::Encoding::Zstd, std::string(4'097, ' ')).value(), "zstd").status == 413);
    CHECK(hub.post("/v1/heartbeat", "{}").status == 401);
    CHECK(hub.post("/v1/heartbeat", "{}", {{"Authorization", "Bearer " + hub.reader_token}}).status == 401);

    beat["v"] = 1;
    beat["waiting"] = 7;
    hub.storage.fail_for(device);
    auto const later = send(beat.dump());
    CHECK(later.status == 503);
    CHECK(later.header("Retry-After"));
    CHECK(hub.ask_admin({{"op", "device.list"}})["devices"][0]["waiting"] == 1);
    hub.ask_admin({{"op", "device.revoke"}, {"device", device}});
    CHECK(send(beat.dump()).status == 403);
}

TEST_CASE("Hub: who sends half a request, or nothing, is dropped at the deadline", "[sync][hub][server]")
{
    sync::Deadlines deadlines;
    deadlines.idle = deadlines.header = deadlines.body = deadlines.handshake = std::chrono::milliseconds(150);
    auto const transport = GENERATE(Transport::Plain, Transport::Tls);
    RunningHub hub(transport, deadlines);
    std::string const sent = transport == Transport::Tls
        ? GENERATE(as<std::string>(), "", "\x16\x03\x01")
        : GENERATE(as<std::string>(), "", "GET /heal",
            "POST /v1/enrol HTTP/1.1\r\nContent-Length: 100\r\n\r\n{\"code");
    RawConnection slow(hub.server->port());
    slow.send(sent);
    CHECK(slow.read_to_end().empty());
    // The hub is well meanwhile.
    CHECK(hub.send({"GET", "/healthz", {}, {}}).status == 200);
}

TEST_CASE("Hub: a byte now and then does not hold a connection open", "[sync][hub][server]")
{
    sync::Deadlines deadlines;
    deadlines.header = std::chrono::milliseconds(150);
    RunningHub hub(Transport::Plain, deadlines);
    RawConnection slow(hub.server->port());
    auto ended = std::async(std::launch::async, [&] { return slow.read_to_end(); });
    // As long as the hub listens, it gets another byte; it ends the connection all the same.
    slow.send("G");
    while (ended.wait_for(std::chrono::milliseconds(10)) != std::future_status::ready)
        slow.send("E");
    CHECK(ended.get().empty());
}

TEST_CASE(
    "Hub: a stop answers what is under way after its commit, and closes the rest", "[sync][hub][server]")
{
    RunningHub hub;
    hub.enrol();
    auto const body = batch_json(install_id(1), {response_json(1)});
    RawConnection idle(hub.server->port());
    RawConnection busy(hub.server->port());
    hub.storage.close_gate();
    busy.send(raw_post(hub, body));
    hub.storage.wait_for_somebody_at_the_gate();

    hub.server->stop();
    CHECK(idle.read_to_end().empty()); // ended although the other still waits
    hub.storage.open_gate();
    auto const reply = busy.read_to_end();
    CHECK_THAT(reply, Catch::StartsWith("HTTP/1.1 200 "));
    CHECK_THAT(reply, Catch::Contains("\"acknowledged\":1"));
    CHECK_THAT(reply, Catch::Contains("Connection: close"));
    hub.stop();
}

TEST_CASE("Hub: a disk that fails makes boxes come later", "[sync][hub][server]")
{
    RunningHub hub;
    auto const enrolled = hub.enrol();
    auto const body = batch_json(install_id(1), {response_json(1)});
    hub.storage.fail_for(enrolled["device"]);
    auto const reply = hub.upload(body);
    CHECK(reply.status == 503);
    CHECK(reply.header("Retry-After"));
    hub.storage.fail_for("");
    CHECK(json::parse(hub.upload(body).body)["duplicates"] == 0);
}

TEST_CASE("Hub: it does not listen where it must not, and says why", "[sync][hub][server]")
{
    TempFolder folder;
    FakeClock clock;
    auto storage = sync::open_sqlite_storage(folder / "hub.db").value();
    auto const refusal = [&](sync::ServerOptions const& options) {
        auto const server = sync::Server::create(options, {}, *storage, clock);
        REQUIRE_FALSE(server);
        return server.error();
    };
    sync::ServerOptions options;
    options.address = "0.0.0.0";
    CHECK_THAT(refusal(options).detail, Catch::Contains("--tls-cert"));
    options.address = "example.org";
    CHECK(refusal(options).code == Errc::Invalid);
    options.address = "127.0.0.1";
    options.tls_certificate = folder / "missing.pem";
    options.tls_key = folder / "missing.pem";
    CHECK_THAT(refusal(options).detail, Catch::Contains("missing.pem"));

    write_test_certificate(folder / "a.pem", folder / "a.key");
    write_test_certificate(folder / "b.pem", folder / "b.key");
    options.tls_certificate = folder / "a.pem";
    options.tls_key = folder / "b.key";
    CHECK(refusal(options).code == Errc::Invalid);

    RunningHub other;
    sync::ServerOptions taken;
    taken.port = other.server->port();
    CHECK(refusal(taken).code == Errc::Busy);
}
