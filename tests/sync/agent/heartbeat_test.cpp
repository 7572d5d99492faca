#include "sync/agent/heartbeat.h"

#include "platform/os/files.h"
#include "tests/sync/agent/uploader_box.h"

#include <nlohmann/json.hpp>

using namespace listenpost;
using namespace listenpost::sync;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

struct HubOfBeats final : Transport {
    Result<HttpReply> send(HttpRequest const& request, std::filesystem::path const&) override
    {
        urls.push_back(request.url);
        authorizations.push_back(request.headers.at(0).value);
        bodies.emplace_back(request.body);
        return answer;
    }
    void renew_connection() override { }
    Result<HttpReply> answer = HttpReply {204, {}, ""};
    std::vector<std::string> urls;
    std::vector<std::string> authorizations;
    std::vector<std::string> bodies;
};

struct BeatingBox : test::UploaderBox {
    BeatingBox() { enrol(); }
    /// Waits until it is due, and lets it.
    void beat()
    {
        REQUIRE(heart.due());
        clock.advance(std::max(0ms, std::chrono::milliseconds(*heart.due() - clock.steady)));
        heart.step();
    }
    HubOfBeats beats;
    Heartbeat heart {
        DataFolder {folder.path()}, *delivery, beats, clock, [this] { return random; }, folder / "supplies"};
};

}

TEST_CASE("A heartbeat tells how the box is", "[sync][agent]")
{
    BeatingBox box;
    box.capture(5);
    box.hub.refused = {2};
    box.drain();
    box.capture(1);
    box.clock.is_set = false;
    std::filesystem::create_directories(box.folder / "supplies/BAT0");
    REQUIRE(write_file_atomically(box.folder / "supplies/BAT0/type", "Battery\n"));
    REQUIRE(write_file_atomically(box.folder / "supplies/BAT0/capacity", "41\n"));
    box.beat();
    REQUIRE(box.beats.bodies.size() == 1);
    CHECK(box.beats.urls[0] == "https://hub.example/v1/heartbeat");
    CHECK(box.beats.authorizations[0] == "Bearer lpd_secret");
    auto body = json::parse(box.beats.bodies[0]);
    CHECK(box.beats.bodies[0].size() <= 4096);
    for (auto const* size : {"disk_free_bytes", "disk_total_bytes", "store_bytes"}) {
        CHECK(body[size] > 0);
        body.erase(size);
    }
    CHECK(body
        == json {{"v", 1}, {"version", LISTENPOST_VERSION}, {"install", box.store->install_id()},
            {"uptime_s", 1030}, {"agent_uptime_s", 30}, {"captured", 6}, {"delivered", 4}, {"waiting", 1},
            {"quarantined", 1}, {"oldest_waiting_ms", 1'790'000'000'000}, {"last_tap_ms", 1'790'000'000'000},
            {"battery_pct", 41}, {"on_mains", nullptr},
            {"clock",
                {{"wall_ms", 1'790'000'030'000}, {"set", false}, {"steady_ms", 1'030'000},
                    {"boot", "0123456789abcdef"}}}});
    CHECK(box.delivery->contact().value().last_heartbeat == box.clock.wall);
    CHECK(box.delivery->contact().value().last_contact == box.clock.wall);
}

TEST_CASE(
    "Heartbeats come about every five minutes, at random moments, and not before their time", "[sync][agent]")
{
    BeatingBox box;
    box.heart.step();
    CHECK(box.beats.bodies.empty());
    box.beat();
    for (double const random : {0.0, 0.5, 0.999}) {
        box.random = random;
        auto const before = box.clock.steady;
        box.beat(); // due as drawn before; draws the next
        box.clock.advance(1s);
        box.heart.step();
        CHECK(*box.heart.due() - box.clock.steady >= 4min - 1s);
        CHECK(*box.heart.due() - box.clock.steady <= 6min);
        CHECK(box.clock.steady - before <= 6min + 1s);
    }
    CHECK(box.beats.bodies.size() == 4);
}

TEST_CASE(
    "A hub that does not know heartbeats is asked no more; a portal's 404 means nothing", "[sync][agent]")
{
    BeatingBox box;
    SECTION("the hub")
    {
        box.beats.answer = test::hub_error(404, "not_found");
        box.beat();
        CHECK_FALSE(box.heart.due());
        box.clock.advance(24h);
        box.heart.step();
        CHECK(box.beats.bodies.size() == 1);
        CHECK(box.delivery->contact().value().heartbeat_code == "not_found");
    }
    SECTION("a portal")
    {
        box.beats.answer = GENERATE(HttpReply {404, {}, "<html>"}, test::hub_error(404, "ResourceNotFound"));
        box.beat();
        box.beats.answer = HttpReply {204, {}, ""};
        box.beat();
        CHECK(box.beats.bodies.size() == 2);
        CHECK(box.delivery->contact().value().heartbeat_code.empty());
    }
}

TEST_CASE("A heartbeat that is not taken says why, and is no trouble of the deliveries", "[sync][agent]")
{
    BeatingBox box;
    box.beats.answer = fail(Errc::Unreachable, "connecting: refused");
    box.beat();
    CHECK(box.delivery->contact().value().heartbeat_code == "unreachable");
    CHECK(box.delivery->contact().value().error_code.empty());
    box.beats.answer = HttpReply {503, {{"Retry-After", "1200"}}, ""};
    box.beat();
    CHECK(*box.heart.due() - box.clock.steady >= 20min);
    box.beats.answer = test::hub_error(403, "revoked");
    box.beat();
    CHECK(*box.heart.due() - box.clock.steady >= 1h);
    CHECK_FALSE(box.delivery->contact().value().last_heartbeat);
}

TEST_CASE("A box that is not enrolled has nobody to tell", "[sync][agent]")
{
    test::UploaderBox box;
    HubOfBeats beats;
    Heartbeat heart({box.folder.path()}, *box.delivery, beats, box.clock, [] { return 0.0; });
    heart.step();
    box.clock.advance(1h);
    heart.step();
    CHECK(beats.bodies.empty());
}
