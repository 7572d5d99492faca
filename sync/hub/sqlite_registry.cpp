#include "sync/hub/sqlite_registry.h"

#include "sync/hub/audit.h"
#include "sync/hub/secrets.h"
#include "sync/hub/sqlite_audit.h"
#include "sync/hub/sqlite_pins.h"
#include "sync/hub/store_pins.h"

namespace listenpost::sync {
namespace {

Store store_of(sqlite::Statement const& row)
{
    return {std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
        std::string(row.text(3)), std::string(row.text(4))};
}

Error no_store(std::string_view id) { return {Errc::NotFound, "there is no store " + std::string(id)}; }

/// Readers hold their memory of all places against it.
constexpr char const* note_change_of_places = "UPDATE hub SET places_version = places_version + 1";

}

Result<Grant> grant_of(sqlite::Statement const& row)
{
    auto scope = scope_from_text(row.text(2));
    if (!scope)
        return fail(std::move(scope).error());
    Grant grant {std::string(row.text(0)), row.text(1) == name(Role::Admin) ? Role::Admin : Role::Reader,
        std::move(*scope), std::nullopt, row.integer(4), std::nullopt};
    if (!row.is_null(3))
        grant.expires_ms = row.integer(3);
    if (!row.is_null(5))
        grant.revoked_ms = row.integer(5);
    return grant;
}

Result<> SqliteRegistry::commit(
    sqlite::Transaction& transaction, sqlite::Statement& change, AuditLine const& line, Error unchanged)
{
    LISTENPOST_TRY(change.run());
    if (database_.changes() == 0)
        return fail(std::move(unchanged));
    LISTENPOST_TRY(write_audit(database_, line));
    return transaction.commit();
}

Result<> SqliteRegistry::add_store(Store const& store, Act const& act)
{
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(std::move(transaction).error());
    LISTENPOST_TRY(database_.execute(note_change_of_places));
    auto insert = database_.prepare("INSERT INTO stores (store, name, region, city, timezone, created_ms) "
                                    "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
    if (!insert)
        return fail(std::move(insert).error());
    insert->bind(1, store.id).bind(2, store.name).bind(3, store.region).bind(4, store.city);
    insert->bind(5, store.timezone).bind(6, act.at_ms);
    return commit(*transaction, *insert, {act.at_ms, act.who, "store.add", store.id, audit_detail(store)},
        {Errc::Invalid, "store " + store.id + " exists already"});
}

Result<> SqliteRegistry::change_store(std::string_view store, StoreChange const& change, Act const& act)
{
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(std::move(transaction).error());
    LISTENPOST_TRY(database_.execute(note_change_of_places));
    auto update = database_.prepare("UPDATE stores SET name = coalesce(?2, name), "
                                    "region = coalesce(?3, region), city = coalesce(?4, city) "
                                    "WHERE store = ?1");
    if (!update)
        return fail(std::move(update).error());
    update->bind(1, store);
    int parameter = 1;
    for (auto const* value : {&change.name, &change.region, &change.city}) {
        ++parameter;
        if (*value)
            update->bind(parameter, **value);
    }
    return commit(*transaction, *update,
        {act.at_ms, act.who, "store.set", std::string(store), audit_detail(change)}, no_store(store));
}

Result<std::vector<Store>> SqliteRegistry::stores()
{
    auto select = database_.prepare("SELECT store, name, region, city, timezone FROM stores ORDER BY store");
    if (!select)
        return fail(std::move(select).error());
    std::vector<Store> stores;
    for (;;) {
        auto const row = select->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return stores;
        stores.push_back(store_of(*select));
    }
}

Result<Store> SqliteRegistry::find_store(std::string_view id)
{
    auto select = database_.prepare("SELECT store, name, region, city, timezone FROM stores WHERE store = ?");
    if (!select)
        return fail(std::move(select).error());
    auto const row = select->bind(1, id).step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return fail(no_store(id));
    return store_of(*select);
}

Result<> SqliteRegistry::add_invite(std::string_view code_hash, std::string_view store, std::string_view name,
    std::int64_t expires_ms, Act const& act)
{
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(std::move(transaction).error());
    auto insert = database_.prepare("INSERT INTO invites (code_hash, store, name, expires_ms) "
                                    "SELECT ?, store, ?, ? FROM stores WHERE store = ?");
    if (!insert)
        return fail(std::move(insert).error());
    insert->bind_blob(1, code_hash).bind(2, name).bind(3, expires_ms).bind(4, store);
    return commit(*transaction, *insert,
        {act.at_ms, act.who, "device.invite", std::string(store), std::string(name)}, no_store(store));
}

Result<EnrolledDevice> SqliteRegistry::enrol(std::string_view code_hash, std::string_view device,
    std::string_view token_hash, std::string_view name, std::int64_t now_ms)
{
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(std::move(transaction).error());
    auto const refuse = [] { return fail(Errc::Unauthorized, "the code is unknown, used or expired"); };

    auto find = database_.prepare("SELECT store, name, code_hash FROM invites WHERE code_hash = ? AND device "
                                  "IS NULL AND expires_ms > ?");
    if (!find)
        return fail(std::move(find).error());
    auto const row = find->bind_blob(1, code_hash).bind(2, now_ms).step();
    if (!row)
        return fail(row.error());
    if (!*row || !equal_secrets(find->text(2), code_hash))
        return refuse();
    auto store = find_store(find->text(0));
    if (!store)
        return fail(std::move(store).error());
    std::string const device_name(find->text(1).empty() ? name : find->text(1));
    find->reset();

    auto use = database_.prepare("UPDATE invites SET device = ? WHERE code_hash = ?");
    if (!use)
        return fail(std::move(use).error());
    LISTENPOST_TRY(use->bind(1, device).bind_blob(2, code_hash).run());
    auto insert = database_.prepare(
        "INSERT INTO devices (device, store, name, token_hash, enrolled_ms) VALUES (?, ?, ?, ?, ?)");
    if (!insert)
        return fail(std::move(insert).error());
    insert->bind(1, device).bind(2, store->id).bind(3, device_name);
    LISTENPOST_TRY(insert->bind_blob(4, token_hash).bind(5, now_ms).run());
    LISTENPOST_TRY(transaction->commit());
    return EnrolledDevice {std::string(device), std::move(*store)};
}

Result<std::vector<Device>> SqliteRegistry::devices()
{
    auto select = database_.prepare("SELECT d.device, d.store, d.name, d.enrolled_ms, d.revoked_ms, "
                                    "h.received_ms, h.version, h.waiting, h.raw, h.pin, "
                                    "h.pin_in_force, h.pin_ms "
                                    "FROM devices AS d LEFT JOIN heartbeats AS h ON h.device = d.device "
                                    "ORDER BY d.store, d.enrolled_ms, d.device");
    if (!select)
        return fail(std::move(select).error());
    std::vector<Device> devices;
    for (;;) {
        auto const row = select->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return devices;
        Device device {std::string(select->text(0)), std::string(select->text(1)),
            std::string(select->text(2)), select->integer(3), std::nullopt, std::nullopt};
        if (!select->is_null(4))
            device.revoked_ms = select->integer(4);
        if (!select->is_null(5))
            device.seen = Device::Seen {select->integer(5),
                {std::string(select->text(6)), select->integer(7), std::string(select->text(8)), {}, {},
                    pin_from_text(select->text(9), select->integer(10) != 0)},
                select->integer(11)};
        devices.push_back(std::move(device));
    }
}

Result<> SqliteRegistry::revoke_device(std::string_view device, Act const& act)
{
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(std::move(transaction).error());
    auto update
        = database_.prepare("UPDATE devices SET revoked_ms = coalesce(revoked_ms, ?) WHERE device = ?");
    if (!update)
        return fail(std::move(update).error());
    update->bind(1, act.at_ms).bind(2, device);
    return commit(*transaction, *update, {act.at_ms, act.who, "device.revoke", std::string(device), {}},
        {Errc::NotFound, "there is no device " + std::string(device)});
}

Result<> SqliteRegistry::set_pin(std::span<std::string const> stores, std::string_view hash, Act const& act)
{
    return sync::set_pin(database_, stores, hash, act);
}

Result<> SqliteRegistry::clear_pin(std::span<std::string const> stores, Act const& act)
{
    return sync::clear_pin(database_, stores, act);
}

Result<std::vector<StorePin>> SqliteRegistry::pins() { return sync::pins(database_); }

Result<> SqliteRegistry::add_token(Grant const& grant, std::string_view token_hash, Act const& act)
{
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(std::move(transaction).error());
    auto insert
        = database_.prepare("INSERT INTO tokens (name, role, scope, expires_ms, token_hash, created_ms) "
                            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
    if (!insert)
        return fail(std::move(insert).error());
    std::string const scope = to_text(grant.scope);
    insert->bind(1, grant.name).bind(2, std::string_view(name(grant.role))).bind(3, scope);
    if (grant.expires_ms)
        insert->bind(4, *grant.expires_ms);
    insert->bind_blob(5, token_hash).bind(6, act.at_ms);
    return commit(*transaction, *insert, {act.at_ms, act.who, "token.add", grant.name, audit_detail(grant)},
        {Errc::Invalid, "a token of the name " + grant.name + " exists already, or has existed"});
}

Result<> SqliteRegistry::revoke_token(std::string_view name, Act const& act)
{
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(std::move(transaction).error());
    auto update = database_.prepare("UPDATE tokens SET revoked_ms = coalesce(revoked_ms, ?) WHERE name = ?");
    if (!update)
        return fail(std::move(update).error());
    update->bind(1, act.at_ms).bind(2, name);
    return commit(*transaction, *update, {act.at_ms, act.who, "token.revoke", std::string(name), {}},
        {Errc::NotFound, "there is no token of the name " + std::string(name)});
}

Result<std::vector<Grant>> SqliteRegistry::tokens()
{
    auto select = database_.prepare("SELECT " LISTENPOST_GRANT " FROM tokens ORDER BY name");
    if (!select)
        return fail(std::move(select).error());
    std::vector<Grant> grants;
    for (;;) {
        auto const row = select->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return grants;
        auto grant = grant_of(*select);
        if (!grant)
            return fail(std::move(grant).error());
        grants.push_back(std::move(*grant));
    }
}

Result<std::vector<AuditLine>> SqliteRegistry::audit(std::int64_t since_ms)
{
    return read_audit(database_, since_ms);
}

}
