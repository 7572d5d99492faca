#include "sync/hub/postgres_box_erasures.h"

#include "sync/hub/erased_text.h"
#include "sync/hub/hex.h"

namespace listenpost::sync {
namespace {

using postgres::Parameters;
using postgres::Statement;

constexpr Statement ask {"ask_box_to_erase",
    "INSERT INTO box_erasures (install, seq, device, boot, steady_ms, asked_ms) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"};
// What nobody has asked for is not kept, nor what another was asked for. In an order, for two hubs may be
// told the same.
constexpr Statement note_done {"note_box_erased",
    "INSERT INTO box_erasures_done (install, seq, device, done_ms) "
    "SELECT t.install, t.seq, t.device, t.done_ms "
    "FROM unnest($1::bytea[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[]) "
    "AS t (install, seq, device, done_ms, has_had) "
    "JOIN box_erasures AS e ON e.install = t.install AND e.seq = t.seq "
    "AND (e.device = t.device OR t.has_had = 1) "
    "ORDER BY t.install, t.seq, t.device ON CONFLICT DO NOTHING"};
// Of each who asks, by its place among them: what it brought, and what its installs did.
constexpr Statement find {"find_box_erasures",
    "SELECT a.place, e.install, e.seq, e.boot, e.steady_ms, e.asked_ms "
    "FROM unnest($1::bigint[], $2::text[]) AS a (place, device) "
    "JOIN box_erasures AS e ON e.device = a.device "
    "WHERE NOT EXISTS (SELECT FROM box_erasures_done AS d "
    "WHERE d.install = e.install AND d.seq = e.seq AND d.device = a.device) "
    "UNION "
    "SELECT a.place, e.install, e.seq, e.boot, e.steady_ms, e.asked_ms "
    "FROM unnest($3::bigint[], $4::text[], $5::bytea[]) AS a (place, device, install) "
    "JOIN box_erasures AS e ON e.install = a.install "
    "WHERE NOT EXISTS (SELECT FROM box_erasures_done AS d "
    "WHERE d.install = e.install AND d.seq = e.seq AND d.device = a.device) "
    "ORDER BY asked_ms, seq"};
constexpr Statement list_all {"list_box_erasures",
    "SELECT e.install, e.seq, e.device, e.asked_ms, d.device, d.done_ms FROM box_erasures AS e "
    "LEFT JOIN box_erasures_done AS d ON d.install = e.install AND d.seq = e.seq "
    "ORDER BY e.asked_ms, e.install, e.seq, d.done_ms, d.device"};

Parameters parameters_of(kiosk::ResponseRef const& response, std::string_view device, std::int64_t now_ms)
{
    Parameters parameters;
    parameters.add_bytes(from_hex(response.install)).add(response.seq).add(device).add(response.boot);
    parameters.add(response.steady_ms).add(now_ms);
    return parameters;
}

Result<> note(PostgresSession& session, std::span<HeartbeatRequest const> requests)
{
    std::vector<std::string> keys;
    std::vector<std::int64_t> seqs, moments, had;
    std::vector<std::string_view> devices;
    for (auto const& request : requests)
        for (auto const& [install, seq] : request.heartbeat.erased) {
            keys.push_back(from_hex(install));
            seqs.push_back(seq);
            devices.push_back(request.device);
            moments.push_back(request.received_ms);
            had.push_back(has_had(request.heartbeat, install) ? 1 : 0);
        }
    if (keys.empty())
        return {};
    std::vector<std::string_view> const installs(keys.begin(), keys.end());
    auto const noted = session.write(
        note_done, Parameters().add_bytes(installs).add(seqs).add(devices).add(moments).add(had));
    return noted ? Result<>() : fail(noted.error());
}

}

Result<> ask_box_to_erase(PostgresSession& session, kiosk::ResponseRef const& response,
    std::string_view device, std::int64_t now_ms)
{
    auto const asked = session.run(ask, parameters_of(response, device, now_ms));
    return asked ? Result<>() : fail(asked.error());
}

Result<std::vector<HeartbeatReply>> settle_erasures(
    PostgresSession& session, std::span<HeartbeatRequest const> requests)
{
    LISTENPOST_TRY(note(session, requests));
    std::vector<HeartbeatReply> replies(requests.size());
    std::vector<std::int64_t> places, places_of_installs;
    std::vector<std::string_view> devices, devices_of_installs;
    std::vector<std::string> keys;
    for (std::size_t place = 0; place < requests.size(); ++place) {
        auto const& request = requests[place];
        if (!request.heartbeat.installs)
            continue;
        places.push_back(static_cast<std::int64_t>(place));
        devices.push_back(request.device);
        for (auto const& install : *request.heartbeat.installs) {
            places_of_installs.push_back(places.back());
            devices_of_installs.push_back(request.device);
            keys.push_back(from_hex(install));
        }
    }
    if (places.empty())
        return replies;
    std::vector<std::string_view> const installs(keys.begin(), keys.end());
    auto const rows = session.query(find,
        Parameters()
            .add(places)
            .add(devices)
            .add(places_of_installs)
            .add(devices_of_installs)
            .add_bytes(installs));
    if (!rows)
        return fail(rows.error());
    for (std::size_t row = 0; row < rows->size(); ++row) {
        auto& found = replies[static_cast<std::size_t>(rows->integer(row, 0))].erase.responses;
        if (found.size() < kiosk::EraseRequest::max_responses)
            found.push_back({to_hex(rows->text(row, 1)), rows->integer(row, 2),
                std::string(rows->text(row, 3)), rows->integer(row, 4)});
    }
    return replies;
}

Result<std::vector<BoxErasure>> box_erasures(PostgresSession& session)
{
    auto const rows = session.query(list_all);
    if (!rows)
        return fail(rows.error());
    std::vector<BoxErasure> list;
    for (std::size_t row = 0; row < rows->size(); ++row) {
        std::string install = to_hex(rows->text(row, 0));
        std::int64_t const seq = rows->integer(row, 1);
        if (list.empty() || list.back().install != install || list.back().seq != seq)
            list.push_back(
                {std::move(install), seq, std::string(rows->text(row, 2)), rows->integer(row, 3), {}});
        if (!rows->is_null(row, 4))
            list.back().done.push_back({std::string(rows->text(row, 4)), rows->integer(row, 5)});
    }
    return list;
}

Result<> fill_box_erasures(postgres::Connection& connection)
{
    auto const rows = connection.run({"find_earlier_erasures",
        "SELECT e.install, e.seq, e.erased_ms, l.device, l.raw FROM erasures AS e "
        "JOIN log AS l ON l.part = e.part AND l.install = e.install AND l.seq = e.seq"});
    if (!rows)
        return fail(rows.error());
    for (std::size_t row = 0; row < rows->size(); ++row) {
        auto const event = event_of(rows->text(row, 4));
        auto const ref = ref_of(to_hex(rows->text(row, 0)), rows->integer(row, 1), rows->text(row, 4));
        if (!event || !event->empty() || !ref)
            continue;
        if (auto const asked
            = connection.run(ask, parameters_of(*ref, rows->text(row, 3), rows->integer(row, 2)));
            !asked)
            return fail(asked.error());
    }
    return {};
}

}
