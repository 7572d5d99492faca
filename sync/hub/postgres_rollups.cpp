#include "sync/hub/postgres_rollups.h"

#include "platform/base/log.h"
#include "sync/hub/audit.h"
#include "sync/hub/partition.h"
#include "sync/hub/postgres_audit.h"
#include "sync/hub/postgres_schema.h"

#include <algorithm>

namespace listenpost::sync {
namespace {

using postgres::Connection;
using postgres::Parameters;
using postgres::Rows;
using postgres::Statement;

constexpr Statement find_rollups {"find_rollups",
    "SELECT k.number, r.totals, r.quarters FROM unnest($1::integer[], $2::integer[], $3::bigint[], "
    "$4::text[], "
    "$5::text[], $6::text[], $7::integer[]) WITH ORDINALITY AS k (part, span, day, store, touchpoint, "
    "survey, "
    "is_flagged, number) JOIN rollups AS r USING (part, span, day, store, touchpoint, survey, is_flagged)"};
constexpr Statement write_rollups {"write_rollups",
    "INSERT INTO rollups (part, span, day, store, touchpoint, survey, is_flagged, totals, quarters) "
    "SELECT * FROM unnest($1::integer[], $2::integer[], $3::bigint[], $4::text[], $5::text[], $6::text[], "
    "$7::integer[], $8::bytea[], $9::bytea[]) "
    "ON CONFLICT (part, span, day, store, touchpoint, survey, is_flagged) DO UPDATE "
    "SET totals = excluded.totals, quarters = excluded.quarters"};

// With and without the quarters, which are most of a row's bytes.
constexpr std::array<Statement, 2> select_range {
    {{"select_rollups",
         "SELECT store, touchpoint, survey, is_flagged, day, totals "
         "FROM rollups WHERE part = ANY ($1::integer[]) "
         "AND span = $2 AND day BETWEEN $3 AND $4"},
        {"select_rollups_with_quarters",
            "SELECT store, touchpoint, survey, is_flagged, day, totals, quarters "
            "FROM rollups WHERE part = ANY ($1::integer[]) AND span = $2 AND day BETWEEN $3 AND $4"}}};
constexpr std::array<Statement, 2> select_stores {
    {{"select_rollups_of",
         "SELECT r.store, touchpoint, survey, is_flagged, day, totals "
         "FROM unnest($1::integer[], $2::text[]) AS k (part, store) "
         "JOIN rollups AS r USING (part, store) "
         "WHERE span = $3 AND day BETWEEN $4 AND $5"},
        {"select_rollups_of_with_quarters",
            "SELECT r.store, touchpoint, survey, is_flagged, day, totals, quarters "
            "FROM unnest($1::integer[], $2::text[]) AS k (part, store) "
            "JOIN rollups AS r USING (part, store) WHERE span = $3 AND day BETWEEN $4 AND $5"}}};

constexpr Statement lock_all_counters {
    "lock_all_counters", "SELECT part, next_off FROM partitions ORDER BY part FOR UPDATE"};
constexpr Statement sum_counters {
    "sum_counters", "SELECT coalesce(sum(next_off), 0)::bigint FROM partitions"};
constexpr Statement count_rollups {"count_rollups", "SELECT count(*) FROM rollups"};
constexpr Statement count_days {"count_rollup_days", "SELECT count(*) FROM rollups WHERE span = 1"};
constexpr Statement select_log {"select_log_to_count",
    "SELECT off, store, at_ms, raw FROM log WHERE part = $1 AND off >= $2 ORDER BY off LIMIT 5000"};
constexpr Statement select_all {"select_all_rollups",
    "SELECT span, day, store, touchpoint, survey, is_flagged, totals, quarters FROM rollups "
    "WHERE part = $1 AND (span, day, store, touchpoint, survey, is_flagged) > ($2, $3, $4, $5, $6, $7) "
    "ORDER BY span, day, store, touchpoint, survey, is_flagged LIMIT 5000"};

constexpr std::size_t rows_at_once = 5'000;
// libpq holds a whole answer in memory: no more than some ten thousand rows of a chain of 5,000 stores.
constexpr int partitions_at_once = 8;
constexpr std::int64_t blocks_at_once = 32;
constexpr std::size_t stores_at_once = 200;

/// The columns of a key, one array each.
struct Keys {
    std::vector<std::int32_t> parts, spans, flagged;
    std::vector<std::int64_t> days;
    std::vector<std::string_view> stores, touchpoints, surveys;

    void add(RollupKey const& key)
    {
        parts.push_back(key.part);
        spans.push_back(key.span);
        days.push_back(key.day);
        stores.push_back(key.store);
        touchpoints.push_back(key.touchpoint);
        surveys.push_back(key.survey);
        flagged.push_back(key.is_flagged ? 1 : 0);
    }
    Parameters parameters() const
    {
        return Parameters()
            .add(parts)
            .add(spans)
            .add(days)
            .add(stores)
            .add(touchpoints)
            .add(surveys)
            .add(flagged);
    }
};

/// Some rows of a batch, which go to the server together.
class Chunk {
public:
    void add(RollupKey const& key, RollupBatch::Row const& row)
    {
        keys_.push_back(&key);
        rows_.push_back(&row);
    }
    std::size_t size() const { return rows_.size(); }

