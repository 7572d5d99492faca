// What the hub spends on a response: TLS, unpacking, checking, deduplication and a durable
// commit, in batches of 1,000 over one kept connection. Beside it the least that SQLite can
// do for the same rows: one table without an index, one transaction a batch.
//
//   ingest_bench DIR [BATCHES]     a list of rows for scripts/bench
//
// The hub runs in a process of its own (this program, started again by fork), so that the
// CPU time of the client is not counted: utime + stime of the child between its first and
// its last batch.

#include "platform/http/http_client.h"
#include "platform/os/system_clock.h"
#include "platform/sqlite/database.h"
#include "sync/hub/secrets.h"
#include "sync/hub/server.h"
#include "sync/hub/session.h"
#include "sync/hub/sqlite_storage.h"
#include "sync/wire/compression.h"
#include "tests/support/test_certificate.h"

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace listenpost;

namespace {

constexpr int responses_a_batch = 1'000;
constexpr int boxes = 40;
constexpr double budget_us = 12;

template <typename T>
T must(Result<T> result, char const* what)
{
    if (!result) {
        std::fprintf(stderr, "ingest_bench: %s: %s\n", what, result.error().detail.c_str());
        std::exit(1);
    }
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

/// As a box writes it: some with reasons, every eighth with a comment.
std::string response_json(int seq)
{
    std::string text = "{\"seq\":" + std::to_string(seq)
        + ",\"opened_ms\":" + std::to_string(1'790'000'000'000 + seq * 41'237LL)
        + ",\"took_ms\":" + std::to_string(4'000 + seq * 7919 % 9'000)
        + ",\"steady_ms\":" + std::to_string(86'390'000 + seq * 41'237LL)
        + ",\"answers\":[{\"q\":\"quality\",\"score\":" + std::to_string(1 + seq % 5);
    if (seq % 5 < 2)
        text += ",\"reasons\":[\"salty\",\"cold\"]";
    text += "},{\"q\":\"service\",\"score\":" + std::to_string(1 + seq * 7 % 5)
        + "},{\"q\":\"cleanliness\",\"score\":" + std::to_string(1 + seq * 3 % 5) + "}]";
    if (seq % 8 == 0)
        text += ",\"comment\":\"上菜有点慢，其他都很好 " + std::to_string(seq) + "\"";
    return text
        + ",\"outcome\":\"complete\",\"closed_by\":\"finish\",\"clock_set\":true,"
          "\"boot\":\"9c1b7e52-1b0c-4a55-9d0e-6f2c8d3b7a10\",\"survey\":\"qsc-restaurant\","
          "\"survey_version\":1,\"touchpoint\":\"exit\",\"lang\":\"zh-CN\"}";
}

std::string install_of(int box)
{
    char text[33];
    std::snprintf(text, sizeof text, "%08x5f0c1d%018x", static_cast<unsigned>(box) * 2654435761U,
        static_cast<unsigned>(box));
    return text;
}

/// Batch `number`: the boxes take turns, each going on where it was.
std::string batch_json(int number)
{
    std::string text = "{\"v\":1,\"install\":\"" + install_of(number % boxes)
        + "\",\"sent\":{\"wall_ms\":1790000000000,\"steady_ms\":86400000,"
          "\"boot\":\"9c1b7e52-1b0c-4a55-9d0e-6f2c8d3b7a10\",\"clock_set\":true},\"responses\":[";
    int const first = 1 + number / boxes * responses_a_batch;
    for (int i = 0; i < responses_a_batch; ++i)
        text += (i > 0 ? "," : "") + response_json(first + i);
    return text + "]}";
}

double cpu_us_of(rusage const& usage)
{
    auto const microseconds = [](timeval const& time) {
        return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
    };
    return microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
}

double own_cpu_us()
{
    rusage usage {};
    ::getrusage(RUSAGE_SELF, &usage);
    return cpu_us_of(usage);
}

/// The hub process: serves until the pipe closes, then prints its CPU time since the first
/// request of the measured part into `report`.
[[noreturn]] void run_hub(std::filesystem::path const& folder, int ready, int marks, int report)
{
    auto storage = must(sync::open_sqlite_storage(folder / "hub.db"), "open hub.db");
    SystemClock const clock;
    must(storage->add_store({"sh-001", "x", "", "", "Asia/Shanghai"}, 1), "add store");
    must(storage->add_invite("code", "sh-001", "x", 100), "invite");
    must(storage->enrol("code", "dev_1", sync::hash_of_secret("lpd_bench"), "", 1), "enrol");
    sync::ServerOptions options;
    options.tls_certificate = folder / "cert.pem";
    options.tls_key = folder / "key.pem";
    options.rates = {{}, {}, {}}; // one box sends what thousands would
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
            if (mark == 'e' && ::write(report, &spent, sizeof spent) != sizeof spent)
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

double hub_cpu_us(std::filesystem::path const& folder, std::vector<std::string> const& packed)
{
    test::write_test_certificate(folder / "cert.pem", folder / "key.pem");
    std::array<int, 2> ready {}, marks {}, report {};
    if (::pipe(ready.data()) != 0 || ::pipe(marks.data()) != 0 || ::pipe(report.data()) != 0)
        std::exit(1);
    pid_t const child = ::fork();
    if (child == 0) {
        ::close(marks[1]);
        run_hub(folder, ready[1], marks[0], report[1]);
    }
    ::close(ready[1]);
    std::uint16_t port = 0;
    if (::read(ready[0], &port, sizeof port) != sizeof port)
        std::exit(1);
    HttpOptions options;
    options.ca_file = folder / "cert.pem";
    auto client = must(HttpClient::create(options), "client");
    HttpRequest request;
    request.method = "POST";
    request.url = "https://127.0.0.1:" + std::to_string(port) + "/v1/batches";
    request.headers = {{"Authorization", "Bearer lpd_bench"}, {"Content-Type", "application/json"},
        {"Content-Encoding", "zstd"}};
    double spent = 0;
    for (std::size_t i = 0; i < packed.size(); ++i) {
        // The first batches warm the hub up: handshake, buffers, the tables' first pages.
        if (i == packed.size() / 10 && ::write(marks[1], "b", 1) != 1)
            std::exit(1);
        request.body = packed[i];
        auto const reply = must(client.send(request), "upload");
        if (reply.body.find("\"acknowledged\":1000,\"duplicates\":0,\"refused\":[]") == std::string::npos) {
            std::fprintf(stderr, "ingest_bench: unexpected reply: %s\n", reply.body.c_str());
            std::exit(1);
        }
    }
    if (::write(marks[1], "e", 1) != 1 || ::read(report[0], &spent, sizeof spent) != sizeof spent)
        std::exit(1);
    ::close(marks[1]);
    ::waitpid(child, nullptr, 0);
    return spent / static_cast<double>((packed.size() - packed.size() / 10) * responses_a_batch);
}

/// Only SQLite's part, with nothing to look up and nothing to check.
double plain_cpu_us(std::filesystem::path const& folder, int batches)
{
    auto database
        = must(sqlite::Database::open(folder / "plain.db", sqlite::OpenMode::Writer), "open plain.db");
    must(database.execute("CREATE TABLE plain (store, device, install, seq, received_ms, at_ms, raw)"),
        "create");
    auto insert = must(database.prepare("INSERT INTO plain VALUES (?, ?, ?, ?, ?, ?, ?)"), "prepare");
    double spent = 0;
    for (int number = 0; number < batches; ++number) {
        std::vector<std::string> rows;
        int const first = 1 + number / boxes * responses_a_batch;
        for (int i = 0; i < responses_a_batch; ++i)
            rows.push_back(response_json(first + i));
        std::string const install = install_of(number % boxes).substr(0, 16);
        double const begun = own_cpu_us();
        auto transaction = must(sqlite::Transaction::begin(database), "begin");
        for (int i = 0; i < responses_a_batch; ++i) {
            insert.bind(1, "sh-001").bind(2, "dev_1").bind_blob(3, install).bind(4, first + i);
            insert.bind(5, 1'790'000'000'000)
                .bind(6, 1'790'000'000'000)
                .bind(7, rows[static_cast<std::size_t>(i)]);
            must(insert.run(), "insert");
        }
        must(transaction.commit(), "commit");
        spent += own_cpu_us() - begun;
    }
    return spent / (batches * responses_a_batch);
}

}

int main(int argc, char** argv)
{
    if (argc < 2 || argc > 3) {
        std::fputs("use: ingest_bench DIR [BATCHES]\n", stderr);
        return 2;
    }
    std::filesystem::path const folder = argv[1];
    std::filesystem::create_directories(folder);
    for (char const* name :
        {"hub.db", "hub.db-wal", "hub.db-shm", "plain.db", "plain.db-wal", "plain.db-shm"})
        std::filesystem::remove(folder / name);
    int const batches = argc > 2 ? std::atoi(argv[2]) : 200;
    std::vector<std::string> packed;
    for (int number = 0; number < batches; ++number)
        packed.push_back(must(sync::compress(sync::Encoding::Zstd, batch_json(number)), "compress"));
    double const hub = hub_cpu_us(folder, packed);
    double const plain = plain_cpu_us(folder, batches);
    std::printf("[{\"row\":\"ingest_sqlite_cpu_us\",\"value\":%.2f,\"unit\":\"us\",\"baseline\":%.2f,"
                "\"ratio\":%.2f,\"budget\":%.0f}]\n",
        hub, plain, hub / plain, budget_us);
    return 0;
}
