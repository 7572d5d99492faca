#include "kiosk/store/erasure.h"

#include "kiosk/store/reserve.h"
#include "kiosk/store/response_reader.h"
#include "kiosk/store/response_store.h"
#include "kiosk/store/salvage.h"
#include "kiosk/store/schema.h"
#include "kiosk/store/store_check.h"
#include "tests/support/fake_clock.h"
#include "tests/support/sample_events.h"
#include "tests/support/sample_responses.h"
#include "tests/support/store_filler.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>

using namespace listenpost;
using namespace listenpost::kiosk;
using test::TempFolder;
namespace fs = std::filesystem;

namespace {

/// Whether the words stand in any file of the folder, whatever its name.
bool folder_holds(fs::path const& folder, std::string const& words)
{
    for (auto const& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file())
            continue;
        std::ifstream file(entry.path(), std::ios::binary);
        std::string const bytes {std::istreambuf_iterator<char>(file), {}};
        if (bytes.find(words) != std::string::npos)
            return true;
    }
    return false;
}

/// Customers with words of their own, one after the other, as one screen has them.
class Box {
public:
    Box() { restart(); }

    void restart()
    {
        store_.reset();
        store_.emplace(ResponseStore::open(path()).value());
    }

    std::int64_t close(std::string const& comment, std::string const& note = {})
    {
        Draft draft = sample(comment, note);
        REQUIRE(store_->save_draft(draft, Outcome::Partial));
        return store_->close_draft(ClosedBy::Finish, draft.touched).value();
    }

    Draft sample(std::string const& comment, std::string const& note)
    {
        Draft draft = test::sample_draft();
        steady_ms_ += 10'000;
        draft.opened = test::stamp_at(steady_ms_);
        draft.touched = SteadyTime(std::chrono::milliseconds(steady_ms_ + 1));
        draft.comment = comment;
        if (!note.empty())
            draft.answers.push_back({.question = "note", .text = note});
        return draft;
    }

    /// As many as make writing the file anew a while's work.
    void fill_with_copies(std::int64_t seq)
    {
        auto writer = sqlite::Database::open(path(), sqlite::OpenMode::Writer).value();
        test::copy_response(writer, seq, 3'000);
    }

    ResponseRef ref(std::int64_t seq)
    {
        auto reader = ResponseReader::open(path()).value();
        auto const response = reader.find(seq).value().value();
        ResponseRef ref {store_->install_id(), seq, std::string(response.boot_id), response.steady_ms};
        reader.stop();
        return ref;
    }

    fs::path path() const { return folder_ / "store.db"; }
    fs::path folder() const { return folder_.path(); }
    ResponseStore& store() { return *store_; }
    std::int64_t number(std::string const& sql)
    {
        return sqlite::Database::open(path(), sqlite::OpenMode::Reader).value().query_integer(sql).value();
    }

private:
    TempFolder folder_;
    std::optional<ResponseStore> store_;
    std::int64_t steady_ms_ = 0;
};

std::string const comment = "Frau Lindqvist rief zweimal an";
std::string const note = "please call \"Lindqvist\"\n soon";
std::string const note_in_file = R"(please call \"Lindqvist\")";

}

TEST_CASE(
    "Erasing takes the words out of store.db and leaves what was rated, the seq and the count", "[store]")
{
    Box box;
    box.close("before");
    auto const seq = box.close(comment, note);
    box.close("behind");
    REQUIRE(folder_holds(box.folder(), comment));
    REQUIRE(folder_holds(box.folder(), note_in_file));

    auto const ref = box.ref(seq);
    CHECK_FALSE(ResponseReader::open(box.path())->is_erased(ref).value());
    REQUIRE(box.store().erase({{ref}}).value() == Erased::Done);
    CHECK_FALSE(folder_holds(box.folder(), "Lindqvist"));
    CHECK(folder_holds(box.folder(), "before"));

    auto reader = ResponseReader::open(box.path()).value();
    CHECK(reader.is_erased(ref).value());
    auto const response = reader.find(seq).value().value(); // it still proves itself
    CHECK(response.comment.empty());
    CHECK(response.comment_erased);
    CHECK(response.has_comment());
    CHECK(response.answers == to_json(test::sample_draft().answers));
    CHECK(response.steady_ms == ref.steady_ms);
    CHECK(reader.count(0, 100).value() == 3);
    auto const other = reader.find(seq + 1).value().value();
    CHECK(other.comment == "behind");
    CHECK_FALSE(other.comment_erased);

    SECTION("and a start that checks everything finds it whole")
    {
        reader.stop();
        box.restart();
        CHECK(ResponseStore::open(box.path(), StoreCheck::Whole));
    }
    SECTION("and doing it again does nothing")
    {
        reader.stop();
        CHECK(box.store().erase({{ref}}).value() == Erased::Done);
        CHECK(box.number("SELECT count(*) FROM erasure") == 1);
    }
}

