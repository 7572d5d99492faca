#include "sync/hub/postgres_registry.h"

#include "sync/hub/audit.h"
#include "sync/hub/postgres_audit.h"
#include "sync/hub/postgres_pins.h"
#include "sync/hub/secrets.h"
#include "sync/hub/store_pins.h"

namespace listenpost::sync {
namespace {

using postgres::Parameters;
using postgres::Rows;
using postgres::Statement;

constexpr Statement insert_store {"insert_store",
    "INSERT INTO stores (store, name, region, city, timezone, created_ms) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"};
constexpr Statement select_stores {
    "select_stores", "SELECT store, name, region, city, timezone FROM stores ORDER BY store"};
constexpr Statement select_store {
    "select_store", "SELECT store, name, region, city, timezone FROM stores WHERE store = $1"};
constexpr Statement note_change_of_places {
    "note_change_of_places", "UPDATE hub SET places_version = places_version + 1 WHERE only_row = 1"};
constexpr Statement update_store {"update_store",
    "UPDATE stores SET name = coalesce($2::text, name), region = coalesce($3::text, region), "
    "city = coalesce($4::text, city) WHERE store = $1"};
constexpr Statement insert_invite {"insert_invite",
    "INSERT INTO invites (code_hash, store, name, expires_ms) "
    "SELECT $1::bytea, store, $3::text, $4::bigint FROM stores WHERE store = $2"};
// Two hubs may be shown the same code at the same moment: the second waits, and finds it used.
constexpr Statement use_invite {"use_invite",
    "UPDATE invites SET device = $2 WHERE code_hash = $1 AND device IS NULL AND expires_ms > $3 "
    "RETURNING store, name, code_hash"};
constexpr Statement insert_device {"insert_device",
    "INSERT INTO devices (device, store, name, token_hash, enrolled_ms) VALUES ($1, $2, $3, $4, $5)"};
constexpr Statement select_devices {"select_devices",
    "SELECT d.device, d.store, d.name, d.enrolled_ms, d.revoked_ms, h.received_ms, h.version, h.waiting, "
    "h.raw, h.pin, h.pin_in_force, h.pin_ms "
    "FROM devices AS d LEFT JOIN heartbeats AS h ON h.device = d.device "
    "ORDER BY d.store, d.enrolled_ms, d.device"};
constexpr Statement revoke {
    "revoke", "UPDATE devices SET revoked_ms = coalesce(revoked_ms, $1) WHERE device = $2"};
constexpr Statement insert_token {"insert_token",
    "INSERT INTO tokens (name, role, scope, expires_ms, token_hash, created_ms) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"};
constexpr Statement revoke_token_of_name {
    "revoke_token_of_name", "UPDATE tokens SET revoked_ms = coalesce(revoked_ms, $1) WHERE name = $2"};
constexpr Statement select_tokens {"select_tokens", "SELECT " LISTENPOST_GRANT " FROM tokens ORDER BY name"};

Error no_store(std::string_view id) { return {Errc::NotFound, "there is no store " + std::string(id)}; }

Store store_of(Rows const& rows, std::size_t row)
{
    return {std::string(rows.text(row, 0)), std::string(rows.text(row, 1)), std::string(rows.text(row, 2)),
        std::string(rows.text(row, 3)), std::string(rows.text(row, 4))};
}

}

Result<Grant> grant_of(Rows const& rows, std::size_t row)
{
    auto scope = scope_from_text(rows.text(row, 2));
    if (!scope)
        return fail(std::move(scope).error());
    Grant grant {std::string(rows.text(row, 0)),
        rows.text(row, 1) == name(Role::Admin) ? Role::Admin : Role::Reader, std::move(*scope), std::nullopt,
        rows.integer(row, 4), std::nullopt};
    if (!rows.is_null(row, 3))
        grant.expires_ms = rows.integer(row, 3);
    if (!rows.is_null(row, 5))
        grant.revoked_ms = rows.integer(row, 5);
    return grant;
}

Result<> PostgresRegistry::carry_out(
    Statement const& change, Parameters const& parameters, AuditLine const& line, Error unchanged)
{
    auto transaction = session_.begin();
    if (!transaction)
        return fail(std::move(transaction).error());
    return finish(*transaction, change, parameters, line, std::move(unchanged));
}

Result<> PostgresRegistry::finish(postgres::Transaction& transaction, Statement const& change,
    Parameters const& parameters, AuditLine const& line, Error unchanged)
{
    auto const changed = session_.run(change, parameters);
    if (!changed)
        return fail(changed.error());
    if (changed->changed() == 0)
        return fail(std::move(unchanged));
    LISTENPOST_TRY(write_audit(session_, line));
    return transaction.commit();
}

Result<> PostgresRegistry::change_places(
    Statement const& change, Parameters const& parameters, AuditLine const& line, Error unchanged)
{
    auto transaction = session_.begin();
    if (!transaction)
        return fail(std::move(transaction).error());
    if (auto const noted = session_.run(note_change_of_places); !noted)
        return fail(noted.error());
    return finish(*transaction, change, parameters, line, std::move(unchanged));
}

Result<> PostgresRegistry::add_store(Store const& store, Act const& act)
{
    return change_places(insert_store,
        Parameters()
            .add(store.id)
            .add(store.name)
            .add(store.region)
            .add(store.city)
            .add(store.timezone)
            .add(act.at_ms),
        {act.at_ms, act.who, "store.add", store.id, audit_detail(store)},
        {Errc::Invalid, "store " + store.id + " exists already"});
}

Result<> PostgresRegistry::change_store(std::string_view store, StoreChange const& change, Act const& act)
{
    Parameters parameters;
    parameters.add(store);
    for (auto const* value : {&change.name, &change.region, &change.city}) {
        if (*value)
            parameters.add(**value);
        else
            parameters.add_null();
    }
    return change_places(update_store, parameters,
        {act.at_ms, act.who, "store.set", std::string(store), audit_detail(change)}, no_store(store));
}

Result<std::vector<Store>> PostgresRegistry::stores()
{
    auto const rows = session_.query(select_stores);
    if (!rows)
        return fail(rows.error());
    std::vector<Store> stores;
    for (std::size_t row = 0; row < rows->size(); ++row)
        stores.push_back(store_of(*rows, row));
    return stores;
}

Result<> PostgresRegistry::add_invite(std::string_view code_hash, std::string_view store,
    std::string_view name, std::int64_t expires_ms, Act const& act)
{
    return carry_out(insert_invite, Parameters().add_bytes(code_hash).add(store).add(name).add(expires_ms),
        {act.at_ms, act.who, "device.invite", std::string(store), std::string(name)}, no_store(store));
}

Result<EnrolledDevice> PostgresRegistry::enrol(std::string_view code_hash, std::string_view device,
    std::string_view token_hash, std::string_view name, std::int64_t now_ms)
{
    auto transaction = session_.begin();
    if (!transaction)
        return fail(std::move(transaction).error());
    auto const invite = session_.run(use_invite, Parameters().add_bytes(code_hash).add(device).add(now_ms));
    if (!invite)
        return fail(invite.error());
    if (invite->empty() || !equal_secrets(invite->text(0, 2), code_hash))
        return fail(Errc::Unauthorized, "the code is unknown, used or expired");
    std::string_view const store_id = invite->text(0, 0);
    auto const store = session_.run(select_store, Parameters().add(store_id));
    if (!store)
        return fail(store.error());
    if (store->empty())
        return fail(no_store(store_id));
    std::string_view const given_name = invite->text(0, 1);
    auto const added = session_.run(insert_device,
        Parameters()
            .add(device)
            .add(store_id)
            .add(given_name.empty() ? name : given_name)
            .add_bytes(token_hash)
            .add(now_ms));
    if (!added)
        return fail(added.error());
    LISTENPOST_TRY(transaction->commit());
    return EnrolledDevice {std::string(device), store_of(*store, 0)};
}

Result<std::vector<Device>> PostgresRegistry::devices()
{
    auto const rows = session_.query(select_devices);
    if (!rows)
        return fail(rows.error());
    std::vector<Device> devices;
    for (std::size_t row = 0; row < rows->size(); ++row) {
        Device device {std::string(rows->text(row, 0)), std::string(rows->text(row, 1)),
            std::string(rows->text(row, 2)), rows->integer(row, 3), std::nullopt, std::nullopt};
        if (!rows->is_null(row, 4))
            device.revoked_ms = rows->integer(row, 4);
        if (!rows->is_null(row, 5))
            device.seen = Device::Seen {rows->integer(row, 5),
                {std::string(rows->text(row, 6)), rows->integer(row, 7), std::string(rows->text(row, 8)), {},
                    {}, pin_from_text(rows->text(row, 9), rows->integer(row, 10) != 0)},
                rows->integer(row, 11)};
        devices.push_back(std::move(device));
    }
    return devices;
}

Result<> PostgresRegistry::revoke_device(std::string_view device, Act const& act)
{
    return carry_out(revoke, Parameters().add(act.at_ms).add(device),
        {act.at_ms, act.who, "device.revoke", std::string(device), {}},
        {Errc::NotFound, "there is no device " + std::string(device)});
}

Result<> PostgresRegistry::set_pin(std::span<std::string const> stores, std::string_view hash, Act const& act)
{
    return sync::set_pin(session_, stores, hash, act);
}

Result<> PostgresRegistry::clear_pin(std::span<std::string const> stores, Act const& act)
{
    return sync::clear_pin(session_, stores, act);
}

Result<std::vector<StorePin>> PostgresRegistry::pins() { return sync::pins(session_); }

Result<> PostgresRegistry::add_token(Grant const& grant, std::string_view token_hash, Act const& act)
{
    Parameters parameters;
    parameters.add(grant.name).add(name(grant.role)).add(to_text(grant.scope));
    if (grant.expires_ms)
        parameters.add(*grant.expires_ms);
    else
        parameters.add_null();
    parameters.add_bytes(token_hash).add(act.at_ms);
    return carry_out(insert_token, parameters,
        {act.at_ms, act.who, "token.add", grant.name, audit_detail(grant)},
        {Errc::Invalid, "a token of the name " + grant.name + " exists already, or has existed"});
}

Result<> PostgresRegistry::revoke_token(std::string_view name, Act const& act)
{
    return carry_out(revoke_token_of_name, Parameters().add(act.at_ms).add(name),
        {act.at_ms, act.who, "token.revoke", std::string(name), {}},
        {Errc::NotFound, "there is no token of the name " + std::string(name)});
}

Result<std::vector<Grant>> PostgresRegistry::tokens()
{
    auto const rows = session_.query(select_tokens);
    if (!rows)
        return fail(rows.error());
    std::vector<Grant> grants;
    for (std::size_t row = 0; row < rows->size(); ++row) {
        auto grant = grant_of(*rows, row);
        if (!grant)
            return fail(std::move(grant).error());
        grants.push_back(std::move(*grant));
    }
    return grants;
}

Result<std::vector<AuditLine>> PostgresRegistry::audit(std::int64_t since_ms)
{
    return read_audit(session_, since_ms);
}

}
