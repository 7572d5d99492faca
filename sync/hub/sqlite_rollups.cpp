#include "sync/hub/sqlite_rollups.h"

#include "platform/base/log.h"
#include "sync/hub/audit.h"
#include "sync/hub/partition.h"
#include "sync/hub/schema.h"
#include "sync/hub/sqlite_audit.h"

#include <algorithm>

namespace listenpost::sync {
namespace {

using sqlite::Database;
using sqlite::Statement;

void bind_key(Statement& statement, RollupKey const& key)
{
    statement.bind(1, key.part).bind(2, key.span).bind(3, key.day).bind(4, key.store);
    statement.bind(5, key.touchpoint).bind(6, key.survey).bind(7, key.is_flagged ? 1 : 0);
}

/// Counts one row at which `log` stands; see scan().
void count_row(Statement const& log_row, RollupBatch& batch, RollupScan& scan)
{
    ++scan.responses;
    bool const is_whole = log_row.integer(3) == 1;
    if (is_whole && batch.add(log_row.text(0), log_row.integer(1), log_row.text(2)))
        return;
    ++scan.damaged;
    log(LogLevel::Error, "response_damaged",
        {{"partition", log_row.integer(4)}, {"offset", log_row.integer(5)},
            {"detail", "it is in no figure"}});
}

/// The log's rows into batches; `full()` when one has grown large. `pass` of `passes`: only the stores of
/// some partitions.
template <typename Full>
Result<RollupScan> scan_log(Database& database, RollupBatch& batch, int pass, int passes, Full const& full)
{
    auto rows = database.prepare("SELECT store, at_ms, raw, row_check IS " LISTENPOST_LOG_CHECK
                                 ", part, off FROM log ORDER BY part, off");
    if (!rows)
        return fail(std::move(rows).error());
    RollupScan scan;
    RollupProgress progress("rollups_counting");
    for (;;) {
        auto const row = rows->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return scan;
        if (partition_of(rows->text(0)) % passes != pass)
            continue;
        count_row(*rows, batch, scan);
        progress.count(scan.responses);
        if (batch.size() >= max_days_in_memory)
            LISTENPOST_TRY(full());
    }
}

/// Hands over the rows of a statement whose columns are store, touchpoint, survey, is_flagged, day, totals,
/// and quarters where they are asked for.
Result<> take_all(Statement& rows, RollupRange const& range, TakeRollup const& take)
{
    for (;;) {
        auto const row = rows.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        auto taken = take({rows.text(0), rows.text(1), rows.text(2), rows.integer(3) != 0, range.span,
            rows.integer(4), rows.text(5), range.with_quarters ? rows.text(6) : std::string_view()});
        if (!taken) {
            rows.reset();
            return taken;
        }
    }
}

Result<> read_range(Database& database, RollupRange const& range, std::vector<std::string> const* stores,
    TakeRollup const& take)
{
    std::string const columns = std::string("SELECT store, touchpoint, survey, is_flagged, day, totals")
        + (range.with_quarters ? ", quarters" : "");
    if (stores == nullptr) {
        auto rows
            = database.prepare(columns + " FROM rollups WHERE part = ? AND span = ? AND day BETWEEN ? AND ?");
        if (!rows)
            return fail(std::move(rows).error());
        for (int part = 0; part < partition_count; ++part) {
            rows->bind(1, part).bind(2, range.span).bind(3, range.first_day).bind(4, range.last_day);
            LISTENPOST_TRY(take_all(*rows, range, take));
        }
        return {};
    }
    auto rows = database.prepare(columns
        + " FROM rollups INDEXED BY rollups_of_store "
          "WHERE part = ? AND store = ? AND span = ? AND day BETWEEN ? AND ?");
    if (!rows)
        return fail(std::move(rows).error());
    for (auto const& store : *stores) {
        rows->bind(1, partition_of(store)).bind(2, store).bind(3, range.span);
        rows->bind(4, range.first_day).bind(5, range.last_day);
        LISTENPOST_TRY(take_all(*rows, range, take));
    }
    return {};
}

Result<> compare_partition(Statement& rows, int part, ExpectedRollups expected, RollupScan& scan)
{
    RollupComparison comparison(std::move(expected));
    rows.bind(1, part);
    for (;;) {
        auto const row = rows.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        comparison.take({part, static_cast<int>(rows.integer(0)), rows.integer(1), std::string(rows.text(2)),
                            std::string(rows.text(3)), std::string(rows.text(4)), rows.integer(5) != 0},
            rows.text(6), rows.text(7), scan);
    }
    comparison.finish(scan);
    return {};
}

Result<> check_format(Database& database)
{
    auto const version = database.query_integer("PRAGMA user_version");
    if (!version)
        return fail(version.error());
    if (*version != newest_hub_format())
        return fail(Errc::Invalid,
            "hub.db has format " + std::to_string(*version) + ", this program "
                + std::to_string(newest_hub_format())
                + ": start this version's hub on it first, or use that of the hub");
    return {};
}

}

Result<SqliteRollupWriter> SqliteRollupWriter::create(Database& database)
{
    auto find
        = database.prepare("SELECT totals, quarters FROM rollups WHERE part = ? AND span = ? "
                           "AND day = ? AND store = ? AND touchpoint = ? AND survey = ? AND is_flagged = ?");
    auto write
        = database.prepare("INSERT INTO rollups (part, span, day, store, touchpoint, survey, is_flagged, "
                           "totals, quarters) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT "
                           "(part, span, day, store, touchpoint, survey, is_flagged) DO UPDATE "
                           "SET totals = excluded.totals, quarters = excluded.quarters");
    if (!find)
        return fail(std::move(find).error());
    if (!write)
        return fail(std::move(write).error());
    return SqliteRollupWriter(std::move(*find), std::move(*write));
}

Result<> SqliteRollupWriter::add(RollupBatch const& batch)
{
    for (auto const& [key, row] : batch.rows())
        LISTENPOST_TRY(add(key, row));
    return {};
}

Result<> SqliteRollupWriter::add(RollupKey const& key, RollupBatch::Row const& row)
{
    bind_key(find_, key);
    auto const found = find_.step();
    if (!found)
        return fail(found.error());
    auto value = *found ? row.added_to(find_.text(0), find_.text(1)) : Result<RollupValue>(row.encoded());
    find_.reset();
    if (!value) {
        log(LogLevel::Error, "rollup_damaged",
            {{"store", key.store}, {"day", key.day}, {"detail", "listenpost-hub rollup rebuild mends it"}});
        return {};
    }
    bind_key(write_, key);
    return write_.bind_blob(8, value->totals).bind_blob(9, value->quarters).run();
}

Result<> read_rollups(Database& database, std::span<RollupRange const> ranges,
    std::vector<std::string> const* stores, TakeRollup const& take)
{
    for (auto const& range : ranges)
        LISTENPOST_TRY(read_range(database, range, stores, take));
    return {};
}

Result<RollupScan> fill_rollups(Database& database)
{
    auto writer = SqliteRollupWriter::create(database);
    if (!writer)
        return fail(std::move(writer).error());
    RollupBatch batch;
    auto const write = [&]() -> Result<> {
        LISTENPOST_TRY(writer->add(batch));
        batch.clear();
        return {};
    };
    auto scan = scan_log(database, batch, 0, 1, write);
    if (!scan)
        return scan;
    LISTENPOST_TRY(write());
    auto const rows = database.query_integer("SELECT count(*) FROM rollups");
    if (!rows)
        return fail(rows.error());
    scan->rollups = *rows;
    return scan;
}

Result<RollupScan> compare_rollups(Database& database)
{
    auto const responses = database.query_integer("SELECT sum(next_off) FROM partitions");
    if (!responses)
        return fail(responses.error());
    auto const days = database.query_integer("SELECT count(*) FROM rollups WHERE span = 1");
    if (!days)
        return fail(days.error());
    auto rows = database.prepare("SELECT span, day, store, touchpoint, survey, is_flagged, totals, quarters "
                                 "FROM rollups WHERE part = ? "
                                 "ORDER BY span, day, store, touchpoint, survey, is_flagged");
    if (!rows)
        return fail(std::move(rows).error());
    RollupScan all;
    int const passes = passes_over(*responses, *days);
    for (int pass = 0; pass < passes; ++pass) {
        RollupBatch batch;
        auto const scan = scan_log(database, batch, pass, passes, [] { return Result<>(); });
        if (!scan)
            return scan;
        all.responses += scan->responses;
        all.damaged += scan->damaged;
        auto expected = by_partition(batch.rows());
        for (int part = pass; part < partition_count; part += passes)
            LISTENPOST_TRY(
                compare_partition(*rows, part, std::move(expected[static_cast<std::size_t>(part)]), all));
    }
    return all;
}

Result<RollupScan> check_rollups(std::filesystem::path const& path)
{
    auto database = Database::open(path, sqlite::OpenMode::Reader);
    if (!database)
        return fail(std::move(database).error());
    LISTENPOST_TRY(check_format(*database));
    LISTENPOST_TRY(database->execute("BEGIN"));
    auto scan = compare_rollups(*database);
    LISTENPOST_TRY(database->execute("COMMIT"));
    return scan;
}

Result<RollupScan> rebuild_rollups(std::filesystem::path const& path, Act const& act)
{
    auto database = Database::open(path, sqlite::OpenMode::Writer);
    if (!database)
        return fail(std::move(database).error());
    LISTENPOST_TRY(check_format(*database));
    auto transaction = sqlite::Transaction::begin(*database);
    if (!transaction)
        return fail(std::move(transaction).error());
    LISTENPOST_TRY(database->execute("DELETE FROM rollups"));
    auto scan = fill_rollups(*database);
    if (!scan)
        return scan;
    LISTENPOST_TRY(write_audit(*database, rebuild_line(*scan, act)));
    LISTENPOST_TRY(transaction->commit());
    return scan;
}

}