TEST_CASE(
    "A response without a comment is not said to have had one, once its short answer is erased", "[store]")
{
    Box box;
    auto const seq = box.close("", note);
    REQUIRE(box.store().erase({{box.ref(seq)}}).value() == Erased::Done);
    auto reader = ResponseReader::open(box.path()).value();
    CHECK_FALSE(reader.find(seq).value()->has_comment());
    CHECK_FALSE(folder_holds(box.folder(), "Lindqvist"));
}

TEST_CASE("What was moved to another seq is erased by the name that the hub knows it by", "[store]")
{
    Box box;
    auto const seq = box.close(comment);
    auto const named = box.ref(seq);
    REQUIRE(box.store().adopt({named.install, {seq}}).value() == 1);
    auto const next = box.close("the next customer");
    REQUIRE(box.store().erase({{named}}).value() == Erased::Done);
    CHECK_FALSE(folder_holds(box.folder(), "Lindqvist"));
    auto reader = ResponseReader::open(box.path()).value();
    CHECK(reader.is_erased(named).value());
    CHECK(reader.find(next).value()->comment == "the next customer");

    SECTION("and it may move afterwards, too")
    {
        reader.stop();
        REQUIRE(box.store().adopt({box.store().install_id(), {seq + 1}}).value() == 1);
        CHECK(reader.find(next + 1).value()->comment_erased);
    }
}

TEST_CASE("Another response under the same number keeps its words", "[store]")
{
    // The file went back in time, and grew anew: what the hub has under that number is gone.
    Box box;
    auto const seq = box.close("a new customer's");
    auto named = box.ref(seq);
    named.steady_ms += 77;
    REQUIRE(box.store().erase({{named}}).value() == Erased::Done);
    auto reader = ResponseReader::open(box.path()).value();
    CHECK(reader.find(seq).value()->comment == "a new customer's");
    CHECK(reader.is_erased(named).value()); // gone is done
}

TEST_CASE("A staff event loses its note and keeps who has done what", "[store]")
{
    Box box;
    auto const seq = box.close("salty");
    auto reader = ResponseReader::open(box.path()).value();
    auto event = test::handled(box.store().install_id(), reader.find(seq).value().value(),
        CommentState::DealtWith, "spoke with Lindqvist");
    reader.stop();
    REQUIRE(box.store().add_event(event, test::stamp_at(90'000'000)));
    REQUIRE(folder_holds(box.folder(), "Lindqvist"));
    REQUIRE(box.store().erase({{box.ref(seq + 1)}}).value() == Erased::Done);
    CHECK_FALSE(folder_holds(box.folder(), "Lindqvist"));
    event.note.clear();
    CHECK(reader.find(seq + 1).value()->event == event_to_json(event));
    CHECK(reader.find(seq).value()->comment == "salty");
}

