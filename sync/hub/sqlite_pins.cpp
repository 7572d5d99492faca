#include "sync/hub/sqlite_pins.h"

#include "sync/hub/sqlite_audit.h"
#include "sync/wire/digest.h"

namespace listenpost::sync {
namespace {

/// Runs the change, whose first parameter is the store, for each, with its line of the audit log.
/// `unchanged`: of the error where there was no such row.
Result<> change_each(sqlite::Database& database, sqlite::Statement& change,
    std::span<std::string const> stores, char const* what, char const* unchanged, Act const& act)
{
    for (auto const& store : stores) {
        LISTENPOST_TRY(change.bind(1, store).run());
        if (database.changes() == 0)
            return fail(Errc::NotFound, unchanged + store);
        LISTENPOST_TRY(write_audit(database, {act.at_ms, act.who, what, store, {}}));
    }
    return {};
}

}

Result<> set_pin(
    sqlite::Database& database, std::span<std::string const> stores, std::string_view hash, Act const& act)
{
    auto transaction = sqlite::Transaction::begin(database);
    if (!transaction)
        return fail(std::move(transaction).error());
    auto upsert = database.prepare(
        "INSERT INTO pins (store, hash, fingerprint, set_ms) "
        "SELECT store, ?2, ?3, ?4 FROM stores WHERE store = ?1 ON CONFLICT (store) DO UPDATE SET "
        "hash = excluded.hash, fingerprint = excluded.fingerprint, set_ms = excluded.set_ms");
    if (!upsert)
        return fail(std::move(upsert).error());
    std::string const fingerprint = sha256_hex(hash);
    upsert->bind(2, hash).bind(3, fingerprint).bind(4, act.at_ms);
    LISTENPOST_TRY(change_each(database, *upsert, stores, "pin.set", "there is no store ", act));
    return transaction->commit();
}

Result<> clear_pin(sqlite::Database& database, std::span<std::string const> stores, Act const& act)
{
    auto transaction = sqlite::Transaction::begin(database);
    if (!transaction)
        return fail(std::move(transaction).error());
    auto clear
        = database.prepare("UPDATE pins SET hash = '', fingerprint = '' WHERE store = ?1 AND hash <> ''");
    if (!clear)
        return fail(std::move(clear).error());
    LISTENPOST_TRY(change_each(database, *clear, stores, "pin.clear", "no PIN is set for store ", act));
    return transaction->commit();
}

Result<std::vector<StorePin>> pins(sqlite::Database& database)
{
    auto select
        = database.prepare("SELECT store, fingerprint, set_ms FROM pins WHERE hash <> '' ORDER BY store");
    if (!select)
        return fail(std::move(select).error());
    std::vector<StorePin> list;
    for (;;) {
        auto const row = select->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return list;
        list.push_back({std::string(select->text(0)), std::string(select->text(1)), select->integer(2)});
    }
}

Result<std::string> pin_for(sqlite::Database& database, HeartbeatRequest const& request)
{
    auto const& held = request.heartbeat.pin;
    if (!held)
        return std::string();
    auto select = database.prepare("SELECT p.hash FROM devices AS d JOIN pins AS p ON p.store = d.store "
                                   "WHERE d.device = ? AND p.hash <> '' AND p.fingerprint <> ?");
    if (!select)
        return fail(std::move(select).error());
    auto const row = select->bind(1, request.device).bind(2, held->fingerprint).step();
    if (!row)
        return fail(row.error());
    return *row ? std::string(select->text(0)) : std::string();
}

}
