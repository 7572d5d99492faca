#include "kiosk/store/salvage.h"

#include "kiosk/store/identity_copy.h"
#include "kiosk/store/recovery.h"
#include "kiosk/store/schema.h"
#include "kiosk/store/store_check.h"
#include "kiosk/store/store_opener.h"
#include "platform/os/files.h"
#include "platform/sqlite/file_check.h"
#include "tests/support/fake_clock.h"
#include "tests/support/store_filler.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <random>
#include <utility>

using namespace listenpost;
using namespace listenpost::kiosk;
using test::TempFolder;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t page_bytes = 4096;
constexpr std::size_t frame_bytes = page_bytes + 24;
constexpr std::size_t wal_header_bytes = 32;

std::string read(fs::path const& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write(fs::path const& path, std::string const& bytes)
{
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << bytes;
    REQUIRE(file.good());
}

/// All that it holds is in the main file then.
void close_and_fold(Result<ResponseStore>& store, fs::path const& path)
{
    REQUIRE(store->fold_back_wal());
    store = fail(Errc::Io, "closed");
    fs::remove(path.string() + "-wal");
}

/// A closed store with responses 1 … count, all in the main file.
void fill_and_fold(fs::path const& path, std::int64_t count)
{
    auto store = ResponseStore::open(path);
    REQUIRE(store);
    test::close_responses(*store, 1, count);
    close_and_fold(store, path);
}

/// What is in the files while the kiosk runs, or after its kill: copied to `to`.
void copy_store(fs::path const& from, fs::path const& to)
{
    for (auto const* part : {"", "-wal"}) {
        fs::path const source = from.string() + part;
        if (fs::exists(source))
            fs::copy_file(source, to.string() + part, fs::copy_options::overwrite_existing);
    }
    fs::path const copy = fs::path(from).replace_extension(".identity");
    if (fs::exists(copy))
        fs::copy_file(
            copy, fs::path(to).replace_extension(".identity"), fs::copy_options::overwrite_existing);
}

struct Salvaged {
    SalvageReport report;
    std::vector<Install> installs;
    std::map<std::int64_t, std::string> responses;
};

Salvaged salvage(fs::path const& store)
{
    test::FakeClock const clock;
    auto const report = salvage_store(store, "a test damaged it", clock);
    REQUIRE(report);
    auto reader = ResponseReader::open(store);
    REQUIRE(reader);
    return {*report, reader->installs().value(), test::contents(store)};
}

/// Damages `bytes` somewhere: [begin, end) of what is no more as it was.
std::pair<std::size_t, std::size_t> damage(std::string& bytes, std::mt19937& random)
{
    auto const below
        = [&](std::size_t bound) { return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random); };
    std::size_t const begin = below(bytes.size());
    if (below(8) == 0) {
        std::size_t const size = bytes.size();
        bytes.resize(begin);
        return {begin, size};
    }
    constexpr std::size_t lengths[] {1, 2, 16, 100, 512, page_bytes, 3 * page_bytes};
    std::size_t const end = std::min(bytes.size(), begin + lengths[below(std::size(lengths))]);
    std::size_t const kind = below(4);
    std::size_t const from = below(bytes.size());
    for (std::size_t at = begin; at < end; ++at) {
        char const letter = static_cast<char>('a' + below(26));
        char const any = static_cast<char>(below(256));
        char const of_elsewhere = bytes[(from + at - begin) % bytes.size()]; // a write that went astray
        bytes[at] = kind == 0 ? '\0' : kind == 1 ? letter : kind == 2 ? any : of_elsewhere;
    }
    return {begin, end};
}

}

