#include "sync/hub/writer_queue.h"

#include "sync/hub/sqlite_storage.h"
#include "tests/support/hub_acts.h"
#include "tests/support/temp_folder.h"
#include "tests/sync/hub/batches.h"
#include "tests/sync/hub/gated_storage.h"

#include <catch2/catch.hpp>
#include <future>

using namespace listenpost;
using namespace listenpost::sync;
using namespace listenpost::test;

namespace {

struct Fixture {
    TempFolder folder;
    std::unique_ptr<Storage> real = open_sqlite_storage(folder / "hub.db").value();
    GatedStorage storage {*real};
};

IngestRequest request_of(int box)
{
    return {"dev_" + std::to_string(box), "sh-001", 1, parsed_batch(install_id(box), {response_json(1)})};
}

using Answer = std::future<Result<IngestReply>>;

/// Queues a batch; nothing when the queue is full.
std::optional<Answer> submit(WriterQueue& queue, int box)
{
    auto promise = std::make_shared<std::promise<Result<IngestReply>>>();
    auto answer = promise->get_future();
    auto const submitted = queue.submit(
        request_of(box), [promise](Result<IngestReply> reply) { promise->set_value(std::move(reply)); });
    if (submitted == WriterQueue::Submitted::Full)
        return {};
    return answer;
}

}

TEST_CASE("Batches that wait together are committed together", "[sync][hub]")
{
    Fixture fixture;
    fixture.storage.close_gate();
    std::vector<std::optional<Answer>> answers;
    {
        WriterQueue queue(fixture.storage, {});
        answers.push_back(submit(queue, 0));
        fixture.storage.wait_for_somebody_at_the_gate();
        for (int box = 1; box <= 5; ++box)
            answers.push_back(submit(queue, box));
        fixture.storage.open_gate();
    } // the queue finishes what it holds
    CHECK(fixture.storage.commits() == std::vector<std::size_t> {1, 5});
    for (auto& answer : answers) {
        REQUIRE(answer);
        CHECK(answer->get().value().acknowledged == 1);
    }
}

TEST_CASE("Heartbeats that wait together are one commit, after the batches", "[sync][hub]")
{
    Fixture fixture;
    REQUIRE(fixture.real->registry().add_store({"sh-001", "x", "", "", "Asia/Shanghai"}, act_at(1)));
    REQUIRE(fixture.real->registry().add_invite("code", "sh-001", "x", 100, act_at(1)));
    REQUIRE(fixture.real->registry().enrol("code", "dev_1", "token", "", 1));
    fixture.storage.close_gate();
    std::vector<std::string> told;
    WriterQueue::Limits limits;
    limits.max_heartbeats = 3;
    {
        WriterQueue queue(fixture.storage, limits);
        auto const beat = [&](std::int64_t waiting) {
            return queue.submit(HeartbeatRequest {"dev_1", waiting, {"0.1.0", waiting, "{}"}},
                [&told, waiting](Result<HeartbeatReply> const& kept) {
                    told.push_back(std::to_string(waiting) + (kept ? "" : " failed"));
                });
        };
        auto first = submit(queue, 0);
        fixture.storage.wait_for_somebody_at_the_gate();
        for (std::int64_t waiting = 1; waiting <= 3; ++waiting)
            CHECK(beat(waiting) == WriterQueue::Submitted::Queued);
        CHECK(beat(4) == WriterQueue::Submitted::Full);
        auto second = submit(queue, 1);
        fixture.storage.open_gate();
    } // the queue finishes what it holds
    CHECK(told == std::vector<std::string> {"1", "2", "3"});
    CHECK(fixture.storage.order() == std::vector<std::string> {"ingest 1", "ingest 1", "heartbeats 3"});
    CHECK(fixture.real->registry().devices().value()[0].seen->heartbeat.waiting == 3);
}

TEST_CASE("A full queue says so at once, and takes batches again when there is room", "[sync][hub]")
{
    Fixture fixture;
    fixture.storage.close_gate();
    WriterQueue::Limits limits;
    SECTION("by number") { limits.max_batches = 2; }
    SECTION("by size") { limits.max_bytes = 2 * request_of(0).batch.bytes(); }
    WriterQueue queue(fixture.storage, limits);
    auto first = submit(queue, 0);
    REQUIRE(first);
    fixture.storage.wait_for_somebody_at_the_gate();
    auto second = submit(queue, 1);
    auto third = submit(queue, 2);
    REQUIRE(second);
    REQUIRE(third);
    CHECK_FALSE(submit(queue, 3));
    fixture.storage.open_gate();
    CHECK(third->get());
    CHECK(submit(queue, 3));
}

TEST_CASE("A batch that cannot be committed does not take its neighbours down with it", "[sync][hub]")
{
    Fixture fixture;
    fixture.storage.close_gate();
    fixture.storage.fail_for("dev_2");
    WriterQueue queue(fixture.storage, {});
    auto first = submit(queue, 0);
    fixture.storage.wait_for_somebody_at_the_gate();
    auto good = submit(queue, 1);
    auto bad = submit(queue, 2);
    auto other = submit(queue, 3);
    fixture.storage.open_gate();
    CHECK(good->get());
    CHECK(other->get());
    auto const refused = bad->get();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::Io);
}

// Each try might wait for seconds, and all that wait in the queue would wait for all of them.
TEST_CASE("While the database's server is away, batches that wait together are answered after one try",
    "[sync][hub]")
{
    Fixture fixture;
    fixture.storage.close_gate();
    fixture.storage.fail_for("dev_2", Errc::Unreachable);
    WriterQueue queue(fixture.storage, {});
    auto first = submit(queue, 0);
    fixture.storage.wait_for_somebody_at_the_gate();
    std::vector<std::optional<Answer>> answers;
    for (int box = 1; box <= 5; ++box)
        answers.push_back(submit(queue, box));
    fixture.storage.open_gate();
    for (auto& answer : answers)
        CHECK(answer->get().error().code == Errc::Unreachable);
    CHECK(fixture.storage.failures() == 1);
}
