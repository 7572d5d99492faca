#include "sync/hub/admin.h"

#include "sync/hub/secrets.h"
#include "sync/hub/storage.h"
#include "sync/hub/timezone.h"
#include "sync/wire/limits.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

namespace listenpost::sync {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::chrono::milliseconds invite_lifetime = std::chrono::hours(24);
constexpr std::size_t max_name_bytes = 200;

ordered_json error_json(Errc code, std::string_view detail)
{
    return {{"error", {{"code", name(code)}, {"detail", detail}}}};
}
ordered_json error_json(Error const& error) { return error_json(error.code, error.detail); }

std::string text_of(json const& request, char const* field)
{
    auto const found = request.find(field);
    return found != request.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool is_id(std::string_view text)
{
    return !text.empty() && text.size() <= limits::max_id_bytes && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'
            || c == '_' || c == '.';
    });
}

ordered_json add_store(Registry& registry, json const& request, std::int64_t now_ms)
{
    Store store {text_of(request, "id"), text_of(request, "name"), text_of(request, "region"),
        text_of(request, "city"), text_of(request, "timezone")};
    if (store.timezone.empty())
        store.timezone = "Asia/Shanghai";
    if (!is_id(store.id))
        return error_json(Errc::Invalid, "a store's id has 1 to 64 letters, digits, '-', '_' or '.'");
    if (store.name.empty())
        return error_json(Errc::Invalid, "a store needs a name");
    for (auto const* text : {&store.name, &store.region, &store.city})
        if (text->size() > max_name_bytes)
            return error_json(Errc::Invalid, "name, region and city have at most 200 bytes");
    if (!is_known_timezone(store.timezone))
        return error_json(Errc::Invalid,
            "this machine knows no time zone " + store.timezone + "; say Asia/Shanghai, for example");
    if (auto const added = registry.add_store(store, now_ms); !added)
        return error_json(added.error());
    return {{"store", store.id}};
}

ordered_json list_stores(Registry& registry)
{
    auto const stores = registry.stores();
    if (!stores)
        return error_json(stores.error());
    auto list = ordered_json::array();
    for (auto const& store : *stores)
        list.push_back({{"id", store.id}, {"name", store.name}, {"region", store.region},
            {"city", store.city}, {"timezone", store.timezone}});
    return {{"stores", std::move(list)}};
}

ordered_json invite(Registry& registry, json const& request, std::int64_t now_ms)
{
    std::string const code = new_invite_code();
    std::int64_t const expires_ms = now_ms + invite_lifetime.count();
    std::string const device_name = text_of(request, "name");
    if (device_name.size() > max_name_bytes)
        return error_json(Errc::Invalid, "a box's name has at most 200 bytes");
    auto const added = registry.add_invite(
        hash_of_secret(normalized_invite_code(code)), text_of(request, "store"), device_name, expires_ms);
    if (!added)
        return error_json(added.error());
    return {{"code", code}, {"expires_ms", expires_ms}};
}

ordered_json list_devices(Registry& registry)
{
    auto const devices = registry.devices();
    if (!devices)
        return error_json(devices.error());
    auto list = ordered_json::array();
    for (auto const& device : *devices) {
        ordered_json entry {{"id", device.id}, {"store", device.store}, {"name", device.name},
            {"enrolled_ms", device.enrolled_ms}, {"revoked_ms", nullptr}, {"seen_ms", nullptr},
            {"version", nullptr}, {"waiting", nullptr}};
        if (device.revoked_ms)
            entry["revoked_ms"] = *device.revoked_ms;
        if (device.seen) {
            entry["seen_ms"] = device.seen->received_ms;
            entry["version"] = device.seen->heartbeat.version;
            entry["waiting"] = device.seen->heartbeat.waiting;
        }
        list.push_back(std::move(entry));
    }
    return {{"devices", std::move(list)}};
}

ordered_json revoke_device(Registry& registry, json const& request, std::int64_t now_ms)
{
    std::string const device = text_of(request, "device");
    if (auto const revoked = registry.revoke_device(device, now_ms); !revoked)
        return error_json(revoked.error());
    return {{"device", device}};
}

ordered_json add_token(Registry& registry, json const& request, std::int64_t now_ms)
{
    std::string const role_name = text_of(request, "role");
    std::string const token_name = text_of(request, "name");
    if (role_name != name(Role::Reader) && role_name != name(Role::Admin))
        return error_json(Errc::Invalid, "a token's role is reader or admin");
    if (token_name.empty() || token_name.size() > max_name_bytes)
        return error_json(Errc::Invalid, "a token needs a name of at most 200 bytes");
    Role const role = role_name == name(Role::Admin) ? Role::Admin : Role::Reader;
    std::string const token = new_token(role == Role::Admin ? "lpa_" : "lpr_");
    if (auto const added = registry.add_token(token_name, role, hash_of_secret(token), now_ms); !added)
        return error_json(added.error());
    return {{"token", token}};
}

ordered_json carry_out(Registry& registry, json const& request, std::int64_t now_ms)
{
    std::string const op = request.is_object() ? text_of(request, "op") : std::string();
    if (op == "store.add")
        return add_store(registry, request, now_ms);
    if (op == "store.list")
        return list_stores(registry);
    if (op == "device.invite")
        return invite(registry, request, now_ms);
    if (op == "device.list")
        return list_devices(registry);
    if (op == "device.revoke")
        return revoke_device(registry, request, now_ms);
    if (op == "token.add")
        return add_token(registry, request, now_ms);
    return error_json(Errc::Invalid, "the running hub knows no such command: is it of another version?");
}

}

std::string run_admin_request(Storage& storage, std::string_view request, std::int64_t now_ms)
{
    auto const reply = carry_out(storage.registry(), json::parse(request, nullptr, false), now_ms);
    return reply.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}