TEST_CASE("Of a file damaged anywhere every response in an undamaged page is recovered, and none is false",
    "[store][salvage]")
{
    TempFolder const folder(test::in_memory());
    constexpr std::int64_t count = 400;
    fill_and_fold(folder / "whole.db", count);
    std::string const whole = read(folder / "whole.db");
    auto const said = test::contents(folder / "whole.db");
    std::string const install = ResponseReader::open(folder / "whole.db")->installs()->front().id;
    REQUIRE(said.size() == count);

    std::int64_t recovered = 0;
    std::int64_t lost = 0;
    for (unsigned seed = 1; seed <= 80; ++seed) {
        INFO("seed " << seed);
        std::mt19937 random(seed);
        std::string bytes = whole;
        std::vector<bool> page_is_damaged(whole.size() / page_bytes);
        for (unsigned place = 0; place <= seed % 5; ++place) {
            if (bytes.empty())
                break;
            auto const [begin, end] = damage(bytes, random);
            for (std::size_t page = begin / page_bytes; page * page_bytes < end; ++page)
                page_is_damaged[page] = true;
        }
        copy_store(folder / "whole.db", folder / "store.db");
        write(folder / "store.db", bytes);

        auto const result = salvage(folder / "store.db");
        for (auto const& [seq, content] : result.responses)
            CHECK(said.at(seq) == content);
        for (auto const& [seq, content] : said) {
            std::size_t const place = whole.find(test::marker(seq));
            REQUIRE(whole.find(test::marker(seq), place + 1) == std::string::npos); // the oracle stands on it
            if (!page_is_damaged[place / page_bytes])
                CHECK(result.responses.contains(seq));
        }
        CHECK(result.report.recovered == static_cast<std::int64_t>(result.responses.size()));
        REQUIRE(result.installs.size() == 2);
        CHECK(result.installs.front() == Install {install, 1});
        for (auto const& [seq, content] : result.responses)
            CHECK(seq < result.installs.back().first_seq);
        recovered += result.report.recovered;
        lost += count - result.report.recovered;
    }
    CHECK(recovered > lost); // the damage was such that both happened
    CHECK(lost > 0);
}

TEST_CASE("Without header, schema and roots every response is recovered, long ones too", "[store][salvage]")
{
    TempFolder const folder(test::in_memory());
    {
        auto store = ResponseStore::open(folder / "store.db");
        REQUIRE(store);
        test::close_responses(*store, 1, 300);
        Draft draft = test::draft_number(301);
        for (int number = 0; number < 40; ++number)
            draft.answers.push_back({.question = "note" + std::to_string(number),
                .text = std::string(400, static_cast<char>('a' + number % 26))}); // over several pages
        REQUIRE(store->save_draft(draft, Outcome::Complete));
        REQUIRE(store->close_draft(ClosedBy::Finish, draft.touched));
        close_and_fold(store, folder / "store.db");
    }
    auto const said = test::contents(folder / "store.db");
    std::string bytes = read(folder / "store.db");
    bytes.replace(0, page_bytes, page_bytes, '\0');
    for (std::size_t page = 1; page < bytes.size() / page_bytes; ++page)
        if (bytes[page * page_bytes] == '\x05' || bytes[page * page_bytes] == '\x02')
            bytes.replace(page * page_bytes, page_bytes, page_bytes, '?');
    write(folder / "store.db", bytes);
    REQUIRE_FALSE(ResponseStore::open(folder / "store.db"));

    auto const result = salvage(folder / "store.db");
    CHECK(result.responses == said);
    CHECK(result.report.missing == 0);
}

TEST_CASE(
    "Commits behind a damaged place of the WAL, which SQLite would forget, are kept", "[store][salvage]")
{
    TempFolder const folder(test::in_memory());
    auto store = ResponseStore::open(folder / "running.db");
    REQUIRE(store);
    test::close_responses(*store, 1, 120);
    auto const said = test::contents(folder / "running.db");
    std::string const wal = read(folder / "running.db-wal");
    REQUIRE(wal.size() > 200 * frame_bytes);

    for (unsigned seed = 1; seed <= 40; ++seed) {
        INFO("seed " << seed);
        std::mt19937 random(seed);
        copy_store(folder / "running.db", folder / "store.db");
        std::string bytes = wal;
        // Not in the last tenth: where nothing follows, damage is a cut-off end.
        std::size_t const begin = std::uniform_int_distribution<std::size_t>(0, wal.size() * 9 / 10)(random);
        std::size_t const length = seed % 2 == 0 ? 1 : 700;
        for (std::size_t at = begin; at < begin + length; ++at)
            bytes[at] = static_cast<char>(bytes[at] ^ 0x55);
        write(folder / "store.db-wal", bytes);

        CHECK(sqlite::check_wal(folder / "store.db").error().code == Errc::Corrupt);
        test::FakeClock const clock;
        StoreOpener opener(folder.path(), std::nullopt, clock);
        REQUIRE(opener.open());
        auto const kept = test::contents(folder / "store.db");
        for (auto const& [seq, content] : kept)
            CHECK(said.at(seq) == content);
        // Every response but the newest stands in more than one frame.
        CHECK(kept.size() >= said.size() - 1);
    }
}