TEST_CASE("A staff event that this version cannot read loses its note all the same", "[store]")
{
    Box box;
    auto const seq = box.close("salty");
    auto writer = sqlite::Database::open(box.path(), sqlite::OpenMode::Writer).value();
    auto const [event, left] = GENERATE(table<std::string, std::string>(
        {{R"({"event":"of-later","note":"Lindqvist","by":"x"})", R"({"event":"of-later","by":"x"})"},
            {"Lindqvist", "{}"}}));
    auto change = writer.prepare("UPDATE response SET event = ?").value();
    REQUIRE(change.bind(1, event).run());
    REQUIRE(writer.execute("UPDATE response SET row_check = " LISTENPOST_ROW_CHECK));
    auto const ref = box.ref(seq);
    REQUIRE(box.store().erase({{ref}}).value() == Erased::Done);
    CHECK_FALSE(folder_holds(box.folder(), "Lindqvist"));
    CHECK(ResponseReader::open(box.path())->find(seq).value()->event == left);
}

TEST_CASE(
    "The file is written anew where retention has removed what is to be erased, and not for another box's",
    "[store]")
{
    Box box;
    auto const seq = box.close(comment);
    auto ref = box.ref(seq);
    auto const others = box.close("behind");
    box.fill_with_copies(others);
    auto writer = sqlite::Database::open(box.path(), sqlite::OpenMode::Writer).value();
    REQUIRE(writer.execute("DELETE FROM response WHERE seq = 1; UPDATE removed SET up_to = 1; "
                           "UPDATE removed SET row_check = " LISTENPOST_REMOVED_CHECK));
    int asked = 0;
    auto const count = [&asked] {
        ++asked;
        return false;
    };
    bool const is_ours = GENERATE(true, false);
    if (!is_ours)
        ref.install = std::string(32, 'e');
    CHECK(box.store().erase({{ref}}, count).value() == Erased::Done);
    CHECK((asked > 0) == is_ours);
}

TEST_CASE("A note is looked for as it stands in the file", "[store]")
{
    Box box;
    auto const seq = box.close("salty");
    auto event = test::handled(box.store().install_id(),
        ResponseReader::open(box.path())->find(seq).value().value(), CommentState::DealtWith, "a\"Lindqvist");
    REQUIRE(box.store().add_event(event, test::stamp_at(90'000'000)));
    auto const ref = box.ref(seq + 1);
    box.fill_with_copies(seq);
    auto writer = sqlite::Database::open(box.path(), sqlite::OpenMode::Writer).value();
    // Where SQLite would leave an old copy of a row.
    REQUIRE(writer.execute("CREATE TABLE left_behind AS SELECT event FROM response WHERE seq = 2"));
    int asked = 0;
    auto const count = [&asked] {
        ++asked;
        return false;
    };
    CHECK(box.store().erase({{ref}}, count).value() == Erased::Done);
    CHECK(asked > 0); // found, or the file would not have been written anew
}

TEST_CASE("Erasing waits while a customer is in front of the screen or somebody reads", "[store]")
{
    Box box;
    auto const seq = box.close(comment);
    auto const ref = box.ref(seq);
    SECTION("a draft")
    {
        auto const draft = box.sample("", "");
        REQUIRE(box.store().save_draft(draft, Outcome::Partial));
        CHECK(box.store().erase({{ref}}).value() == Erased::NotYet);
        CHECK(box.number("SELECT count(*) FROM response WHERE comment_erased") == 0);
        REQUIRE(box.store().close_draft(ClosedBy::Finish, draft.touched));
    }
    SECTION("a reader in the middle of its walk keeps the words in the WAL")
    {
        auto reader = ResponseReader::open(box.path()).value();
        reader.seek(0, 100);
        REQUIRE(reader.next());
        CHECK(box.store().erase({{ref}}).value() == Erased::NotYet);
        reader.stop();
        CHECK_FALSE(reader.is_erased(ref).value());
        SECTION("and a kill before it has ended leaves the rest to the next start") { box.restart(); }
    }
    CHECK(box.store().erase({{ref}}).value() == Erased::Done);
    CHECK_FALSE(folder_holds(box.folder(), "Lindqvist"));
    CHECK(ResponseReader::open(box.path())->is_erased(ref).value());
}

