#include "sync/hub/postgres_pins.h"

#include "sync/hub/postgres_audit.h"
#include "sync/wire/digest.h"

namespace listenpost::sync {
namespace {

using postgres::Parameters;
using postgres::Statement;

constexpr Statement upsert_pin {"upsert_pin",
    "INSERT INTO pins (store, hash, fingerprint, set_ms) "
    "SELECT store, $2::text, $3::text, $4::bigint FROM stores WHERE store = $1 "
    "ON CONFLICT (store) DO UPDATE SET "
    "hash = excluded.hash, fingerprint = excluded.fingerprint, set_ms = excluded.set_ms"};
constexpr Statement blank_pin {
    "blank_pin", "UPDATE pins SET hash = '', fingerprint = '' WHERE store = $1 AND hash <> ''"};
constexpr Statement select_pins {
    "select_pins", "SELECT store, fingerprint, set_ms FROM pins WHERE hash <> '' ORDER BY store"};
// Of each who says what it has, by its place among them.
constexpr Statement find_pins {"find_pins",
    "SELECT a.place, p.hash FROM unnest($1::bigint[], $2::text[], $3::text[]) AS a (place, device, pin) "
    "JOIN devices AS d ON d.device = a.device JOIN pins AS p ON p.store = d.store "
    "WHERE p.hash <> '' AND p.fingerprint <> a.pin"};

/// One store's part of an act, with its line. `unchanged`: of the error where there was no such row.
Result<> change(PostgresSession& session, Statement const& statement, Parameters const& parameters,
    AuditLine const& line, char const* unchanged)
{
    auto const changed = session.run(statement, parameters);
    if (!changed)
        return fail(changed.error());
    if (changed->changed() == 0)
        return fail(Errc::NotFound, unchanged + line.object);
    return write_audit(session, line);
}

}

Result<> set_pin(
    PostgresSession& session, std::span<std::string const> stores, std::string_view hash, Act const& act)
{
    auto transaction = session.begin();
    if (!transaction)
        return fail(std::move(transaction).error());
    std::string const fingerprint = sha256_hex(hash);
    for (auto const& store : stores)
        LISTENPOST_TRY(
            change(session, upsert_pin, Parameters().add(store).add(hash).add(fingerprint).add(act.at_ms),
                {act.at_ms, act.who, "pin.set", store, {}}, "there is no store "));
    return transaction->commit();
}

Result<> clear_pin(PostgresSession& session, std::span<std::string const> stores, Act const& act)
{
    auto transaction = session.begin();
    if (!transaction)
        return fail(std::move(transaction).error());
    for (auto const& store : stores)
        LISTENPOST_TRY(change(session, blank_pin, Parameters().add(store),
            {act.at_ms, act.who, "pin.clear", store, {}}, "no PIN is set for store "));
    return transaction->commit();
}

Result<std::vector<StorePin>> pins(PostgresSession& session)
{
    auto const rows = session.query(select_pins);
    if (!rows)
        return fail(rows.error());
    std::vector<StorePin> list;
    for (std::size_t row = 0; row < rows->size(); ++row)
        list.push_back(
            {std::string(rows->text(row, 0)), std::string(rows->text(row, 1)), rows->integer(row, 2)});
    return list;
}

Result<> add_pins(
    PostgresSession& session, std::span<HeartbeatRequest const> requests, std::span<HeartbeatReply> replies)
{
    std::vector<std::int64_t> places;
    std::vector<std::string_view> devices, held;
    for (std::size_t place = 0; place < requests.size(); ++place) {
        auto const& pin = requests[place].heartbeat.pin;
        if (!pin)
            continue;
        places.push_back(static_cast<std::int64_t>(place));
        devices.push_back(requests[place].device);
        held.push_back(pin->fingerprint);
    }
    if (places.empty())
        return {};
    auto const rows = session.query(find_pins, Parameters().add(places).add(devices).add(held));
    if (!rows)
        return fail(rows.error());
    for (std::size_t row = 0; row < rows->size(); ++row)
        replies[static_cast<std::size_t>(rows->integer(row, 0))].pin_hash = rows->text(row, 1);
    return {};
}

}
