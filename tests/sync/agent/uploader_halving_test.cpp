// Batches that the hub does not take as a whole, and what is done about it.
#include "tests/sync/agent/uploader_box.h"

using namespace listenpost;
using namespace listenpost::sync;
using namespace std::chrono_literals;
using test::json_reply;
using test::range;
using test::Seqs;

TEST_CASE("A poisoned batch is halved until the poison is alone", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    int count = 1000;
    SECTION("one") { box.hub.poisoned = {GENERATE(1, 2, 500, 501, 999, 1000)}; }
    SECTION("two, apart") { box.hub.poisoned = {3, 997}; }
    SECTION("two, neighbours") { box.hub.poisoned = {500, 501}; }
    SECTION("some in the next batch too")
    {
        count = 1'500;
        box.hub.poisoned = {1000, 1001, 1500};
    }
    SECTION("all of them")
    {
        count = 40;
        for (auto const seq : range(1, count))
            box.hub.poisoned.insert(seq);
    }
    SECTION("the only one")
    {
        count = 1;
        box.hub.poisoned = {1};
    }
    box.capture(count);
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.mark() == count);
    Seqs aside;
    auto const list = box.delivery->quarantined(2000).value();
    for (auto const& item : list) {
        CHECK(item.refusal.code == "bad_batch");
        aside.push_back(item.refusal.seq);
    }
    std::ranges::sort(aside);
    CHECK(aside == Seqs(box.hub.poisoned.begin(), box.hub.poisoned.end()));
    CHECK(box.hub.stored.size() == static_cast<std::size_t>(count) - aside.size());
    // Each costs a way down the tree, and there are two batches at most.
    CHECK(box.hub.bodies.size() <= 2 + aside.size() * 11);
}

TEST_CASE("A search for poison is not misled by troubles in between", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(64);
    box.hub.poisoned = {37};
    int request = 0;
    box.hub.instead = [&]() -> std::optional<Result<HttpReply>> {
        if (++request % 2 == 0)
            return Result<HttpReply>(fail(Errc::Unreachable, "gone"));
        return std::nullopt;
    };
    for (int round = 0; round < 100 && box.drain().state != UploadState::Idle; ++round) {
        box.clock.advance(5min);
        if (round % 5 == 4)
            box.restart();
    }
    CHECK(box.mark() == 64);
    CHECK(box.delivery->quarantined_count().value() == 1);
    CHECK(box.hub.stored.size() == 63);
}

TEST_CASE("A batch that is too large is halved, and large ones are tried again later", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(1000);
    box.hub.max_responses = 130;
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.mark() == 1000);
    CHECK(box.delivery->quarantined_count().value() == 0);
    CHECK(box.hub.bodies.size() == 3 + 8);

    box.hub.max_responses = 1000;
    box.capture(4000);
    box.drain();
    CHECK(box.mark() == 5000);
    CHECK(box.hub.batches.back().size() > 130);
}

TEST_CASE("A response that is too large alone is set aside only on the hub's word", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(2);
    SECTION("the hub's")
    {
        box.hub.max_responses = 0;
        CHECK(box.drain().state == UploadState::Idle);
        CHECK(box.delivery->quarantined_count().value() == 2);
        CHECK(box.delivery->quarantined(1).value()[0].refusal.code == "too_large");
    }
    SECTION("a proxy's")
    {
        auto const reply
            = GENERATE(json_reply(413, "<html>nginx</html>"), test::hub_error(413, "RequestEntityTooLarge"));
        box.hub.instead = [reply] { return Result<HttpReply>(reply); };
        CHECK(box.drain().state == UploadState::BackingOff);
        CHECK(box.mark() == 0);
        CHECK(box.delivery->quarantined_count().value() == 0);
    }
}

TEST_CASE("A gateway that says 400 in the hub's JSON costs time, and no response", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(100);
    box.hub.instead = [] { return Result<HttpReply>(test::hub_error(400, "INVALID_ARGUMENT")); };
    for (int attempt = 0; attempt < 30; ++attempt) {
        CHECK(box.drain().state == UploadState::BackingOff);
        box.clock.advance(5min);
    }
    CHECK(box.mark() == 0);
    CHECK(box.delivery->quarantined_count().value() == 0);
    CHECK(box.hub.bodies.size() == 30); // nor was the batch halved
    box.hub.instead = nullptr;
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.hub.stored.size() == 100);
}
