// What the agent does when store.db is not what it was, or its numbers are another box's.

#include "platform/os/files.h"
#include "sync/agent/data_folder.h"
#include "tests/sync/agent/uploader_box.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::sync;
using namespace std::chrono_literals;
using Seqs = std::vector<std::int64_t>;

namespace {

/// A box whose image was copied: the twin has told the hub its own responses 4 and 5 already.
struct CopiedBox : test::UploaderBox {
    CopiedBox()
    {
        enrol();
        capture(3);
        REQUIRE(drain().state == UploadState::Idle);
        old_install = store->install_id();
        for (auto const seq : {4, 5}) {
            hub.stored.insert({old_install, seq});
            hub.contents[{old_install, seq}] = "the twin's";
        }
        for (auto const* comment : {"mine 4", "mine 5", "mine 6"})
            capture(1, comment);
    }

    DataFolder data() const { return {folder.path()}; }
    /// What the kiosk does at its next look.
    void kiosk_adopts()
    {
        auto const text = read_file(data().conflict_request(), 1'000'000);
        if (!text)
            return;
        auto const request = kiosk::parse_conflict_request(*text);
        REQUIRE(request);
        REQUIRE(store->adopt(*request));
    }
    void kiosk_crashes()
    {
        store.reset();
        auto opened = kiosk::ResponseStore::open(folder / "store.db");
        REQUIRE(opened);
        store = std::make_unique<kiosk::ResponseStore>(std::move(*opened));
    }
    int counted(std::string const& comment) const
    {
        int times = 0;
        for (auto const& [key, content] : hub.contents)
            times += content.find('"' + comment + '"') != std::string::npos ? 1 : 0;
        return times;
    }
    bool has_request() const { return std::filesystem::exists(data().conflict_request()); }
    void replace_store(std::filesystem::path const& with)
    {
        store.reset();
        for (auto const* name : {"store.db", "store.db-wal", "store.db-shm"})
            std::filesystem::remove(folder / name);
        std::filesystem::copy_file(with, folder / "store.db");
    }
    void back_up_store(std::string_view name)
    {
        uploader.reset();
        store.reset(); // the last to close the file folds its WAL back
        std::filesystem::copy_file(folder / "store.db", folder / name);
        restart();
        kiosk_crashes();
    }

    std::string old_install;
};

}

TEST_CASE("Responses that have the numbers of a copy's are given others, and counted once", "[sync][agent]")
{
    CopiedBox box;
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.delivery->quarantined_count().value() == 2);
    CHECK(kiosk::parse_conflict_request(read_file(box.data().conflict_request(), 10'000).value()).value()
        == kiosk::ConflictRequest {box.old_install, {4, 5}});
    box.kiosk_adopts();
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.store->install_id() != box.old_install);
    CHECK(box.delivery->quarantined_count().value() == 0);
    CHECK_FALSE(box.has_request());
    CHECK(box.hub.batches.back() == Seqs {7, 8});
    box.capture(1, "mine 9");
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.hub.batches.back() == Seqs {9});
    for (auto const* comment : {"mine 4", "mine 5", "mine 6", "mine 9"})
        CHECK(box.counted(comment) == 1);
}

