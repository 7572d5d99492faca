#include "kiosk/export/export_csv.h"

#include "kiosk/export/export_thread.h"
#include "kiosk/store/schema.h"
#include "tests/kiosk/export/export_box.h"

#include <condition_variable>

using namespace listenpost;
using namespace listenpost::kiosk;
using test::ExportBox;
using test::lines_of;
using test::TempFolder;

namespace {

constexpr std::size_t max_bytes = 10'000'000;

std::size_t files_in(std::filesystem::path const& folder)
{
    std::filesystem::directory_iterator const entries(folder);
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

}

TEST_CASE("The responses of the period are taken along, each a line, and no other", "[export]")
{
    ExportBox box;
    TempFolder const stick;
    auto const from = box.request.from.time_since_epoch().count();
    auto const to = box.request.to.time_since_epoch().count();
    box.close_response_at(from - 1, "the day before");
    auto const first = box.close_response_at(from, "first");
    box.close_response_at(to - 1, "last");
    box.close_response_at(to, "the day after");
    auto reader = ResponseReader::open(box.store_path);
    REQUIRE(reader);
    auto const event = test::handled(
        box.store.install_id(), reader->find(first).value().value(), CommentState::Seen, "so it is");
    reader->stop();
    REQUIRE(box.store.add_event(event, test::stamp_at(to - 10 - 1'789'000'000'000, to - 10)));

    auto const report = export_csv(box.store_path, box.request, stick.path());
    REQUIRE(report);
    CHECK(report->file == "listenpost-sh-001-20260921-20260921.csv");
    CHECK(report->responses == 2);
    CHECK(report->unplaced == 0);
    auto const lines = lines_of(read_file(stick / report->file, max_bytes).value());
    REQUIRE(lines.size() == 3);
    CHECK_THAT(lines[1],
        Catch::StartsWith("2026-09-21 00:00:00,exit,") && Catch::Contains(",first,,seen,LW,so it is,"));
    CHECK_THAT(lines[2], Catch::StartsWith("2026-09-21 23:59:59,exit,") && Catch::Contains(",last,,,,,,"));
    CHECK(files_in(stick.path()) == 1);

    SECTION("again over the file that is there")
    {
        box.request.words.comment = "anew";
        REQUIRE(export_csv(box.store_path, box.request, stick.path()));
        CHECK(files_in(stick.path()) == 1);
        CHECK(read_file(stick / report->file, max_bytes)->find(",anew,") != std::string::npos);
    }
}

TEST_CASE(
    "A response under a wrong clock is placed by what its boot learned, or left out and counted", "[export]")
{
    ExportBox box;
    TempFolder const stick;
    auto draft = test::sample_draft();
    draft.opened.wall_is_set = false;
    draft.opened.wall = WallTime(std::chrono::milliseconds(5'000));
    draft.opened.steady = SteadyTime(std::chrono::milliseconds(5'000));
    draft.touched = draft.opened.steady;
    draft.opened.boot_id = "learned";
    draft.comment = "placed";
    box.close_response(draft);
    draft.opened.boot_id = "never";
    draft.comment = "lost in time";
    box.close_response(draft);
    auto later = test::stamp_at(65'000, 1'790'000'060'000);
    later.boot_id = "learned";
    REQUIRE(box.store.note_clock(later));

    auto const report = export_csv(box.store_path, box.request, stick.path());
    REQUIRE(report);
    CHECK(report->responses == 1);
    CHECK(report->provisional == 0);
    CHECK(report->unplaced == 1);
    auto const lines = lines_of(read_file(stick / report->file, max_bytes).value());
    CHECK_THAT(lines.at(1), Catch::StartsWith("2026-09-21 22:13:20,") && Catch::Contains("placed"));
}

TEST_CASE("A box whose right clock nobody ever confirmed takes its responses along", "[export]")
{
    ExportBox box;
    TempFolder const stick;
    auto draft = test::sample_draft();
    draft.opened.wall_is_set = false;
    draft.comment = "offline";
    box.close_response(draft);
    draft.opened.wall = box.request.now.wall + std::chrono::hours(1); // it has been wrong, or is
    box.close_response(draft);
    auto const report = export_csv(box.store_path, box.request, stick.path());
    REQUIRE(report);
    CHECK(report->responses == 1);
    CHECK(report->provisional == 1);
    CHECK(report->unplaced == 1);
    CHECK_THAT(lines_of(read_file(stick / report->file, max_bytes).value()).at(1),
        Catch::StartsWith("2026-09-21 ") && Catch::Contains("offline"));
}

TEST_CASE("What cannot be exported leaves nothing behind", "[export]")
{
    ExportBox box;
    TempFolder const stick;
    box.close_response_at(1'790'000'000'000);
    SECTION("a store that is not what was written")
    {
        auto database = sqlite::Database::open(box.store_path, sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute("UPDATE response SET comment = 'another'"));
        CHECK(export_csv(box.store_path, box.request, stick.path()).error().code == Errc::Corrupt);
    }
    SECTION("a zone that is none")
    {
        box.request.zone = "Asia/Atlantis";
        CHECK(export_csv(box.store_path, box.request, stick.path()).error().code == Errc::Invalid);
    }
    SECTION("a folder that is none")
    {
        CHECK(export_csv(box.store_path, box.request, stick / "gone").error().code == Errc::NotFound);
    }
    SECTION("a wish to stop")
    {
        CHECK(export_csv(box.store_path, box.request, stick.path(), [] { return true; }).error().code
            == Errc::Cancelled);
    }
    CHECK(files_in(stick.path()) == 0);
}

TEST_CASE("An export runs beside the screen and tells when it has ended", "[export]")
{
    ExportBox box;
    box.close_response_at(1'790'000'000'000);
    std::mutex mutex;
    std::condition_variable rung;
    bool is_woken = false;
    auto const wake = [&] {
        std::lock_guard const lock(mutex);
        is_woken = true;
        rung.notify_all();
    };
    MountSources const nothing {box.folder / "mountinfo", box.folder / "devices", {"/media/"}};
    ExportThread thread(box.store_path, wake, nothing);
    CHECK_FALSE(thread.result());
    REQUIRE(thread.start({box.request}));
    std::unique_lock lock(mutex);
    REQUIRE(rung.wait_for(lock, std::chrono::seconds(60), [&] { return is_woken; }));
    CHECK_FALSE(thread.is_running());
    REQUIRE(thread.result());
    CHECK(thread.result()->outcome == ExportOutcome::NoDrive);
    CHECK(thread.start({box.request}));
}
