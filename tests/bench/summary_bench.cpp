// How long a reader at head office waits for figures of a large chain: rollups as 120 responses a day of
// every store make them, on SQLite and PostgreSQL. Wall time of the whole answer, from the query's text to
// its JSON, without HTTP (some 0.1 ms more). Beside it plain SQL that only reads the same store's days, or
// all days of the period, which is what there would be to read without blocks of 7 and 56 days.
//
//   summary_bench DIR [STORES DAYS]     a list of rows for scripts/bench; 5,000 and 400 by default

#include "platform/postgres/connection.h"
#include "platform/sqlite/database.h"
#include "sync/hub/partition.h"
#include "sync/hub/postgres_storage.h"
#include "sync/hub/rollup_batch.h"
#include "sync/hub/sqlite_storage.h"
#include "sync/hub/summary_query.h"
#include "sync/hub/summary_reply.h"
#include "tests/support/must.h"
#include "tests/support/postgres_server.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <vector>

using namespace listenpost;
using listenpost::test::must;

namespace {

constexpr std::int64_t first_day = 20'000; // 2024-10-04
constexpr int patterns = 64;

struct Chain {
    int stores = 5'000;
    int days = 400;
    std::vector<std::vector<int>> of_part {sync::partition_count};

    static std::string id(int store)
    {
        char text[16];
        std::snprintf(text, sizeof text, "s-%05d", store);
        return text;
    }
};

/// Days of a shop that is open 14 hours: encoded once, given to the stores in turn.
struct Patterns {
    std::vector<sync::Tally> tallies;
    std::vector<sync::RollupValue> days;

