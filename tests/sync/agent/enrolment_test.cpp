#include "sync/agent/enrolment.h"

#include "kiosk/model/store_profile.h"
#include "platform/os/files.h"
#include "sync/agent/pending_file.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

using namespace listenpost;
using namespace listenpost::sync;
using nlohmann::json;

namespace {

struct ScriptedTransport final : Transport {
    Result<HttpReply> send(HttpRequest const& request, std::filesystem::path const& ca_file) override
    {
        url = request.url;
        body = request.body;
        ca = ca_file;
        return answer;
    }
    Result<HttpReply> answer;
    std::string url;
    std::string body;
    std::filesystem::path ca;
};

WallTime const now {std::chrono::milliseconds(1'790'000'000'000)};
EnrolRequest const request {"https://hub.example", "K7QM-3WZX-9FHD", "front door", "/ca.pem", "5f0c"};

char const welcome[] = R"({"device":"dev_3f9a","token":"lpd_secret",
    "store":{"id":"sh-001","name":"人民广场店","timezone":"Asia/Shanghai"}})";

}

TEST_CASE("Enrolling tells the hub what the protocol asks for", "[sync][agent]")
{
    ScriptedTransport transport;
    transport.answer = HttpReply {200, {}, welcome};
    auto const enrolment = enrol(transport, request, now);
    REQUIRE(enrolment);
    CHECK(transport.url == "https://hub.example/v1/enrol");
    CHECK(transport.ca == "/ca.pem");
    CHECK(json::parse(transport.body)
        == json {{"code", "K7QM-3WZX-9FHD"}, {"install", "5f0c"}, {"name", "front door"}});
    CHECK(*enrolment
        == Enrolment {"https://hub.example", "dev_3f9a", "lpd_secret", "/ca.pem", "sh-001", "人民广场店",
            "Asia/Shanghai", now});

    auto early = request;
    early.install.reset();
    early.name.clear();
    REQUIRE(enrol(transport, early, now));
    CHECK(json::parse(transport.body) == json {{"code", "K7QM-3WZX-9FHD"}});
}

TEST_CASE("Enrolling fails with a reason an operator can act on", "[sync][agent]")
{
    ScriptedTransport transport;
    transport.answer = HttpReply {403, {}, R"({"error":{"code":"code_unknown","detail":"x"}})"};
    auto result = enrol(transport, request, now);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == Errc::Unauthorized);
    CHECK(result.error().detail.find("Ask head office") != std::string::npos);
    CHECK(result.error().detail.find("K7QM") == std::string::npos);

    for (auto const& answer : {HttpReply {403, {}, "<html>"}, HttpReply {200, {}, "<html>"},
             HttpReply {200, {}, "{}"}, HttpReply {404, {}, ""}, HttpReply {302, {}, ""},
             HttpReply {500, {}, R"({"error":{"code":"internal"}})"},
             HttpReply {200, {}, R"({"device":"d","token":"","store":{"id":"a","name":"b","timezone":"c"}})"},
             HttpReply {200, {}, R"({"device":"d","token":"t","store":{"id":"a","name":"b"}})"},
             HttpReply {
                 200, {}, R"({"device":"d","token":5,"store":{"id":"a","name":"b","timezone":"c"}})"}}) {
        transport.answer = answer;
        result = enrol(transport, request, now);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == Errc::Invalid);
    }
    transport.answer = fail(Errc::Unreachable, "connecting: refused");
    CHECK(enrol(transport, request, now).error().code == Errc::Unreachable);
}