TEST_CASE("Whatever crashes between the steps of a conflict, each response is counted once", "[sync][agent]")
{
    CopiedBox box;
    // After which step the power goes.
    auto const cut = GENERATE(range(0, 9));
    auto const agent_or_kiosk = GENERATE(0, 1);
    CAPTURE(cut, agent_or_kiosk);
    int step = 0;
    auto const power_cut = [&] {
        if (step++ != cut)
            return;
        if (agent_or_kiosk == 0)
            box.restart();
        else
            box.kiosk_crashes();
    };
    auto const one_step = [&] {
        box.clock.advance(10min);
        box.uploader->step();
        power_cut();
    };

    // The hub has refused, and its word is lost.
    box.hub.afterwards = [] { return Result<HttpReply>(fail(Errc::Unreachable, "power cut")); };
    one_step();
    box.hub.afterwards = nullptr;
    one_step(); // quarantined
    one_step(); // the request is written
    REQUIRE(box.has_request());
    auto const request = read_file(box.data().conflict_request(), 10'000).value();
    box.kiosk_adopts();
    power_cut();
    box.kiosk_adopts(); // it looks at the same file again: nothing is left to move
    power_cut();
    one_step(); // seen, the request removed, the moved ones sent
    // The removal did not reach the disk: the kiosk meets an old request.
    REQUIRE(write_file_atomically(box.data().conflict_request(), request));
    box.kiosk_adopts();
    power_cut();
    one_step();
    box.restart(); // which looks at the file anew
    one_step();
    CHECK(box.drain().state == UploadState::Idle);

    CHECK_FALSE(box.has_request());
    CHECK(box.delivery->quarantined_count().value() == 0);
    for (auto const* comment : {"mine 4", "mine 5", "mine 6"})
        CHECK(box.counted(comment) == 1);
    CHECK(box.hub.stored.size() == 3 + 2 + 1 + 2);
}

TEST_CASE("A request that cannot be written holds no delivery up", "[sync][agent]")
{
    CopiedBox box;
    std::filesystem::remove_all(box.data().inbox());
    REQUIRE(write_file_atomically(box.data().inbox(), "a file where the folder should be"));
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.counted("mine 6") == 1);
    std::filesystem::remove(box.data().inbox());
    box.capture(1, "mine 7");
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.has_request());
}

TEST_CASE("A backup from before a move costs nothing and counts nothing twice", "[sync][agent]")
{
    CopiedBox box;
    box.drain();
    box.back_up_store("before.db");
    box.kiosk_adopts();
    SECTION("restored before the moved ones were sent: they go back to be moved again")
    {
        box.hub.instead = [] { return Result<HttpReply>(fail(Errc::Unreachable, "gone")); };
        box.drain();
        CHECK(box.delivery->moved_and_waiting().value().size() == 2);
        box.restart();
        box.replace_store(box.folder / "before.db");
        box.kiosk_crashes();
        box.hub.instead = nullptr;
        box.clock.advance(10min);
        box.drain();
        CHECK(box.has_request());
        box.kiosk_adopts();
    }
    SECTION("restored after they were delivered: they are known to be")
    {
        box.drain();
        CHECK(box.delivery->moved_and_waiting().value().empty());
        box.replace_store(box.folder / "before.db");
        box.kiosk_crashes();
        box.drain();
        SECTION("even when all is sent again")
        {
            REQUIRE(box.delivery->rewind(box.old_install));
            box.drain();
        }
        CHECK_FALSE(box.has_request());
    }
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.delivery->quarantined_count().value() == 0);
    for (auto const* comment : {"mine 4", "mine 5", "mine 6"})
        CHECK(box.counted(comment) == 1);
}

TEST_CASE("A restored store.db that has grown past the mark is sent again", "[sync][agent]")
{
    test::UploaderBox box("hidden.db"); // the kiosk, if it knew, would make a new install
    box.enrol();
    box.capture(3);
    box.store.reset();
    std::filesystem::copy_file(box.folder / "store.db", box.folder / "backup.db");
    box.capture(6, "before");
    box.drain();
    CHECK(box.mark() == 9);
    auto const old_install = box.store->install_id();
    box.store.reset();
    for (auto const* name : {"store.db", "store.db-wal", "store.db-shm"})
        std::filesystem::remove(box.folder / name);
    std::filesystem::rename(box.folder / "backup.db", box.folder / "store.db");

    SECTION("further than it was") { box.capture(9, "after"); }
    SECTION("exactly as far") { box.capture(6, "after"); }
    SECTION("not so far") { box.capture(2, "after"); }
    auto const last = box.store->last_seq().value();
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.hub.batches.back().front() == 1);
    CHECK(box.hub.batches.back().back() == last);
    // What has the number of one that the hub knows is to be renumbered; the rest is there.
    CHECK(box.delivery->conflicts().value().size()
        == static_cast<std::size_t>(std::min<std::int64_t>(last, 9) - 3));
    CHECK(box.hub.stored.size() == static_cast<std::size_t>(std::max<std::int64_t>(last, 9)));
}

