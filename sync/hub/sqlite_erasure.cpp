#include "sync/hub/sqlite_erasure.h"

#include "sync/hub/audit.h"
#include "sync/hub/erased_text.h"
#include "sync/hub/hex.h"
#include "sync/hub/schema.h"
#include "sync/hub/sqlite_audit.h"
#include "sync/hub/sqlite_box_erasures.h"
#include "sync/wire/batch_parser.h"

#include <bit>

namespace listenpost::sync {
namespace {

/// Where a response or staff event is, and what the row of its erasure says as well.
struct Found {
    std::int64_t part = 0;
    std::int64_t offset = 0;
    std::string store, device;
    std::int64_t at_ms = 0;
    std::string raw;
};

class Erasure {
public:
    Erasure(sqlite::Database& database, std::string_view install, std::int64_t seq)
        : database_(database)
        , install_text_(install)
        , install_(from_hex(install))
        , seq_(seq)
    {
    }

    Result<bool> is_done();
    Result<Found> find();
    Result<> write(Found const& found, Act const& act);

private:
    tl::unexpected<Error> not_found() const
    {
        return fail(Errc::NotFound, "the hub has no response " + response_name(install_text_, seq_));
    }
    Result<> rewrite_row(Found const& found, std::string_view raw);
    Result<> append_event(Found const& found, std::int64_t now_ms);

    sqlite::Database& database_;
    std::string_view install_text_;
    std::string install_;
    std::int64_t seq_;
};

Result<bool> Erasure::is_done()
{
    auto select = database_.prepare(
        "SELECT 1 FROM erasures JOIN installs USING (install, part) WHERE install = ? AND seq = ?");
    if (!select)
        return fail(std::move(select).error());
    return select->bind_blob(1, install_).bind(2, seq_).step();
}

Result<Found> Erasure::find()
{
    auto select = database_.prepare("SELECT part, off, store, device, at_ms, raw, "
                                    "row_check IS " LISTENPOST_LOG_CHECK " FROM log "
                                    "WHERE part = (SELECT part FROM installs WHERE install = ?1) "
                                    "AND install = ?1 AND seq = ?2 ORDER BY off");
    if (!select)
        return fail(std::move(select).error());
    select->bind_blob(1, install_).bind(2, seq_);
    for (;;) {
        auto const row = select->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return not_found();
        Found found {select->integer(0), select->integer(1), std::string(select->text(2)),
            std::string(select->text(3)), select->integer(4), std::string(select->text(5))};
        // Written anew it would pass for whole.
        if (select->integer(6) == 0)
            return fail(Errc::Corrupt, "the row of that response is not what was written");
        auto const event = event_of(found.raw);
        if (!event)
            return fail(event.error());
        if (*event != text_erased_event)
            return found;
    }
}

Result<> Erasure::rewrite_row(Found const& found, std::string_view raw)
{
    auto rewrite = database_.prepare("UPDATE log SET raw = ? WHERE part = ? AND off = ?");
    if (!rewrite)
        return fail(std::move(rewrite).error());
    LISTENPOST_TRY(rewrite->bind(1, raw).bind(2, found.part).bind(3, found.offset).run());
    auto check
        = database_.prepare("UPDATE log SET row_check = " LISTENPOST_LOG_CHECK " WHERE part = ? AND off = ?");
    if (!check)
        return fail(std::move(check).error());
    return check->bind(1, found.part).bind(2, found.offset).run();
}

Result<> Erasure::append_event(Found const& found, std::int64_t now_ms)
{
    auto insert = database_.prepare(
        "INSERT INTO log (part, off, store, device, install, seq, received_ms, at_ms, raw, row_check) "
        "SELECT part, next_off, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
        "row_checksum(part, next_off, ?2, ?3, hex(?4), ?5, ?6, ?7, ?8) FROM partitions WHERE part = ?1");
    auto move = database_.prepare("UPDATE partitions SET next_off = next_off + 1 WHERE part = ?");
    for (auto* statement : {&insert, &move})
        if (!*statement)
            return fail(std::move(*statement).error());
    std::string const raw = text_erased_json(seq_);
    insert->bind(1, found.part).bind(2, found.store).bind(3, found.device).bind_blob(4, install_);
    LISTENPOST_TRY(insert->bind(5, seq_).bind(6, now_ms).bind(7, found.at_ms).bind(8, raw).run());
    return move->bind(1, found.part).run();
}

Result<> Erasure::write(Found const& found, Act const& act)
{
    auto const raw = without_text(found.raw);
    if (!raw)
        return fail(raw.error());
    auto const digest = digest_without_text(found.raw);
    if (!digest)
        return fail(digest.error());
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(std::move(transaction).error());
    LISTENPOST_TRY(rewrite_row(found, *raw));
    LISTENPOST_TRY(append_event(found, act.at_ms));
    auto note = database_.prepare(
        "INSERT INTO erasures (part, install, seq, erased_ms, digest) VALUES (?, ?, ?, ?, ?)");
    if (!note)
        return fail(std::move(note).error());
    note->bind(1, found.part).bind_blob(2, install_).bind(3, seq_).bind(4, act.at_ms);
    LISTENPOST_TRY(note->bind(5, std::bit_cast<std::int64_t>(*digest)).run());
    auto const ref = ref_of(install_text_, seq_, found.raw);
    // No kiosk has written what it is not known by; the hub's own copy goes all the same.
    if (ref)
        LISTENPOST_TRY(ask_box_to_erase(database_, *ref, found.device, act.at_ms));
    LISTENPOST_TRY(write_audit(database_,
        {act.at_ms, act.who, "response.erase", response_name(install_text_, seq_), "store " + found.store}));
    return transaction->commit();
}

/// SQLite leaves what was deleted, and what it once moved to another page, where it stood. Everything that is
/// still there is written anew, over the old, and nothing is left in the WAL.
Result<> wipe_old_bytes(sqlite::Database& database)
{
    LISTENPOST_TRY(database.execute("VACUUM"));
    // A reader that is in the middle of a page holds it up, for as long as that takes.
    for (int tries_left = 20;; --tries_left) {
        auto const is_empty = database.empty_wal();
        if (!is_empty)
            return fail(is_empty.error());
        if (*is_empty)
            return {};
        if (tries_left == 0)
            return fail(Errc::Busy, "somebody reads it all the time");
    }
}

}

Result<> erase_text(sqlite::Database& database, std::string_view install, std::int64_t seq, Act const& act)
{
    Erasure erasure(database, install, seq);
    auto const is_done = erasure.is_done();
    if (!is_done)
        return fail(is_done.error());
    if (!*is_done) {
        auto const found = erasure.find();
        if (!found)
            return fail(found.error());
        LISTENPOST_TRY(erasure.write(*found, act));
    }
    if (auto wiped = wipe_old_bytes(database); !wiped)
        return fail(wiped.error().code,
            "the text is erased for every reader, but its bytes may still be in the file ("
                + wiped.error().detail + "): give the command again");
    return {};
}

}
