#include "sync/wire/heartbeat.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace listenpost;
using namespace listenpost::sync;
using nlohmann::ordered_json;

namespace {

ordered_json good()
{
    return ordered_json::parse(R"({"v":1,"version":"0.1.0","install":"5f0c1d00000000000000000000000001",
        "uptime_s":86400,"agent_uptime_s":300,"disk_free_bytes":5000000000,"disk_total_bytes":16000000000,
        "store_bytes":81920,"captured":1200,"delivered":1190,"waiting":9,"quarantined":1,
        "oldest_waiting_ms":1789999990000,"last_tap_ms":1790000000000,"battery_pct":80,"on_mains":false,
        "clock":{"wall_ms":1790000000123,"set":true,"steady_ms":86400000,"boot":"9c1b"}})");
}

std::string fault_of(ordered_json const& heartbeat)
{
    auto const parsed = parse_heartbeat(heartbeat.dump());
    if (parsed)
        return {};
    CHECK(parsed.error().code == Errc::Invalid);
    return parsed.error().detail;
}

}

TEST_CASE("A heartbeat is read, and kept whole on one line", "[sync][wire]")
{
    auto newer = good();
    newer["temperature"] = {{"cpu", 55.5}};
    auto const parsed = parse_heartbeat(newer.dump(4));
    REQUIRE(parsed);
    CHECK(parsed->version == "0.1.0");
    CHECK(parsed->waiting == 9);
    CHECK(parsed->json == newer.dump());
}

TEST_CASE("What a box cannot know may be null or left out, the rest may not", "[sync][wire]")
{
    auto const whole = good();
    for (auto const& [name, value] : whole.items()) {
        CAPTURE(name);
        bool const optional = name == "install" || name == "oldest_waiting_ms" || name == "last_tap_ms"
            || name == "battery_pct" || name == "on_mains";
        auto changed = good();
        changed[name] = nullptr;
        CHECK(fault_of(changed).empty() == optional);
        changed.erase(name);
        CHECK(fault_of(changed).empty() == optional);
    }
    for (char const* name : {"wall_ms", "set", "steady_ms", "boot"}) {
        auto changed = good();
        changed["clock"].erase(name);
        CHECK(fault_of(changed) == "clock." + std::string(name) + " is missing");
    }
}

TEST_CASE("A heartbeat that does not follow the table is refused by its field's name", "[sync][wire]")
{
    auto const [name, value, why] = GENERATE(table<char const*, ordered_json, char const*>({
        {"v", "1", "v is missing or not an integer"},
        {"waiting", -1, "waiting is -1; 0 to 9007199254740991"},
        {"waiting", 9'007'199'254'740'992, "waiting is 9007199254740992; 0 to 9007199254740991"},
        {"waiting", 18'446'744'073'709'551'615U, "waiting is 18446744073709551615; 0 to 9007199254740991"},
        {"waiting", 1.5, "waiting is not an integer"},
        {"captured", true, "captured is not an integer"},
        {"last_tap_ms", 253'402'300'800'000, "last_tap_ms is 253402300800000; 0 to 253402300799999"},
        {"battery_pct", 101, "battery_pct is 101; 0 to 100"},
        {"on_mains", 1, "on_mains is neither true nor false"},
        {"install", "5f0c", "install is not 32 lower-case hex digits"},
        {"version", "", "version is not one word of printable ASCII"},
        // Ends on an operator's terminal.
        {"version", "1\x1b[2J", "version is not one word of printable ASCII"},
        {"version", std::string(41, '1'), "version has 41 bytes; at most 40"},
        {"clock", 7, "clock is missing or not an object"},
    }));
    auto changed = good();
    changed[name] = value;
    CHECK(fault_of(changed) == why);
    for (char const* text : {"", "[]", "null", "{", "{}", "\xff"})
        CHECK_FALSE(parse_heartbeat(text));
}

TEST_CASE("A heartbeat of another wire version is told apart: a newer hub may read it", "[sync][wire]")
{
    auto newer = good();
    newer["v"] = 2;
    CHECK(parse_heartbeat(newer.dump()).error().code == Errc::NotFound);
}

TEST_CASE(
    "What a box says of its installs, and of what it has erased, is read or refused by name", "[sync][wire]")
{
    std::string const install = good()["install"];
    CHECK_FALSE(parse_heartbeat(good().dump())->installs); // a box from before
    auto told = good();
    told["installs"] = {install};
    told["erased"] = {{{"install", install}, {"seq", 17}, {"later", 1}}};
    auto const parsed = parse_heartbeat(told.dump());
    REQUIRE(parsed);
    CHECK(parsed->installs == std::vector {install});
    CHECK(parsed->erased == std::vector {Heartbeat::Erased {install, 17}});
    told["installs"] = ordered_json::array();
    CHECK(parse_heartbeat(told.dump())->installs.value().empty());

    auto const fault_with = [](char const* name, ordered_json value) {
        auto changed = good();
        changed[name] = std::move(value);
        return fault_of(changed);
    };
    CHECK(fault_with("installs", 7) == "installs is not a list");
    CHECK(fault_with("installs", {"x"}) == "installs[] is not 32 lower-case hex digits");
    CHECK(fault_with("installs", ordered_json(33, install)) == "installs has 33 entries; at most 32");
    CHECK(fault_with("erased", {7}) == "erased[] is not an object");
    CHECK(fault_with("erased", ordered_json::array({{{"install", install}}})) == "erased[].seq is missing");
    CHECK(fault_with("erased", ordered_json::array({{{"install", install}, {"seq", -1}}}))
        == "erased[].seq is -1; 0 to 9007199254740991");
    CHECK(fault_with("erased", ordered_json(17, {{"install", install}, {"seq", 1}}))
        == "erased has 17 entries; at most 16");
}

TEST_CASE("A box that can take a manager's PIN says which it has, or that it has none", "[sync][wire]")
{
    CHECK_FALSE(parse_heartbeat(good().dump())->pin);
    auto with = good();
    with["manager_pin"] = nullptr;
    CHECK(parse_heartbeat(with.dump())->pin == HeldPin {});
    std::string const digits(64, 'f');
    with["manager_pin"] = {{"sha256", digits}, {"in_force", true}, {"newer", 1}};
    CHECK(parse_heartbeat(with.dump())->pin == HeldPin {digits, true});

    auto const [value, why] = GENERATE(table<ordered_json, char const*>({
        {"x", "manager_pin is not an object"},
        {ordered_json::object(), "manager_pin.sha256 is missing"},
        {{{"sha256", std::string(63, 'f')}, {"in_force", true}},
            "manager_pin.sha256 is not 64 lower-case hex digits"},
        {{{"sha256", std::string(64, 'F')}, {"in_force", true}},
            "manager_pin.sha256 is not 64 lower-case hex digits"},
        {{{"sha256", std::string(64, 'f')}}, "manager_pin.in_force is missing"},
        {{{"sha256", std::string(64, 'f')}, {"in_force", 1}},
            "manager_pin.in_force is neither true nor false"},
    }));
    with["manager_pin"] = value;
    CHECK(fault_of(with) == why);
}
