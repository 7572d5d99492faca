#include "sync/agent/heartbeat.h"

#include "platform/os/files.h"
#include "tests/support/captured_stderr.h"
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
            {"installs", {box.store->install_id()}}, {"erased", json::array()}, {"manager_pin", nullptr},
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
    "What the hub asks a box to erase reaches the kiosk, and the hub hears when it is done", "[sync][agent]")
{
    BeatingBox box;
    box.capture(2);
    box.drain();
    auto const install = box.store->install_id();
    auto const opened = test::sample_draft().opened;
    kiosk::ResponseRef const ref {install, 1, opened.boot_id, opened.steady.time_since_epoch().count()};
    auto const file = DataFolder {box.folder.path()}.erase_request();
    auto const body = [&] { return json::parse(box.beats.bodies.back()); };
    box.beats.answer = HttpReply {200, {}, to_json(kiosk::EraseRequest {{ref}}) + "\n"};
    box.beat();
    CHECK(box.delivery->contact().value().heartbeat_code.empty());
    auto const asked = kiosk::parse_erase_request(read_file(file, 10'000).value()).value();
    CHECK(asked.responses == std::vector {ref});

    SECTION("though somebody has removed the file meanwhile") { std::filesystem::remove(file); }
    box.beat(); // the kiosk has not looked yet
    CHECK(body()["erased"].empty());
    REQUIRE(read_file(file, 10'000).value() == to_json(asked));
    REQUIRE(box.store->erase(asked).value() == kiosk::Erased::Done);
    SECTION("by the agent that brought it") { }
    SECTION("and by one that knows nothing but the files")
    {
        BoxRequests fresh(DataFolder {box.folder.path()});
        CHECK(fresh.report()->erased == std::vector {ref});
    }
    box.beat();
    CHECK(body()["erased"] == json {{{"install", install}, {"seq", 1}}});
    CHECK(std::filesystem::exists(file));

    // The hub has heard it.
    box.beats.answer = HttpReply {204, {}, ""};
    box.beat();
    CHECK_FALSE(std::filesystem::exists(file));
    box.beat();
    CHECK(body()["erased"].empty());
    // Nothing of it is taken for a file that went back in time, though it was the proof.
    box.drain();
    CHECK(box.mark() == 2);
}

TEST_CASE("What a box cannot read of a request to erase holds up nothing else of it", "[sync][agent]")
{
    BeatingBox box;
    box.capture(1);
    box.drain();
    auto const file = DataFolder {box.folder.path()}.erase_request();
    kiosk::EraseRequest const readable {{{box.store->install_id(), 1, "b", 1}}};
    auto text = to_json(readable);
    text.insert(text.find("[{") + 1, R"({"install":"of a newer hub"},)");
    box.beats.answer = HttpReply {200, {}, text};
    box.beat();
    CHECK(box.delivery->contact().value().heartbeat_code.empty());
    CHECK(read_file(file, 10'000) == to_json(readable));
}

TEST_CASE("Nobody but a hub makes a box erase something, nor stops it", "[sync][agent]")
{
    BeatingBox box;
    box.capture(1);
    box.drain();
    auto const file = DataFolder {box.folder.path()}.erase_request();
    kiosk::ResponseRef const ref {box.store->install_id(), 1, "b", 1};
    box.beats.answer = HttpReply {200, {}, to_json(kiosk::EraseRequest {{ref}})};
    box.beat();
    auto const asked = read_file(file, 10'000).value();
    box.beats.answer = GENERATE(HttpReply {200, {}, "<html>"}, HttpReply {200, {}, "{}"},
        HttpReply {200, {}, R"({"erase":7})"}, HttpReply {503, {}, R"({"erase":[]})"},
        test::hub_error(403, "revoked"));
    box.beat();
    CHECK(read_file(file, 10'000).value() == asked);
    box.beats.answer = HttpReply {204, {}, ""};
    box.random = 0;
    box.clock.advance(2h);
    box.heart.step();
    CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("What is wrong with one thing that a hub asks for does not lose the other", "[sync][agent]")
{
    BeatingBox box;
    box.capture(1);
    box.drain();
    DataFolder const files {box.folder.path()};
    kiosk::ResponseRef const ref {box.store->install_id(), 1, "b", 1};
    std::string const hash = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$"
                             "aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g";
    auto asked = json::parse(to_json(kiosk::EraseRequest {{ref}}));
    SECTION("a PIN that no kiosk takes")
    {
        std::string said;
        {
            test::CapturedStderr const log(said);
            asked["manager_pin"] = {{"hash", "$argon2id$v=19$m=4194304,t=1,p=1$mysalt$myhash"}};
            box.beats.answer = HttpReply {200, {}, asked.dump()};
            box.beat();
        }
        CHECK(std::filesystem::exists(files.erase_request()));
        CHECK_FALSE(std::filesystem::exists(files.sent_pin()));
        CHECK(said.find("event=manager_pin_not_handed_over") != said.npos);
        CHECK(said.find("mysalt") == said.npos);
    }
    SECTION("erasures that cannot be read")
    {
        asked["erase"] = 7;
        asked["manager_pin"] = {{"hash", hash}};
        box.beats.answer = HttpReply {200, {}, asked.dump()};
        box.beat();
        CHECK_FALSE(std::filesystem::exists(files.erase_request()));
        CHECK(read_file(files.sent_pin(), 4096).value() == json {{"hash", hash}}.dump() + "\n");
    }
    CHECK(box.delivery->contact().value().heartbeat_code.empty());
}

TEST_CASE("A box with many installs names the last ones, and its heartbeat stays within the hub's limit",
    "[sync][agent]")
{
    BeatingBox box;
    for (std::int64_t seq = 1; seq <= 40; ++seq) {
        box.capture(1);
        REQUIRE(box.store->adopt({box.store->install_id(), {box.store->last_seq().value()}}));
    }
    kiosk::EraseRequest all;
    for (std::size_t i = 0; i < kiosk::EraseRequest::max_responses; ++i)
        all.responses.push_back(
            {std::string(32, 'f'), 9'007'199'254'740'991 - static_cast<std::int64_t>(i), "b", 1});
    REQUIRE(box.store->erase(all).value() == kiosk::Erased::Done); // nothing of them is here
    box.beats.answer = HttpReply {200, {}, to_json(all)};
    box.beat();
    box.beat();
    auto const body = json::parse(box.beats.bodies.back());
    CHECK(body["installs"].size() == 32);
    CHECK(body["installs"].back() == box.store->install_id());
    CHECK(body["erased"].size() == kiosk::EraseRequest::max_responses);
    CHECK(box.beats.bodies.back().size() <= 4096);
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
