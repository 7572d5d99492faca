#include "sync/hub/sqlite_box_erasures.h"

#include "sync/hub/erased_text.h"
#include "sync/hub/hex.h"

namespace listenpost::sync {
namespace {

#define LISTENPOST_BOX_ERASURES                                                                              \
    "SELECT install, seq, boot, steady_ms FROM box_erasures AS e WHERE NOT EXISTS (SELECT 1 "                \
    "FROM box_erasures_done AS d WHERE d.install = e.install AND d.seq = e.seq AND d.device = ?1) "
constexpr char const* of_device = LISTENPOST_BOX_ERASURES "AND e.device = ?1 ORDER BY asked_ms LIMIT ?2";
constexpr char const* of_install
    = LISTENPOST_BOX_ERASURES "AND e.install = ?3 AND e.device <> ?1 ORDER BY asked_ms LIMIT ?2";
#undef LISTENPOST_BOX_ERASURES

Result<> note_done(sqlite::Database& database, HeartbeatRequest const& request)
{
    if (request.heartbeat.erased.empty())
        return {};
    // What nobody has asked for is not kept, nor what another was asked for.
    auto note
        = database.prepare("INSERT INTO box_erasures_done (install, seq, device, done_ms) "
                           "SELECT install, seq, ?3, ?4 FROM box_erasures WHERE install = ?1 AND seq = ?2 "
                           "AND (device = ?3 OR ?5) "
                           "ON CONFLICT DO NOTHING");
    if (!note)
        return fail(std::move(note).error());
    for (auto const& [install, seq] : request.heartbeat.erased) {
        std::string const key = from_hex(install);
        note->bind_blob(1, key).bind(2, seq).bind(3, request.device).bind(4, request.received_ms);
        LISTENPOST_TRY(note->bind(5, std::int64_t {has_had(request.heartbeat, install)}).run());
    }
    return {};
}

Result<> append(sqlite::Statement& select, kiosk::EraseRequest& request)
{
    for (;;) {
        auto const row = select.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        request.responses.push_back(
            {to_hex(select.text(0)), select.integer(1), std::string(select.text(2)), select.integer(3)});
    }
}

}

Result<> ask_box_to_erase(sqlite::Database& database, kiosk::ResponseRef const& response,
    std::string_view device, std::int64_t now_ms)
{
    auto ask = database.prepare("INSERT INTO box_erasures (install, seq, device, boot, steady_ms, asked_ms) "
                                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
    if (!ask)
        return fail(std::move(ask).error());
    std::string const key = from_hex(response.install);
    ask->bind_blob(1, key).bind(2, response.seq).bind(3, device).bind(4, response.boot);
    return ask->bind(5, response.steady_ms).bind(6, now_ms).run();
}

Result<HeartbeatReply> settle_erasures(sqlite::Database& database, HeartbeatRequest const& request)
{
    LISTENPOST_TRY(note_done(database, request));
    HeartbeatReply reply;
    if (!request.heartbeat.installs)
        return reply;
    auto by_device = database.prepare(of_device);
    auto by_install = database.prepare(of_install);
    if (!by_device || !by_install)
        return fail(by_device ? by_install.error() : by_device.error());
    auto& found = reply.erase.responses;
    auto const room
        = [&] { return static_cast<std::int64_t>(kiosk::EraseRequest::max_responses - found.size()); };
    LISTENPOST_TRY(append(by_device->bind(1, request.device).bind(2, room()), reply.erase));
    for (auto const& install : *request.heartbeat.installs) {
        std::string const key = from_hex(install);
        by_install->bind(1, request.device).bind(2, room()).bind_blob(3, key);
        LISTENPOST_TRY(append(*by_install, reply.erase));
    }
    return reply;
}

Result<std::vector<BoxErasure>> box_erasures(sqlite::Database& database)
{
    auto select = database.prepare(
        "SELECT e.install, e.seq, e.device, e.asked_ms, d.device, d.done_ms FROM box_erasures AS e "
        "LEFT JOIN box_erasures_done AS d ON d.install = e.install AND d.seq = e.seq "
        "ORDER BY e.asked_ms, e.install, e.seq, d.done_ms, d.device");
    if (!select)
        return fail(std::move(select).error());
    std::vector<BoxErasure> list;
    for (;;) {
        auto const row = select->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return list;
        std::string install = to_hex(select->text(0));
        std::int64_t const seq = select->integer(1);
        if (list.empty() || list.back().install != install || list.back().seq != seq)
            list.push_back({std::move(install), seq, std::string(select->text(2)), select->integer(3), {}});
        if (!select->is_null(4))
            list.back().done.push_back({std::string(select->text(4)), select->integer(5)});
    }
}

Result<> fill_box_erasures(sqlite::Database& database)
{
    auto select = database.prepare(
        "SELECT e.install, e.seq, e.erased_ms, l.device, l.raw FROM erasures AS e CROSS JOIN log AS l "
        "ON l.part = e.part AND l.install = e.install AND l.seq = e.seq");
    if (!select)
        return fail(std::move(select).error());
    for (;;) {
        auto const row = select->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        std::string const raw(select->text(4));
        auto const event = event_of(raw);
        auto const ref = ref_of(to_hex(select->text(0)), select->integer(1), raw);
        if (event && event->empty() && ref)
            LISTENPOST_TRY(
                ask_box_to_erase(database, *ref, std::string(select->text(3)), select->integer(2)));
    }
}

}