TEST_CASE("A WAL that a power cut left unfinished is no damage", "[store][salvage]")
{
    TempFolder const folder(test::in_memory());
    auto store = ResponseStore::open(folder / "running.db");
    REQUIRE(store);
    test::close_responses(*store, 1, 10);
    copy_store(folder / "running.db", folder / "store.db");
    std::string const wal = read(folder / "running.db-wal");
    for (std::size_t cut = 0; cut < wal.size(); cut += 97) {
        INFO("cut at " << cut);
        write(folder / "store.db-wal", wal.substr(0, cut));
        CHECK(sqlite::check_wal(folder / "store.db"));
    }
    SECTION("nor is one whose last transaction reached the disk in parts, in any order")
    {
        std::string torn = wal;
        std::size_t const last = (wal.size() - wal_header_bytes) / frame_bytes - 1;
        torn[wal_header_bytes + (last - 1) * frame_bytes + 100] ^= 1;
        write(folder / "store.db-wal", torn);
        CHECK(sqlite::check_wal(folder / "store.db"));
    }
}

TEST_CASE("A WAL without its database, or without its header, still gives what is in it", "[store][salvage]")
{
    TempFolder const folder(test::in_memory());
    auto store = ResponseStore::open(folder / "running.db");
    REQUIRE(store);
    test::close_responses(*store, 1, 30);
    auto const said = test::contents(folder / "running.db");
    copy_store(folder / "running.db", folder / "store.db");
    SECTION("the file is gone") { fs::remove(folder / "store.db"); }
    SECTION("the file is empty") { write(folder / "store.db", ""); }
    SECTION("the WAL's header is damaged")
    {
        std::string wal = read(folder / "store.db-wal");
        wal.replace(0, 12, 12, '\0');
        write(folder / "store.db-wal", wal);
    }
    test::FakeClock const clock;
    REQUIRE(StoreOpener(folder.path(), std::nullopt, clock).open());
    CHECK(test::contents(folder / "store.db") == said);
}

TEST_CASE("A single changed byte in an answer is found at the start, and costs that response alone",
    "[store][salvage]")
{
    TempFolder const folder(test::in_memory());
    fill_and_fold(folder / "store.db", 50);
    auto said = test::contents(folder / "store.db");
    std::string bytes = read(folder / "store.db");
    bytes[bytes.find(test::marker(17)) + 3] = '7'; // as good a text as before
    write(folder / "store.db", bytes);

    test::FakeClock const clock;
    StoreOpener opener(folder.path(), std::nullopt, clock);
    auto store = opener.open();
    REQUIRE(store);
    said.erase(17);
    CHECK(test::contents(folder / "store.db") == said);
    auto const reports = ResponseReader::open(folder / "store.db")->salvage_reports().value();
    REQUIRE(reports.size() == 1);
    CHECK(reports.front().recovered == 49);
    CHECK(reports.front().missing == 1);
    CHECK(reports.front().undelivered == 1);
    CHECK(reports.front().kept_as == "store.db.damaged-20260921T141320Z");
    CHECK(fs::exists(folder / reports.front().kept_as));

    SECTION("and the box goes on under a new install, with seqs that were never given")
    {
        CHECK(store->last_seq().value() == 50);
        test::close_responses(*store, 51, 51);
        auto reader = ResponseReader::open(folder / "store.db");
        auto const installs = reader->installs().value();
        REQUIRE(installs.size() == 2);
        CHECK(installs.back() == Install {store->install_id(), 51});
        CHECK(reader->last_seq().value() == 51);
    }
    SECTION("and what the first salvage reported is known after the second")
    {
        store = fail(Errc::Io, "closed");
        bytes = read(folder / "store.db");
        bytes[bytes.find(test::marker(18)) + 3] = '7';
        write(folder / "store.db", bytes);
        CHECK(salvage(folder / "store.db").report.recovered == 48);
        auto const all = ResponseReader::open(folder / "store.db")->salvage_reports().value();
        REQUIRE(all.size() == 2);
        CHECK(all.front() == reports.front());
        CHECK(ResponseReader::open(folder / "store.db")->installs()->size() == 3);
    }
}