    Patterns()
    {
        std::mt19937 random(7);
        for (int pattern = 0; pattern < patterns; ++pattern) {
            sync::DayCounts day;
            for (int tap = 0; tap < 120; ++tap) {
                int const quarter = static_cast<int>(random() % 56);
                (random() % 5 > 0 ? day.complete : day.partial).add(quarter);
                if (random() % 20 == 0)
                    day.with_comment.add(quarter);
                for (char const* question : {"quality", "service", "cleanliness"})
                    day.questions[question][1 + std::max(random() % 5, random() % 5)].add(quarter);
            }
            tallies.push_back(day.tally());
            days.push_back({sync::encode(tallies.back()), sync::encode(day)});
        }
    }
    static std::size_t of(int store, std::int64_t day)
    {
        return static_cast<std::size_t>(store * 31 + day * 17) % patterns;
    }
};

/// Rows in the order of their key: `put(part, span, day, store, value)`.
template <typename Put>
void for_each_row(Chain const& chain, Put const& put)
{
    Patterns const given;
    for (int part = 0; part < sync::partition_count; ++part)
        for (int const span : sync::rollup_spans)
            for (auto block = sync::first_day_of_block(first_day, span); block < first_day + chain.days;
                 block += span)
                for (int const store : chain.of_part[static_cast<std::size_t>(part)]) {
                    if (span == 1) {
                        put(part, span, block, store, given.days[Patterns::of(store, block)]);
                        continue;
                    }
                    sync::Tally sum;
                    for (auto day = std::max(block, first_day);
                         day < std::min(block + span, first_day + chain.days); ++day)
                        sum += given.tallies[Patterns::of(store, day)];
                    put(part, span, block, store, {sync::encode(sum), {}});
                }
}

void fill(std::filesystem::path const& file, Chain const& chain)
{
    auto database = must(sqlite::Database::open(file, sqlite::OpenMode::Writer), "open");
    auto transaction = must(sqlite::Transaction::begin(database), "begin");
    auto add_store = must(
        database.prepare("INSERT INTO stores VALUES (?, ?, ?, ?, 'Asia/Shanghai', 1)"), "prepare stores");
    for (int store = 0; store < chain.stores; ++store) {
        auto const id = Chain::id(store);
        auto const region = "region " + std::to_string(store % 20);
        add_store.bind(1, id).bind(2, id).bind(3, region).bind(4, region);
        must(add_store.run(), "store");
    }
    auto add = must(database.prepare("INSERT INTO rollups (part, span, day, store, touchpoint, survey, "
                                     "is_flagged, totals, quarters) "
                                     "VALUES (?, ?, ?, ?, 'exit', 'qsc-restaurant', 0, ?, ?)"),
        "prepare");
    for_each_row(chain, [&](int part, int span, std::int64_t day, int store, sync::RollupValue const& value) {
        auto const id = Chain::id(store);
        add.bind(1, part).bind(2, span).bind(3, day).bind(4, id);
        must(add.bind_blob(5, value.totals).bind_blob(6, value.quarters).run(), "row");
    });
    must(transaction.commit(), "commit");
    must(database.fold_back(), "fold back");
}

constexpr postgres::Statement add_pg_stores {"add_stores",
    "INSERT INTO stores SELECT id, id, region, region, 'Asia/Shanghai', 1 "
    "FROM unnest($1::text[], $2::text[]) AS s (id, region)"};
constexpr postgres::Statement add_pg_rows {"add_rows",
    "INSERT INTO rollups (part, span, day, store, touchpoint, survey, is_flagged, totals, quarters) "
    "SELECT part, span, day, store, 'exit', 'qsc-restaurant', 0, totals, quarters FROM "
    "unnest($1::integer[], $2::integer[], $3::bigint[], $4::text[], $5::bytea[], $6::bytea[]) "
    "AS r (part, span, day, store, totals, quarters)"};

void fill(std::string const& conninfo, Chain const& chain)
{
    auto connection = must(postgres::Connection::open(conninfo), "connect");
    auto transaction = must(postgres::Transaction::begin(connection), "begin");
    std::vector<std::string> ids, regions;
    for (int store = 0; store < chain.stores; ++store) {
        ids.push_back(Chain::id(store));
        regions.push_back("region " + std::to_string(store % 20));
    }
    auto const views = [](std::vector<std::string> const& texts) {
        return std::vector<std::string_view>(texts.begin(), texts.end());
    };
    must(connection.run(add_pg_stores, postgres::Parameters().add(views(ids)).add(views(regions))), "stores");
    std::vector<std::int32_t> parts, spans;
    std::vector<std::int64_t> days;
    std::vector<std::string> stores, totals, quarters;
    auto const flush = [&] {
        must(connection.run(add_pg_rows,
                 postgres::Parameters()
                     .add(parts)
                     .add(spans)
                     .add(days)
                     .add(views(stores))
                     .add_bytes(views(totals))
                     .add_bytes(views(quarters))),
            "rows");
        parts.clear(), spans.clear(), days.clear(), stores.clear(), totals.clear(), quarters.clear();
    };
    for_each_row(chain, [&](int part, int span, std::int64_t day, int store, sync::RollupValue const& value) {
        parts.push_back(part);
        spans.push_back(span);
        days.push_back(day);
        stores.push_back(Chain::id(store));
        totals.push_back(value.totals);
        quarters.push_back(value.quarters);
        if (parts.size() == 5'000)
            flush();
    });
    flush();
    must(transaction.commit(), "commit");
    must(connection.execute("VACUUM ANALYZE rollups"), "vacuum"); // as its server would by itself
}

/// Median of some runs, in ms.
double took_ms(int runs, std::function<void()> const& run)
{
    std::vector<double> times;
    for (int i = 0; i < runs; ++i) {
        auto const begun = std::chrono::steady_clock::now();
        run();
        times.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count());
    }
    std::ranges::nth_element(times, times.begin() + runs / 2);
    return times[static_cast<std::size_t>(runs / 2)];
}

struct Question {
    char const* row;
    char const* target; ///< but for the period
    std::int64_t days;
    bool is_of_one_store;
    double budget_ms; ///< 0: none
};
constexpr std::array questions {
    Question {"summary_store_year", "/v1/summary?store=s-00042&group=day", 365, true, 20},
    Question {"summary_store_hours", "/v1/summary?store=s-00042&group=hour_of_week", 365, true, 20},
    Question {"ranking_5000", "/v1/ranking?by=store", 365, false, 200},
    Question {"ranking_5000_28d", "/v1/ranking?by=store", 28, false, 200},
    Question {"summary_chain", "/v1/summary?group=region", 395, false, 0},
    Question {"summary_chain_28d_days", "/v1/summary?group=day", 28, false, 0},
};

/// `plain(sql)`: runs a statement of one row.
void measure(sync::StorageReader& reader, Chain const& chain, std::string const& suffix,
    std::function<void(std::string const&)> const& plain, bool& is_first)
{
    auto const now_ms = (first_day + chain.days) * sync::day_ms;
    for (auto const& [row, target, days, is_of_one_store, budget] : questions) {
        auto const to = first_day + chain.days - 3;
        auto const from = std::max(first_day, to - days);
        std::string const query
            = std::string(target) + "&from=" + sync::date_text(from) + "&to=" + sync::date_text(to);
        std::size_t bytes = 0;
        auto const ask = [&] {
            auto const reply = query.starts_with("/v1/summary")
                ? sync::summary_reply(reader, query, {}, now_ms)
                : sync::ranking_reply(reader, query, {}, now_ms);
            bytes = reply.body.size();
            if (reply.status != 200 || reply.body.find("\"value\":") == std::string::npos) {
                std::fprintf(stderr, "summary_bench: %s: %s\n", query.c_str(), reply.body.c_str());
                std::exit(1);
            }
        };
        ask(); // the file's pages come into memory once
        int const runs = 5;
        double const value = took_ms(runs, ask);
        std::string sql
            = "SELECT count(*), sum(length(totals) + length(quarters)) FROM rollups WHERE span = 1 "
              "AND day BETWEEN "
            + std::to_string(from) + " AND " + std::to_string(to);
        if (is_of_one_store)
            sql += " AND store = 's-00042' AND part = " + std::to_string(sync::partition_of("s-00042"));
        double const baseline = took_ms(is_of_one_store ? runs : 1, [&] { plain(sql); });
        std::printf("%s{\"row\":\"%s%s_ms\",\"value\":%.2f,\"unit\":\"ms\",\"baseline\":%.2f,\"ratio\":%.3f,"
                    "\"budget\":%s}",
            is_first ? "" : ",\n", row, suffix.c_str(), value, baseline, value / baseline,
            budget > 0 ? std::to_string(static_cast<int>(budget)).c_str() : "null");
        is_first = false;
        std::fflush(stdout);
    }
}

}

