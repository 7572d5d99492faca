#include "kiosk/store/staff_marks.h"

#include "kiosk/store/response_reader.h"
#include "kiosk/store/response_store.h"
#include "kiosk/store/salvage.h"
#include "tests/support/fake_clock.h"
#include "tests/support/sample_events.h"
#include "tests/support/sample_responses.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using test::stamp_at;
using test::TempFolder;

namespace {

constexpr std::int64_t start_ms = 1'790'000'000'000;
constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t day_ms = 24 * 60 * minute_ms;

Stamp at(std::int64_t since_start_ms)
{
    return stamp_at(1'000'000 + since_start_ms, start_ms + since_start_ms);
}

struct Box {
    TempFolder folder;
    std::filesystem::path path = folder / "store.db";
    ResponseStore store = ResponseStore::open(path).value();
    StaffMarks marks {path, {{"quality", "service"}, std::chrono::days(7)}};

    std::int64_t close_response(Stamp const& opened, int score = 3, char const* question = "service")
    {
        Draft draft = test::sample_draft();
        draft.answers = {{question, score, {}}};
        return close_draft(std::move(draft), opened);
    }
    std::int64_t close_draft(Draft draft, Stamp const& opened)
    {
        draft.opened = opened;
        draft.touched = opened.steady;
        REQUIRE(store.save_draft(draft, Outcome::Partial));
        auto const seq = store.close_draft(ClosedBy::Finish, draft.touched);
        REQUIRE(seq);
        return *seq;
    }
    void mark(std::int64_t seq, Stamp const& now, CommentState state, std::string by = "LW")
    {
        auto reader = ResponseReader::open(path);
        REQUIRE(reader);
        auto event = test::handled(store.install_id(), reader->find(seq).value().value(), state, "so");
        event.by = std::move(by);
        reader->stop();
        REQUIRE(store.add_event(event, now));
    }
    StaffMark const* found(std::int64_t seq)
    {
        auto reader = ResponseReader::open(path);
        REQUIRE(reader);
        return marks.find(reader->find(seq).value().value());
    }
    bool is_lit(Stamp const& now)
    {
        REQUIRE(marks.refresh(now));
        return marks.has_unmarked_low_rating();
    }
};

}

TEST_CASE("Between two looks at the marks store.db is closed", "[store]")
{
    Box box;
    box.mark(box.close_response(at(0)), at(minute_ms), CommentState::Seen);
    REQUIRE(box.marks.refresh(at(2 * minute_ms)));
    box.store = ResponseStore::open(box.folder / "another.db").value();
    for (auto const& open : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone; // the iterator's own
        auto const file = std::filesystem::read_symlink(open, gone);
        CHECK(file.string().find(box.path.string()) == std::string::npos);
    }
}

