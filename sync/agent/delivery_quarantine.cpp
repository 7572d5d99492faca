// The part of DeliveryStore that keeps what the hub has refused.

#include "sync/agent/delivery_rows.h"
#include "sync/agent/delivery_store.h"

#include <algorithm>

namespace listenpost::sync {
namespace {

constexpr char columns[] = "SELECT install, seq, code, detail, at_ms, digest, retry FROM quarantine ";

std::int64_t digest_of(Settlement const& batch, std::int64_t seq)
{
    auto const found = std::ranges::find(batch.digests, seq, &RowDigest::seq);
    return found == batch.digests.end() ? 0 : found->digest;
}

}

Result<std::vector<Quarantined>> DeliveryStore::read_quarantined(sqlite::Statement& query)
{
    std::vector<Quarantined> list;
    for (;;) {
        auto const row = query.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return list;
        list.push_back({std::string(query.text(0)),
            {query.integer(1), std::string(query.text(2)), std::string(query.text(3))},
            rows::wall(query.integer(4)), query.integer(5), query.integer(6) != 0});
    }
}

Result<std::vector<Quarantined>> DeliveryStore::quarantined(std::size_t limit)
{
    auto query = rows::prepare(database_, std::string(columns) + "ORDER BY at_ms DESC, seq DESC LIMIT ?",
        static_cast<std::int64_t>(limit));
    if (!query)
        return fail(query.error());
    return read_quarantined(*query);
}

Result<std::vector<Quarantined>> DeliveryStore::quarantined_of(std::string const& install)
{
    auto query = rows::prepare(database_, std::string(columns) + "WHERE install = ? ORDER BY seq", install);
    if (!query)
        return fail(query.error());
    return read_quarantined(*query);
}

Result<std::vector<Quarantined>> DeliveryStore::conflicts()
{
    auto query
        = rows::prepare(database_, std::string(columns) + "WHERE code = 'conflict' ORDER BY install, seq");
    if (!query)
        return fail(query.error());
    return read_quarantined(*query);
}

Result<std::int64_t> DeliveryStore::quarantined_count()
{
    return database_.query_integer("SELECT count(*) FROM quarantine");
}

Result<std::int64_t> DeliveryStore::quarantined_count(std::string const& install)
{
    return rows::integer(database_, "SELECT count(*) FROM quarantine WHERE install = ?", install);
}

Result<> DeliveryStore::set_aside(Settlement const& batch, Refusal const& refusal)
{
    std::int64_t const digest = digest_of(batch, refusal.seq);
    if (refusal.code == conflict_code && digest != 0) {
        auto const elsewhere = rows::integer(database_,
            "SELECT count(*) FROM moved WHERE install = ? AND seq = ? AND digest = ? AND up_to IS NULL",
            batch.install, refusal.seq, digest);
        if (!elsewhere)
            return fail(elsewhere.error());
        if (*elsewhere != 0)
            return {}; // the hub has it, under the number it was given later
    }
    return rows::run(database_,
        "INSERT OR REPLACE INTO quarantine (install, seq, code, detail, at_ms, digest, retry) "
        "VALUES (?, ?, ?, ?, ?, ?, 0)",
        batch.install, refusal.seq, refusal.code, refusal.detail, batch.at, digest);
}

Result<std::int64_t> DeliveryStore::request_retry(RetryRequest const& request)
{
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(transaction.error());
    if (request.all)
        LISTENPOST_TRY(database_.execute("UPDATE quarantine SET retry = 1 WHERE code <> 'conflict'"));
    for (auto const seq : request.seqs)
        LISTENPOST_TRY(rows::run(
            database_, "UPDATE quarantine SET retry = 1 WHERE code <> 'conflict' AND seq = ?", seq));
    LISTENPOST_TRY(transaction->commit());
    return database_.query_integer("SELECT count(*) FROM quarantine WHERE retry = 1");
}

Result<DeliveryStore::Retries> DeliveryStore::to_retry(std::size_t limit)
{
    auto query = rows::prepare(database_,
        "SELECT install, seq FROM quarantine WHERE retry = 1 ORDER BY install, seq LIMIT ?",
        static_cast<std::int64_t>(limit));
    if (!query)
        return fail(query.error());
    Retries retries;
    for (;;) {
        auto const row = query->step();
        if (!row)
            return fail(row.error());
        if (!*row || (!retries.seqs.empty() && query->text(0) != retries.install))
            return retries;
        retries.install = query->text(0);
        retries.seqs.push_back(query->integer(1));
    }
}

Result<> DeliveryStore::settle_retried(Settlement const& batch)
{
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(transaction.error());
    // Those that had left the quarantine meanwhile were counted, or wait again, already.
    std::int64_t acknowledged = 0;
    for (auto const seq : batch.seqs) {
        LISTENPOST_TRY(
            rows::run(database_, "DELETE FROM quarantine WHERE install = ? AND seq = ?", batch.install, seq));
        auto const refused = std::ranges::find(batch.refused, seq, &Refusal::seq);
        if (database_.changes() == 0)
            continue;
        if (refused == batch.refused.end())
            ++acknowledged;
        else
            LISTENPOST_TRY(set_aside(batch, *refused));
    }
    LISTENPOST_TRY(
        rows::run(database_, "UPDATE delivered SET acknowledged = acknowledged + ?2 WHERE install = ?1",
            batch.install, acknowledged));
    LISTENPOST_TRY(seal_delivered(batch.install));
    LISTENPOST_TRY(note_answer(batch.at));
    return transaction->commit();
}

Result<> DeliveryStore::drop_retry(std::string const& install, std::int64_t seq)
{
    return rows::run(
        database_, "UPDATE quarantine SET retry = 0 WHERE install = ? AND seq = ?", install, seq);
}

Result<> DeliveryStore::leave_quarantine(std::string const& install, std::int64_t seq)
{
    LISTENPOST_TRY(
        rows::run(database_, "DELETE FROM quarantine WHERE install = ? AND seq = ?", install, seq));
    // What a restored store.db puts in its place would lie below the mark, and never be sent.
    LISTENPOST_TRY(rows::run(database_,
        "UPDATE delivered SET mark = proof_seq WHERE install = ?1 AND ?2 > proof_seq AND ?2 <= mark", install,
        seq));
    return seal_delivered(install);
}

Result<> DeliveryStore::forget_quarantined(std::string const& install, std::int64_t seq)
{
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(transaction.error());
    LISTENPOST_TRY(leave_quarantine(install, seq));
    return transaction->commit();
}

Result<> DeliveryStore::record_moved(
    std::string const& install, std::int64_t seq, std::int64_t up_to, WallTime at)
{
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(transaction.error());
    LISTENPOST_TRY(rows::run(database_,
        "INSERT OR REPLACE INTO moved (install, seq, digest, at_ms, up_to) "
        "SELECT install, seq, digest, ?4, ?3 FROM quarantine WHERE install = ?1 AND seq = ?2",
        install, seq, up_to, at));
    LISTENPOST_TRY(leave_quarantine(install, seq));
    return transaction->commit();
}

Result<std::vector<Moved>> DeliveryStore::moved_and_waiting()
{
    auto query = database_.prepare("SELECT install, seq, digest FROM moved WHERE up_to IS NOT NULL");
    if (!query)
        return fail(query.error());
    std::vector<Moved> list;
    for (;;) {
        auto const row = query->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return list;
        list.push_back({std::string(query->text(0)), {query->integer(1), query->integer(2)}});
    }
}

Result<> DeliveryStore::confirm_moved(std::int64_t up_to)
{
    return rows::run(database_, "UPDATE moved SET up_to = NULL WHERE up_to <= ?", up_to);
}

Result<> DeliveryStore::take_back_moved(Moved const& moved)
{
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(transaction.error());
    LISTENPOST_TRY(rows::run(database_,
        "INSERT OR REPLACE INTO quarantine (install, seq, code, detail, at_ms, digest, retry) "
        "SELECT install, seq, 'conflict', 'came back with an older store.db', at_ms, digest, 0 FROM moved "
        "WHERE install = ? AND seq = ? AND digest = ?",
        moved.install, moved.row.seq, moved.row.digest));
    LISTENPOST_TRY(rows::run(database_, "DELETE FROM moved WHERE install = ? AND seq = ? AND digest = ?",
        moved.install, moved.row.seq, moved.row.digest));
    return transaction->commit();
}

}
