#include "kiosk/store/response_store.h"

#include "kiosk/model/install_id.h"
#include "kiosk/store/delivery_marks.h"
#include "kiosk/store/identity_copy.h"
#include "kiosk/store/lived_days.h"
#include "kiosk/store/reserve.h"
#include "kiosk/store/schema.h"
#include "kiosk/store/store_check.h"
#include "platform/base/log.h"

#include <algorithm>
#include <utility>

namespace listenpost::kiosk {
namespace {

// One row, replaced whole: a tap dirties one page and costs one fdatasync.
constexpr char save_sql[] = R"sql(
    INSERT OR REPLACE INTO draft (one, opened_ms, steady_ms, touched_steady_ms, clock_set, boot, survey,
        survey_version, touchpoint, lang, outcome, answers, comment, flags)
    VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)sql";

// ?2: steady time of the closing; NULL where it means nothing (another boot): then the last tap ends it.
constexpr char close_sql[] = R"sql(
    INSERT INTO response (seq, )sql" LISTENPOST_RESPONSE_COLUMNS R"sql(, row_check)
    SELECT *, )sql" LISTENPOST_RESPONSE_CHECK R"sql( FROM (
        SELECT (SELECT seq + 1 FROM last_given) AS seq, opened_ms,
            max(0, coalesce(?2, touched_steady_ms) - steady_ms) AS took_ms, steady_ms, clock_set, boot,
            survey, survey_version, touchpoint, lang, outcome, ?1 AS closed_by, answers, comment, flags
        FROM draft)
)sql";

// Nothing where it is there already: a write that was done although it reported an error is tried again.
constexpr char add_event_sql[] = R"sql(
    INSERT INTO response (seq, opened_ms, took_ms, steady_ms, clock_set, boot, survey, survey_version, touchpoint,
        lang, outcome, closed_by, answers, comment, flags, event, row_check)
    SELECT *, )sql" LISTENPOST_ROW_CHECK_OF_5("seq") R"sql( FROM (
        SELECT (SELECT seq + 1 FROM last_given) AS seq, ?1 AS opened_ms, 0 AS took_ms, ?2 AS steady_ms,
            ?3 AS clock_set, ?4 AS boot, '' AS survey, 0 AS survey_version, '' AS touchpoint, '' AS lang,
            '' AS outcome, '' AS closed_by, '' AS answers, '' AS comment, '' AS flags, ?5 AS event)
    WHERE NOT EXISTS (SELECT 1 FROM response
        WHERE event <> '' AND event = ?5 AND opened_ms = ?1 AND steady_ms = ?2 AND boot = ?4)
)sql";

std::int64_t milliseconds(auto time) { return time.time_since_epoch().count(); }

/// Below it, placing a response by the noted moment is as good as the clock itself.
constexpr std::int64_t max_clock_drift_ms = 1'000;

/// So that the file stays bounded; who has not been online for so many starts is not placed exactly.
constexpr std::int64_t max_boot_clocks = 10'000;

BootClock clock_of(Stamp const& stamp)
{
    return {stamp.boot_id, milliseconds(stamp.steady), milliseconds(stamp.wall)};
}

}

ResponseStore::ResponseStore(std::filesystem::path path, sqlite::Database database, std::string install_id,
    sqlite::Statement save, sqlite::Statement close, sqlite::Statement clear)
    : path_(std::move(path))
    , database_(std::move(database))
    , install_id_(std::move(install_id))
    , save_(std::move(save))
    , close_(std::move(close))
    , clear_(std::move(clear))
{
}

