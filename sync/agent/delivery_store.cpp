#include "sync/agent/delivery_store.h"

#include "sync/agent/delivery_rows.h"
#include "sync/agent/delivery_schema.h"

#include <algorithm>

namespace listenpost::sync {
namespace {

/// A new file is its owner's alone already; this is for one that was copied or restored
/// with other rights. Before SQLite gives them to its side files.
Result<> keep_private(std::filesystem::path const& path)
{
    using std::filesystem::perms;
    std::error_code error;
    std::filesystem::permissions(path, perms::owner_read | perms::owner_write, error);
    if (error && error != std::errc::no_such_file_or_directory)
        return fail(Errc::Io, "chmod " + path.string() + ": " + error.message());
    return {};
}

/// The newest acknowledged one of a batch, if its digest is known; seq 0 otherwise.
RowDigest newest_acknowledged(Settlement const& batch)
{
    RowDigest newest;
    for (auto const& row : batch.digests) {
        bool const refused = std::ranges::find(batch.refused, row.seq, &Refusal::seq) != batch.refused.end();
        if (!refused && row.seq > newest.seq)
            newest = row;
    }
    return newest;
}

}

Result<DeliveryStore> DeliveryStore::open(std::filesystem::path const& path)
{
    LISTENPOST_TRY(keep_private(path));
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
    if (!database)
        return fail(database.error());
    database->at_close(sqlite::AtClose::LeaveFiles); // until it is known to be whole
    LISTENPOST_TRY(check_and_migrate_delivery(*database));
    database->at_close(sqlite::AtClose::FoldBack);
    return DeliveryStore(std::move(*database));
}

Result<DeliveryStore> DeliveryStore::open_reader(std::filesystem::path const& path)
{
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Reader);
    if (!database)
        return fail(database.error());
    LISTENPOST_TRY(check_delivery_format(*database));
    return DeliveryStore(std::move(*database));
}

Result<> DeliveryStore::check() { return check_and_migrate_delivery(database_); }

Result<std::optional<Enrolment>> DeliveryStore::enrolment()
{
    auto query
        = database_.prepare("SELECT hub, device, token, ca_file, store_id, store_name, store_timezone, "
                            "enrolled_ms, pin FROM enrolment");
    if (!query)
        return fail(query.error());
    auto const row = query->step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return std::optional<Enrolment>();
    auto const text = [&query](int column) { return std::string(query->text(column)); };
    return Enrolment {
        .hub = text(0),
        .device = text(1),
        .token = text(2),
        .ca_file = text(3),
        .store_id = text(4),
        .store_name = text(5),
        .store_timezone = text(6),
        .enrolled = rows::wall(query->integer(7)),
        .pin = text(8),
    };
}

Result<> DeliveryStore::set_enrolment(Enrolment const& enrolment)
{
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(transaction.error());
    LISTENPOST_TRY(rows::run(database_,
        "INSERT OR REPLACE INTO enrolment (one, hub, device, token, ca_file, store_id, store_name, "
        "store_timezone, enrolled_ms, pin, row_check) VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
        "row_checksum(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9))",
        enrolment.hub, enrolment.device, enrolment.token, enrolment.ca_file, enrolment.store_id,
        enrolment.store_name, enrolment.store_timezone, enrolment.enrolled, enrolment.pin));
    LISTENPOST_TRY(database_.execute(
        "UPDATE contact SET error_code = '', error_detail = '', error_ms = NULL, next_attempt_ms = NULL, "
        "heartbeat_ms = NULL, heartbeat_code = ''"));
    return transaction->commit();
}

Result<Delivered> DeliveryStore::delivered(std::string const& install)
{
    auto query = rows::prepare(database_,
        "SELECT mark, acknowledged, proof_seq, proof_digest FROM delivered WHERE install = ?", install);
    if (!query)
        return fail(query.error());
    auto const row = query->step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return Delivered {};
    return Delivered {query->integer(0), query->integer(1), {query->integer(2), query->integer(3)}};
}

Result<std::int64_t> DeliveryStore::mark(std::string const& install)
{
    auto const state = delivered(install);
    if (!state)
        return fail(state.error());
    return state->mark;
}