TEST_CASE("What staff did last about a response is its mark", "[store]")
{
    Box box;
    auto const one = box.close_response(at(0));
    auto const other = box.close_response(at(minute_ms));
    REQUIRE(box.marks.refresh(at(2 * minute_ms)));
    CHECK_FALSE(box.found(one));

    box.mark(one, at(3 * minute_ms), CommentState::Seen);
    box.mark(one, at(4 * minute_ms), CommentState::DealtWith, "李");
    REQUIRE(box.marks.refresh(at(5 * minute_ms)));
    auto const* mark = box.found(one);
    REQUIRE(mark);
    CHECK(mark->state == CommentState::DealtWith);
    CHECK(mark->by == "李");
    CHECK(mark->note == "so");
    CHECK(mark->at.wall == at(4 * minute_ms).wall);
    CHECK_FALSE(box.found(other));

    SECTION("also when head office has its note erased, which is forgotten then")
    {
        auto reader = ResponseReader::open(box.path);
        REQUIRE(reader);
        auto const event = reader->find(mark->seq).value().value();
        ResponseRef const ref {
            box.store.install_id(), mark->seq, std::string(event.boot_id), event.steady_ms};
        reader->stop();
        REQUIRE(box.store.erase({{ref}}));
        REQUIRE(box.marks.refresh(at(7 * minute_ms)));
        CHECK(box.found(one)->state == CommentState::DealtWith);
        CHECK(box.found(one)->note.empty());
    }
    SECTION("also when it is undone")
    {
        box.mark(one, at(6 * minute_ms), CommentState::Seen);
        REQUIRE(box.marks.refresh(at(7 * minute_ms)));
        CHECK(box.found(one)->state == CommentState::Seen);
    }
    SECTION("also when the box, which is a copy, gives an earlier one another number")
    {
        REQUIRE(box.store.adopt({box.store.install_id(), {3}}).value() == 1);
        REQUIRE(box.marks.refresh(at(7 * minute_ms)));
        CHECK(box.found(one)->state == CommentState::DealtWith);
        StaffMarks afresh(box.path, {});
        REQUIRE(afresh.refresh(at(7 * minute_ms)));
        auto reader = ResponseReader::open(box.path);
        CHECK(afresh.find(reader->find(one).value().value())->state == CommentState::DealtWith);
    }
    SECTION("also when the response itself gets another number")
    {
        REQUIRE(box.store.adopt({box.store.install_id(), {one}}).value() == 1);
        REQUIRE(box.marks.refresh(at(7 * minute_ms)));
        CHECK(box.found(5)->state == CommentState::DealtWith);
        auto reader = ResponseReader::open(box.path);
        auto const ref = box.marks.ref_of(reader->find(5).value().value());
        REQUIRE(ref);
        CHECK(ref->install == box.store.install_id());
        CHECK(ref->seq == 5);
    }
    SECTION("also in another boot, whatever its clock says")
    {
        auto later = stamp_at(5'000, 1'000);
        later.boot_id = "another";
        later.wall_is_set = false;
        box.mark(one, later, CommentState::Seen, "Z");
        REQUIRE(box.marks.refresh(later));
        CHECK(box.found(one)->by == "Z");
    }
}