Result<ResponseStore> ResponseStore::open(std::filesystem::path const& path, StoreCheck check, LeftDraft left)
{
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
    if (!database)
        return fail(database.error());
    database->at_close(sqlite::AtClose::LeaveFiles); // until it is known to be whole
    LISTENPOST_TRY(database->keep_wal_file());
    // What is removed or replaced must not be found in the file any more, by nobody.
    LISTENPOST_TRY(database->execute("PRAGMA secure_delete = ON"));
    if (check == StoreCheck::Whole)
        LISTENPOST_TRY(check_store(*database));
    LISTENPOST_TRY(check_against_copy(*database, path));
    // A full disk must not keep the kiosk from starting: it may have a reserve yet.
    if (auto const folded = database->settle_wal(); !folded && folded.error().code != Errc::Full)
        return fail(folded.error());
    LISTENPOST_TRY(migrate_store(*database));
    auto installs = read_installs(*database);
    if (!installs)
        return fail(installs.error());
    auto save = database->prepare(save_sql);
    auto close = database->prepare(close_sql);
    auto clear = database->prepare("DELETE FROM draft");
    for (auto const* statement : {&save, &close, &clear})
        if (!*statement)
            return fail(statement->error());

    ResponseStore store(path, std::move(*database), std::move(installs->back().id), std::move(*save),
        std::move(*close), std::move(*clear));
    if (left == LeftDraft::Close)
        LISTENPOST_TRY(store.close_left_draft());
    store.database_.at_close(sqlite::AtClose::FoldBack);
    store.keep_identity_copy();
    return store;
}

Result<> ResponseStore::close_left_draft()
{
    auto const last = last_seq();
    if (!last)
        return fail(last.error());
    if (auto const marks = read_delivery_marks(path_.parent_path() / "delivery.db"))
        for (auto const& each : *marks)
            if (each.install == install_id_ && each.mark > *last)
                return leave_install_behind(each.mark);
    auto left = close(ClosedBy::Restart, std::nullopt);
    if (!left && left.error().code == Errc::Full && fold_back_wal())
        left = close(ClosedBy::Restart, std::nullopt);
    if (left)
        log(LogLevel::Info, "draft_closed_after_restart", {{"seq", *left}});
    else if (left.error().code != Errc::NotFound)
        return fail(left.error());
    return {};
}

/// This file went back in time (a backup, a WAL that lost its end): the draft is of a response that was
/// closed, and that the hub has. A later draft is not: so it must not find the same mark before it at the
/// next start.
Result<> ResponseStore::leave_install_behind(std::int64_t mark)
{
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(transaction.error());
    LISTENPOST_TRY(clear_.run());
    bool const had_draft = database_.changes() > 0;
    Install next {new_install_id(), mark + 1};
    LISTENPOST_TRY(add_install(next, "conflict"));
    LISTENPOST_TRY(transaction->commit());
    log(LogLevel::Warn, "store_went_back", {{"install", install_id_}, {"mark", mark}});
    if (had_draft)
        log(LogLevel::Warn, "draft_was_closed_before", {{"mark", mark}});
    install_id_ = std::move(next.id);
    return {};
}

Result<> ResponseStore::take_up_draft(Draft const& draft, Outcome outcome_if_left)
{
    auto const is_on_disk = has_row_of("draft WHERE true", draft.opened);
    if (!is_on_disk)
        return fail(is_on_disk.error());
    if (!*is_on_disk)
        LISTENPOST_TRY(close_left_draft());
    auto const is_closed = has_row_of("response WHERE event = ''", draft.opened);
    if (!is_closed)
        return fail(is_closed.error());
    // Also where it is on disk: what was salvaged may be an earlier tap's.
    return *is_closed ? Result<>() : save_draft(draft, outcome_if_left);
}

Result<bool> ResponseStore::has_row_of(char const* rows, Stamp const& opened)
{
    auto query = database_.prepare(
        "SELECT 1 FROM " + std::string(rows) + " AND opened_ms = ? AND steady_ms = ? AND boot = ? LIMIT 1");
    if (!query)
        return fail(query.error());
    return query->bind(1, milliseconds(opened.wall))
        .bind(2, milliseconds(opened.steady))
        .bind(3, opened.boot_id)
        .step();
}

/// Without the copy store.db is no worse for now: a disk that is full is no reason to refuse it.
void ResponseStore::keep_identity_copy()
{
    if (auto const copied = copy_identities(database_, path_); !copied)
        log(LogLevel::Warn, "identity_not_copied", {{"detail", copied.error().detail}});
}