int main(int argc, char** argv)
{
    if (argc != 2 && argc != 4) {
        std::fputs("use: summary_bench DIR [STORES DAYS]\n", stderr);
        return 2;
    }
    Chain chain;
    if (argc == 4) {
        chain.stores = std::atoi(argv[2]);
        chain.days = std::atoi(argv[3]);
    }
    for (int store = 0; store < chain.stores; ++store)
        chain.of_part[static_cast<std::size_t>(sync::partition_of(Chain::id(store)))].push_back(store);
    std::filesystem::path const folder = argv[1];
    std::filesystem::create_directories(folder);
    bool is_first = true;
    std::fputs("[", stdout);
    {
        auto const file = folder / "summary.db";
        for (char const* end : {"", "-wal", "-shm"})
            std::filesystem::remove(file.string() + end);
        must(sync::open_sqlite_storage(file), "make the tables");
        fill(file, chain);
        auto storage = must(sync::open_sqlite_storage(file), "open");
        auto reader = must(storage->open_reader(), "reader");
        auto database = must(sqlite::Database::open(file, sqlite::OpenMode::Reader), "open");
        measure(
            *reader, chain, "", [&](std::string const& sql) { must(database.query_integer(sql), "plain"); },
            is_first);
        std::fprintf(stderr, "summary_bench: SQLite file %.0f MB\n",
            static_cast<double>(std::filesystem::file_size(file)) / 1e6);
        reader.reset();
        storage.reset();
        std::filesystem::remove(file);
    }
    test::PostgresServer server(
        std::filesystem::temp_directory_path(), {"log_statement=none", "fsync=off", "max_wal_size=4GB"});
    auto const conninfo = server.make_database();
    must(sync::open_postgres_storage(conninfo), "make the tables");
    fill(conninfo, chain);
    auto storage = must(sync::open_postgres_storage(conninfo), "open");
    auto reader = must(storage->open_reader(), "reader");
    auto connection = must(postgres::Connection::open(conninfo), "connect");
    measure(
        *reader, chain, "_postgres", [&](std::string const& sql) { must(connection.execute(sql), "plain"); },
        is_first);
    std::puts("]");
    return 0;
}