TEST_CASE("An earlier mark of another boot that gets a greater number stays the earlier one", "[store]")
{
    Box box;
    auto const one = box.close_response(at(0));
    box.mark(one, at(minute_ms), CommentState::Seen, "A");
    auto next_day = stamp_at(5'000, start_ms + day_ms);
    next_day.boot_id = "another";
    SECTION("by clocks that were set") { box.mark(one, next_day, CommentState::DealtWith, "B"); }
    SECTION("by what the boot learned of the time after it")
    {
        auto before_that = next_day;
        before_that.wall_is_set = false;
        before_that.wall = WallTime(std::chrono::milliseconds(5'000));
        box.mark(one, before_that, CommentState::DealtWith, "B");
        REQUIRE(box.marks.refresh(next_day));
        auto learned = next_day;
        learned.steady += std::chrono::minutes(1);
        learned.wall += std::chrono::minutes(1);
        REQUIRE(box.store.note_clock(learned));
    }
    REQUIRE(box.store.adopt({box.store.install_id(), {2}}).value() == 1);
    REQUIRE(box.marks.refresh(next_day));
    CHECK(box.found(one)->by == "B");
    StaffMarks afresh(box.path, {});
    REQUIRE(afresh.refresh(next_day));
    auto reader = ResponseReader::open(box.path);
    CHECK(afresh.find(reader->find(one).value().value())->by == "B");
}

TEST_CASE("A very low rating of the last days that nobody has marked lights the dot", "[store]")
{
    Box box;
    CHECK_FALSE(box.is_lit(at(0)));
    box.close_response(at(0), 2);
    box.close_response(at(minute_ms), 1, "recommend"); // 1 of 0 to 10 is no face
    box.close_response(at(2 * minute_ms), 10, "service");
    CHECK_FALSE(box.is_lit(at(3 * minute_ms)));
    auto const low = box.close_response(at(4 * minute_ms), 1);
    CHECK(box.is_lit(at(5 * minute_ms)));

    SECTION("until somebody has seen it")
    {
        box.mark(low, at(6 * minute_ms), CommentState::Seen);
        CHECK_FALSE(box.is_lit(at(7 * minute_ms)));
        box.close_response(at(8 * minute_ms), 1);
        CHECK(box.is_lit(at(9 * minute_ms)));
        StaffMarks afresh(box.path, {{"service"}, std::chrono::days(7)});
        REQUIRE(afresh.refresh(at(9 * minute_ms)));
        CHECK(afresh.has_unmarked_low_rating());
    }
    SECTION("until it is old")
    {
        CHECK(box.is_lit(at(7 * day_ms)));
        CHECK_FALSE(box.is_lit(at(7 * day_ms + 5 * minute_ms)));
        StaffMarks afresh(box.path, {{"service"}, std::chrono::days(7)});
        REQUIRE(afresh.refresh(at(7 * day_ms + 5 * minute_ms)));
        CHECK_FALSE(afresh.has_unmarked_low_rating());
    }
    SECTION("by the responses' own time where nobody has set the clock")
    {
        auto unset = stamp_at(5'000, 1'000);
        unset.wall_is_set = false;
        unset.boot_id = "another";
        CHECK(box.is_lit(unset));
        box.close_response(at(8 * day_ms), 5);
        CHECK_FALSE(box.is_lit(unset));
    }
}

TEST_CASE("A low rating under a clock that nobody has set is not passed over", "[store]")
{
    Box box;
    auto unset = stamp_at(5'000, 1'000);
    unset.wall_is_set = false;
    auto const low = box.close_response(unset, 1);
    CHECK(box.is_lit(at(minute_ms)));
    box.mark(low, at(2 * minute_ms), CommentState::Seen);
    CHECK_FALSE(box.is_lit(at(3 * minute_ms)));
}

TEST_CASE(
    "A low rating under a clock that nobody has set is as old as what a set clock says after it", "[store]")
{
    Box box;
    auto unset = stamp_at(5'000, 1'000);
    unset.wall_is_set = false;
    box.close_response(unset, 1);
    CHECK(box.is_lit(at(0)));
    box.close_response(at(minute_ms), 5);
    box.close_response(at(9 * day_ms), 5);
    CHECK(box.is_lit(at(7 * day_ms)));
    CHECK_FALSE(box.is_lit(at(7 * day_ms + 2 * minute_ms)));
    SECTION("and one that comes after that stays")
    {
        unset.boot_id = "another";
        box.close_response(unset, 1);
        CHECK(box.is_lit(at(17 * day_ms)));
    }
}

TEST_CASE("A low rating that the manager's figures are made without lights nothing", "[store]")
{
    Box box;
    Draft low = test::sample_draft();
    low.answers = {{"service", 1, {}}};
    SECTION("it broke a misuse rule")
    {
        Draft played = low;
        played.flags = {"burst"};
        box.close_draft(played, at(0));
        CHECK_FALSE(box.is_lit(at(minute_ms)));
        box.close_draft(low, at(2 * minute_ms));
        CHECK(box.is_lit(at(3 * minute_ms)));
    }
    SECTION("it is of a survey that is no longer asked")
    {
        StaffMarks marks(box.path, {.questions = {"service"}, .survey = low.survey});
        Draft other = low;
        other.survey = "last.year";
        box.close_draft(other, at(0));
        REQUIRE(marks.refresh(at(minute_ms)));
        CHECK_FALSE(marks.has_unmarked_low_rating());
        box.close_draft(low, at(2 * minute_ms));
        REQUIRE(marks.refresh(at(3 * minute_ms)));
        CHECK(marks.has_unmarked_low_rating());
    }
}

TEST_CASE("Marks are read anew from a store that was salvaged", "[store][salvage]")
{
    Box box;
    auto const one = box.close_response(at(0), 1);
    box.mark(one, at(minute_ms), CommentState::Seen);
    CHECK_FALSE(box.is_lit(at(2 * minute_ms)));
    box.close_response(at(3 * minute_ms), 1);
    CHECK(box.is_lit(at(4 * minute_ms)));
    test::FakeClock const clock;
    REQUIRE(salvage_store(box.path, "a test says so", clock));
    CHECK(box.is_lit(at(5 * minute_ms)));
    CHECK(box.found(one));
}

TEST_CASE("Without a store there are no marks, and an error says why", "[store]")
{
    TempFolder const folder;
    StaffMarks marks(folder / "store.db", {});
    CHECK(marks.refresh(at(0)).error().code == Errc::NotFound);
    CHECK_FALSE(marks.has_unmarked_low_rating());
    CHECK_FALSE(marks.ref_of({}));
}

TEST_CASE("The questions rated with five faces are those of the survey", "[store]")
{
    auto survey = test::sample_survey();
    auto const all = five_face_questions(survey);
    CHECK(all.size() == survey.questions.size());
    survey.questions.front().scale = Scale::Nps;
    CHECK(five_face_questions(survey).size() == all.size() - 1);
}