Result<bool> ResponseStore::top_up_reserve() { return kiosk::top_up_reserve(database_, path_); }

Result<> ResponseStore::fold_back_wal() { return database_.fold_back(); }

Result<> ResponseStore::save_draft(Draft const& draft, Outcome outcome_if_left)
{
    auto const has_news = is_news(draft.opened);
    if (!has_news)
        return fail(has_news.error());
    if (!*has_news) {
        LISTENPOST_TRY(database_.leave_transaction());
        return write_draft(draft, outcome_if_left);
    }
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(transaction.error());
    LISTENPOST_TRY(write_draft(draft, outcome_if_left));
    LISTENPOST_TRY(write_clock(draft.opened));
    LISTENPOST_TRY(transaction->commit());
    noted_ = clock_of(draft.opened);
    return {};
}

Result<> ResponseStore::note_clock(Stamp const& now)
{
    auto const has_news = is_news(now);
    if (!has_news)
        return fail(has_news.error());
    if (!*has_news)
        return {};
    LISTENPOST_TRY(database_.leave_transaction());
    LISTENPOST_TRY(write_clock(now));
    noted_ = clock_of(now);
    return {};
}

Result<bool> ResponseStore::is_news(Stamp const& stamp)
{
    if (!stamp.wall_is_set || stamp.boot_id.empty())
        return false;
    if (noted_.boot_id != stamp.boot_id) {
        auto query = database_.prepare("SELECT steady_ms, wall_ms FROM boot_clock WHERE boot = ?");
        if (!query)
            return fail(query.error());
        auto const row = query->bind(1, stamp.boot_id).step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return true;
        noted_ = {stamp.boot_id, query->integer(0), query->integer(1)};
    }
    BootClock const said = clock_of(stamp);
    std::int64_t const passed = said.steady_ms - noted_.steady_ms;
    std::int64_t const apart = said.wall_ms - noted_.wall_ms - passed;
    return passed > 0 && std::abs(apart) > max_clock_drift_ms;
}

Result<> ResponseStore::write_clock(Stamp const& stamp)
{
    auto note = database_.prepare("INSERT INTO boot_clock (boot, steady_ms, wall_ms) VALUES (?1, ?2, ?3) "
                                  "ON CONFLICT (boot) DO UPDATE SET steady_ms = ?2, wall_ms = ?3");
    if (!note)
        return fail(note.error());
    LISTENPOST_TRY(note->bind(1, stamp.boot_id)
                       .bind(2, milliseconds(stamp.steady))
                       .bind(3, milliseconds(stamp.wall))
                       .run());
    auto forget
        = database_.prepare("DELETE FROM boot_clock WHERE rowid <= (SELECT max(rowid) FROM boot_clock) - ?");
    if (!forget)
        return fail(forget.error());
    return forget->bind(1, max_boot_clocks).run();
}

Result<> ResponseStore::write_draft(Draft const& draft, Outcome outcome_if_left)
{
    std::string const answers = to_json(draft.answers);
    std::string const flags = flags_to_json(draft.flags);
    save_.bind(1, milliseconds(draft.opened.wall))
        .bind(2, milliseconds(draft.opened.steady))
        .bind(3, milliseconds(draft.touched))
        .bind(4, std::int64_t {draft.opened.wall_is_set})
        .bind(5, draft.opened.boot_id)
        .bind(6, draft.survey)
        .bind(7, std::int64_t {draft.survey_version})
        .bind(8, draft.touchpoint)
        .bind(9, draft.language)
        .bind(10, name(outcome_if_left))
        .bind(11, answers)
        .bind(12, draft.comment)
        .bind(13, flags);
    return save_.run();
}

Result<std::int64_t> ResponseStore::close_draft(ClosedBy closed_by, SteadyTime closed)
{
    return close(closed_by, milliseconds(closed));
}