TEST_CASE(
    "What a restored store.db gets after the kiosk has seen the mark meets no conflict", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(3);
    box.store.reset();
    std::filesystem::copy_file(box.folder / "store.db", box.folder / "backup.db");
    box.capture(6, "before");
    box.drain();
    box.store.reset();
    for (auto const* name : {"store.db", "store.db-wal", "store.db-shm"})
        std::filesystem::remove(box.folder / name);
    std::filesystem::rename(box.folder / "backup.db", box.folder / "store.db");

    box.capture(2, "after");
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.delivery->conflicts().value().empty());
    CHECK(box.hub.stored.size() == 9 + 2); // 1 to 3 came twice, and count once
    CHECK(box.mark() == 11);
}

TEST_CASE("What takes the number of a refused response after a restore is sent", "[sync][agent]")
{
    test::UploaderBox box("hidden.db"); // the kiosk, if it knew, would make a new install
    box.enrol();
    box.capture(5);
    box.store.reset();
    std::filesystem::copy_file(box.folder / "store.db", box.folder / "backup.db");
    box.hub.refused = {6, 7};
    box.capture(2, "before");
    box.drain();
    CHECK(box.mark() == 7);
    box.hub.refused = {};
    box.store.reset();
    for (auto const* name : {"store.db", "store.db-wal", "store.db-shm"})
        std::filesystem::remove(box.folder / name);
    std::filesystem::rename(box.folder / "backup.db", box.folder / "store.db");
    SECTION("as far") { box.capture(2, "after"); }
    SECTION("further") { box.capture(4, "after"); }
    SECTION("not so far") { box.capture(1, "after"); }
    CHECK(box.drain().state == UploadState::Idle);
    auto const last = box.store->last_seq().value();
    CHECK(box.mark() == last);
    CHECK(box.hub.batches.back().front() == 6); // the proof, response 5, stands
    CHECK(box.delivery->quarantined_count().value() == 0);
    CHECK(box.hub.stored.size() == static_cast<std::size_t>(last));
}

TEST_CASE("Several installs are sent one after the other, the oldest first", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(5);
    {
        auto database = sqlite::Database::open(box.folder / "store.db", sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute("INSERT INTO identity SELECT *, row_checksum(column1, column2, column3) "
                                  "FROM (VALUES (4, '00000000000000000000000000000002', 'conflict'), "
                                  "(6, '00000000000000000000000000000003', 'salvage'))"));
    }
    auto const first = box.store->install_id();
    box.store.reset();
    box.capture(2);
    CHECK(box.store->install_id() == "00000000000000000000000000000003");
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.hub.batches == std::vector<Seqs> {{1, 2, 3}, {4, 5}, {6, 7}});
    CHECK(box.hub.stored.contains({first, 3}));
    CHECK(box.hub.stored.contains({"00000000000000000000000000000002", 5}));
    CHECK(box.hub.stored.contains({"00000000000000000000000000000003", 6}));
    CHECK(box.mark() == 7);
}

TEST_CASE("A response whose words were erased is the one that the hub has, and nothing is sent again",
    "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(3);
    box.hub.refused = {2};
    REQUIRE(box.drain().state == UploadState::Idle);
    auto const requests = box.hub.batches;
    auto const opened = test::sample_draft().opened;
    kiosk::EraseRequest request;
    for (std::int64_t seq = 1; seq <= 3; ++seq) // the refused one and the proof among them
        request.responses.push_back(
            {box.store->install_id(), seq, opened.boot_id, opened.steady.time_since_epoch().count()});
    REQUIRE(box.store->erase(request).value() == kiosk::Erased::Done);
    box.restart();
    REQUIRE(box.drain().state == UploadState::Idle);
    CHECK(box.hub.batches == requests);
    CHECK(box.delivery->quarantined_count().value() == 1);
    CHECK(box.mark() == 3);
}