TEST_CASE("An enrolment that was left is taken over once, and the kiosk learns its store", "[sync][agent]")
{
    test::TempFolder temp;
    DataFolder const folder {temp.path()};
    auto delivery = DeliveryStore::open(folder.delivery());
    REQUIRE(delivery);
    CHECK(adopt_enrolment(folder, *delivery).value() == false);

    Enrolment const enrolment {"https://hub.example", "dev_1", "lpd_secret", "", "sh-001",
        "人民广场店 \"一\"", "Asia/Shanghai", now};
    REQUIRE(leave_enrolment(folder, enrolment));
    struct stat found { };
    REQUIRE(::stat(folder.pending_enrolment().c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0600);
    CHECK(adopt_enrolment(folder, *delivery).value() == true);
    CHECK(delivery->enrolment().value() == enrolment);
    CHECK_FALSE(std::filesystem::exists(folder.pending_enrolment()));
    auto const profile = kiosk::parse_store_profile(read_file(folder.store_profile(), 10'000).value());
    CHECK(profile.value() == kiosk::StoreProfile {"sh-001", "人民广场店 \"一\"", "Asia/Shanghai"});
    CHECK(adopt_enrolment(folder, *delivery).value() == false);

    SECTION("a later one replaces it")
    {
        auto other = enrolment;
        other.store_name = "徐家汇店";
        REQUIRE(leave_enrolment(folder, other));
        CHECK(adopt_enrolment(folder, *delivery).value() == true);
        CHECK(delivery->enrolment().value() == other);
        CHECK(kiosk::parse_store_profile(read_file(folder.store_profile(), 10'000).value()).value().name
            == "徐家汇店");
    }
    SECTION("an unreadable one is removed and reported, and the old one stays")
    {
        REQUIRE(write_file_atomically(folder.pending_enrolment(), "{\"hub\":"));
        CHECK(adopt_enrolment(folder, *delivery).error().code == Errc::Corrupt);
        CHECK(adopt_enrolment(folder, *delivery).value() == false);
        CHECK(delivery->enrolment().value() == enrolment);
    }
}

TEST_CASE("An enrolment that is left while another is taken over is taken over next", "[sync][agent]")
{
    test::TempFolder temp;
    DataFolder const folder {temp.path()};
    auto delivery = DeliveryStore::open(folder.delivery());
    REQUIRE(delivery);
    Enrolment const first {"https://hub.example", "dev_1", "lpd_1", "", "sh-001", "店", "Asia/Shanghai", now};
    auto second = first;
    second.token = "lpd_2";
    REQUIRE(leave_enrolment(folder, first));
    // Adopting ends at a step behind the reading; the second one comes meanwhile, and a later look goes on.
    REQUIRE(write_file_atomically(folder.inbox(), "no folder"));
    CHECK_FALSE(adopt_enrolment(folder, *delivery));
    REQUIRE(leave_enrolment(folder, second));
    std::filesystem::remove(folder.inbox());
    CHECK(adopt_enrolment(folder, *delivery).value() == true);
    CHECK(delivery->enrolment().value() == first);
    CHECK(adopt_enrolment(folder, *delivery).value() == true);
    CHECK(delivery->enrolment().value() == second);
    CHECK(adopt_enrolment(folder, *delivery).value() == false);
    CHECK_FALSE(is_pending(folder.pending_enrolment()));
}

TEST_CASE("What is left while another is taken over is never removed unread", "[sync][agent]")
{
    test::TempFolder folder;
    auto const path = folder / "wish";
    CHECK_FALSE(take_pending(path, 100).value());
    REQUIRE(write_file_atomically(path, "first"));
    CHECK(is_pending(path));
    CHECK(take_pending(path, 100).value() == "first");
    REQUIRE(write_file_atomically(path, "second"));
    CHECK(take_pending(path, 100).value() == "first"); // as after a crash
    REQUIRE(finish_pending(path));
    CHECK(is_pending(path));
    CHECK(take_pending(path, 100).value() == "second");
    REQUIRE(finish_pending(path));
    CHECK_FALSE(is_pending(path));
    CHECK_FALSE(take_pending(path, 100).value());

    // One that cannot be read does not stand in the way of the next.
    REQUIRE(write_file_atomically(path, std::string(101, 'x')));
    CHECK(take_pending(path, 100).error().code == Errc::Full);
    REQUIRE(write_file_atomically(path, "third"));
    CHECK(take_pending(path, 100).value() == "third");
}
