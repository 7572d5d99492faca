#include "kiosk/store/response_reader.h"
#include "kiosk/store/response_store.h"

#include "kiosk/store/schema.h"
#include "tests/support/sample_responses.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <limits>

using namespace listenpost;
using namespace listenpost::kiosk;
using listenpost::test::sample_draft;
using listenpost::test::TempFolder;

namespace {

constexpr std::int64_t all = std::numeric_limits<std::int64_t>::max();

SteadyTime steady(std::int64_t ms) { return SteadyTime(std::chrono::milliseconds(ms)); }

StoredResponse only_response(ResponseReader& reader)
{
    reader.seek(0, all);
    auto const response = reader.next();
    REQUIRE(response);
    REQUIRE(*response);
    return **response;
}

}

TEST_CASE("A closed response reads back as it was tapped", "[store]")
{
    TempFolder const folder;
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    Draft const draft = sample_draft();

    REQUIRE(store->save_draft(draft, Outcome::Partial));
    CHECK(store->close_draft(ClosedBy::Finish, steady(13'120)).value() == 1);

    auto reader = ResponseReader::open(folder / "store.db");
    REQUIRE(reader);
    CHECK(reader->installs().value() == std::vector<Install> {{store->install_id(), 1}});
    CHECK(reader->last_seq().value() == 1);
    StoredResponse const response = only_response(*reader);
    CHECK(response.seq == 1);
    CHECK(response.opened_ms == 1'790'000'000'000);
    CHECK(response.took_ms == 8'120);
    CHECK(response.steady_ms == 5'000);
    CHECK(response.clock_set);
    CHECK(response.boot_id == "0123456789abcdef");
    CHECK(response.survey == "qsc-restaurant");
    CHECK(response.survey_version == 1);
    CHECK(response.touchpoint == "exit");
    CHECK(response.language == "zh-CN");
    CHECK(response.outcome == "partial");
    CHECK(response.closed_by == "finish");
    CHECK(answers_from_json(response.answers).value() == draft.answers);
    CHECK(response.comment == draft.comment);
}

TEST_CASE("What the misuse guard flagged stays with the response, however it ends", "[store]")
{
    TempFolder const folder;
    Draft draft = sample_draft();
    draft.flags = {"burst", "repress"};
    bool const restart = GENERATE(false, true);
    {
        auto store = ResponseStore::open(folder / "store.db");
        REQUIRE(store);
        REQUIRE(store->save_draft(draft, Outcome::Partial));
        if (!restart)
            REQUIRE(store->close_draft(ClosedBy::Finish, steady(6'000)));
    }
    REQUIRE(ResponseStore::open(folder / "store.db"));
    auto reader = ResponseReader::open(folder / "store.db");
    REQUIRE(reader);
    CHECK(only_response(*reader).flags == R"(["burst","repress"])");
}

TEST_CASE("The flags of a tap that was corrected are gone with it", "[store]")
{
    TempFolder const folder;
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    Draft draft = sample_draft();
    draft.flags = {"straight_line"};
    REQUIRE(store->save_draft(draft, Outcome::Partial));
    draft.flags.clear();
    REQUIRE(store->save_draft(draft, Outcome::Partial));
    REQUIRE(store->close_draft(ClosedBy::Finish, steady(6'000)));
    auto reader = ResponseReader::open(folder / "store.db");
    REQUIRE(reader);
    CHECK(only_response(*reader).flags.empty());
}

TEST_CASE("What customers said is for the box alone to read", "[store]")
{
    TempFolder const folder;
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    REQUIRE(store->save_draft(sample_draft(), Outcome::Partial));
    using std::filesystem::perms;
    for (char const* name : {"store.db", "store.db-wal", "store.db-shm"}) {
        INFO(name);
        CHECK(
            std::filesystem::status(folder / name).permissions() == (perms::owner_read | perms::owner_write));
    }
}

TEST_CASE("Every tap replaces the draft, so the last one counts", "[store]")
{
    TempFolder const folder;
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    Draft draft = sample_draft();
    REQUIRE(store->save_draft(draft, Outcome::Partial));
    draft.find("quality")->score = 4;
    REQUIRE(store->save_draft(draft, Outcome::Complete));
    REQUIRE(store->close_draft(ClosedBy::Finish, steady(6'000)));

    auto reader = ResponseReader::open(folder / "store.db");
    REQUIRE(reader);
    StoredResponse const response = only_response(*reader);
    CHECK(answers_from_json(response.answers).value().at(0).score == 4);
    CHECK(response.outcome == "complete");
}

TEST_CASE("A draft that a crash left behind is closed at the next start", "[store]")
{
    TempFolder const folder;
    {
        auto store = ResponseStore::open(folder / "store.db");
        REQUIRE(store);
        REQUIRE(store->save_draft(sample_draft(), Outcome::Partial));
    }
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    CHECK(store->last_seq().value() == 1);

    auto reader = ResponseReader::open(folder / "store.db");
    REQUIRE(reader);
    StoredResponse const response = only_response(*reader);
    CHECK(response.closed_by == "restart");
    CHECK(response.took_ms == 2'500); // until the last tap: the steady time of a later boot says nothing

    SECTION("once, not at every start")
    {
        CHECK(ResponseStore::open(folder / "store.db").value().last_seq().value() == 1);
    }
}

TEST_CASE("The draft of a store.db that went back in time is not a customer's second response", "[store]")
{
    TempFolder const folder;
    std::string install;
    {
        auto store = ResponseStore::open(folder / "store.db");
        REQUIRE(store);
        install = store->install_id();
        REQUIRE(store->save_draft(sample_draft(), Outcome::Partial));
        REQUIRE(store->close_draft(ClosedBy::Finish, sample_draft().touched));
        REQUIRE(store->save_draft(sample_draft(), Outcome::Partial));
    }
    auto const deliver = [&](std::string const& whose, int mark) {
        auto delivery = sqlite::Database::open(folder / "delivery.db", sqlite::OpenMode::Writer);
        REQUIRE(delivery);
        REQUIRE(
            delivery->execute(("CREATE TABLE delivered (install TEXT PRIMARY KEY, mark INTEGER NOT NULL); "
                               "PRAGMA user_version = 1; INSERT INTO delivered VALUES ('"
                + whose + "', " + std::to_string(mark) + ")")
                                  .c_str()));
    };
    SECTION("the hub has what became of it: nothing more is to come of it")
    {
        deliver(install, 2);
        CHECK(ResponseStore::open(folder / "store.db"));
        std::filesystem::remove(folder / "delivery.db");
        CHECK(ResponseStore::open(folder / "store.db"));
        CHECK(ResponseReader::open(folder / "store.db").value().count(0, 100).value() == 1);
    }
    SECTION("but one that is begun after that is closed by the next start, under a number that is free")
    {
        deliver(install, 7);
        {
            auto store = ResponseStore::open(folder / "store.db");
            REQUIRE(store);
            CHECK(store->install_id() != install);
            REQUIRE(store->save_draft(sample_draft(), Outcome::Partial));
        }
        auto const store = ResponseStore::open(folder / "store.db");
        REQUIRE(store);
        auto reader = ResponseReader::open(folder / "store.db").value();
        CHECK(reader.count(0, 100).value() == 2);
        REQUIRE(reader.find(8).value());
        auto const installs = reader.installs().value();
        REQUIRE(installs.size() == 2); // not one more with each start
        CHECK(installs[0] == Install {install, 1});
        CHECK(installs[1] == Install {store->install_id(), 8});
    }
    SECTION("the hub has all before it: it is closed")
    {
        deliver(install, 1);
        CHECK(ResponseStore::open(folder / "store.db").value().last_seq().value() == 2);
    }
    SECTION("what the hub has is another install's: it is closed")
    {
        deliver("0123456789abcdef0123456789abcdef", 2);
        CHECK(ResponseStore::open(folder / "store.db").value().last_seq().value() == 2);
    }
}

TEST_CASE("Seq counts up without a gap over restarts, and the install stays", "[store]")
{
    TempFolder const folder;
    std::string install;
    for (int seq = 1; seq <= 3; ++seq) {
        auto store = ResponseStore::open(folder / "store.db");
        REQUIRE(store);
        CHECK((install.empty() || install == store->install_id()));
        install = store->install_id();
        CHECK(install.size() == 32);
        REQUIRE(store->save_draft(sample_draft(), Outcome::Partial));
        CHECK(store->close_draft(ClosedBy::Timeout, steady(9'000)).value() == seq);
    }
}

TEST_CASE("Without a draft there is nothing to close", "[store]")
{
    TempFolder const folder;
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    CHECK(store->close_draft(ClosedBy::Finish, steady(1)).error().code == Errc::NotFound);
    CHECK(store->last_seq().value() == 0);
}

TEST_CASE("A reader walks from any seq and sees what is closed meanwhile", "[store]")
{
    TempFolder const folder;
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    auto const close_one = [&] {
        REQUIRE(store->save_draft(sample_draft(), Outcome::Partial));
        REQUIRE(store->close_draft(ClosedBy::Finish, steady(6'000)));
    };
    for (int count = 0; count < 3; ++count)
        close_one();
    auto reader = ResponseReader::open(folder / "store.db");
    REQUIRE(reader);

    auto const seqs_after = [&](std::int64_t after) {
        std::vector<std::int64_t> seqs;
        reader->seek(after, all);
        for (auto each = reader->next(); each && *each; each = reader->next())
            seqs.push_back((*each)->seq);
        return seqs;
    };
    CHECK(seqs_after(0) == std::vector<std::int64_t> {1, 2, 3});
    CHECK(seqs_after(2) == std::vector<std::int64_t> {3});
    CHECK(seqs_after(3).empty());
    close_one();
    CHECK(seqs_after(3) == std::vector<std::int64_t> {4});
}

TEST_CASE("A reader walks a part of the responses, and reads a single one", "[store]")
{
    TempFolder const folder;
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    for (int count = 0; count < 5; ++count) {
        REQUIRE(store->save_draft(sample_draft(), Outcome::Partial));
        REQUIRE(store->close_draft(ClosedBy::Finish, steady(6'000)));
    }
    auto reader = ResponseReader::open(folder / "store.db");
    REQUIRE(reader);
    std::vector<std::int64_t> seqs;
    reader->seek(1, 4);
    for (auto each = reader->next(); each && *each; each = reader->next())
        seqs.push_back((*each)->seq);
    CHECK(seqs == std::vector<std::int64_t> {2, 3, 4});
    CHECK(reader->find(5).value().value().seq == 5);
    CHECK_FALSE(reader->find(6).value());
    CHECK_FALSE(reader->find(0).value());
}

TEST_CASE("A seq is never given twice, whatever became of the response that had it", "[store]")
{
    TempFolder const folder;
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    auto const close_one = [&] {
        REQUIRE(store->save_draft(sample_draft(), Outcome::Partial));
        return store->close_draft(ClosedBy::Finish, steady(6'000)).value();
    };
    REQUIRE(close_one() == 1);
    REQUIRE(close_one() == 2);
    auto database = sqlite::Database::open(folder / "store.db", sqlite::OpenMode::Writer);
    REQUIRE(database);

    SECTION("it was removed")
    {
        REQUIRE(database->execute("DELETE FROM response; UPDATE removed SET up_to = 2"));
        CHECK(store->last_seq().value() == 2);
        CHECK(ResponseReader::open(folder / "store.db").value().last_seq().value() == 2);
        CHECK(close_one() == 3);
    }
    SECTION("another install begins beyond it")
    {
        REQUIRE(
            database->execute("INSERT INTO identity SELECT *, row_checksum(column1, column2, column3) FROM "
                              "(VALUES (8, 'ffffffffffffffffffffffffffffffff', 'salvage'))"));
        CHECK(store->last_seq().value() == 7);
        CHECK(close_one() == 8);
        CHECK(ResponseStore::open(folder / "store.db").value().install_id()
            == "ffffffffffffffffffffffffffffffff");
    }
    SECTION("a row that is missing among the file's own takes no number from the others")
    {
        REQUIRE(database->execute("DELETE FROM removed"));
        CHECK(close_one() == 3);
    }
}

TEST_CASE("A reader sees the installs of a box, oldest first, as they are now", "[store]")
{
    TempFolder const folder;
    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    auto reader = ResponseReader::open(folder / "store.db");
    REQUIRE(reader);
    auto database = sqlite::Database::open(folder / "store.db", sqlite::OpenMode::Writer);
    REQUIRE(database);
    REQUIRE(database->execute("INSERT INTO identity SELECT *, row_checksum(column1, column2, column3) FROM "
                              "(VALUES (12, '0000000000000000000000000000000f', 'conflict'), "
                              "(7, 'ffffffffffffffffffffffffffffffff', 'salvage'))"));
    CHECK(reader->installs().value()
        == std::vector<Install> {{store->install_id(), 1}, {"ffffffffffffffffffffffffffffffff", 7},
            {"0000000000000000000000000000000f", 12}});
}

TEST_CASE("A reader neither creates nor changes the file", "[store]")
{
    TempFolder const folder;
    CHECK(ResponseReader::open(folder / "store.db").error().code == Errc::NotFound);
    CHECK_FALSE(std::filesystem::exists(folder / "store.db"));
}

TEST_CASE("A reader opens the file of a kiosk that is not running", "[store]")
{
    TempFolder const folder;
    {
        auto store = ResponseStore::open(folder / "store.db");
        REQUIRE(store);
        REQUIRE(store->save_draft(sample_draft(), Outcome::Partial));
        REQUIRE(store->close_draft(ClosedBy::Finish, steady(6'000)));
    }
    auto reader = ResponseReader::open(folder / "store.db");
    REQUIRE(reader);
    CHECK(reader->last_seq().value() == 1);
}

TEST_CASE("A file of a newer program is refused, and says what to do", "[store]")
{
    TempFolder const folder;
    REQUIRE(ResponseStore::open(folder / "store.db"));
    {
        auto database = sqlite::Database::open(folder / "store.db", sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute("PRAGMA user_version = 99"));
    }
    auto const store = ResponseStore::open(folder / "store.db");
    REQUIRE_FALSE(store);
    CHECK(store.error().code == Errc::Invalid);
    CHECK(store.error().detail.find("install a newer ListenPost") != std::string::npos);
    CHECK(ResponseReader::open(folder / "store.db").error().code == Errc::Invalid);
}

TEST_CASE("A damaged install id is reported, not sent", "[store]")
{
    TempFolder const folder;
    REQUIRE(ResponseStore::open(folder / "store.db"));
    auto database = sqlite::Database::open(folder / "store.db", sqlite::OpenMode::Writer);
    REQUIRE(database);
    REQUIRE(database->execute("UPDATE identity SET install = ''"));
    CHECK(ResponseStore::open(folder / "store.db").error().code == Errc::Corrupt);
    CHECK(ResponseReader::open(folder / "store.db").error().code == Errc::Corrupt);
}

TEST_CASE("A file that is no database is reported as such, and left as it is", "[store]")
{
    TempFolder const folder;
    {
        std::unique_ptr<FILE, int (*)(FILE*)> const file(
            std::fopen((folder / "store.db").c_str(), "w"), std::fclose);
        std::string const content(8192, 'x');
        REQUIRE(std::fwrite(content.data(), 1, content.size(), file.get()) == content.size());
    }
    CHECK(ResponseStore::open(folder / "store.db").error().code == Errc::Corrupt);
    CHECK(std::filesystem::file_size(folder / "store.db") == 8192);
}
