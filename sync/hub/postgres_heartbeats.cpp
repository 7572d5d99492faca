#include "sync/hub/postgres_heartbeats.h"

#include "sync/hub/postgres_box_erasures.h"
#include "sync/hub/postgres_pins.h"
#include "sync/hub/store_pins.h"

#include <map>

namespace listenpost::sync {
namespace {

using postgres::Parameters;
using postgres::Statement;

constexpr Statement upsert_heartbeats {"upsert_heartbeats",
    "INSERT INTO heartbeats (device, received_ms, version, waiting, raw, pin, pin_in_force, pin_ms) "
    "SELECT t.*, t.received_ms FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], "
    "$6::text[], $7::bigint[]) AS t (device, received_ms, version, waiting, raw, pin, pin_in_force) "
    "ON CONFLICT (device) DO UPDATE SET received_ms = excluded.received_ms, "
    "version = excluded.version, waiting = excluded.waiting, raw = excluded.raw, "
    "pin_ms = CASE WHEN heartbeats.pin = excluded.pin THEN heartbeats.pin_ms ELSE excluded.pin_ms END, "
    "pin = excluded.pin, pin_in_force = excluded.pin_in_force"};

}

Result<std::vector<HeartbeatReply>> keep_heartbeats(
    PostgresSession& session, std::span<HeartbeatRequest const> heartbeats)
{
    // The last of each device; sorted: two hubs that write the same ones meet in the same order.
    std::map<std::string_view, HeartbeatRequest const*> last;
    for (auto const& request : heartbeats)
        last[request.device] = &request;
    if (last.empty())
        return std::vector<HeartbeatReply>();
    std::vector<std::string_view> devices, versions, raws;
    std::vector<std::string> pins;
    std::vector<std::int64_t> moments, waiting, in_force;
    for (auto const& [device, request] : last) {
        devices.push_back(device);
        moments.push_back(request->received_ms);
        versions.push_back(request->heartbeat.version);
        waiting.push_back(request->heartbeat.waiting);
        raws.push_back(request->heartbeat.json);
        pins.push_back(pin_to_text(request->heartbeat.pin));
        in_force.push_back(request->heartbeat.pin && request->heartbeat.pin->is_in_force ? 1 : 0);
    }
    std::vector<std::string_view> const pin_texts(pins.begin(), pins.end());
    auto const written = session.write(upsert_heartbeats,
        Parameters().add(devices).add(moments).add(versions).add(waiting).add(raws).add(pin_texts).add(
            in_force));
    if (!written)
        return fail(written.error());
    auto replies = settle_erasures(session, heartbeats);
    if (replies)
        LISTENPOST_TRY(add_pins(session, heartbeats, *replies));
    return replies;
}

}