TEST_CASE("A column that has another name is damage, and costs no response", "[store][salvage]")
{
    TempFolder const folder(test::in_memory());
    test::FakeClock const clock;
    fill_and_fold(folder / "store.db", 5);
    auto const* const change = GENERATE("ALTER TABLE boot_clock RENAME COLUMN boot TO bood",
        "ALTER TABLE draft RENAME COLUMN comment TO commant",
        "ALTER TABLE lived_day RENAME COLUMN last_seq TO lastOseq",
        "ALTER TABLE salvage RENAME COLUMN missing TO missong", "DROP VIEW last_given");
    CAPTURE(change);
    {
        auto database = sqlite::Database::open(folder / "store.db", sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute(change));
    }
    auto store = StoreOpener(folder.path(), std::nullopt, clock).open();
    REQUIRE(store);
    auto reader = ResponseReader::open(folder / "store.db").value();
    CHECK(reader.count(0, 100).value() == 5);
    CHECK(reader.salvage_reports().value().size() == 1);
    test::close_responses(*store, 6, 6);
    CHECK(reader.count(0, 100).value() == 6);
}

TEST_CASE("A single changed byte in whose the responses are is found at the start, and the copy is believed",
    "[store][salvage]")
{
    TempFolder const folder(test::in_memory());
    fill_and_fold(folder / "store.db", 20);
    auto const said = test::contents(folder / "store.db");
    auto const first = ResponseReader::open(folder / "store.db")->installs()->front();
    std::string const copy = read(folder / "store.identity");
    char const* const change = GENERATE("UPDATE identity SET install = substr(install, 1, 31) || "
                                        "CASE substr(install, 32) WHEN '0' THEN '1' ELSE '0' END",
        "UPDATE identity SET first_seq = 65", "UPDATE identity SET made_for = 'conflict'",
        "UPDATE removed SET up_to = 8");
    INFO(change);
    {
        auto database = sqlite::Database::open(folder / "store.db", sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute(change));
        CHECK(check_store(*database).error().code == Errc::Corrupt);
    }
    bool const is_of_identity = std::string_view(change).find("identity") != std::string_view::npos;
    if (is_of_identity) {
        CHECK(ResponseReader::open(folder / "store.db").error().code == Errc::Corrupt);
        CHECK(ResponseStore::open(folder / "store.db").error().code == Errc::Corrupt); // without a check too
        CHECK(read(folder / "store.identity") == copy);
    }
    bool const has_copy = !is_of_identity || GENERATE(true, false);
    if (!has_copy)
        fs::remove(folder / "store.identity");

    test::FakeClock const clock;
    REQUIRE(StoreOpener(folder.path(), std::nullopt, clock).open());
    CHECK(test::contents(folder / "store.db") == said);
    auto const installs = ResponseReader::open(folder / "store.db")->installs().value();
    // Nobody knows then, and the damaged row least of all.
    CHECK(installs.size() == (has_copy ? 2 : 1));
    CHECK((installs.front() == first) == has_copy);
    CHECK(read_identity_copy(folder / "store.db")->identities.size() == installs.size());
}

TEST_CASE("A damaged format number is not taken for a newer program's", "[store][salvage]")
{
    TempFolder const folder(test::in_memory());
    fill_and_fold(folder / "store.db", 20);
    auto const said = test::contents(folder / "store.db");
    std::string bytes = read(folder / "store.db");
    bytes[63] = GENERATE('\0', '\1', '\2', '\x63'); // user_version
    write(folder / "store.db", bytes);
    test::FakeClock const clock;
    SECTION("where the copy beside it says which format it had")
    {
        REQUIRE(StoreOpener(folder.path(), std::nullopt, clock).open());
        CHECK(test::contents(folder / "store.db") == said);
    }
    SECTION("and a newer program's file is left alone")
    {
        bytes[63] = '\x63';
        write(folder / "store.db", bytes);
        write(folder / "store.identity", "");
        CHECK(StoreOpener(folder.path(), std::nullopt, clock).open().error().code == Errc::Invalid);
        CHECK(read(folder / "store.db") == bytes);
    }
}

