#pragma once

#include "platform/http/http_client.h"
#include "sync/hub/admin.h"
#include "sync/hub/server.h"
#include "sync/hub/session.h"
#include "sync/hub/sqlite_storage.h"
#include "tests/support/fake_clock.h"
#include "tests/support/hub_acts.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_certificate.h"
#include "tests/sync/hub/batches.h"
#include "tests/sync/hub/gated_storage.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <thread>

namespace listenpost::test {

enum class Transport { Plain, Tls };

/// A real hub on a loopback port, in this process, with one store, one box and one reader.
class RunningHub {
public:
    explicit RunningHub(Transport transport = Transport::Plain, sync::Deadlines deadlines = {},
        sync::ServerOptions options = {})
    {
        ask_admin({{"op", "store.add"}, {"id", "sh-001"}, {"name", "人民广场店"}});
        reader_token = ask_admin({{"op", "token.add"}, {"role", "reader"}, {"name", "hq"}})["token"];
        code = ask_admin({{"op", "device.invite"}, {"store", "sh-001"}, {"name", "front door"}})["code"];

        options.admin_socket = folder / "admin.sock";
        if (transport == Transport::Tls) {
            options.tls_certificate = folder / "cert.pem";
            options.tls_key = folder / "key.pem";
            write_test_certificate(options.tls_certificate, options.tls_key);
        }
        auto created = sync::Server::create(options, deadlines, storage, clock);
        REQUIRE(created);
        server = std::move(*created);
        thread_ = std::thread([this] { server->run(); });

        HttpOptions http;
        if (transport == Transport::Tls)
            http.ca_file = options.tls_certificate;
        client.emplace(HttpClient::create(http).value());
    }
    ~RunningHub()
    {
        storage.open_gate();
        storage.rollup_gate.set(true);
        stop();
    }

    /// Asks for a stop and waits until the hub has ended.
    void stop()
    {
        server->stop();
        if (thread_.joinable())
            thread_.join();
    }

    nlohmann::json ask_admin(nlohmann::json const& request)
    {
        auto const now = clock.wall_now().time_since_epoch().count();
        return nlohmann::json::parse(sync::run_admin_request(*real, request.dump(), act_at(now)));
    }

    HttpReply send(HttpRequest request)
    {
        request.url = server->url() + request.url;
        auto reply = client->send(request);
        REQUIRE(reply);
        return std::move(*reply);
    }
    HttpReply post(std::string const& path, std::string_view body, std::vector<HttpHeader> headers = {})
    {
        headers.push_back({"Content-Type", "application/json"});
        return send({"POST", path, std::move(headers), body});
    }
    HttpReply upload(std::string_view body, std::vector<HttpHeader> headers = {})
    {
        headers.push_back({"Authorization", "Bearer " + device_token});
        return post("/v1/batches", body, std::move(headers));
    }
    HttpReply pull(std::string const& query = {}, std::vector<HttpHeader> headers = {})
    {
        headers.push_back({"Authorization", "Bearer " + reader_token});
        return send({"GET", "/v1/responses" + query, std::move(headers), {}});
    }
    /// Enrols the box, so that upload() has a token.
    nlohmann::json enrol()
    {
        auto const reply = nlohmann::json::parse(post("/v1/enrol", R"({"code":")" + code + "\"}").body);
        device_token = reply.value("token", "");
        return reply;
    }

    TempFolder folder;
    FakeClock clock;
    std::unique_ptr<sync::Storage> real = sync::open_sqlite_storage(folder / "hub.db").value();
    GatedStorage storage {*real};
    std::unique_ptr<sync::Server> server;
    std::optional<HttpClient> client;
    std::string reader_token;
    std::string device_token;
    std::string code;

private:
    std::thread thread_;
};

}
