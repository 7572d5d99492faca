#include "sync/hub/postgres_erasure.h"

#include "sync/hub/audit.h"
#include "sync/hub/erased_text.h"
#include "sync/hub/hex.h"
#include "sync/hub/postgres_audit.h"
#include "sync/hub/postgres_box_erasures.h"
#include "sync/wire/batch_parser.h"

#include <bit>
#include <optional>

namespace listenpost::sync {
namespace {

using postgres::Parameters;
using postgres::Rows;
using postgres::Statement;

constexpr Statement find_part {"find_part_of_install", "SELECT part FROM installs WHERE install = $1"};
constexpr Statement find_rows {"find_rows_of_response",
    "SELECT off, store, device, at_ms, raw FROM log WHERE part = $1 AND install = $2 AND seq = $3 "
    "ORDER BY off"};
constexpr Statement lock_counter {
    "lock_counter", "SELECT next_off FROM partitions WHERE part = $1 FOR UPDATE"};
constexpr Statement note_erasure {"note_erasure",
    "INSERT INTO erasures (part, install, seq, erased_ms, digest) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT DO NOTHING"};
constexpr Statement rewrite_row {"rewrite_row", "UPDATE log SET raw = $3 WHERE part = $1 AND off = $2"};
constexpr Statement append_event {"append_event",
    "INSERT INTO log (part, off, store, device, install, seq, received_ms, at_ms, raw) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"};
constexpr Statement move_counter {"move_counter", "UPDATE partitions SET next_off = $2 WHERE part = $1"};

/// Of the rows that bear a number, which one is what its box has sent.
Result<std::optional<std::size_t>> original_among(Rows const& rows)
{
    for (std::size_t row = 0; row < rows.size(); ++row) {
        auto const event = event_of(rows.text(row, 4));
        if (!event)
            return fail(event.error());
        if (*event != text_erased_event)
            return row;
    }
    return std::nullopt;
}

}

Result<> erase_text(PostgresSession& session, std::string_view install, std::int64_t seq, Act const& act)
{
    std::string const key = from_hex(install);
    auto const not_found
        = [&] { return fail(Errc::NotFound, "the hub has no response " + response_name(install, seq)); };
    auto const known = session.query(find_part, Parameters().add_bytes(key));
    if (!known)
        return fail(known.error());
    if (known->empty())
        return not_found();
    auto const part = static_cast<std::int32_t>(known->integer(0, 0));
    // Before the counter is locked: it looks through the whole partition, and ingests go on meanwhile.
    auto const rows = session.query(find_rows, Parameters().add(part).add_bytes(key).add(seq));
    if (!rows)
        return fail(rows.error());
    auto const row = original_among(*rows);
    if (!row)
        return fail(row.error());
    if (!*row)
        return not_found();
    auto const raw = without_text(rows->text(**row, 4));
    if (!raw)
        return fail(raw.error());
    auto const digest = digest_without_text(rows->text(**row, 4));
    if (!digest)
        return fail(digest.error());

    auto transaction = session.begin();
    if (!transaction)
        return fail(std::move(transaction).error());
    // First, as ingests do: two hubs that erase the same response take turns.
    auto const counter = session.run(lock_counter, Parameters().add(part));
    if (!counter)
        return fail(counter.error());
    if (counter->size() != 1)
        return fail(Errc::Corrupt, "a partition has no counter");
    auto const noted = session.run(note_erasure,
        Parameters().add(part).add_bytes(key).add(seq).add(act.at_ms).add(
            std::bit_cast<std::int64_t>(*digest)));
    if (!noted)
        return fail(noted.error());
    if (noted->changed() == 0)
        return {}; // erased before
    std::int64_t const offset = counter->integer(0, 0);
    auto const rewritten
        = session.run(rewrite_row, Parameters().add(part).add(rows->integer(**row, 0)).add(*raw));
    if (!rewritten)
        return fail(rewritten.error());
    auto const appended = session.run(append_event,
        Parameters()
            .add(part)
            .add(offset)
            .add(rows->text(**row, 1))
            .add(rows->text(**row, 2))
            .add_bytes(key)
            .add(seq)
            .add(act.at_ms)
            .add(rows->integer(**row, 3))
            .add(text_erased_json(seq)));
    if (!appended)
        return fail(appended.error());
    auto const moved = session.run(move_counter, Parameters().add(part).add(offset + 1));
    if (!moved)
        return fail(moved.error());
    auto const ref = ref_of(install, seq, *raw);
    // No kiosk has written what it is not known by; the hub's own copy goes all the same.
    if (ref)
        LISTENPOST_TRY(ask_box_to_erase(session, *ref, rows->text(**row, 2), act.at_ms));
    LISTENPOST_TRY(write_audit(session,
        {act.at_ms, act.who, "response.erase", response_name(install, seq),
            "store " + std::string(rows->text(**row, 1))}));
    return transaction->commit();
}

}