TEST_CASE("A salvage that a crash ends anywhere comes to its end at the next start", "[store][salvage]")
{
    TempFolder const folder(test::in_memory());
    auto running = ResponseStore::open(folder / "running.db");
    REQUIRE(running);
    test::close_responses(*running, 1, 40);
    auto const said = test::contents(folder / "running.db");
    copy_store(folder / "running.db", folder / "store.db");
    std::string const damaged = read(folder / "store.db");
    std::string wal = read(folder / "store.db-wal");
    wal[wal_header_bytes + 20 * frame_bytes + 200] ^= 1;
    write(folder / "store.db-wal", wal);
    write(folder / "store.db-shm", "shm");
    auto const recover = [&](char const* name) {
        REQUIRE(recover_store(folder / "store.db", folder / name,
            {.kept_as = "store.db.damaged-A", .reason = {}, .undelivered = {}}));
    };
    auto const move = [&](char const* part) {
        fs::rename(
            folder / (std::string("store.db") + part), folder / (std::string("store.db.damaged-A") + part));
    };

    int const steps = GENERATE(0, 1, 2, 3, 4, 5);
    INFO("after step " << steps);
    if (steps == 0)
        write(folder / "store.db.salvaging", "half of a file");
    if (steps == 1)
        recover("store.db.salvaging");
    if (steps >= 2)
        recover("store.db.salvaged-A");
    if (steps >= 3)
        move("");
    if (steps >= 4)
        move("-wal");
    if (steps >= 5)
        move("-shm");

    test::FakeClock const clock;
    REQUIRE(StoreOpener(folder.path(), std::nullopt, clock).open());
    CHECK(test::contents(folder / "store.db") == said);
    auto reader = ResponseReader::open(folder / "store.db");
    CHECK(reader->installs()->size() == 2);
    CHECK(reader->salvage_reports()->size() == 1);
    std::string const kept = steps < 2 ? "store.db.damaged-20260921T141320Z" : "store.db.damaged-A";
    CHECK(read(folder / kept) == damaged);
    CHECK(read(folder / (kept + "-wal")) == wal);
    for (auto const& entry : fs::directory_iterator(folder.path()))
        CHECK(entry.path().filename().string().find("salvag") == std::string::npos);
}

TEST_CASE("At most three damaged files are kept, the newest", "[store][salvage]")
{
    TempFolder const folder(test::in_memory());
    fill_and_fold(folder / "store.db", 3);
    test::FakeClock clock;
    std::vector<std::string> kept;
    for (int round = 0; round < 5; ++round) {
        kept.push_back(salvage_store(folder / "store.db", "a test", clock)->kept_as);
        if (round != 1) // a clock that stands still must not make two of one name
            clock.advance(std::chrono::minutes(1));
    }
    CHECK(kept[1] != kept[2]);
    for (int round = 0; round < 5; ++round)
        CHECK(fs::exists(folder / kept[static_cast<std::size_t>(round)]) == (round >= 2));
}

TEST_CASE("Whose the responses are is known although the file no longer says it", "[store][salvage]")
{
    TempFolder const folder(test::in_memory());
    fill_and_fold(folder / "store.db", 30);
    std::string const install = ResponseReader::open(folder / "store.db")->installs()->front().id;
    std::string bytes = read(folder / "store.db");
    for (std::size_t at = bytes.find(install); at != std::string::npos; at = bytes.find(install))
        bytes.replace(at, install.size(), install.size(), '\0');
    write(folder / "store.db", bytes);

    auto const deliver = [&](std::int64_t mark) {
        auto delivery = sqlite::Database::open(folder / "delivery.db", sqlite::OpenMode::Writer);
        REQUIRE(delivery);
        REQUIRE(
            delivery->execute(("CREATE TABLE delivered (install TEXT PRIMARY KEY, mark INTEGER NOT NULL); "
                               "INSERT INTO delivered VALUES ('"
                + install + "', " + std::to_string(mark) + ")")
                                  .c_str()));
    };
    SECTION("by the copy beside it")
    {
        CHECK(salvage(folder / "store.db").installs.front() == Install {install, 1});
    }
    SECTION("by what was delivered, where the copy is damaged too")
    {
        write(folder / "store.identity", "listenpost-store 3\ncrc32 00000000\n");
        deliver(20);
        CHECK(salvage(folder / "store.db").installs.front() == Install {install, 1});
    }
    SECTION("and where nothing was ever delivered the responses are the new install's, once")
    {
        fs::remove(folder / "store.identity");
        auto const result = salvage(folder / "store.db");
        REQUIRE(result.installs.size() == 1);
        CHECK(result.installs.front().first_seq == 1);
        CHECK(result.responses.size() == 30);
    }
    SECTION("and seqs that the hub has seen are not given again, though their responses are lost")
    {
        deliver(45);
        auto const result = salvage(folder / "store.db");
        CHECK(result.installs.back().first_seq == 46);
        CHECK(result.report.missing == 15);
        CHECK(result.report.undelivered == 0);
    }
}

