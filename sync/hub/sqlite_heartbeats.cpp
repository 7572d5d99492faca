#include "sync/hub/sqlite_heartbeats.h"

#include "sync/hub/sqlite_box_erasures.h"
#include "sync/hub/sqlite_pins.h"
#include "sync/hub/store_pins.h"

namespace listenpost::sync {

Result<std::vector<HeartbeatReply>> keep_heartbeats(
    sqlite::Database& database, std::span<HeartbeatRequest const> heartbeats)
{
    auto transaction = sqlite::Transaction::begin(database);
    if (!transaction)
        return fail(std::move(transaction).error());
    auto upsert = database.prepare(
        "INSERT INTO heartbeats (device, received_ms, version, waiting, raw, pin, pin_in_force, pin_ms) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?2) "
        "ON CONFLICT (device) DO UPDATE SET received_ms = excluded.received_ms, "
        "version = excluded.version, waiting = excluded.waiting, raw = excluded.raw, "
        "pin_ms = CASE WHEN pin = excluded.pin THEN pin_ms ELSE excluded.pin_ms END, "
        "pin = excluded.pin, pin_in_force = excluded.pin_in_force");
    if (!upsert)
        return fail(std::move(upsert).error());
    std::vector<HeartbeatReply> replies;
    for (auto const& request : heartbeats) {
        auto const& [device, received_ms, heartbeat] = request;
        upsert->bind(1, device).bind(2, received_ms).bind(3, heartbeat.version);
        std::string const pin = pin_to_text(heartbeat.pin);
        upsert->bind(4, heartbeat.waiting).bind(5, heartbeat.json).bind(6, pin);
        LISTENPOST_TRY(upsert->bind(7, std::int64_t {heartbeat.pin && heartbeat.pin->is_in_force}).run());
        auto reply = settle_erasures(database, request);
        if (!reply)
            return fail(std::move(reply).error());
        auto hash = pin_for(database, request);
        if (!hash)
            return fail(std::move(hash).error());
        reply->pin_hash = std::move(*hash);
        replies.push_back(std::move(*reply));
    }
    LISTENPOST_TRY(transaction->commit());
    return replies;
}

}