TEST_CASE("The reserve for a full disk is there again after the WAL was emptied", "[store]")
{
    Box box;
    auto const seq = box.close(comment);
    REQUIRE(box.store().top_up_reserve().value());
    auto const wal = box.path().string() + "-wal";
    auto const before = fs::file_size(wal);
    REQUIRE(box.store().erase({{box.ref(seq)}}).value() == Erased::Done);
    CHECK(fs::file_size(wal) >= before / 10 * 9);
    CHECK(box.number("PRAGMA freelist_count") >= reserve_least_pages);
    CHECK_FALSE(folder_holds(box.folder(), "Lindqvist"));
}

TEST_CASE(
    "On a full disk an erase request leaves the reserve as it is, and is done once there is room", "[store]")
{
    Box box;
    auto const ref = box.ref(box.close(comment));
    REQUIRE(box.store().top_up_reserve().value());
    auto const wal = box.path().string() + "-wal";
    auto const wal_bytes = fs::file_size(wal);
    auto store = sqlite::Database::open(box.path(), sqlite::OpenMode::Writer).value();
    std::uintmax_t free = 3 * fs::file_size(box.path());
    EraseTerms const terms {.free_bytes = [&free] { return free; }};

    CHECK(erase_words(store, box.path(), {{ref}}, terms).error().code == Errc::Full);
    CHECK(fs::file_size(wal) == wal_bytes);
    CHECK_FALSE(is_erased(store, ref.install, ref.seq).value());
    CHECK(box.number("SELECT count(*) FROM response WHERE comment <> ''") == 0);

    free += reserve_pages * reserve_page_bytes;
    REQUIRE(erase_words(store, box.path(), {{ref}}, terms).value() == Erased::Done);
    CHECK_FALSE(folder_holds(box.folder(), "Lindqvist"));
}

TEST_CASE("Where the file cannot be written anew the WAL has its room again all the same", "[store]")
{
    Box box;
    auto const ref = box.ref(box.close(comment));
    REQUIRE(box.store().top_up_reserve().value());
    auto store = sqlite::Database::open(box.path(), sqlite::OpenMode::Writer).value();
    REQUIRE(store.execute("INSERT INTO erasure (install, seq, is_wiped) VALUES ('a run before', 1, 0)"));
    auto in_progress = store.prepare("SELECT 1 UNION ALL SELECT 2").value(); // VACUUM refuses
    REQUIRE(in_progress.step().value());
    CHECK_FALSE(erase_words(store, box.path(), {{ref}}));
    CHECK(fs::file_size(box.path().string() + "-wal") >= reserve_pages * reserve_page_bytes);
}

TEST_CASE(
    "Who comes while the file is written anew is not kept waiting, and it is begun again later", "[store]")
{
    Box box;
    auto const ref = box.ref(box.close(comment));
    box.fill_with_copies(1);
    auto store = sqlite::Database::open(box.path(), sqlite::OpenMode::Writer).value();
    REQUIRE(store.execute("INSERT INTO erasure (install, seq, is_wiped) VALUES ('a run before', 1, 0)"));
    int asked = 0;
    auto const is_wanted = [&asked] { return ++asked >= 2; };
    CHECK(box.store().erase({{ref}}, is_wanted).value() == Erased::Interrupted);
    CHECK(asked == 2);
    CHECK_FALSE(is_erased(store, ref.install, ref.seq).value());
    box.close("who came meanwhile");
    CHECK(box.store().erase({{ref}}, [] { return false; }).value() == Erased::Done);
    CHECK(is_erased(store, ref.install, ref.seq).value());
    CHECK(ResponseStore::open(box.path(), StoreCheck::Whole));
}

TEST_CASE(
    "A file that was written anew is not once more, where somebody read and only the WAL is left", "[store]")
{
    Box box;
    auto const seq = box.close(comment);
    auto const ref = box.ref(seq);
    box.close("behind");
    box.fill_with_copies(seq + 1);
    auto store = sqlite::Database::open(box.path(), sqlite::OpenMode::Writer).value();
    REQUIRE(store.execute("INSERT INTO erasure (install, seq, is_wiped) VALUES ('a run before', 1, 0)"));
    auto reader = ResponseReader::open(box.path()).value();
    int asked = 0;
    auto const walk = [&] {
        if (asked++ == 0) {
            reader.seek(0, 100);
            REQUIRE(reader.next());
        }
        return false;
    };
    REQUIRE(box.store().erase({{ref}}, walk).value() == Erased::NotYet);
    REQUIRE(asked > 0);
    reader.stop();
    CHECK_FALSE(reader.is_erased(ref).value());
    asked = 1;
    CHECK(box.store().erase({{ref}}, walk).value() == Erased::Done);
    CHECK(asked == 1); // VACUUM would have asked
    CHECK(reader.is_erased(ref).value());
    CHECK_FALSE(folder_holds(box.folder(), "Lindqvist"));
}

