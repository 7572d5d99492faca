#include "sync/hub/sqlite_registry.h"

#include "sync/hub/secrets.h"

namespace listenpost::sync {
namespace {

Store store_of(sqlite::Statement const& row)
{
    return {std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
        std::string(row.text(3)), std::string(row.text(4))};
}

}

Result<> SqliteRegistry::add_store(Store const& store, std::int64_t now_ms)
{
    auto insert = database_.prepare("INSERT INTO stores (store, name, region, city, timezone, created_ms) "
                                    "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
    if (!insert)
        return fail(std::move(insert).error());
    insert->bind(1, store.id).bind(2, store.name).bind(3, store.region).bind(4, store.city);
    LISTENPOST_TRY(insert->bind(5, store.timezone).bind(6, now_ms).run());
    if (database_.changes() == 0)
        return fail(Errc::Invalid, "store " + store.id + " exists already");
    return {};
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
        return fail(Errc::NotFound, "there is no store " + std::string(id));
    return store_of(*select);
}

Result<> SqliteRegistry::add_invite(
    std::string_view code_hash, std::string_view store, std::string_view name, std::int64_t expires_ms)
{
    if (auto known = find_store(store); !known)
        return fail(std::move(known).error());
    auto insert
        = database_.prepare("INSERT INTO invites (code_hash, store, name, expires_ms) VALUES (?, ?, ?, ?)");
    if (!insert)
        return fail(std::move(insert).error());
    return insert->bind_blob(1, code_hash).bind(2, store).bind(3, name).bind(4, expires_ms).run();
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
                                    "h.received_ms, h.version, h.waiting, h.raw "
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
                {std::string(select->text(6)), select->integer(7), std::string(select->text(8))}};
        devices.push_back(std::move(device));
    }
}

Result<> SqliteRegistry::revoke_device(std::string_view device, std::int64_t now_ms)
{
    auto update
        = database_.prepare("UPDATE devices SET revoked_ms = coalesce(revoked_ms, ?) WHERE device = ?");
    if (!update)
        return fail(std::move(update).error());
    LISTENPOST_TRY(update->bind(1, now_ms).bind(2, device).run());
    if (database_.changes() == 0)
        return fail(Errc::NotFound, "there is no device " + std::string(device));
    return {};
}

Result<> SqliteRegistry::add_token(
    std::string_view name, Role role, std::string_view token_hash, std::int64_t now_ms)
{
    auto insert = database_.prepare("INSERT INTO tokens (name, role, token_hash, created_ms) "
                                    "VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");
    if (!insert)
        return fail(std::move(insert).error());
    insert->bind(1, name).bind(2, std::string_view(sync::name(role)));
    LISTENPOST_TRY(insert->bind_blob(3, token_hash).bind(4, now_ms).run());
    if (database_.changes() == 0)
        return fail(Errc::Invalid, "a token of the name " + std::string(name) + " exists already");
    return {};
}

}
