#include "sync/hub/admin.h"

#include "sync/hub/secrets.h"
#include "sync/hub/sqlite_storage.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

using namespace listenpost;
using namespace listenpost::sync;
using namespace listenpost::test;
using nlohmann::json;

namespace {

constexpr std::int64_t now_ms = 1'790'000'000'000;

struct Hub {
    TempFolder folder;
    std::unique_ptr<Storage> storage = open_sqlite_storage(folder / "hub.db").value();

    json ask(json const& request) { return json::parse(run_admin_request(*storage, request.dump(), now_ms)); }
};

std::string error_of(json const& reply) { return reply.at("error").at("detail").get<std::string>(); }

}

TEST_CASE("Admin: a store is added, listed, and checked", "[sync][hub]")
{
    Hub hub;
    json const good {{"op", "store.add"}, {"id", "sh-001"}, {"name", "人民广场店"}, {"city", "上海"},
        {"timezone", "Asia/Shanghai"}};
    CHECK(hub.ask(good) == json {{"store", "sh-001"}});
    CHECK(error_of(hub.ask(good)) == "store sh-001 exists already");
    auto with = [&](char const* field, std::string const& value) {
        auto changed = good;
        changed["id"] = "other";
        changed[field] = value;
        return hub.ask(changed);
    };
    CHECK_THAT(error_of(with("timezone", "Mars/Olympus")), Catch::Contains("Mars/Olympus"));
    CHECK_THAT(error_of(with("timezone", "../../etc/passwd")), Catch::Contains("time zone"));
    CHECK_THAT(error_of(with("id", "no blanks")), Catch::Contains("id"));
    CHECK_THAT(error_of(with("name", "")), Catch::Contains("name"));
    CHECK_THAT(error_of(with("city", std::string(201, 'x'))), Catch::Contains("200"));

    auto const stores = hub.ask({{"op", "store.list"}})["stores"];
    REQUIRE(stores.size() == 1);
    CHECK(stores[0]["city"] == "上海");
}

TEST_CASE("Admin: an invite's code enrols a box for 24 hours, however it is typed", "[sync][hub]")
{
    Hub hub;
    hub.ask({{"op", "store.add"}, {"id", "sh-001"}, {"name", "x"}});
    CHECK(error_of(hub.ask({{"op", "device.invite"}, {"store", "nope"}, {"name", "x"}}))
        == "there is no store nope");

    auto const invite = hub.ask({{"op", "device.invite"}, {"store", "sh-001"}, {"name", "front door"}});
    CHECK(invite["expires_ms"] == now_ms + 86'400'000);
    std::string typed = invite["code"];
    REQUIRE(typed.size() == 14);
    for (char& c : typed)
        c = c == '-' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    auto const hash = hash_of_secret(normalized_invite_code(typed));
    CHECK_FALSE(hub.storage->registry().enrol(hash, "dev_late", "t1", "", now_ms + 86'400'000));
    REQUIRE(hub.storage->registry().enrol(hash, "dev_a", "t2", "", now_ms + 86'399'999));

    CHECK(hub.ask({{"op", "device.list"}})["devices"][0]["revoked_ms"].is_null());
    CHECK(hub.ask({{"op", "device.revoke"}, {"device", "dev_a"}}) == json {{"device", "dev_a"}});
    CHECK(hub.ask({{"op", "device.list"}})["devices"][0]["revoked_ms"] == now_ms);
    CHECK(error_of(hub.ask({{"op", "device.revoke"}, {"device", "dev_z"}})) == "there is no device dev_z");
}

TEST_CASE("Admin: the list of boxes says when each was last heard, its version and what waits", "[sync][hub]")
{
    Hub hub;
    hub.ask({{"op", "store.add"}, {"id", "sh-001"}, {"name", "x"}});
    std::string const code
        = hub.ask({{"op", "device.invite"}, {"store", "sh-001"}, {"name", "front door"}})["code"];
    REQUIRE(hub.storage->registry().enrol(
        hash_of_secret(normalized_invite_code(code)), "dev_a", "t", "", now_ms));
    json expected {{"id", "dev_a"}, {"store", "sh-001"}, {"name", "front door"}, {"enrolled_ms", now_ms},
        {"revoked_ms", nullptr}, {"seen_ms", nullptr}, {"version", nullptr}, {"waiting", nullptr}};
    CHECK(hub.ask({{"op", "device.list"}})["devices"] == json {expected});

    std::vector<HeartbeatRequest> const beats {{"dev_a", now_ms + 5, {"0.1.0", 12, "{}"}}};
    REQUIRE(hub.storage->keep_heartbeats(beats));
    expected.update({{"seen_ms", now_ms + 5}, {"version", "0.1.0"}, {"waiting", 12}});
    CHECK(hub.ask({{"op", "device.list"}})["devices"] == json {expected});
}

TEST_CASE("Admin: a token is told once and kept as a hash alone", "[sync][hub]")
{
    Hub hub;
    std::string const token = hub.ask({{"op", "token.add"}, {"role", "reader"}, {"name", "hq"}})["token"];
    CHECK(token.starts_with("lpr_"));
    auto reader = hub.storage->open_reader().value();
    CHECK(reader->find_role(hash_of_secret(token)).value() == Role::Reader);
    CHECK(error_of(hub.ask({{"op", "token.add"}, {"role", "king"}, {"name", "x"}}))
        == "a token's role is reader or admin");

    // Neither the database nor its log holds the token.
    std::size_t found = 0;
    for (auto const& entry : std::filesystem::directory_iterator(hub.folder.path())) {
        std::ifstream file(entry.path(), std::ios::binary);
        std::string const bytes((std::istreambuf_iterator<char>(file)), {});
        found += bytes.find(token) != std::string::npos;
    }
    CHECK(found == 0);
}

TEST_CASE("Admin: what is no request is answered, not obeyed", "[sync][hub]")
{
    Hub hub;
    for (char const* request :
        {"", "[]", "null", "{\"op\":7}", "{\"op\":\"drop\"}", "{\"op\":\"token.add\"}", "\xff"}) {
        CAPTURE(request);
        CHECK(json::parse(run_admin_request(*hub.storage, request, now_ms)).contains("error"));
    }
}

TEST_CASE("Invite codes use no letter that looks like another, and do not repeat", "[sync][hub]")
{
    std::set<std::string> codes;
    std::set<char> letters;
    for (int i = 0; i < 1'000; ++i) {
        auto const code = new_invite_code();
        codes.insert(code);
        letters.insert(code.begin(), code.end());
    }
    CHECK(codes.size() == 1'000);
    CHECK(letters.size() == 30); // 29 and the dash
    for (char const confusing : std::string_view("01ILOUV"))
        CHECK_FALSE(letters.contains(confusing));
}