TEST_CASE("No number that a byte has made greater than any seq is taken for one", "[store][salvage]")
{
    TempFolder const folder(test::in_memory());
    fill_and_fold(folder / "store.db", 3);
    fs::remove(folder / "store.identity");
    std::string const other(32, 'f');
    {
        auto database = sqlite::Database::open(folder / "store.db", sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute(("INSERT INTO identity VALUES (9223372036854775807, '" + other
            + "', 'conflict', row_checksum(9223372036854775807, '" + other + "', 'conflict'))")
                                      .c_str()));
        REQUIRE(database->execute(
            "UPDATE response SET seq = 9223372036854775807, row_check = "
            "row_checksum(9223372036854775807, " LISTENPOST_RESPONSE_COLUMNS ") WHERE seq = 3"));
        auto delivery = sqlite::Database::open(folder / "delivery.db", sqlite::OpenMode::Writer);
        REQUIRE(delivery);
        REQUIRE(
            delivery->execute(("CREATE TABLE delivered (install TEXT PRIMARY KEY, mark INTEGER NOT NULL); "
                               "PRAGMA user_version = 1; INSERT INTO delivered VALUES ('"
                + other + "', 9223372036854775807)")
                                  .c_str()));
    }
    auto const result = salvage(folder / "store.db");
    CHECK(result.report.recovered == 2);
    REQUIRE(result.installs.size() == 2);
    CHECK(result.installs.back().first_seq == 3);
}

TEST_CASE("A response that was moved to another seq is not recovered twice", "[store][salvage]")
{
    TempFolder const folder(test::in_memory());
    auto store = ResponseStore::open(folder / "running.db");
    REQUIRE(store);
    test::close_responses(*store, 1, 5);
    REQUIRE(store->fold_back_wal());
    auto mover = sqlite::Database::open(folder / "running.db", sqlite::OpenMode::Writer);
    REQUIRE(mover);
    REQUIRE(
        mover->execute("UPDATE response SET seq = 9, row_check = row_checksum(9, " LISTENPOST_RESPONSE_COLUMNS
                       ") WHERE seq = 2"));
    auto const said = test::contents(folder / "running.db");
    copy_store(folder / "running.db", folder / "store.db");
    // The new image of the page is damaged a little, so the old one counts too.
    std::string wal = read(folder / "store.db-wal");
    std::size_t const image = wal.rfind(test::marker(4));
    REQUIRE(image != std::string::npos);
    wal[image + 2] ^= 1;
    write(folder / "store.db-wal", wal);

    CHECK(salvage(folder / "store.db").responses == said);
}

TEST_CASE("A response whose later seq a surer row has keeps the one it has", "[store][salvage]")
{
    TempFolder const folder(test::in_memory());
    fill_and_fold(folder / "store.db", 9);
    auto const said = test::contents(folder / "store.db");
    copy_store(folder / "store.db", folder / "other.db");
    {
        auto mover = sqlite::Database::open(folder / "other.db", sqlite::OpenMode::Writer);
        REQUIRE(mover);
        REQUIRE(mover->execute("DELETE FROM response WHERE seq = 9; UPDATE response SET seq = 9, "
                               "row_check = row_checksum(9, " LISTENPOST_RESPONSE_COLUMNS
                               ") WHERE seq = 5; PRAGMA wal_checkpoint(TRUNCATE)"));
    }
    // As a page of former times that the file still holds.
    std::string const other = read(folder / "other.db");
    std::size_t const place = other.find(test::marker(5));
    REQUIRE(place != std::string::npos);
    write(folder / "store.db",
        read(folder / "store.db") + other.substr(place / page_bytes * page_bytes, page_bytes));

    CHECK(salvage(folder / "store.db").responses == said);
}

