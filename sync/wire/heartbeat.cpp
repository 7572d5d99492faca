#include "sync/wire/heartbeat.h"

#include "kiosk/model/install_id.h"
#include "sync/wire/limits.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>

namespace listenpost::sync {
namespace {

using Json = nlohmann::ordered_json;
using Complaint = std::optional<std::string>;

enum class Kind { Count, Time, Percent, Flag, Version, Install, Boot, Fingerprint };
enum class Null { Never, Allowed }; ///< allowed: may be left out too

struct Field {
    char const* name;
    Kind kind;
    Null null = Null::Never;
};

constexpr Field fields[] = {
    {"version", Kind::Version},
    {"install", Kind::Install, Null::Allowed},
    {"uptime_s", Kind::Count},
    {"agent_uptime_s", Kind::Count},
    {"disk_free_bytes", Kind::Count},
    {"disk_total_bytes", Kind::Count},
    {"store_bytes", Kind::Count},
    {"captured", Kind::Count},
    {"delivered", Kind::Count},
    {"waiting", Kind::Count},
    {"quarantined", Kind::Count},
    {"oldest_waiting_ms", Kind::Time, Null::Allowed},
    {"last_tap_ms", Kind::Time, Null::Allowed},
    {"battery_pct", Kind::Percent, Null::Allowed},
    {"on_mains", Kind::Flag, Null::Allowed},
};

constexpr Field clock_fields[] = {
    {"wall_ms", Kind::Time},
    {"set", Kind::Flag},
    {"steady_ms", Kind::Count},
    {"boot", Kind::Boot},
};

constexpr Field erased_fields[] = {
    {"install", Kind::Install},
    {"seq", Kind::Count},
};

constexpr Field pin_fields[] = {
    {"sha256", Kind::Fingerprint},
    {"in_force", Kind::Flag},
};

Complaint check_integer(Json const& value, std::int64_t highest)
{
    if (!value.is_number_integer())
        return "is not an integer";
    // Unsigned first: one beyond the signed ones would come out negative.
    bool const too_high = value.is_number_unsigned()
        ? value.get<std::uint64_t>() > static_cast<std::uint64_t>(highest)
        : value.get<std::int64_t>() > highest;
    if (too_high || (!value.is_number_unsigned() && value.get<std::int64_t>() < 0))
        return "is " + value.dump() + "; 0 to " + std::to_string(highest);
    return {};
}

Complaint check_text(Json const& value, std::size_t max_bytes)
{
    if (!value.is_string())
        return "is not text";
    auto const& text = value.get_ref<std::string const&>();
    if (text.size() > max_bytes)
        return "has " + std::to_string(text.size()) + " bytes; at most " + std::to_string(max_bytes);
    return {};
}

Complaint check_version(Json const& value)
{
    if (auto complaint = check_text(value, limits::max_version_bytes))
        return complaint;
    auto const& text = value.get_ref<std::string const&>();
    if (text.empty() || !std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; }))
        return "is not one word of printable ASCII";
    return {};
}

