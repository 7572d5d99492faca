#include "sync/agent/quarantine.h"

#include "platform/os/files.h"
#include "tests/sync/agent/uploader_box.h"

#include <nlohmann/json.hpp>
#include <sys/stat.h>

using namespace listenpost;
using namespace listenpost::sync;
using namespace std::chrono_literals;
using nlohmann::json;
using Seqs = std::vector<std::int64_t>;

namespace {

/// Ten responses, of which the hub has refused 2, 5 and 6.
struct RefusedBox : test::UploaderBox {
    RefusedBox()
    {
        enrol();
        capture(10);
        hub.refused = {2, 5, 6};
        REQUIRE(drain().state == UploadState::Idle);
        hub.batches.clear();
    }
    DataFolder data() const { return {folder.path()}; }
    void retry(RetryRequest const& request)
    {
        REQUIRE(leave_retry(data(), request));
        REQUIRE(adopt_retry(data(), *delivery));
    }
    Seqs aside()
    {
        Seqs seqs;
        auto const list = delivery->quarantined_of(store->install_id()).value();
        for (auto const& item : list)
            seqs.push_back(item.refusal.seq);
        return seqs;
    }
};

}

TEST_CASE("What is sent again out of the quarantine settles as usual", "[sync][agent]")
{
    RefusedBox box;
    SECTION("all of it, which the hub takes now")
    {
        box.hub.refused = {};
        box.retry({true, {}});
        CHECK(box.aside() == Seqs {2, 5, 6}); // until the hub has it
        CHECK(box.drain().state == UploadState::Idle);
        CHECK(box.hub.batches == std::vector<Seqs> {{2, 5, 6}});
        CHECK(box.aside().empty());
        CHECK(box.delivery->delivered(box.store->install_id()).value().acknowledged == 10);
    }
    SECTION("one by its number, which the hub refuses again")
    {
        box.retry({false, {5}});
        CHECK(box.drain().state == UploadState::Idle);
        CHECK(box.hub.batches == std::vector<Seqs> {{5}});
        CHECK(box.aside() == Seqs {2, 5, 6});
        CHECK(box.drain().state == UploadState::Idle);
        CHECK(box.hub.batches.size() == 1); // once is once
    }
    SECTION("some taken, some not, and new ones after them")
    {
        box.hub.refused = {6};
        box.retry({true, {}});
        box.capture(2);
        CHECK(box.drain().state == UploadState::Idle);
        CHECK(box.hub.batches == std::vector<Seqs> {{2, 5, 6}, {11, 12}});
        CHECK(box.aside() == Seqs {6});
    }
    SECTION("a poisoned one is found among them")
    {
        box.hub.refused = {};
        box.hub.poisoned = {5};
        box.retry({true, {}});
        CHECK(box.drain().state == UploadState::Idle);
        CHECK(box.aside() == Seqs {5});
        CHECK(box.delivery->quarantined_of(box.store->install_id()).value()[0].refusal.code == "bad_batch");
    }
    SECTION("across a crash between the hub's commit and ours")
    {
        box.hub.refused = {};
        box.hub.afterwards = [] { return Result<HttpReply>(fail(Errc::Unreachable, "power cut")); };
        box.retry({true, {}});
        CHECK(box.drain().state == UploadState::BackingOff);
        CHECK(box.aside() == Seqs {2, 5, 6});
        box.hub.afterwards = nullptr;
        box.restart();
        CHECK(box.drain().state == UploadState::Idle);
        CHECK(box.aside().empty());
    }
    CHECK(box.mark() == (box.hub.batches.back().back() > 10 ? 12 : 10));
    CHECK(box.delivery->to_retry(10).value().seqs.empty());
}

TEST_CASE("A quarantined response that is no longer on the box stays listed and is not sent", "[sync][agent]")
{
    RefusedBox box;
    {
        auto database = sqlite::Database::open(box.folder / "store.db", sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute("DELETE FROM response WHERE seq = 5"));
    }
    box.hub.refused = {};
    box.retry({true, {}});
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.hub.batches == std::vector<Seqs> {{2, 6}});
    CHECK(box.aside() == Seqs {5});
    box.retry({true, {}});
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.hub.batches.size() == 1);
}

TEST_CASE("A wish to send again survives until it is taken over, and adds to an earlier one", "[sync][agent]")
{
    RefusedBox box;
    CHECK_FALSE(adopt_retry(box.data(), *box.delivery).value());
    REQUIRE(leave_retry(box.data(), {false, {6}}));
    REQUIRE(leave_retry(box.data(), {false, {2, 6, 77}}));
    struct stat found { };
    REQUIRE(::stat(box.data().pending_retry().c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0600);
    CHECK(adopt_retry(box.data(), *box.delivery).value() == 2);
    CHECK_FALSE(std::filesystem::exists(box.data().pending_retry()));
    CHECK(box.delivery->to_retry(10).value().seqs == Seqs {2, 6});
    CHECK_FALSE(adopt_retry(box.data(), *box.delivery).value());

    for (auto const* spoilt : {"", "{", "[]", R"({"all":1,"seqs":[]})", R"({"all":true,"seqs":[-1]})"}) {
        REQUIRE(write_file_atomically(box.data().pending_retry(), spoilt));
        CHECK(adopt_retry(box.data(), *box.delivery).error().code == Errc::Corrupt);
        CHECK_FALSE(adopt_retry(box.data(), *box.delivery).value());
    }
}

TEST_CASE("A conflict is not sent again: the kiosk gives it another number", "[sync][agent]")
{
    RefusedBox box;
    REQUIRE(box.delivery->settle(
        {box.store->install_id(), {10}, 0, {{10, conflict_code, "copy"}}, {}, box.clock.wall}));
    CHECK(box.delivery->request_retry({true, {}}).value() == 3);
    CHECK(box.delivery->request_retry({false, {10}}).value() == 3);
    CHECK(box.delivery->to_retry(10).value().seqs == Seqs {2, 5, 6});
}

TEST_CASE("The list of the quarantine says what an operator needs", "[sync][agent]")
{
    RefusedBox box;
    box.retry({false, {5}});
    auto const list = box.delivery->quarantined_of(box.store->install_id()).value();
    auto const items = json::parse(quarantine_to_json(list));
    REQUIRE(items.size() == 3);
    CHECK(items[1]
        == json {{"install", box.store->install_id()}, {"seq", 5}, {"code", "invalid"}, {"detail", "it is"},
            {"at_ms", 1'790'000'000'000}, {"retry", true}});
    CHECK(items[0]["retry"] == false);
    auto const text = quarantine_to_text(list);
    CHECK(text.find("response 5 of " + box.store->install_id().substr(0, 8)) != std::string::npos);
    CHECK(text.find("invalid: it is (will be sent again)") != std::string::npos);
    CHECK(quarantine_to_text({}) == "nothing is in quarantine\n");
}