Result<> DeliveryStore::settle(Settlement const& batch)
{
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(transaction.error());
    auto const now = mark(batch.install);
    if (!now)
        return fail(now.error());
    if (*now >= batch.mark)
        LISTENPOST_TRY(move_mark(batch));
    LISTENPOST_TRY(clear_quarantine(batch));
    for (auto const& refusal : batch.refused)
        LISTENPOST_TRY(set_aside(batch, refusal));
    LISTENPOST_TRY(note_answer(batch.at));
    return transaction->commit();
}

Result<> DeliveryStore::move_mark(Settlement const& batch)
{
    auto const acknowledged = static_cast<std::int64_t>(batch.seqs.size() - batch.refused.size());
    auto const newest = newest_acknowledged(batch);
    LISTENPOST_TRY(rows::run(database_,
        "INSERT INTO delivered (install, mark, acknowledged, proof_seq, proof_digest) "
        "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (install) DO UPDATE SET mark = max(mark, ?2), "
        "acknowledged = acknowledged + ?3, "
        "proof_digest = CASE WHEN ?4 > proof_seq THEN ?5 ELSE proof_digest END, "
        "proof_seq = max(proof_seq, ?4)",
        batch.install, batch.seqs.back(), acknowledged, newest.seq, newest.digest));
    return seal_delivered(batch.install);
}

Result<> DeliveryStore::seal_delivered(std::string const& install)
{
    return rows::run(database_,
        "UPDATE delivered SET row_check = " LISTENPOST_DELIVERED_CHECK " WHERE install = ?", install);
}

/// After a rewind the hub may have another opinion of what is in quarantine.
Result<> DeliveryStore::clear_quarantine(Settlement const& batch)
{
    auto const there = rows::integer(database_,
        "SELECT count(*) FROM quarantine WHERE install = ? AND seq BETWEEN ? AND ?", batch.install,
        batch.seqs.front(), batch.seqs.back());
    if (!there || *there == 0)
        return there ? Result<>() : fail(there.error());
    for (auto const seq : batch.seqs)
        LISTENPOST_TRY(
            rows::run(database_, "DELETE FROM quarantine WHERE install = ? AND seq = ?", batch.install, seq));
    return {};
}

Result<> DeliveryStore::note_answer(WallTime at)
{
    return rows::run(database_,
        "UPDATE contact SET last_contact_ms = ?, error_code = '', error_detail = '', error_ms = NULL, "
        "next_attempt_ms = NULL",
        at);
}

Result<> DeliveryStore::rewind(std::string const& install)
{
    return rows::run(database_, "DELETE FROM delivered WHERE install = ?", install);
}

Result<Contact> DeliveryStore::contact()
{
    auto query = database_.prepare("SELECT last_contact_ms, error_code, error_detail, error_ms, "
                                   "next_attempt_ms, heartbeat_ms, heartbeat_code FROM contact");
    if (!query)
        return fail(query.error());
    auto const row = query->step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return fail(Errc::Corrupt, "delivery.db has no contact row");
    return Contact {rows::wall_in(*query, 0), std::string(query->text(1)), std::string(query->text(2)),
        rows::wall_in(*query, 3), rows::wall_in(*query, 4), rows::wall_in(*query, 5),
        std::string(query->text(6))};
}

Result<> DeliveryStore::record_failure(std::string const& code, std::string const& detail, WallTime at,
    std::optional<WallTime> next_attempt, std::optional<WallTime> hub_answered)
{
    return rows::run(database_,
        "UPDATE contact SET error_code = ?, error_detail = ?, error_ms = ?, next_attempt_ms = ?, "
        "last_contact_ms = coalesce(?, last_contact_ms)",
        code, detail, at, next_attempt, hub_answered);
}

Result<> DeliveryStore::record_heartbeat(std::string const& code, WallTime at)
{
    if (!code.empty())
        return rows::run(database_, "UPDATE contact SET heartbeat_code = ?", code);
    return rows::run(
        database_, "UPDATE contact SET heartbeat_ms = ?1, heartbeat_code = '', last_contact_ms = ?1", at);
}

}
