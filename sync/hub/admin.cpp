#include "sync/hub/admin.h"

#include "platform/crypto/password_hash.h"
#include "sync/hub/audit.h"
#include "sync/hub/moment.h"
#include "sync/hub/question_meaning.h"
#include "sync/hub/secrets.h"
#include "sync/hub/storage.h"
#include "sync/hub/store_pins.h"
#include "sync/hub/timezone.h"
#include "sync/wire/limits.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>

namespace listenpost::sync {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::chrono::milliseconds invite_lifetime = std::chrono::hours(24);
constexpr std::size_t max_name_bytes = 200;
constexpr std::size_t max_scope_names = 500;
constexpr std::chrono::milliseconds day = std::chrono::hours(24);
constexpr std::int64_t max_expires_days = 36'500;

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

Result<> check_lengths(StoreChange const& texts)
{
    for (auto const* text : {&texts.name, &texts.region, &texts.city})
        if (*text && (*text)->size() > max_name_bytes)
            return fail(Errc::Invalid, "name, region and city have at most 200 bytes");
    return {};
}

ordered_json add_store(Registry& registry, json const& request, Act const& act)
{
    Store store {text_of(request, "id"), text_of(request, "name"), text_of(request, "region"),
        text_of(request, "city"), text_of(request, "timezone")};
    if (store.timezone.empty())
        store.timezone = "Asia/Shanghai";
    if (!is_id(store.id))
        return error_json(Errc::Invalid, "a store's id has 1 to 64 letters, digits, '-', '_' or '.'");
    if (store.name.empty())
        return error_json(Errc::Invalid, "a store needs a name");
    if (auto const fits = check_lengths({store.name, store.region, store.city}); !fits)
        return error_json(fits.error());
    if (!is_known_timezone(store.timezone))
        return error_json(Errc::Invalid,
            "this machine knows no time zone " + store.timezone + "; say Asia/Shanghai, for example");
    if (auto const added = registry.add_store(store, act); !added)
        return error_json(added.error());
    return {{"store", store.id}};
}

ordered_json set_store(Registry& registry, json const& request, Act const& act)
{
    auto const given = [&](char const* field) {
        return request.contains(field) ? std::optional(text_of(request, field)) : std::nullopt;
    };
    std::string const id = text_of(request, "id");
    StoreChange const change {given("name"), given("region"), given("city")};
    if (!change.name && !change.region && !change.city)
        return error_json(Errc::Invalid, "say what to change: the name, the region or the city");
    if (change.name && change.name->empty())
        return error_json(Errc::Invalid, "a store needs a name");
    if (auto const fits = check_lengths(change); !fits)
        return error_json(fits.error());
    if (auto const changed = registry.change_store(id, change, act); !changed)
        return error_json(changed.error());
    return {{"store", id}};
}

ordered_json list_stores(Registry& registry, json const&, Act const&)
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

ordered_json invite(Registry& registry, json const& request, Act const& act)
{
    std::string const code = new_invite_code();
    std::int64_t const expires_ms = act.at_ms + invite_lifetime.count();
    std::string const device_name = text_of(request, "name");
    if (device_name.size() > max_name_bytes)
        return error_json(Errc::Invalid, "a box's name has at most 200 bytes");
    auto const added = registry.add_invite(hash_of_secret(normalized_invite_code(code)),
        text_of(request, "store"), device_name, expires_ms, act);
    if (!added)
        return error_json(added.error());
    return {{"code", code}, {"expires_ms", expires_ms}};
}

ordered_json list_devices(Registry& registry, json const&, Act const&)
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

ordered_json revoke_device(Registry& registry, json const& request, Act const& act)
{
    std::string const device = text_of(request, "device");
    if (auto const revoked = registry.revoke_device(device, act); !revoked)
        return error_json(revoked.error());
    return {{"device", device}};
}

/// Where a token ends. Errors: Invalid.
Result<std::optional<std::int64_t>> expiry_of(json const& request, std::int64_t now_ms)
{
    auto const days = request.find("expires_days");
    std::string const date = text_of(request, "expires");
    if (days == request.end() && date.empty())
        return std::nullopt;
    if (days != request.end() && !date.empty())
        return fail(Errc::Invalid, "say either a number of days or a date");
    if (days != request.end()) {
        std::int64_t const number = days->is_number_integer() ? days->get<std::int64_t>() : 0;
        if (number < 1 || number > max_expires_days)
            return fail(Errc::Invalid, "a token may expire in 1 to 36500 days");
        return now_ms + number * day.count();
    }
    auto const last_day = parse_moment(date + "T00:00:00Z");
    if (!last_day)
        return fail(Errc::Invalid, "a token expires on a day such as 2026-12-31");
    if (*last_day + day.count() <= now_ms)
        return fail(Errc::Invalid, "that day is over: the token would never be good");
    return *last_day + day.count();
}

/// Errors: Invalid: a limit that is not understood must not be left out.
Result<Scope> scope_of(json const& request)
{
    Scope scope;
    for (auto const& [field, names] :
        {std::pair("store", &scope.stores), {"region", &scope.regions}, {"city", &scope.cities}}) {
        auto const list = request.find(field);
        if (list == request.end())
            continue;
        if (!list->is_array() || list->empty() || list->size() > max_scope_names)
            return fail(Errc::Invalid, std::string(field) + " is a list of 1 to 500 names");
        for (auto const& name : *list) {
            if (!name.is_string() || name.get_ref<std::string const&>().empty()
                || name.get_ref<std::string const&>().size() > max_name_bytes)
                return fail(Errc::Invalid, std::string(field) + " names something of 1 to 200 bytes");
            names->push_back(name.get<std::string>());
        }
    }
    return scope;
}

ordered_json add_token(Registry& registry, json const& request, Act const& act)
{
    std::string const role_name = text_of(request, "role");
    Grant grant;
    grant.name = text_of(request, "name");
    if (role_name != name(Role::Reader) && role_name != name(Role::Admin))
        return error_json(Errc::Invalid, "a token's role is reader or admin");
    grant.role = role_name == name(Role::Admin) ? Role::Admin : Role::Reader;
    if (grant.name.empty() || grant.name.size() > max_name_bytes)
        return error_json(Errc::Invalid, "a token needs a name of at most 200 bytes");
    auto scope = scope_of(request);
    if (!scope)
        return error_json(scope.error());
    grant.scope = std::move(*scope);
    if (grant.role == Role::Admin && !grant.scope.is_everything())
        return error_json(Errc::Invalid, "only a reader can be limited to a part of the chain");
    auto const expiry = expiry_of(request, act.at_ms);
    if (!expiry)
        return error_json(expiry.error());
    grant.expires_ms = *expiry;
    std::string const token = new_token(grant.role == Role::Admin ? "lpa_" : "lpr_");
    if (auto const added = registry.add_token(grant, hash_of_secret(token), act); !added)
        return error_json(added.error());
    return {{"token", token}};
}

ordered_json revoke_token(Registry& registry, json const& request, Act const& act)
{
    std::string const token_name = text_of(request, "name");
    if (auto const revoked = registry.revoke_token(token_name, act); !revoked)
        return error_json(revoked.error());
    return {{"name", token_name}};
}

ordered_json moment_json(std::optional<std::int64_t> const& moment)
{
    return moment ? ordered_json(*moment) : ordered_json();
}

ordered_json list_tokens(Registry& registry, json const&, Act const&)
{
    auto const grants = registry.tokens();
    if (!grants)
        return error_json(grants.error());
    auto list = ordered_json::array();
    for (auto const& grant : *grants)
        list.push_back({{"name", grant.name}, {"role", name(grant.role)}, {"created_ms", grant.created_ms},
            {"expires_ms", moment_json(grant.expires_ms)}, {"revoked_ms", moment_json(grant.revoked_ms)},
            {"region", grant.scope.regions}, {"city", grant.scope.cities}, {"store", grant.scope.stores}});
    return {{"tokens", std::move(list)}};
}

ordered_json list_audit(Registry& registry, json const& request, Act const&)
{
    std::string const since = text_of(request, "since");
    auto const moment = since.empty() ? std::optional<std::int64_t>(0) : parse_moment(since);
    if (!moment)
        return error_json(Errc::Invalid,
            "since is neither a time such as 2026-03-01T00:00:00+08:00 nor milliseconds since 1970");
    auto const lines = registry.audit(*moment);
    if (!lines)
        return error_json(lines.error());
    auto list = ordered_json::array();
    for (auto const& line : *lines)
        list.push_back({{"at_ms", line.at_ms}, {"who", line.who}, {"what", line.what},
            {"object", line.object}, {"detail", line.detail}});
    return {{"audit", std::move(list)}};
}

/// The stores that pin.set and pin.clear name. Errors: Invalid (nothing is named), NotFound.
Result<std::vector<std::string>> stores_named(Registry& registry, json const& request)
{
    auto const scope = scope_of(request);
    if (!scope)
        return fail(scope.error());
    if (scope->is_everything())
        return fail(Errc::Invalid, "say whose PIN it is: by store, region or city");
    auto const stores = registry.stores();
    if (!stores)
        return fail(stores.error());
    for (auto const& id : scope->stores)
        if (std::ranges::find(*stores, id, &Store::id) == stores->end())
            return fail(Errc::NotFound, "there is no store " + id + ": `store list` shows all");
    std::vector<std::string> ids;
    for (auto const& store : *stores) {
        StorePlace const place {store.region, store.city};
        if (scope->allows(store.id, &place))
            ids.push_back(store.id);
    }
    if (ids.empty())
        return fail(Errc::NotFound,
            "no store is there: `store list` shows each with its region and city, `store set` changes them");
    return ids;
}

ordered_json set_pin(Registry& registry, json const& request, Act const& act)
{
    std::string const hash = text_of(request, "hash");
    if (auto const checked = check_password_hash(hash); !checked)
        return error_json(Errc::Invalid, "the hash of the PIN " + checked.error().detail);
    auto const stores = stores_named(registry, request);
    if (!stores)
        return error_json(stores.error());
    if (auto const set = registry.set_pin(*stores, hash, act); !set)
        return error_json(set.error());
    return {{"ids", *stores}};
}

ordered_json clear_pin(Registry& registry, json const& request, Act const& act)
{
    auto stores = stores_named(registry, request);
    if (!stores)
        return error_json(stores.error());
    auto const pins = registry.pins();
    if (!pins)
        return error_json(pins.error());
    std::erase_if(*stores,
        [&](std::string const& id) { return std::ranges::find(*pins, id, &StorePin::store) == pins->end(); });
    if (stores->empty())
        return error_json(
            Errc::NotFound, "none of these stores has a PIN from the hub: `pin list` shows those that do");
    if (auto const cleared = registry.clear_pin(*stores, act); !cleared)
        return error_json(cleared.error());
    return {{"ids", *stores}};
}

ordered_json list_pins(Registry& registry, json const&, Act const&)
{
    auto const pins = registry.pins();
    auto const devices = pins ? registry.devices() : fail(pins.error());
    if (!devices)
        return error_json(devices.error());
    auto list = ordered_json::array();
    for (auto const& [pin, box, state] : pins_of_boxes(*pins, *devices)) {
        ordered_json entry {{"store", pin.store}, {"set_ms", pin.set_ms}, {"device", nullptr},
            {"name", nullptr}, {"state", nullptr}, {"since_ms", nullptr}, {"seen_ms", nullptr}};
        if (box != nullptr) {
            entry.update({{"device", box->id}, {"name", box->name}, {"state", name(state)}});
            bool const has_had_it = state == PinState::HasIt || state == PinState::Replaced;
            if (has_had_it)
                entry["since_ms"] = box->seen->pin_ms;
            if (box->seen)
                entry["seen_ms"] = box->seen->received_ms;
        }
        list.push_back(std::move(entry));
    }
    return {{"pins", std::move(list)}};
}

ordered_json erase_response(Storage& storage, json const& request, Act const& act)
{
    std::string const id = text_of(request, "id");
    std::string_view const install = std::string_view(id).substr(0, std::min(id.find(':'), id.size()));
    std::string_view const digits = std::string_view(id).substr(std::min(install.size() + 1, id.size()));
    std::int64_t seq = 0;
    auto const [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seq);
    if (install.size() != 32 || install.find_first_not_of("0123456789abcdef") != install.npos
        || error != std::errc() || stop != digits.data() + digits.size() || seq < 1)
        return error_json(Errc::Invalid,
            "a response is named by its install and seq, as a pull has them: 5f0c…(32 hex digits):17");
    if (auto const erased = storage.erase_text(install, seq, act); !erased)
        return error_json(erased.error());
    return {{"response", id}};
}

ordered_json list_erasures(Storage& storage)
{
    auto const erasures = storage.box_erasures();
    if (!erasures)
        return error_json(erasures.error());
    auto list = ordered_json::array();
    for (auto const& each : *erasures) {
        ordered_json entry {{"response", response_name(each.install, each.seq)}, {"device", each.device},
            {"asked_ms", each.asked_ms}, {"done_ms", nullptr}, {"done_by", ordered_json::array()}};
        for (auto const& done : each.done) {
            entry["done_by"].push_back(done.device);
            // Others have a copy of its store.db: theirs is no news of the one that brought it.
            if (done.device == each.device)
                entry["done_ms"] = done.done_ms;
        }
        list.push_back(std::move(entry));
    }
    return {{"erasures", std::move(list)}};
}

ordered_json add_survey(Storage& storage, json const& request, Act const& act)
{
    auto const survey = survey_to_register(text_of(request, "json"));
    if (!survey)
        return error_json(survey.error());
    if (auto const put = storage.put_survey(*survey, act); !put)
        return error_json(put.error());
    return {{"survey", survey->id}, {"version", survey->version}};
}

struct Operation {
    std::string_view name;
    ordered_json (*carry_out)(Registry&, json const&, Act const&);
};
constexpr Operation operations[] = {
    {"store.add", add_store},
    {"store.set", set_store},
    {"store.list", list_stores},
    {"device.invite", invite},
    {"device.list", list_devices},
    {"device.revoke", revoke_device},
    {"token.add", add_token},
    {"token.revoke", revoke_token},
    {"token.list", list_tokens},
    {"audit.list", list_audit},
    {"pin.set", set_pin},
    {"pin.clear", clear_pin},
    {"pin.list", list_pins},
};

ordered_json carry_out(Storage& storage, json const& request, Act const& act)
{
    std::string const op = request.is_object() ? text_of(request, "op") : std::string();
    if (op == "response.erase")
        return erase_response(storage, request, act);
    if (op == "response.erasures")
        return list_erasures(storage);
    if (op == "survey.add")
        return add_survey(storage, request, act);
    auto const* const operation = std::ranges::find(operations, op, &Operation::name);
    if (operation == std::end(operations))
        return error_json(Errc::Invalid, "the running hub knows no such command: is it of another version?");
    return operation->carry_out(storage.registry(), request, act);
}

}

std::string run_admin_request(Storage& storage, std::string_view request, Act const& act)
{
    auto const reply = carry_out(storage, json::parse(request, nullptr, false), act);
    return reply.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}
