#include "sync/hub/postgres_heartbeats.h"

#include "sync/hub/postgres_box_erasures.h"

#include <map>

namespace listenpost::sync {
namespace {

using postgres::Parameters;
using postgres::Statement;

constexpr Statement upsert_heartbeats {"upsert_heartbeats",
    "INSERT INTO heartbeats (device, received_ms, version, waiting, raw) "
    "SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::text[]) "
    "ON CONFLICT (device) DO UPDATE SET received_ms = excluded.received_ms, "
    "version = excluded.version, waiting = excluded.waiting, raw = excluded.raw"};

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
    std::vector<std::int64_t> moments, waiting;
    for (auto const& [device, request] : last) {
        devices.push_back(device);
        moments.push_back(request->received_ms);
        versions.push_back(request->heartbeat.version);
        waiting.push_back(request->heartbeat.waiting);
        raws.push_back(request->heartbeat.json);
    }
    auto const written = session.write(
        upsert_heartbeats, Parameters().add(devices).add(moments).add(versions).add(waiting).add(raws));
    if (!written)
        return fail(written.error());
    return settle_erasures(session, heartbeats);
}

}
