#include "sync/hub/sqlite_heartbeats.h"

#include "sync/hub/sqlite_box_erasures.h"

namespace listenpost::sync {

Result<std::vector<HeartbeatReply>> keep_heartbeats(
    sqlite::Database& database, std::span<HeartbeatRequest const> heartbeats)
{
    auto transaction = sqlite::Transaction::begin(database);
    if (!transaction)
        return fail(std::move(transaction).error());
    auto upsert = database.prepare(
        "INSERT INTO heartbeats (device, received_ms, version, waiting, raw) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (device) DO UPDATE SET received_ms = excluded.received_ms, "
        "version = excluded.version, waiting = excluded.waiting, raw = excluded.raw");
    if (!upsert)
        return fail(std::move(upsert).error());
    std::vector<HeartbeatReply> replies;
    for (auto const& request : heartbeats) {
        auto const& [device, received_ms, heartbeat] = request;
        upsert->bind(1, device).bind(2, received_ms).bind(3, heartbeat.version);
        LISTENPOST_TRY(upsert->bind(4, heartbeat.waiting).bind(5, heartbeat.json).run());
        auto reply = settle_erasures(database, request);
        if (!reply)
            return fail(std::move(reply).error());
        replies.push_back(std::move(*reply));
    }
    LISTENPOST_TRY(transaction->commit());
    return replies;
}

}
