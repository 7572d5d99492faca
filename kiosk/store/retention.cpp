#include "kiosk/store/retention.h"

#include "kiosk/store/delivery_marks.h"
#include "kiosk/store/install_list.h"
#include "kiosk/store/lived_days.h"
#include "platform/base/log.h"

#include <algorithm>
#include <string>
#include <vector>

namespace listenpost::kiosk {
namespace {

/// A tap that comes meanwhile waits for no more than this many.
constexpr std::size_t chunk = 256;

/// Of delivery.db: those in which `delivered` and `quarantine` mean what is read here.
constexpr std::int64_t oldest_known_format = 1;
constexpr std::int64_t newest_known_format = 3;

using Seqs = std::vector<std::int64_t>; ///< ascending

Result<Seqs> read_seqs(sqlite::Statement& query, std::size_t limit = Seqs().max_size())
{
    Seqs seqs;
    while (seqs.size() < limit) {
        auto const row = query.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return seqs;
        seqs.push_back(query.integer(0));
    }
    query.reset();
    return seqs;
}

/// What the agent knows of one install.
struct Settled {
    std::int64_t mark = 0;
    Seqs quarantined; ///< up to the mark
};

Result<sqlite::Database> open_delivery(std::filesystem::path const& path)
{
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Reader);
    if (!database)
        return fail(database.error());
    auto const format = database->query_integer("PRAGMA user_version");
    if (!format)
        return fail(format.error());
    if (*format < oldest_known_format || *format > newest_known_format)
        return fail(Errc::Invalid,
            "delivery.db has format " + std::to_string(*format) + ", which this program does not know");
    return database;
}

Result<Settled> read_settled(sqlite::Database& delivery, std::string const& install)
{
    // The mark first: what is refused after it was read lies beyond it.
    auto mark = delivery.prepare("SELECT mark FROM delivered WHERE install = ?");
    LISTENPOST_TRY(check_delivery_marks(delivery));
    auto quarantine
        = delivery.prepare("SELECT seq FROM quarantine WHERE install = ? AND seq <= ? ORDER BY seq");
    if (!mark || !quarantine)
        return fail(mark ? quarantine.error() : mark.error());
    mark->bind(1, install);
    auto const marks = read_seqs(*mark, 1);
    if (!marks)
        return fail(marks.error());
    Settled settled;
    if (marks->empty())
        return settled;
    settled.mark = marks->front();
    quarantine->bind(1, install).bind(2, settled.mark);
    auto quarantined = read_seqs(*quarantine);
    if (!quarantined)
        return fail(quarantined.error());
    settled.quarantined = std::move(*quarantined);
    return settled;
}

/// Its own damage must not be taken for store.db's, which would be salvaged for it.
tl::unexpected<Error> cannot_tell(Error const& error)
{
    return fail(Errc::Invalid, "cannot tell what the hub has: " + error.detail);
}

/// The first of those that may leave, at most a chunk.
Result<Seqs> acknowledged(sqlite::Database& store, SeqRange range, Settled const& settled, std::int64_t up_to)
{
    auto newest = store.prepare("SELECT seq FROM response WHERE seq >= ? AND seq <= ? ORDER BY seq DESC");
    auto oldest = store.prepare("SELECT seq FROM response WHERE seq >= ? AND seq < ? ORDER BY seq");
    if (!newest || !oldest)
        return fail(newest ? oldest.error() : newest.error());
    auto const next_acknowledged = [&settled](sqlite::Statement& walk) -> Result<std::int64_t> {
        for (;;) {
            auto const row = walk.step();
            if (!row)
                return fail(row.error());
            if (!*row)
                return 0;
            if (!std::ranges::binary_search(settled.quarantined, walk.integer(0)))
                return walk.integer(0);
        }
    };
    newest->bind(1, range.first).bind(2, std::min(range.last, settled.mark));
    auto const kept = next_acknowledged(*newest);
    if (!kept)
        return fail(kept.error());

    Seqs seqs;
    oldest->bind(1, range.first).bind(2, std::min(up_to + 1, *kept));
    while (seqs.size() < chunk) {
        auto const seq = next_acknowledged(*oldest);
        if (!seq)
            return fail(seq.error());
        if (*seq == 0)
            break;
        seqs.push_back(*seq);
    }
    return seqs;
}

Result<> remove(sqlite::Database& store, Seqs const& seqs)
{
    auto transaction = sqlite::Transaction::begin(store);
    if (!transaction)
        return fail(transaction.error());
    auto remove = store.prepare("DELETE FROM response WHERE seq = ?");
    if (!remove)
        return fail(remove.error());
    for (std::int64_t const seq : seqs)
        LISTENPOST_TRY(remove->bind(1, seq).run());
    LISTENPOST_TRY(note_removed(store, seqs.back()));
    return transaction->commit();
}

}

Result<bool> remove_old_responses(sqlite::Database& store, RetentionRule const& rule, Stamp const& now)
{
    auto const old_up_to = closed_before(store, now, rule.keep);
    if (!old_up_to)
        return fail(old_up_to.error());
    auto const first = store.query_integer("SELECT coalesce(min(seq), 0) FROM response");
    auto const last = store.query_integer("SELECT seq FROM last_given");
    if (!first || !last)
        return fail(first ? last.error() : first.error());
    if (*first == 0 || *first > *old_up_to)
        return false; // nearly always: delivery.db is left alone

    auto delivery = open_delivery(rule.delivery);
    if (!delivery && delivery.error().code == Errc::NotFound)
        return false;
    if (!delivery)
        return cannot_tell(delivery.error());
    auto const installs = read_installs(store);
    if (!installs)
        return fail(installs.error());
    for (auto const& install : *installs) {
        auto const settled = read_settled(*delivery, install.id);
        if (!settled)
            return cannot_tell(settled.error());
        if (settled->mark > *last)
            return fail(Errc::Invalid, "delivery.db knows of responses that store.db does not have");
        auto const seqs = acknowledged(store, seqs_of(install.id, *installs), *settled, *old_up_to);
        if (!seqs)
            return fail(seqs.error());
        if (seqs->empty())
            continue;
        LISTENPOST_TRY(remove(store, *seqs));
        log(LogLevel::Info, "old_responses_removed",
            {{"install", install.id}, {"count", seqs->size()}, {"up_to", seqs->back()}});
        return true;
    }
    return false;
}

}
