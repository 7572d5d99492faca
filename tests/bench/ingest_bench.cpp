// What a response costs head office: TLS, unpacking, checking, deduplication and a durable
// commit, in batches of 1,000 over one kept connection; on SQLite the hub's CPU time, on PostgreSQL
// the hub's and the server's. Beside it the least that the same database can do for the same rows:
// one table without an index, one transaction a batch. FILL: then so many responses of other boxes are put
// into the hub, and the same is measured once more; there the empty hub is what stands beside it.
//
//   ingest_bench DIR [BATCHES [FILL]]     a list of rows for scripts/bench
//
// The hub runs in a process of its own (this program, started again by fork), so that the
// CPU time of the client is not counted: utime + stime between its first and its last batch.

#include "platform/http/http_client.h"
#include "platform/os/system_clock.h"
#include "platform/postgres/connection.h"
#include "platform/sqlite/database.h"
#include "sync/hub/postgres_storage.h"
#include "sync/hub/secrets.h"
#include "sync/hub/server.h"
#include "sync/hub/session.h"
#include "sync/hub/sqlite_storage.h"
#include "sync/wire/compression.h"
#include "tests/bench/hub_filler.h"
#include "tests/bench/ingest_batches.h"
#include "tests/bench/process_cpu.h"
#include "tests/support/hub_acts.h"
#include "tests/support/must.h"
#include "tests/support/postgres_server.h"
#include "tests/support/test_certificate.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace listenpost;
using namespace listenpost::bench;
using listenpost::test::must;