    Result<> write(RunStatement const& run)
    {
        Keys wanted;
        for (auto const* key : keys_)
            wanted.add(*key);
        auto const found = run(find_rollups, wanted.parameters());
        if (!found)
            return fail(found.error());
        std::vector<std::optional<RollupValue>> values(rows_.size());
        std::vector<bool> is_known(rows_.size());
        for (std::size_t i = 0; i < found->size(); ++i) {
            auto const number = static_cast<std::size_t>(found->integer(i, 0)) - 1;
            is_known.at(number) = true;
            if (auto value = rows_[number]->added_to(found->text(i, 1), found->text(i, 2)))
                values[number] = std::move(*value);
            else
                log(LogLevel::Error, "rollup_damaged",
                    {{"store", keys_[number]->store}, {"day", keys_[number]->day},
                        {"detail", "listenpost-hub rollup rebuild mends it"}});
        }
        Keys written;
        std::vector<std::string_view> totals, quarters;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            if (!is_known[i])
                values[i] = rows_[i]->encoded();
            if (!values[i])
                continue;
            written.add(*keys_[i]);
            totals.push_back(values[i]->totals);
            quarters.push_back(values[i]->quarters);
        }
        auto const done = run(write_rollups, written.parameters().add_bytes(totals).add_bytes(quarters));
        if (!done)
            return fail(done.error());
        return {};
    }

private:
    std::vector<RollupKey const*> keys_;
    std::vector<RollupBatch::Row const*> rows_;
};

Result<> take_all(Result<Rows> const& rows, RollupRange const& range, TakeRollup const& take)
{
    if (!rows)
        return fail(rows.error());
    for (std::size_t i = 0; i < rows->size(); ++i)
        LISTENPOST_TRY(take({rows->text(i, 0), rows->text(i, 1), rows->text(i, 2), rows->integer(i, 3) != 0,
            range.span, rows->integer(i, 4), rows->text(i, 5),
            range.with_quarters ? rows->text(i, 6) : std::string_view()}));
    return {};
}

Result<> read_everywhere(RunStatement const& run, RollupRange const& range, TakeRollup const& take)
{
    for (std::int32_t first = 0; first < partition_count; first += partitions_at_once) {
        std::vector<std::int32_t> parts;
        for (std::int32_t part = first; part < first + partitions_at_once; ++part)
            parts.push_back(part);
        auto const step = blocks_at_once * range.span;
        for (auto day = range.first_day; day <= range.last_day; day += step)
            LISTENPOST_TRY(take_all(run(select_range.at(range.with_quarters ? 1 : 0),
                                        Parameters()
                                            .add(parts)
                                            .add(std::int32_t {range.span})
                                            .add(day)
                                            .add(std::min(day + step - 1, range.last_day))),
                range, take));
    }
    return {};
}

Result<> read_some(RunStatement const& run, RollupRange const& range, std::span<std::string const> stores,
    TakeRollup const& take)
{
    while (!stores.empty()) {
        auto const some = stores.first(std::min(stores.size(), stores_at_once));
        stores = stores.subspan(some.size());
        std::vector<std::int32_t> parts;
        std::vector<std::string_view> ids;
        for (auto const& store : some) {
            parts.push_back(partition_of(store));
            ids.push_back(store);
        }
        LISTENPOST_TRY(take_all(run(select_stores.at(range.with_quarters ? 1 : 0),
                                    Parameters()
                                        .add(parts)
                                        .add(ids)
                                        .add(std::int32_t {range.span})
                                        .add(range.first_day)
                                        .add(range.last_day)),
            range, take));
    }
    return {};
}

/// As the function of this name for SQLite.
template <typename Full>
Result<RollupScan> scan_log(
    Connection& connection, RollupBatch& batch, int pass, int passes, Full const& full)
{
    RollupScan scan;
    RollupProgress progress("rollups_counting");
    for (std::int32_t part = 0; part < partition_count; ++part)
        for (std::int64_t next = 0;;) {
            auto const rows = connection.run(select_log, Parameters().add(part).add(next));
            if (!rows)
                return fail(rows.error());
            for (std::size_t i = 0; i < rows->size(); ++i) {
                next = rows->integer(i, 0) + 1;
                if (partition_of(rows->text(i, 1)) % passes != pass)
                    continue;
                ++scan.responses;
                if (!batch.add(rows->text(i, 1), rows->integer(i, 2), rows->text(i, 3))) {
                    ++scan.damaged;
                    log(LogLevel::Error, "response_damaged",
                        {{"partition", part}, {"offset", next - 1}, {"detail", "it is in no figure"}});
                }
            }
            progress.count(scan.responses);
            if (batch.size() >= max_days_in_memory)
                LISTENPOST_TRY(full());
            if (rows->size() < rows_at_once)
                break;
        }
    return scan;
}

Result<> compare_partition(
    Connection& connection, std::int32_t part, ExpectedRollups expected, RollupScan& scan)
{
    RollupComparison comparison(std::move(expected));
    for (RollupKey last {part, 0, 0, "", "", "", false};;) {
        auto const rows = connection.run(select_all,
            Parameters()
                .add(part)
                .add(std::int32_t {last.span})
                .add(last.day)
                .add(last.store)
                .add(last.touchpoint)
                .add(last.survey)
                .add(std::int32_t {last.is_flagged ? 1 : 0}));
        if (!rows)
            return fail(rows.error());
        for (std::size_t i = 0; i < rows->size(); ++i) {
            last = {part, static_cast<int>(rows->integer(i, 0)), rows->integer(i, 1),
                std::string(rows->text(i, 2)), std::string(rows->text(i, 3)), std::string(rows->text(i, 4)),
                rows->integer(i, 5) != 0};
            comparison.take(last, rows->text(i, 6), rows->text(i, 7), scan);
        }
        if (rows->size() < rows_at_once)
            break;
    }
    comparison.finish(scan);
    return {};
}

RunStatement on(Connection& connection)
{
    return [&connection](Statement const& statement, Parameters const& parameters) {
        return connection.run(statement, parameters);
    };
}

}

