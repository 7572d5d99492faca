#include "kiosk/store/response_store.h"
#include "tests/kiosk/store/stored_comments.h"
#include "tests/support/temp_folder.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <optional>
#include <random>

using namespace listenpost;
using namespace listenpost::kiosk;
using test::stored_comments;
using test::StoredComment;
using test::TempFolder;

namespace {

constexpr int never = 1'000'000;

/// A store.db whose writes to what an adoption touches can be made to fail, each in turn.
class FusedStore {
public:
    FusedStore()
        : intruder_(sqlite::Database::open(file(), sqlite::OpenMode::Writer).value())
    {
        restart();
        // Every row that is moved, every identity and every note of a removed seq takes one off.
        REQUIRE(intruder_.execute(R"sql(
            PRAGMA synchronous = OFF; -- its own writes need not last
            CREATE TABLE fuse (rows INTEGER);
            INSERT INTO fuse VALUES (1000000);
            CREATE TRIGGER fuse_move BEFORE UPDATE OF seq ON response BEGIN
                SELECT raise(ABORT, 'cut') FROM fuse WHERE rows = 0;
                UPDATE fuse SET rows = rows - 1;
            END;
            CREATE TRIGGER fuse_install BEFORE INSERT ON identity BEGIN
                SELECT raise(ABORT, 'cut') FROM fuse WHERE rows = 0;
                UPDATE fuse SET rows = rows - 1;
            END;
            CREATE TRIGGER fuse_removed BEFORE UPDATE ON removed BEGIN
                SELECT raise(ABORT, 'cut') FROM fuse WHERE rows = 0;
                UPDATE fuse SET rows = rows - 1;
            END;
        )sql"));
    }

    std::filesystem::path file() const { return folder_ / "store.db"; }
    ResponseStore& store() { return *store_; }

    /// As after kill -9: what is not committed is gone, and the program starts again.
    void restart()
    {
        store_.reset();
        auto opened = ResponseStore::open(file());
        REQUIRE(opened);
        store_.emplace(std::move(*opened));
    }

    /// As a power cut sees the disk: the files as they are, with no one closing them first.
    std::vector<StoredComment> copy_of_the_disk()
    {
        auto const copy = folder_ / "copy.db";
        for (auto const* suffix : {"", "-wal", "-shm"})
            std::filesystem::remove(copy.string() + suffix);
        for (auto const* suffix : {"", "-wal"})
            std::filesystem::copy_file(file().string() + suffix, copy.string() + suffix);
        REQUIRE(ResponseStore::open(copy)); // recovers the WAL
        return stored_comments(copy);
    }

    void fail_after(int rows)
    {
        REQUIRE(intruder_.execute(("UPDATE fuse SET rows = " + std::to_string(rows)).c_str()));
    }

private:
    TempFolder folder_;
    sqlite::Database intruder_;
    std::optional<ResponseStore> store_;
};

/// What an adoption must make of `before`: the named ones last, in their order.
std::vector<std::string> comments_after(
    std::vector<StoredComment> const& before, ConflictRequest const& request)
{
    auto const is_named = [&](StoredComment const& each) {
        return each.install == request.install && std::ranges::binary_search(request.seqs, each.seq);
    };
    std::vector<std::string> stay;
    std::vector<std::string> moved;
    for (auto const& each : before)
        (is_named(each) ? moved : stay).push_back(each.comment);
    stay.insert(stay.end(), moved.begin(), moved.end());
    return stay;
}

std::vector<std::string> comments_of(std::vector<StoredComment> const& stored)
{
    std::vector<std::string> comments;
    for (auto const& each : stored)
        comments.push_back(each.comment);
    return comments;
}

}

TEST_CASE(
    "An adoption that is cut off at any statement has moved nothing, and is whole the next time", "[store]")
{
    int rows = 0;
    for (bool is_whole = false; !is_whole; ++rows) {
        FusedStore box;
        for (char const* comment : {"a", "b", "c", "d", "e"})
            test::close_with_comment(box.store(), comment);
        auto const before = stored_comments(box.file());
        ConflictRequest const request {box.store().install_id(), {1, 3, 4}};

        box.fail_after(rows);
        is_whole = box.store().adopt(request).has_value();
        if (!is_whole) {
            INFO("cut after " << rows);
            CHECK(stored_comments(box.file()) == before);
            CHECK(box.store().install_id() == request.install);
            if (rows % 2 == 0)
                box.restart();
            CHECK(stored_comments(box.file()) == before);
            box.fail_after(never);
            CHECK(box.store().adopt(request).value() == 3);
        }
        CHECK(comments_of(stored_comments(box.file())) == std::vector<std::string> {"b", "e", "a", "c", "d"});
        CHECK(box.store().last_seq().value() == 8);
    }
    // Three moved, one install, one note of what was removed; the sixth attempt met no cut.
    CHECK(rows == 6);
}

TEST_CASE("However adoptions, customers and crashes interleave, no response is lost, doubled or reordered",
    "[store]")
{
    auto const seed = GENERATE(range(1u, 4u));
    INFO("seed " << seed);
    std::mt19937 random(seed);
    auto const below = [&random](std::size_t end) {
        return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
    };
    FusedStore box;
    std::vector<std::string> model; // comments in the order of the walk
    std::map<std::pair<std::string, std::int64_t>, std::string> ever; // whose an identity ever was
    std::vector<ConflictRequest> past;
    std::size_t moved = 0;
    std::size_t cuts = 0;

    auto const new_request = [&](std::vector<StoredComment> const& stored) {
        // Of any install the box ever had, with some that were moved long ago or never were.
        ConflictRequest request {stored[below(stored.size())].install, {}};
        for (std::int64_t seq = 1; seq <= box.store().last_seq().value() + 2; ++seq)
            if (below(3) == 0)
                request.seqs.push_back(seq);
        if (request.seqs.empty())
            request.seqs.push_back(1);
        return request;
    };
    for (int turn = 0; turn < 40; ++turn) {
        auto const before = stored_comments(box.file());
        auto const choice = below(10);
        if (choice < 4 || before.empty()) {
            auto const comment = "customer " + std::to_string(turn);
            test::close_with_comment(box.store(), comment);
            model.push_back(comment);
        } else if (choice < 5) {
            box.restart();
        } else {
            auto const request = choice < 6 && !past.empty() ? past[below(past.size())] : new_request(before);
            past.push_back(request);
            auto const expected = comments_after(before, request);
            box.fail_after(below(2) == 0 ? never : static_cast<int>(below(8)));
            auto const adopted = box.store().adopt(request);
            box.fail_after(never);
            if (adopted) {
                model = expected;
                moved += *adopted;
            } else {
                ++cuts;
                CHECK(stored_comments(box.file()) == before);
            }
            if (below(3) == 0)
                box.restart();
        }
        auto const now = stored_comments(box.file());
        REQUIRE(comments_of(now) == model);
        REQUIRE(std::ranges::is_sorted(now, {}, &StoredComment::seq));
        for (auto const& each : now)
            REQUIRE(ever.try_emplace({each.install, each.seq}, each.comment).first->second == each.comment);
        if (below(8) == 0)
            REQUIRE(box.copy_of_the_disk() == now);
    }
    CHECK(moved > 0);
    CHECK(cuts > 0);
}
