#include "sync/hub/admin.h"

#include "sync/hub/secrets.h"
#include "sync/hub/sqlite_storage.h"
#include "sync/wire/digest.h"
#include "tests/support/hub_acts.h"
#include "tests/support/temp_folder.h"
#include "tests/sync/hub/storage_contract.h"

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
std::string const some_hash = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$"
                              "aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g";

struct Hub {
    TempFolder folder;
    std::unique_ptr<Storage> storage = open_sqlite_storage(folder / "hub.db").value();

    json ask(json const& request, std::int64_t at_ms = now_ms)
    {
        return json::parse(run_admin_request(*storage, request.dump(), act_at(at_ms)));
    }
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
    CHECK(hub.ask({{"op", "device.list"}})["devices"] == json::array({expected}));

    std::vector<HeartbeatRequest> const beats {{"dev_a", now_ms + 5, {"0.1.0", 12, "{}"}}};
    REQUIRE(hub.storage->keep_heartbeats(beats));
    expected.update({{"seen_ms", now_ms + 5}, {"version", "0.1.0"}, {"waiting", 12}});
    CHECK(hub.ask({{"op", "device.list"}})["devices"] == json::array({expected}));
}

TEST_CASE("Admin: a token is told once and kept as a hash alone", "[sync][hub]")
{
    Hub hub;
    std::string const token = hub.ask({{"op", "token.add"}, {"role", "reader"}, {"name", "hq"}})["token"];
    CHECK(token.starts_with("lpr_"));
    auto reader = hub.storage->open_reader().value();
    CHECK(reader->find_grant(hash_of_secret(token)).value()->role == Role::Reader);
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

TEST_CASE("Admin: a store is changed in what is said, and in nothing else", "[sync][hub]")
{
    Hub hub;
    hub.ask({{"op", "store.add"}, {"id", "sh-001"}, {"name", "店"}, {"region", "华东"}, {"city", "上海"}});
    CHECK(hub.ask({{"op", "store.set"}, {"id", "sh-001"}, {"region", "华北"}}) == json {{"store", "sh-001"}});
    auto const store = hub.ask({{"op", "store.list"}})["stores"][0];
    CHECK(store["name"] == "店");
    CHECK(store["region"] == "华北");
    CHECK(store["city"] == "上海");
    CHECK(
        error_of(hub.ask({{"op", "store.set"}, {"id", "nope"}, {"city", "x"}})) == "there is no store nope");
    CHECK_THAT(error_of(hub.ask({{"op", "store.set"}, {"id", "sh-001"}})), Catch::Contains("what to change"));
    CHECK_THAT(
        error_of(hub.ask({{"op", "store.set"}, {"id", "sh-001"}, {"name", ""}})), Catch::Contains("name"));
    CHECK_THAT(error_of(hub.ask({{"op", "store.set"}, {"id", "sh-001"}, {"city", std::string(201, 'x')}})),
        Catch::Contains("200"));
}

TEST_CASE("Admin: a token's end and its part of the chain are checked, listed, and never its secret",
    "[sync][hub][access]")
{
    Hub hub;
    json const good {{"op", "token.add"}, {"role", "reader"}, {"name", "east"}, {"expires", "2026-12-31"},
        {"region", {"华东"}}, {"store", {"bj-001", "bj-002"}}};
    std::string const token = hub.ask(good)["token"];
    hub.ask({{"op", "token.add"}, {"role", "admin"}, {"name", "boss"}, {"expires_days", 1}});
    auto const with = [&](std::string const& field, json const& value) {
        auto changed = good;
        changed["name"] = "other";
        changed[field] = value;
        return error_of(hub.ask(changed));
    };
    CHECK_THAT(with("name", "east"), Catch::Contains("east exists already"));
    CHECK_THAT(with("name", std::string(201, 'x')), Catch::Contains("200"));
    CHECK_THAT(with("role", "admin"), Catch::Contains("only a reader"));
    CHECK_THAT(with("expires", "2026-02-30"), Catch::Contains("2026-12-31"));
    CHECK_THAT(with("expires", "2026-12-31T00:00:00Z"), Catch::Contains("2026-12-31"));
    CHECK_THAT(with("expires", "2020-01-01"), Catch::Contains("over"));
    CHECK_THAT(with("expires_days", 5), Catch::Contains("either"));
    for (json const& wrong :
        {json("华东"), json::array(), json {""}, json {7}, json {std::string(201, 'x')}}) {
        CAPTURE(wrong);
        CHECK_THAT(with("region", wrong), Catch::StartsWith("region "));
    }
    auto days = good;
    days.erase("expires");
    days["name"] = "other";
    for (json const& wrong : {json(0), json(-1), json(36'501), json("1"), json(1.5)}) {
        days["expires_days"] = wrong;
        CHECK_THAT(error_of(hub.ask(days)), Catch::Contains("36500"));
    }

    CHECK(hub.ask({{"op", "token.revoke"}, {"name", "boss"}}, now_ms + 7) == json {{"name", "boss"}});
    CHECK(error_of(hub.ask({{"op", "token.revoke"}, {"name", "nobody"}}))
        == "there is no token of the name nobody");
    auto const reply = hub.ask({{"op", "token.list"}});
    json const boss {{"name", "boss"}, {"role", "admin"}, {"created_ms", now_ms},
        {"expires_ms", now_ms + 86'400'000}, {"revoked_ms", now_ms + 7}, {"region", json::array()},
        {"city", json::array()}, {"store", json::array()}};
    json const east {{"name", "east"}, {"role", "reader"}, {"created_ms", now_ms},
        {"expires_ms", 1'798'761'600'000}, {"revoked_ms", nullptr}, {"region", {"华东"}},
        {"city", json::array()}, {"store", {"bj-001", "bj-002"}}};
    CHECK(reply["tokens"] == json {boss, east});
    CHECK(reply.dump().find(token) == std::string::npos);

    // The audit log names it, and is no place for secrets either.
    auto const audit = hub.ask({{"op", "audit.list"}})["audit"];
    REQUIRE(audit.size() == 3);
    CHECK(audit.dump().find(token) == std::string::npos);
    auto const later = hub.ask({{"op", "audit.list"}, {"since", std::to_string(now_ms + 7)}})["audit"];
    REQUIRE(later.size() == 1);
    CHECK(later[0]
        == json {{"at_ms", now_ms + 7}, {"who", "unix:tester"}, {"what", "token.revoke"}, {"object", "boss"},
            {"detail", ""}});
    CHECK_THAT(error_of(hub.ask({{"op", "audit.list"}, {"since", "yesterday"}})), Catch::Contains("since"));
}

TEST_CASE("Admin: the list of erasures says which have reached their box", "[sync][hub][erase]")
{
    Hub hub;
    ingest_one(*hub.storage, install_id(1), {response_json(17, "mine")});
    std::string const id = install_id(1) + ":17";
    CHECK(hub.ask({{"op", "response.erasures"}})["erasures"].empty());
    hub.ask({{"op", "response.erase"}, {"id", id}});
    json expected {{"response", id}, {"device", "dev_1"}, {"asked_ms", now_ms}, {"done_ms", nullptr},
        {"done_by", json::array()}};
    CHECK(hub.ask({{"op", "response.erasures"}})["erasures"] == json::array({expected}));
    // A copy of its store.db, in another box, is not the box.
    asked_in_reply(*hub.storage, "dev_2", {install_id(1)}, {{install_id(1), 17}}, now_ms + 4);
    expected.update({{"done_by", {"dev_2"}}});
    CHECK(hub.ask({{"op", "response.erasures"}})["erasures"] == json::array({expected}));
    asked_in_reply(*hub.storage, "dev_1", {install_id(1)}, {{install_id(1), 17}}, now_ms + 5);
    expected.update({{"done_ms", now_ms + 5}, {"done_by", {"dev_2", "dev_1"}}});
    CHECK(hub.ask({{"op", "response.erasures"}})["erasures"] == json::array({expected}));
}

TEST_CASE("Admin: a response is erased by the name that a pull gives it", "[sync][hub][erase]")
{
    Hub hub;
    ingest_one(*hub.storage, install_id(1), {response_json(17, "mine")});
    std::string const id = install_id(1) + ":17";
    CHECK(hub.ask({{"op", "response.erase"}, {"id", id}}) == json {{"response", id}});
    CHECK(pull_everything(*hub.storage).at(0).raw.find("mine") == std::string::npos);
    CHECK(error_of(hub.ask({{"op", "response.erase"}, {"id", install_id(1) + ":18"}}))
        == "the hub has no response " + install_id(1) + ":18");
    for (std::string const& wrong :
        std::vector<std::string> {std::string(), install_id(1), install_id(1) + ":", install_id(1) + ":0",
            install_id(1) + ":-1", install_id(1) + ":1x", install_id(1) + ":99999999999999999999", ":17",
            "x" + install_id(1) + ":17", std::string(31, '0') + "G:17", std::string(32, '\'') + ":17"}) {
        CAPTURE(wrong);
        CHECK_THAT(error_of(hub.ask({{"op", "response.erase"}, {"id", wrong}})), Catch::Contains("named by"));
    }
    auto const audit = hub.ask({{"op", "audit.list"}})["audit"];
    REQUIRE(audit.size() == 1);
    CHECK(audit[0]["object"] == id);
}

TEST_CASE("Admin: a PIN is set for the stores that are named, as a hash alone", "[sync][hub][pin]")
{
    Hub hub;
    for (auto const& [id, region, city] :
        {std::tuple("sh-001", "华东", "上海"), {"hz-001", "华东", "杭州"}, {"bj-001", "华北", "北京"}})
        hub.ask({{"op", "store.add"}, {"id", id}, {"name", "x"}, {"region", region}, {"city", city}});
    auto const set = [&](json const& whose) {
        json request {{"op", "pin.set"}, {"hash", some_hash}};
        request.update(whose);
        return hub.ask(request);
    };
    CHECK(set({{"region", {"华东"}}}) == json {{"ids", {"hz-001", "sh-001"}}});
    CHECK(set({{"region", {"华东"}}, {"city", {"上海", "北京"}}}) == json {{"ids", {"sh-001"}}});
    CHECK(set({{"store", {"bj-001", "sh-001"}}}) == json {{"ids", {"bj-001", "sh-001"}}});
    CHECK_THAT(error_of(set({{"store", {"bj-001", "nope"}}})), Catch::Contains("nope: `store list`"));
    CHECK_THAT(error_of(set({{"region", {"华南"}}})), Catch::Contains("`store list`"));
    CHECK_THAT(error_of(set({{"region", {"华北"}}, {"store", {"sh-001"}}})), Catch::Contains("no store"));
    CHECK_THAT(error_of(set(json::object())), Catch::Contains("by store, region or city"));
    CHECK_THAT(error_of(set({{"store", "sh-001"}})), Catch::Contains("list"));
    // The PIN itself, by a program that is not ours; and the message does not repeat it.
    for (json const& wrong :
        {json("258013"), json("$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA"), json(), json(7)}) {
        auto const refused = set({{"store", {"sh-001"}}, {"hash", wrong}});
        CHECK_THAT(error_of(refused), Catch::StartsWith("the hash of the PIN"));
        CHECK(refused.dump().find("258013") == std::string::npos);
    }

    auto const clear = [&](json const& whose) {
        json request {{"op", "pin.clear"}};
        request.update(whose);
        return hub.ask(request);
    };
    CHECK(clear({{"store", {"hz-001"}}}) == json {{"ids", {"hz-001"}}});
    CHECK(clear({{"region", {"华东"}}}) == json {{"ids", {"sh-001"}}});
    CHECK_THAT(error_of(clear({{"region", {"华东"}}})), Catch::Contains("`pin list`"));
    CHECK_THAT(error_of(clear({{"store", {"nope"}}})), Catch::Contains("no store nope"));
    CHECK_THAT(error_of(clear(json::object())), Catch::Contains("by store, region or city"));
    CHECK(hub.ask({{"op", "pin.list"}})["pins"].size() == 1);
    CHECK(hub.ask({{"op", "audit.list"}}).dump().find("argon2") == std::string::npos);
}

TEST_CASE("Admin: the list of PINs says which box has it, and never the hash", "[sync][hub][pin]")
{
    Hub hub;
    add_stores_with_boxes(*hub.storage);
    hub.ask({{"op", "pin.set"}, {"hash", some_hash}, {"store", {"sh-001", "sh-003"}}}, 5);
    auto const list = [&] {
        auto const pins = hub.ask({{"op", "pin.list"}})["pins"];
        CHECK(pins.dump().find("argon2") == std::string::npos);
        return pins;
    };
    json a {{"store", "sh-001"}, {"set_ms", 5}, {"device", "dev_a"}, {"name", "a"}, {"state", "not_yet"},
        {"since_ms", nullptr}, {"seen_ms", nullptr}};
    json b = a;
    b.update({{"device", "dev_b"}, {"name", "b"}});
    json none = a; // the store has no box
    none.update({{"store", "sh-003"}, {"device", nullptr}, {"name", nullptr}, {"state", nullptr}});
    CHECK(list() == json {a, b, none});

    std::string const has = sha256_hex(some_hash);
    CHECK(pin_in_reply(*hub.storage, "dev_a", HeldPin {}, 50) == some_hash);
    pin_in_reply(*hub.storage, "dev_b", std::nullopt, 51);
    a["seen_ms"] = 50;
    b.update({{"seen_ms", 51}, {"state", "too_old"}});
    CHECK(list() == json {a, b, none});
    pin_in_reply(*hub.storage, "dev_a", HeldPin {has, true}, 60);
    pin_in_reply(*hub.storage, "dev_b", HeldPin {sha256_hex("another"), true}, 61);
    a.update({{"seen_ms", 60}, {"since_ms", 60}, {"state", "has_it"}});
    b.update({{"seen_ms", 61}, {"state", "not_yet"}});
    CHECK(list() == json {a, b, none});
    pin_in_reply(*hub.storage, "dev_a", HeldPin {has, false}, 70);
    hub.ask({{"op", "device.revoke"}, {"device", "dev_b"}});
    a.update({{"seen_ms", 70}, {"state", "replaced"}});
    CHECK(list() == json {a, none});
    hub.ask({{"op", "pin.clear"}, {"store", {"sh-001", "sh-003"}}});
    CHECK(list().empty());
}

TEST_CASE("Admin: what is no request is answered, not obeyed", "[sync][hub]")
{
    Hub hub;
    for (char const* request :
        {"", "[]", "null", "{\"op\":7}", "{\"op\":\"drop\"}", "{\"op\":\"token.add\"}", "\xff"}) {
        CAPTURE(request);
        CHECK(json::parse(run_admin_request(*hub.storage, request, act_at(now_ms))).contains("error"));
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