bool is_fingerprint(std::string_view text)
{
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

Complaint check(Json const& value, Kind kind)
{
    switch (kind) {
    case Kind::Count:
        return check_integer(value, limits::max_integer);
    case Kind::Time:
        return check_integer(value, limits::max_wall_ms);
    case Kind::Percent:
        return check_integer(value, 100);
    case Kind::Flag:
        return value.is_boolean() ? Complaint() : "is neither true nor false";
    case Kind::Version:
        return check_version(value);
    case Kind::Install:
        return value.is_string() && kiosk::is_install_id(value.get_ref<std::string const&>())
            ? Complaint()
            : "is not 32 lower-case hex digits";
    case Kind::Fingerprint:
        return value.is_string() && is_fingerprint(value.get_ref<std::string const&>())
            ? Complaint()
            : "is not 64 lower-case hex digits";
    case Kind::Boot:
        return check_text(value, limits::max_boot_bytes);
    }
    return {};
}

Result<> check_fields(Json const& object, std::string const& place, std::span<Field const> wanted)
{
    for (auto const& field : wanted) {
        auto const found = object.find(field.name);
        bool const there = found != object.end() && !found->is_null();
        if (!there && field.null == Null::Allowed)
            continue;
        auto const complaint = found == object.end() ? "is missing" : check(*found, field.kind);
        if (complaint)
            return fail(Errc::Invalid, place + field.name + " " + *complaint);
    }
    return {};
}

/// A list that may be missing; null where it is.
Result<Json const*> find_list(Json const& object, char const* name, std::size_t max_entries)
{
    auto const found = object.find(name);
    if (found == object.end() || found->is_null())
        return nullptr;
    if (!found->is_array())
        return fail(Errc::Invalid, std::string(name) + " is not a list");
    if (found->size() > max_entries)
        return fail(Errc::Invalid,
            std::string(name) + " has " + std::to_string(found->size()) + " entries; at most "
                + std::to_string(max_entries));
    return &*found;
}

Result<> read_installs(Json const& object, Heartbeat& heartbeat)
{
    auto const list = find_list(object, "installs", limits::max_told_installs);
    if (!list)
        return fail(list.error());
    if (*list == nullptr)
        return {};
    heartbeat.installs.emplace();
    for (auto const& install : **list) {
        if (auto const complaint = check(install, Kind::Install))
            return fail(Errc::Invalid, "installs[] " + *complaint);
        heartbeat.installs->push_back(install.get<std::string>());
    }
    return {};
}

Result<> read_erased(Json const& object, Heartbeat& heartbeat)
{
    auto const list = find_list(object, "erased", limits::max_told_erasures);
    if (!list)
        return fail(list.error());
    if (*list == nullptr)
        return {};
    for (auto const& each : **list) {
        if (!each.is_object())
            return fail(Errc::Invalid, "erased[] is not an object");
        LISTENPOST_TRY(check_fields(each, "erased[].", erased_fields));
        heartbeat.erased.push_back({each["install"].get<std::string>(), each["seq"].get<std::int64_t>()});
    }
    return {};
}

Result<> read_pin(Json const& object, Heartbeat& heartbeat)
{
    auto const found = object.find("manager_pin");
    if (found == object.end())
        return {};
    heartbeat.pin.emplace();
    if (found->is_null())
        return {};
    if (!found->is_object())
        return fail(Errc::Invalid, "manager_pin is not an object");
    LISTENPOST_TRY(check_fields(*found, "manager_pin.", pin_fields));
    heartbeat.pin->fingerprint = (*found)["sha256"].get<std::string>();
    heartbeat.pin->is_in_force = (*found)["in_force"].get<bool>();
    return {};
}

}

Result<Heartbeat> parse_heartbeat(std::string_view text)
{
    auto const object = Json::parse(text, nullptr, false);
    if (!object.is_object())
        return fail(Errc::Invalid, "the body is not a JSON object");
    auto const version = object.find("v");
    if (version == object.end() || !version->is_number_integer())
        return fail(Errc::Invalid, "v is missing or not an integer");
    if (*version != limits::wire_version)
        return fail(Errc::NotFound, "this hub speaks wire version 1, not " + version->dump());
    LISTENPOST_TRY(check_fields(object, "", fields));
    auto const clock = object.find("clock");
    if (clock == object.end() || !clock->is_object())
        return fail(Errc::Invalid, "clock is missing or not an object");
    LISTENPOST_TRY(check_fields(*clock, "clock.", clock_fields));
    Heartbeat heartbeat {object["version"].get<std::string>(), object["waiting"].get<std::int64_t>(),
        object.dump(-1, ' ', false, Json::error_handler_t::replace)};
    LISTENPOST_TRY(read_installs(object, heartbeat));
    LISTENPOST_TRY(read_erased(object, heartbeat));
    LISTENPOST_TRY(read_pin(object, heartbeat));
    return heartbeat;
}

}
