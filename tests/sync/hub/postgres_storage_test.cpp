#include "sync/hub/postgres_storage.h"

#include "platform/postgres/connection.h"
#include "sync/hub/writer_queue.h"
#include "tests/support/hub_acts.h"
#include "tests/support/postgres_server.h"
#include "tests/sync/hub/storage_contract.h"

#include <array>
#include <catch2/catch.hpp>
#include <future>

using namespace listenpost;
using namespace listenpost::test;

namespace {

std::unique_ptr<sync::Storage> open(std::string const& conninfo)
{
    auto storage = sync::open_postgres_storage(conninfo);
    REQUIRE(storage);
    return std::move(*storage);
}

std::unique_ptr<sync::Storage> open_empty() { return open(PostgresServer::shared().make_database()); }

postgres::Connection connect(std::string const& conninfo)
{
    return std::move(postgres::Connection::open(conninfo).value());
}

/// Two responses a round, as a box sends them. For any thread: no assertion.
std::vector<sync::IngestRequest> round_of(int box, std::string const& store, std::int64_t round)
{
    sync::BatchParser parser;
    auto batch = parser.parse(
        batch_json(install_id(box), {response_json(2 * round + 1), response_json(2 * round + 2)}));
    std::vector<sync::IngestRequest> requests;
    requests.push_back({"dev_" + std::to_string(box), store, 1, std::move(*batch)});
    return requests;
}

/// Ends every connection to this database but the asking one's.
void end_all_connections(std::string const& conninfo)
{
    auto connection = connect(conninfo);
    REQUIRE(connection.run({"end_all",
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"}));
}

}

#define STORAGE_TEST(function, sentence)                                                                     \
    TEST_CASE("PostgreSQL: " sentence, "[sync][hub][storage]") { function(open_empty); }
LISTENPOST_STORAGE_CONTRACT(STORAGE_TEST)

TEST_CASE(
    "PostgreSQL: everything is there after the storage was closed and opened again", "[sync][hub][storage]")
{
    auto const conninfo = PostgresServer::shared().make_database();
    everything_is_there_after_closing_and_opening([&] { return open(conninfo); });
}

// The statement that fails is chosen by taking away the table it needs.
TEST_CASE(
    "PostgreSQL: a commit that fails half-way keeps nothing, and can be sent again", "[sync][hub][storage]")
{
    auto const conninfo = PostgresServer::shared().make_database();
    auto storage = open(conninfo);
    ingest_one(*storage, install_id(1), {response_json(1)});
    auto other = connect(conninfo);
    auto const table = GENERATE("log", "dedup", "installs", "partitions");
    CAPTURE(table);
    REQUIRE(other.execute("ALTER TABLE " + std::string(table) + " RENAME TO away"));

    std::vector<sync::IngestRequest> requests;
    requests.push_back({"dev_1", "sh-001", 1, parsed_batch(install_id(1), {response_json(2)})});
    requests.push_back({"dev_2", "bj-007", 1, parsed_batch(install_id(2), {response_json(1)})});
    auto const failed = storage->ingest(requests);
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == Errc::Corrupt);

    REQUIRE(other.execute("ALTER TABLE away RENAME TO " + std::string(table)));
    auto const replies = storage->ingest(requests);
    REQUIRE(replies);
    CHECK((*replies)[0].duplicates == 0);
    CHECK((*replies)[1].duplicates == 0);
    CHECK(pull_everything(*storage).size() == 3);
}

TEST_CASE("PostgreSQL: a connection that was lost meanwhile costs no error", "[sync][hub][storage]")
{
    auto const conninfo = PostgresServer::shared().make_database();
    auto storage = open(conninfo);
    auto reader = storage->open_reader();
    REQUIRE(reader);
    for (std::int64_t seq = 1; seq <= 3; ++seq) {
        ingest_one(*storage, install_id(1), {response_json(seq)});
        REQUIRE(storage->registry().add_store(
            {"s" + std::to_string(seq), "x", "", "", "Asia/Shanghai"}, act_at(1)));
        std::vector<PulledRow> rows;
        pull_page(**reader, {}, 10, rows);
        CHECK(rows.size() == static_cast<std::size_t>(seq));
        end_all_connections(conninfo);
    }
    CHECK(storage->registry().stores().value().size() == 3);
}

TEST_CASE("PostgreSQL: while the server is away nothing is acknowledged; when it is back, work goes on",
    "[sync][hub][storage]")
{
    auto& server = PostgresServer::shared();
    auto storage = open_empty();
    auto reader = storage->open_reader();
    REQUIRE(reader);
    ingest_one(*storage, install_id(1), {response_json(1)});
    REQUIRE((*reader)->find_grant("x"));
    SECTION("stopped") { server.stop(); }
    SECTION("killed") { server.kill(); }
    CHECK(storage->ingest(round_of(1, "sh-001", 0)).error().code == Errc::Unreachable);
    CHECK(storage->registry().add_store({"s", "x", "", "", "Asia/Shanghai"}, act_at(1)).error().code
        == Errc::Unreachable);
    CHECK((*reader)->find_grant("x").error().code == Errc::Unreachable);
    CHECK(sync::open_postgres_storage(server.conninfo()).error().code == Errc::Unreachable);
    server.start();
    auto const reply = ingest_one(*storage, install_id(1), {response_json(1), response_json(2)});
    CHECK(reply.duplicates == 1);
    CHECK(storage->registry().stores().value().empty());
    std::vector<PulledRow> rows;
    pull_page(**reader, {}, 10, rows);
    CHECK(rows.size() == 2);
}

// Promise 9 and promise 2 with everything that may go wrong at once: each box's batches go to both
// hubs, as after a lost reply; a box that is a copy stands in another store, so that the lanes of
// one hub meet in one partition too; the server is killed and started again under them.
TEST_CASE("PostgreSQL: hubs that share a database count each response once, in gap-free order, over kill -9",
    "[sync][hub][storage]")
{
    auto& server = PostgresServer::shared();
    auto const conninfo = server.make_database();
    constexpr int boxes = 6;
    constexpr std::int64_t rounds = 150;
    std::array const hubs {open(conninfo), open(conninfo)};
    std::atomic<int> running = 0;
    std::atomic<std::int64_t> acknowledged = 0;
    std::mutex mutex;
    std::vector<std::string> wrong;
    std::vector<std::jthread> threads;
    for (int box = 0; box < boxes; ++box)
        for (auto const& hub : hubs) {
            ++running;
            threads.emplace_back([&, box, hub = hub.get()] {
                // Half of the boxes stand in two stores at once.
                bool const is_copy = box % 2 == 0 && hub == hubs[1].get();
                std::string const store = (is_copy ? "copy-" : "store-") + std::to_string(box);
                for (std::int64_t round = 0; round < rounds; ++round) {
                    auto reply = hub->ingest(round_of(box, store, round));
                    while (!reply && reply.error().code == Errc::Unreachable) {
                        std::this_thread::yield();
                        reply = hub->ingest(round_of(box, store, round));
                    }
                    if (!reply || reply->front().acknowledged != 2) {
                        std::lock_guard const lock(mutex);
                        wrong.push_back(reply ? "not all acknowledged" : reply.error().detail);
                        break;
                    }
                    acknowledged += 2;
                }
                --running;
            });
        }
    auto reader = hubs[0]->open_reader();
    REQUIRE(reader);
    std::vector<PulledRow> rows;
    sync::Cursor cursor;
    constexpr std::int64_t total = boxes * rounds * 2;
    std::int64_t next_kill = total / 4;
    while (running > 0) {
        auto const next = (*reader)->read_page(cursor, {50}, [&](sync::LogRow const& row) {
            rows.push_back({"", "", std::string(row.install), row.seq, 0, 0, ""});
        });
        REQUIRE(next); // nobody kills while this thread reads
        cursor = *next;
        if (acknowledged > next_kill) {
            server.kill();
            server.start();
            next_kill += total / 4;
        }
    }
    for (auto& thread : threads)
        thread.join();
    CHECK(wrong == std::vector<std::string>());
    CHECK(next_kill > total); // it was killed some times
    for (std::size_t before = rows.size() + 1; before != rows.size();) {
        before = rows.size();
        cursor = pull_page(**reader, cursor, 1'000, rows);
    }
    std::map<std::string, std::int64_t> last_of;
    for (auto const& row : rows)
        REQUIRE(row.seq == ++last_of[row.install]);
    for (int box = 0; box < boxes; ++box)
        CHECK(last_of[install_id(box)] == 2 * rounds);
}

TEST_CASE("PostgreSQL: one invite shown to two hubs at once enrols one box", "[sync][hub][storage]")
{
    auto const conninfo = PostgresServer::shared().make_database();
    std::array const hubs {open(conninfo), open(conninfo)};
    REQUIRE(hubs[0]->registry().add_store({"sh-001", "x", "", "", "Asia/Shanghai"}, act_at(1)));
    for (int code = 0; code < 20; ++code) {
        std::string const hash = "hash-" + std::to_string(code);
        REQUIRE(hubs[0]->registry().add_invite(hash, "sh-001", "x", 100, act_at(1)));
        std::array<std::future<bool>, 2> enrolled;
        for (std::size_t i = 0; i < 2; ++i)
            enrolled[i] = std::async(std::launch::async, [&, i] {
                std::string const device = "dev_" + std::to_string(code) + "_" + std::to_string(i);
                return hubs[i]->registry().enrol(hash, device, device, "", 1).has_value();
            });
        CHECK(enrolled[0].get() != enrolled[1].get());
    }
    CHECK(hubs[1]->registry().devices().value().size() == 20);
}

// Another hub holds a partition's counter: only what needs that partition waits.
TEST_CASE("PostgreSQL: the lanes of a hub's writer do not wait for one another", "[sync][hub][storage]")
{
    auto const conninfo = PostgresServer::shared().make_database();
    auto storage = open(conninfo);
    REQUIRE(storage->lanes() == 4);
    std::string const held = "store-0";
    std::string other = "store-1";
    for (int number = 2; storage->lane_of(other) == storage->lane_of(held); ++number)
        other = "store-" + std::to_string(number);

    auto holder = connect(conninfo);
    auto transaction = postgres::Transaction::begin(holder);
    REQUIRE(transaction);
    REQUIRE(holder.execute(
        "SELECT 1 FROM partitions WHERE part = " + std::to_string(sync::partition_of(held)) + " FOR UPDATE"));
    sync::WriterQueue queue(*storage, {});
    auto const submit = [&](int box, std::string const& store) {
        auto promise = std::make_shared<std::promise<bool>>();
        auto answer = promise->get_future();
        REQUIRE(
            queue.submit(std::move(round_of(box, store, 0).front()),
                [promise](Result<sync::IngestReply> const& reply) { promise->set_value(reply.has_value()); })
            == sync::WriterQueue::Submitted::Queued);
        return answer;
    };
    auto waiting = submit(1, held);
    auto done = submit(2, other);
    CHECK(done.get());
    CHECK(waiting.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
    REQUIRE(transaction->commit());
    CHECK(waiting.get());
}