Result<std::int64_t> ResponseStore::close(ClosedBy closed_by, std::optional<std::int64_t> closed_steady_ms)
{
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(transaction.error());
    close_.bind(1, name(closed_by));
    if (closed_steady_ms)
        close_.bind(2, *closed_steady_ms);
    else
        close_.bind_null(2);
    LISTENPOST_TRY(close_.run());
    if (database_.changes() == 0)
        return fail(Errc::NotFound, "no draft to close");
    std::int64_t const seq = database_.last_insert_rowid();
    LISTENPOST_TRY(clear_.run());
    LISTENPOST_TRY(transaction->commit());
    return seq;
}

Result<> ResponseStore::add_event(StaffEvent event, Stamp const& now)
{
    auto const kept = fit_to_keep(std::move(event));
    if (!kept)
        return fail(kept.error());
    auto const has_news = is_news(now);
    if (!has_news)
        return fail(has_news.error());
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(transaction.error());
    auto add = database_.prepare(add_event_sql);
    if (!add)
        return fail(add.error());
    std::string const json = event_to_json(*kept);
    LISTENPOST_TRY(add->bind(1, milliseconds(now.wall))
                       .bind(2, milliseconds(now.steady))
                       .bind(3, std::int64_t {now.wall_is_set})
                       .bind(4, now.boot_id)
                       .bind(5, json)
                       .run());
    if (*has_news)
        LISTENPOST_TRY(write_clock(now));
    LISTENPOST_TRY(transaction->commit());
    if (*has_news)
        noted_ = clock_of(now);
    return {};
}

Result<std::size_t> ResponseStore::adopt(ConflictRequest const& request)
{
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(transaction.error());
    auto installs = read_installs(database_);
    auto const last = last_seq();
    auto move = database_.prepare(
        "UPDATE response SET seq = ?2, row_check = " LISTENPOST_ROW_CHECK_AS("?2") " WHERE seq = ?1");
    if (!installs || !last || !move)
        return fail(!installs ? installs.error() : !last ? last.error() : move.error());

    SeqRange const range = seqs_of(request.install, *installs);
    std::int64_t given = *last;
    std::int64_t greatest_moved = 0;
    for (std::int64_t const seq : request.seqs) {
        // Beyond the last: given by this very adoption, to one that has its turn behind it.
        if (seq < range.first || seq > std::min(range.last, *last))
            continue;
        LISTENPOST_TRY(move->bind(1, seq).bind(2, given + 1).run());
        if (database_.changes() == 0)
            continue;
        ++given;
        greatest_moved = seq;
    }
    if (given == *last)
        return 0;
    LISTENPOST_TRY(note_removed(database_, greatest_moved));
    if (request.install == installs->back().id) {
        installs->push_back({new_install_id(), *last + 1});
        LISTENPOST_TRY(add_install(installs->back(), "conflict"));
    }
    LISTENPOST_TRY(transaction->commit());
    install_id_ = std::move(installs->back().id);
    keep_identity_copy();
    return static_cast<std::size_t>(given - *last);
}

Result<Erased> ResponseStore::erase(EraseRequest const& request, std::function<bool()> is_wanted)
{
    return erase_words(database_, path_, request, {.free_bytes = {}, .is_wanted = std::move(is_wanted)});
}

Result<> ResponseStore::add_install(Install const& install, char const* made_for)
{
    auto insert = database_.prepare("INSERT INTO identity (first_seq, install, made_for, row_check) "
                                    "VALUES (?1, ?2, ?3, row_checksum(?1, ?2, ?3))");
    if (!insert)
        return fail(insert.error());
    return insert->bind(1, install.first_seq).bind(2, install.id).bind(3, made_for).run();
}

Result<> ResponseStore::note_day(Stamp const& now) { return kiosk::note_day(database_, now); }

Result<bool> ResponseStore::remove_old(RetentionRule const& rule, Stamp const& now)
{
    auto const drafts = database_.query_integer("SELECT count(*) FROM draft");
    if (!drafts)
        return fail(drafts.error());
    return *drafts > 0 ? true : remove_old_responses(database_, rule, now);
}

Result<std::int64_t> ResponseStore::last_seq() { return database_.query_integer(last_seq_sql); }

}
