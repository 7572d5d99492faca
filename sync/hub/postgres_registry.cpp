#include "sync/hub/postgres_registry.h"

#include "sync/hub/secrets.h"

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
constexpr Statement insert_invite {
    "insert_invite", "INSERT INTO invites (code_hash, store, name, expires_ms) VALUES ($1, $2, $3, $4)"};
// Two hubs may be shown the same code at the same moment: the second waits, and finds it used.
constexpr Statement use_invite {"use_invite",
    "UPDATE invites SET device = $2 WHERE code_hash = $1 AND device IS NULL AND expires_ms > $3 "
    "RETURNING store, name, code_hash"};
constexpr Statement insert_device {"insert_device",
    "INSERT INTO devices (device, store, name, token_hash, enrolled_ms) VALUES ($1, $2, $3, $4, $5)"};
constexpr Statement select_devices {"select_devices",
    "SELECT d.device, d.store, d.name, d.enrolled_ms, d.revoked_ms, h.received_ms, h.version, h.waiting, "
    "h.raw "
    "FROM devices AS d LEFT JOIN heartbeats AS h ON h.device = d.device "
    "ORDER BY d.store, d.enrolled_ms, d.device"};
constexpr Statement revoke {
    "revoke", "UPDATE devices SET revoked_ms = coalesce(revoked_ms, $1) WHERE device = $2"};
constexpr Statement insert_token {"insert_token",
    "INSERT INTO tokens (name, role, token_hash, created_ms) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"};

Store store_of(Rows const& rows, std::size_t row)
{
    return {std::string(rows.text(row, 0)), std::string(rows.text(row, 1)), std::string(rows.text(row, 2)),
        std::string(rows.text(row, 3)), std::string(rows.text(row, 4))};
}

}

Result<> PostgresRegistry::add_store(Store const& store, std::int64_t now_ms)
{
    auto const added = session_.write(insert_store,
        Parameters()
            .add(store.id)
            .add(store.name)
            .add(store.region)
            .add(store.city)
            .add(store.timezone)
            .add(now_ms));
    if (!added)
        return fail(added.error());
    if (*added == 0)
        return fail(Errc::Invalid, "store " + store.id + " exists already");
    return {};
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

Result<> PostgresRegistry::add_invite(
    std::string_view code_hash, std::string_view store, std::string_view name, std::int64_t expires_ms)
{
    auto const known = session_.query(select_store, Parameters().add(store));
    if (!known)
        return fail(known.error());
    if (known->empty())
        return fail(Errc::NotFound, "there is no store " + std::string(store));
    auto const added = session_.write(
        insert_invite, Parameters().add_bytes(code_hash).add(store).add(name).add(expires_ms));
    if (!added)
        return fail(added.error());
    return {};
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
        return fail(Errc::NotFound, "there is no store " + std::string(store_id));
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
                {std::string(rows->text(row, 6)), rows->integer(row, 7), std::string(rows->text(row, 8))}};
        devices.push_back(std::move(device));
    }
    return devices;
}

Result<> PostgresRegistry::revoke_device(std::string_view device, std::int64_t now_ms)
{
    auto const revoked = session_.write(revoke, Parameters().add(now_ms).add(device));
    if (!revoked)
        return fail(revoked.error());
    if (*revoked == 0)
        return fail(Errc::NotFound, "there is no device " + std::string(device));
    return {};
}

Result<> PostgresRegistry::add_token(
    std::string_view name, Role role, std::string_view token_hash, std::int64_t now_ms)
{
    auto const added = session_.write(
        insert_token, Parameters().add(name).add(sync::name(role)).add_bytes(token_hash).add(now_ms));
    if (!added)
        return fail(added.error());
    if (*added == 0)
        return fail(Errc::Invalid, "a token of the name " + std::string(name) + " exists already");
    return {};
}

}