namespace {

/// What the hub stores in. `open` runs in the hub's process.
struct Engine {
    char const* row;
    char const* filled_row;
    double budget_us;
    std::function<Result<std::unique_ptr<sync::Storage>>()> open;
    std::function<double()> server_cpu_us; ///< so far, of processes beside the hub
    std::function<double(int batches)> plain_cpu_us; ///< a response, with nothing looked up or checked
    std::function<void()> settle; ///< what the server would do by itself some time after a large fill
};

enum class Hub { New, Filled };

/// The hub process: serves until the pipe closes, and between the marks 'b' and 'e' counts the
/// CPU time that it spends.
[[noreturn]] void run_hub(
    std::filesystem::path const& folder, Engine const& engine, Hub hub, int ready, int marks, int report)
{
    auto storage = must(engine.open(), "open the storage");
    SystemClock const clock;
    if (hub == Hub::New) {
        auto& registry = storage->registry();
        must(registry.add_store({"sh-001", "x", "", "", "Asia/Shanghai"}, test::act_at(1)), "add store");
        must(registry.add_invite("code", "sh-001", "x", 100, test::act_at(1)), "invite");
        must(registry.enrol("code", "dev_1", sync::hash_of_secret("lpd_bench"), "", 1), "enrol");
    }
    sync::ServerOptions options;
    options.tls_certificate = folder / "cert.pem";
    options.tls_key = folder / "key.pem";
    options.rates = sync::no_limits; // one box sends what thousands would
    auto server = must(sync::Server::create(options, {}, *storage, clock), "listen");
    std::uint16_t const port = server->port();
    if (::write(ready, &port, sizeof port) != sizeof port)
        std::exit(1);
    std::thread watcher([&] {
        char mark = 0;
        double begun = 0;
        while (::read(marks, &mark, 1) == 1) {
            if (mark == 'b')
                begun = own_cpu_us();
            double const spent = own_cpu_us() - begun;
            if (::write(report, &spent, sizeof spent) != sizeof spent)
                std::exit(1);
        }
        server->stop();
    });
    server->run();
    watcher.join();
    server.reset();
    storage.reset();
    std::_Exit(0);
}

double hub_cpu_us(std::filesystem::path const& folder, Engine const& engine, Hub hub,
    std::vector<std::string> const& packed)
{
    test::write_test_certificate(folder / "cert.pem", folder / "key.pem");
    std::array<int, 2> ready {}, marks {}, report {};
    if (::pipe(ready.data()) != 0 || ::pipe(marks.data()) != 0 || ::pipe(report.data()) != 0)
        std::exit(1);
    pid_t const child = ::fork();
    if (child == 0) {
        ::close(marks[1]);
        run_hub(folder, engine, hub, ready[1], marks[0], report[1]);
    }
    ::close(ready[1]);
    std::uint16_t port = 0;
    if (::read(ready[0], &port, sizeof port) != sizeof port)
        std::exit(1);
    auto const mark = [&](char what) {
        double spent = 0;
        if (::write(marks[1], &what, 1) != 1 || ::read(report[0], &spent, sizeof spent) != sizeof spent)
            std::exit(1);
        return spent;
    };
    HttpOptions options;
    options.ca_file = folder / "cert.pem";
    auto client = must(HttpClient::create(options), "client");
    HttpRequest request;
    request.method = "POST";
    request.url = "https://127.0.0.1:" + std::to_string(port) + "/v1/batches";
    request.headers = {{"Authorization", "Bearer lpd_bench"}, {"Content-Type", "application/json"},
        {"Content-Encoding", "zstd"}};
    double server_begun = 0;
    for (std::size_t i = 0; i < packed.size(); ++i) {
        // The first batches warm the hub up: handshake, buffers, the tables' first pages.
        if (i == packed.size() / 10) {
            mark('b');
            server_begun = engine.server_cpu_us();
        }
        request.body = packed[i];
        auto const reply = must(client.send(request), "upload");
        if (reply.body.find("\"acknowledged\":1000,\"duplicates\":0,\"refused\":[]") == std::string::npos) {
            std::fprintf(stderr, "ingest_bench: unexpected reply: %s\n", reply.body.c_str());
            std::exit(1);
        }
    }
    double const spent = mark('e') + engine.server_cpu_us() - server_begun;
    for (int const end : {marks[0], marks[1], report[0], report[1], ready[0]})
        ::close(end);
    ::waitpid(child, nullptr, 0);
    return spent / static_cast<double>((packed.size() - packed.size() / 10) * responses_a_batch);
}

/// Calls `store` for each batch with its rows; the CPU time of those calls and of `server`, a response.
double plain_cpu_us(int batches, std::function<double()> const& server,
    std::function<void(std::string const& install, int first, std::vector<std::string> const& rows)> const&
        store)
{
    double spent = -server();
    for (int number = 0; number < batches; ++number) {
        std::vector<std::string> rows;
        int const first = 1 + number / boxes * responses_a_batch;
        for (int i = 0; i < responses_a_batch; ++i)
            rows.push_back(response_json(first + i));
        std::string const install = install_of(number % boxes).substr(0, 16);
        double const begun = own_cpu_us();
        store(install, first, rows);
        spent += own_cpu_us() - begun;
    }
    return (spent + server()) / (batches * responses_a_batch);
}

constexpr std::int64_t moment_ms = 1'790'000'000'000;

double plain_sqlite_cpu_us(std::filesystem::path const& file, int batches)
{
    auto database = must(sqlite::Database::open(file, sqlite::OpenMode::Writer), "open plain.db");
    must(database.execute("CREATE TABLE plain (store, device, install, seq, received_ms, at_ms, raw)"),
        "create");
    auto insert = must(database.prepare("INSERT INTO plain VALUES (?, ?, ?, ?, ?, ?, ?)"), "prepare");
    return plain_cpu_us(
        batches, [] { return 0.0; },
        [&](std::string const& install, int first, std::vector<std::string> const& rows) {
            auto transaction = must(sqlite::Transaction::begin(database), "begin");
            for (auto const& raw : rows) {
                insert.bind(1, "sh-001").bind(2, "dev_1").bind_blob(3, install).bind(4, first++);
                must(insert.bind(5, moment_ms).bind(6, moment_ms).bind(7, raw).run(), "insert");
            }
            must(transaction.commit(), "commit");
        });
}

double plain_postgres_cpu_us(std::string const& conninfo, std::function<double()> const& server, int batches)
{
    auto connection = must(postgres::Connection::open(conninfo), "connect");
    must(connection.execute("CREATE TABLE plain (store text, device text, install bytea, seq bigint, "
                            "received_ms bigint, at_ms bigint, raw text)"),
        "create");
    constexpr postgres::Statement insert {"insert",
        "INSERT INTO plain SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[], "
        "$5::bigint[], $6::bigint[], $7::text[])"};
    return plain_cpu_us(
        batches, server, [&](std::string const& install, int first, std::vector<std::string> const& rows) {
            std::vector<std::string_view> const stores(rows.size(), "sh-001"), devices(rows.size(), "dev_1"),
                installs(rows.size(), install), raws(rows.begin(), rows.end());
            std::vector<std::int64_t> const moments(rows.size(), moment_ms);
            std::vector<std::int64_t> seqs;
            for (std::size_t i = 0; i < rows.size(); ++i)
                seqs.push_back(first++);
            auto transaction = must(postgres::Transaction::begin(connection), "begin");
            must(connection.run(insert,
                     postgres::Parameters()
                         .add(stores)
                         .add(devices)
                         .add_bytes(installs)
                         .add(seqs)
                         .add(moments)
                         .add(moments)
                         .add(raws)),
                "insert");
            must(transaction.commit(), "commit");
        });
}

std::vector<std::string> packed_batches(int first, int count)
{
    std::vector<std::string> packed;
    for (int number = first; number < first + count; ++number)
        packed.push_back(must(sync::compress(sync::Encoding::Zstd, batch_json(number)), "compress"));
    return packed;
}

/// As a reader of a list of them sees it; `is_first` of the list.
void print_row(char const* name, double value, double baseline, double budget, bool is_first)
{
    std::printf("%s{\"row\":\"%s\",\"value\":%.2f,\"unit\":\"us\",\"baseline\":%.2f,\"ratio\":%.2f,"
                "\"budget\":%.0f}",
        is_first ? "" : ",\n", name, value, baseline, value / baseline, budget);
    std::fflush(stdout); // before the next fork
}

}