TEST_CASE("A damaged file that is kept goes with the words in it", "[store]")
{
    Box box;
    auto const seq = box.close(comment);
    auto const ref = box.ref(seq);
    box.restart();
    TempFolder const salvaged;
    auto const path = salvaged / "store.db";
    for (auto const* part : {"", "-wal"})
        fs::copy_file(box.path().string() + part, path.string() + part);
    test::FakeClock clock;
    REQUIRE(salvage_store(path, "a test", clock)); // keeps the file that it was made from
    auto store = ResponseStore::open(path).value();
    REQUIRE(store.erase({{ref}}).value() == Erased::Done);
    CHECK_FALSE(folder_holds(salvaged.path(), "Lindqvist"));
    auto reader = ResponseReader::open(path).value();
    CHECK(reader.find(seq).value()->comment_erased);

    SECTION("and a salvage after it knows that a comment was erased")
    {
        reader.stop();
        store.leave_files_as_they_are();
        auto const closed = [](ResponseStore) {};
        closed(std::move(store));
        REQUIRE(salvage_store(path, "once more", clock));
        auto again = ResponseReader::open(path).value();
        CHECK(again.find(seq).value()->comment_erased);
        CHECK(again.count(0, 100).value() == 1);
    }
}

TEST_CASE(
    "However customers, adoptions and erasures interleave, no erased word is left in any file", "[store]")
{
    auto const seed = GENERATE(range(1u, 4u));
    CAPTURE(seed);
    std::mt19937 random(seed);
    auto const below = [&random](std::int64_t end) {
        return std::uniform_int_distribution<std::int64_t>(0, end - 1)(random);
    };
    Box box;
    struct Known {
        ResponseRef named; // as it was called when it was closed
        std::string words;
    };
    std::vector<Known> known;
    std::vector<std::string> erased;
    for (int turn = 0; turn < 30; ++turn) {
        auto const choice = below(10);
        if (known.empty() || choice < 4) {
            for (int more = 0; more < 8; ++more) {
                // Long and short ones, so that pages are cut in many ways.
                std::string words = "w" + std::to_string(random()) + "-" + std::to_string(known.size());
                words += std::string(static_cast<std::size_t>(below(4)) * 100, 'x');
                auto const seq = box.close(words);
                known.push_back({box.ref(seq), words});
            }
        } else if (choice < 7) {
            auto const last = box.store().last_seq().value();
            ConflictRequest request {box.store().install_id(), {}};
            for (std::int64_t seq = 1; seq <= last; ++seq)
                if (below(3) == 0)
                    request.seqs.push_back(seq);
            if (!request.seqs.empty())
                REQUIRE(box.store().adopt(request));
        } else {
            EraseRequest request;
            for (int count = 0; count < 3 && !known.empty(); ++count) {
                auto const at = known.begin() + below(static_cast<std::int64_t>(known.size()));
                request.responses.push_back(at->named);
                erased.push_back(at->words);
                known.erase(at);
            }
            REQUIRE(box.store().erase(request).value() == Erased::Done);
            for (auto const& words : erased)
                REQUIRE_FALSE(folder_holds(box.folder(), words.substr(0, 8)));
        }
    }
    box.restart();
    REQUIRE(ResponseStore::open(box.path(), StoreCheck::Whole));
    CHECK(box.number("SELECT count(*) FROM response WHERE comment_erased")
        == static_cast<std::int64_t>(erased.size()));
    CHECK(box.number("SELECT count(*) FROM response WHERE comment <> ''")
        == static_cast<std::int64_t>(known.size()));
}