TEST_CASE("What the customer in front of the screen had tapped survives the salvage", "[store][salvage]")
{
    TempFolder const folder(test::in_memory());
    auto running = ResponseStore::open(folder / "running.db");
    REQUIRE(running);
    test::close_responses(*running, 1, 3);
    REQUIRE(running->save_draft(test::draft_number(4), Outcome::Partial));
    bool const is_closed = GENERATE(false, true);
    if (is_closed)
        REQUIRE(running->close_draft(ClosedBy::Finish, test::draft_number(4).touched));
    copy_store(folder / "running.db", folder / "store.db");
    salvage(folder / "store.db");

    auto store = ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    auto const kept = test::contents(folder / "store.db");
    REQUIRE(kept.size() == 4);
    CHECK_THAT(kept.at(4), Catch::Contains(test::marker(4)));
    CHECK_THAT(kept.at(4), Catch::Contains(is_closed ? "finish" : "restart"));
    CHECK(ResponseReader::open(folder / "store.db")->installs()->back().first_seq == (is_closed ? 5 : 4));
}

TEST_CASE("A store.db that has been emptied is a damaged one, and its loss is told", "[store][salvage]")
{
    TempFolder const folder(test::in_memory());
    test::FakeClock const clock;
    auto const path = folder / "store.db";
    std::string install;
    {
        auto store = StoreOpener(folder.path(), std::nullopt, clock).open();
        REQUIRE(store);
        install = store->install_id();
        test::close_responses(*store, 1, 3);
    }
    {
        auto delivery = sqlite::Database::open(folder / "delivery.db", sqlite::OpenMode::Writer);
        REQUIRE(delivery);
        REQUIRE(
            delivery->execute(("CREATE TABLE delivered (install TEXT PRIMARY KEY, mark INTEGER NOT NULL); "
                               "PRAGMA user_version = 1; INSERT INTO delivered VALUES ('"
                + install + "', 2)")
                                  .c_str()));
    }
    fs::resize_file(path, 0);
    fs::remove(path.string() + "-wal");
    auto store = StoreOpener(folder.path(), std::nullopt, clock).open();
    REQUIRE(store);
    CHECK(store->install_id() != install);
    CHECK(store->last_seq().value() == 2);
    auto const reports = ResponseReader::open(path)->salvage_reports().value();
    REQUIRE(reports.size() == 1);
    CHECK(reports[0].recovered == 0);
    CHECK(reports[0].missing == 2);
    CHECK(reports[0].undelivered == 0);

    SECTION("a file that a first start has only just made is none")
    {
        TempFolder const other(test::in_memory());
        write(other / "store.db", "");
        REQUIRE(StoreOpener(other.path(), std::nullopt, clock).open());
        CHECK(ResponseReader::open(other / "store.db")->salvage_reports().value().empty());
    }
}

TEST_CASE(
    "What is lost before the first recovered response is told if the hub has not got it", "[store][salvage]")
{
    TempFolder const folder(test::in_memory());
    auto const path = folder / "store.db";
    fill_and_fold(path, 60);
    std::string bytes = read(path);
    auto const page = bytes.find(test::marker(1)) / page_bytes * page_bytes;
    REQUIRE(page < bytes.size());
    std::string const seen = bytes.substr(page, page_bytes);
    std::int64_t lost = 1;
    while (seen.find(test::marker(lost + 1)) != seen.npos)
        ++lost;
    bytes.replace(page, page_bytes, std::string(page_bytes, 'x'));
    write(path, bytes);
    auto const salvaged = salvage(path);
    CHECK(salvaged.responses.begin()->first == lost + 1);
    CHECK(salvaged.report.missing == 0); // they might have been removed, for all that the file says
    CHECK(salvaged.report.undelivered == lost);
}