int main(int argc, char** argv)
{
    if (argc < 2 || argc > 4) {
        std::fputs("use: ingest_bench DIR [BATCHES [FILL]]\n", stderr);
        return 2;
    }
    std::filesystem::path const folder = argv[1];
    std::filesystem::create_directories(folder);
    for (char const* name :
        {"hub.db", "hub.db-wal", "hub.db-shm", "plain.db", "plain.db-wal", "plain.db-shm"})
        std::filesystem::remove(folder / name);
    int const batches = argc > 2 ? std::atoi(argv[2]) : 200;
    std::int64_t const fill = argc > 3 ? std::atoll(argv[3]) : 0;

    // Not in DIR, which the user that PostgreSQL runs as may perhaps not enter.
    test::PostgresServer postgres(std::filesystem::temp_directory_path(), {"log_statement=none"});
    std::string const hub_database = postgres.make_database();
    std::string const plain_database = postgres.make_database();
    std::function<double()> const postgres_cpu_us = [server = postgres.pid()] { return tree_cpu_us(server); };
    std::array const engines {
        Engine {"ingest_sqlite_cpu_us", "ingest_sqlite_10m_cpu_us", 12,
            [&] { return sync::open_sqlite_storage(folder / "hub.db"); }, [] { return 0.0; },
            [&](int count) { return plain_sqlite_cpu_us(folder / "plain.db", count); }, [] {}},
        Engine {"ingest_postgres_cpu_us", "ingest_postgres_10m_cpu_us", 30,
            [&] { return sync::open_postgres_storage(hub_database); }, postgres_cpu_us,
            [&](int count) { return plain_postgres_cpu_us(plain_database, postgres_cpu_us, count); },
            [&] {
                auto connection = must(postgres::Connection::open(hub_database), "connect");
                must(connection.execute("VACUUM (ANALYZE)"), "vacuum");
                must(connection.execute("CHECKPOINT"), "checkpoint");
            }},
    };
    std::fputs("[", stdout);
    for (auto const& engine : engines) {
        double const empty = hub_cpu_us(folder, engine, Hub::New, packed_batches(0, batches));
        print_row(
            engine.row, empty, engine.plain_cpu_us(batches), engine.budget_us, &engine == &engines.front());
        if (fill == 0)
            continue;
        fill_hub(*must(engine.open(), "open the storage"), fill, boxes);
        engine.settle();
        double const filled = hub_cpu_us(folder, engine, Hub::Filled, packed_batches(batches, batches));
        print_row(engine.filled_row, filled, empty, engine.budget_us, false);
    }
    std::puts("]");
    return 0;
}