Result<> add_rollups(RunStatement const& run, RollupBatch const& batch)
{
    auto const rows = batch.rows();
    Chunk chunk;
    for (auto const& [key, row] : rows) {
        chunk.add(key, row);
        if (chunk.size() == rows_at_once) {
            LISTENPOST_TRY(chunk.write(run));
            chunk = {};
        }
    }
    return chunk.size() > 0 ? chunk.write(run) : Result<>();
}

Result<> read_rollups(RunStatement const& run, std::span<RollupRange const> ranges,
    std::vector<std::string> const* stores, TakeRollup const& take)
{
    for (auto const& range : ranges)
        LISTENPOST_TRY(
            stores == nullptr ? read_everywhere(run, range, take) : read_some(run, range, *stores, take));
    return {};
}

Result<RollupScan> fill_rollups(Connection& connection)
{
    if (auto const locked = connection.run(lock_all_counters); !locked)
        return fail(locked.error());
    RollupBatch batch;
    auto const write = [&]() -> Result<> {
        LISTENPOST_TRY(add_rollups(on(connection), batch));
        batch.clear();
        return {};
    };
    auto scan = scan_log(connection, batch, 0, 1, write);
    if (!scan)
        return scan;
    LISTENPOST_TRY(write());
    auto const rows = connection.run(count_rollups);
    if (!rows)
        return fail(rows.error());
    scan->rollups = rows->integer(0, 0);
    return scan;
}

Result<RollupScan> compare_rollups(Connection& connection)
{
    auto const responses = connection.run(sum_counters);
    if (!responses)
        return fail(responses.error());
    auto const days = connection.run(count_days);
    if (!days)
        return fail(days.error());
    RollupScan all;
    int const passes = passes_over(responses->integer(0, 0), days->integer(0, 0));
    for (int pass = 0; pass < passes; ++pass) {
        RollupBatch batch;
        auto const scan = scan_log(connection, batch, pass, passes, [] { return Result<>(); });
        if (!scan)
            return scan;
        all.responses += scan->responses;
        all.damaged += scan->damaged;
        auto expected = by_partition(batch.rows());
        for (std::int32_t part = pass; part < partition_count; part += passes)
            LISTENPOST_TRY(compare_partition(
                connection, part, std::move(expected[static_cast<std::size_t>(part)]), all));
    }
    return all;
}

Result<RollupScan> check_rollups(std::string const& conninfo)
{
    auto connection = Connection::open(conninfo);
    if (!connection)
        return fail(std::move(connection).error());
    LISTENPOST_TRY(check_postgres_version(*connection));
    LISTENPOST_TRY(connection->execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
    auto scan = compare_rollups(*connection);
    LISTENPOST_TRY(connection->execute("COMMIT"));
    return scan;
}

Result<RollupScan> rebuild_rollups(std::string const& conninfo, Act const& act)
{
    auto connection = Connection::open(conninfo);
    if (!connection)
        return fail(std::move(connection).error());
    LISTENPOST_TRY(check_postgres_version(*connection));
    auto transaction = postgres::Transaction::begin(*connection);
    if (!transaction)
        return fail(std::move(transaction).error());
    // Before the rows: an ingest takes its locks in this order.
    if (auto const locked = connection->run(lock_all_counters); !locked)
        return fail(locked.error());
    LISTENPOST_TRY(connection->execute("DELETE FROM rollups"));
    auto scan = fill_rollups(*connection);
    if (!scan)
        return scan;
    LISTENPOST_TRY(write_audit(on(*connection), rebuild_line(*scan, act)));
    LISTENPOST_TRY(transaction->commit());
    return scan;
}

}
