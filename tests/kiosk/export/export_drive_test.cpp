#include "kiosk/export/export_drive.h"

#include "kiosk/export/page_pdf.h"
#include "kiosk/ui/png_stream.h"
#include "tests/kiosk/export/export_box.h"

#include <cerrno>
#include <sched.h>
#include <set>
#include <sys/mount.h>

using namespace listenpost;
using namespace listenpost::kiosk;
using test::ExportBox;
using test::TempFolder;

namespace {

constexpr std::size_t max_bytes = 10'000'000;

/// A file system of its own that only this process sees; needs root.
class Stick {
public:
    explicit Stick(char const* options, char const* name = "store's stick", std::filesystem::path beside = {})
        : path_((beside.empty() ? place_.path() : beside) / name)
    {
        std::filesystem::create_directory(path());
        is_there_ = ::unshare(CLONE_NEWNS) == 0
            && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0
            && ::mount("stick", path().c_str(), "tmpfs", 0, options) == 0;
        if (!is_there_)
            WARN("no stick: mounting one needs root");
    }
    ~Stick() { pull_out(); }
    Stick(Stick const&) = delete;
    Stick& operator=(Stick const&) = delete;

    explicit operator bool() const { return is_there_; }
    std::filesystem::path path() const { return path_; }
    MountSources sources() const { return {.places = {path_.parent_path().string() + "/"}}; }
    bool make_read_only() const
    {
        return ::mount("stick", path().c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) == 0;
    }
    bool pull_out() const { return ::umount2(path().c_str(), MNT_DETACH) == 0; }
    bool is_empty() const { return std::filesystem::is_empty(path()); }
    std::set<std::string> files() const
    {
        std::set<std::string> names;
        for (auto const& entry : std::filesystem::directory_iterator(path()))
            names.insert(entry.path().filename().string());
        return names;
    }

private:
    TempFolder place_;
    std::filesystem::path path_;
    bool is_there_ = false;
};

/// A page of a few pixels, as the kiosk makes large ones.
std::string page_png()
{
    auto stream = PngStream::create({30, 40}, 300).value();
    Picture picture(30, 40);
    CHECK(stream.append(picture.span()));
    return stream.finish().value();
}

ExportOrder order_with_week(ExportBox const& box)
{
    return {.request = box.request,
        .draw_week = [](auto const&) { return Result<std::string>(page_png()); },
        .week_from = box.request.to - std::chrono::days(7)};
}

}

TEST_CASE("An export goes to the stick that is in", "[export]")
{
    ExportBox box;
    box.close_response_at(1'790'000'000'000);
    Stick const stick("size=1m");
    if (!stick)
        return;
    auto const result = export_to_drive(box.store_path, {box.request}, {}, stick.sources());
    CHECK(result.outcome == ExportOutcome::Done);
    CHECK(result.drive == "store's stick");
    CHECK(result.report.responses == 1);
    CHECK(read_file(stick.path() / result.report.file, max_bytes)->find("慢") != std::string::npos);
}

TEST_CASE("A stick without room takes nothing, and says so", "[export]")
{
    ExportBox box;
    for (int number = 0; number < 300; ++number)
        box.close_response_at(1'790'000'000'000 + number, std::string(140, 'x'));
    Stick const stick("size=8k");
    if (!stick)
        return;
    CHECK(export_to_drive(box.store_path, {box.request}, {}, stick.sources()).outcome
        == ExportOutcome::DriveFull);
    CHECK(stick.is_empty());
}

TEST_CASE("A stick that must not be written says so", "[export]")
{
    ExportBox box;
    box.close_response_at(1'790'000'000'000);
    Stick const stick("size=1m");
    if (!stick)
        return;
    REQUIRE(stick.make_read_only());
    CHECK(export_to_drive(box.store_path, {box.request}, {}, stick.sources()).outcome
        == ExportOutcome::DriveReadOnly);
}

TEST_CASE("A stick that is pulled out half-way leaves no file in its folder's place", "[export]")
{
    ExportBox box;
    box.close_response_at(1'790'000'000'000);
    Stick const stick("size=1m");
    if (!stick)
        return;
    auto const pull_out = [&] {
        CHECK(stick.pull_out());
        return false; // go on, as one who has not noticed
    };
    CHECK(export_to_drive(box.store_path, {box.request}, {pull_out}, stick.sources()).outcome
        == ExportOutcome::DrivePulledOut);
    CHECK(stick.is_empty());
    CHECK(export_to_drive(box.store_path, {box.request}, {}, stick.sources()).outcome
        == ExportOutcome::NoDrive);
}

TEST_CASE("A stick that is in and refuses something was not pulled out", "[export]")
{
    ExportBox box;
    box.close_response_at(1'790'000'000'000);
    Stick const stick("size=1m");
    if (!stick)
        return;
    auto const drives = removable_drives(stick.sources());
    REQUIRE(drives);
    REQUIRE(drives->size() == 1);
    auto const outcome = [&](int os_error) {
        return outcome_of({Errc::Io, "as the system says", os_error}, drives->back());
    };
    CHECK(outcome(EPERM) == ExportOutcome::Failed);
    CHECK(outcome(EIO) == ExportOutcome::DrivePulledOut);
    CHECK(outcome(ENODEV) == ExportOutcome::DrivePulledOut);
    CHECK(outcome(ENOTCONN) == ExportOutcome::DrivePulledOut); // of a FUSE
    CHECK(stick.make_read_only());
    CHECK(outcome(EROFS) == ExportOutcome::DriveReadOnly);
    CHECK(outcome(ENOTCONN) == ExportOutcome::DrivePulledOut);
    CHECK(stick.pull_out());
    CHECK(outcome(EPERM) == ExportOutcome::DrivePulledOut);
}

TEST_CASE("Every outcome of an export has a name of its own, for its sentence", "[export]")
{
    std::set<std::string> names;
    for (int each = 0; each <= static_cast<int>(ExportOutcome::Failed); ++each)
        names.insert(name(static_cast<ExportOutcome>(each)));
    CHECK(names.size() == static_cast<std::size_t>(ExportOutcome::Failed) + 1);
}

TEST_CASE("With the table goes the week, to look at and to print", "[export]")
{
    ExportBox box;
    box.close_response_at(1'790'000'000'000);
    Stick const stick("size=1m");
    if (!stick)
        return;
    std::vector<ExportProgress> told;
    auto const result = export_to_drive(box.store_path, order_with_week(box),
        {{}, [&](ExportProgress const& progress) { told.push_back(progress); }}, stick.sources());
    CHECK(result.outcome == ExportOutcome::Done);
    CHECK(result.has_week);
    CHECK(stick.files()
        == std::set<std::string> {"listenpost-sh-001-20260921-20260921.csv",
            "listenpost-sh-001-week-20260915-20260921.pdf", "listenpost-sh-001-week-20260915-20260921.png"});
    CHECK(read_file(stick.path() / "listenpost-sh-001-week-20260915-20260921.png", max_bytes) == page_png());
    using Phase = ExportProgress::Phase;
    CHECK(told
        == std::vector<ExportProgress> {{Phase::Drawing, 0}, {Phase::Writing, 100}, {Phase::Finishing, 100}});
}

TEST_CASE("A week that cannot be drawn keeps no table back; one that was stopped does", "[export]")
{
    ExportBox box;
    box.close_response_at(1'790'000'000'000);
    Stick const stick("size=1m");
    if (!stick)
        return;
    auto order = order_with_week(box);
    SECTION("it fails")
    {
        order.draw_week = [](auto const&) -> Result<std::string> { return fail(Errc::Io, "no fonts"); };
        auto const result = export_to_drive(box.store_path, order, {}, stick.sources());
        CHECK(result.outcome == ExportOutcome::Done);
        CHECK_FALSE(result.has_week);
        CHECK(stick.files().size() == 1);
    }
    SECTION("it is no page of ours")
    {
        order.draw_week = [](auto const&) { return Result<std::string>("GIF89a"); };
        CHECK_FALSE(export_to_drive(box.store_path, order, {}, stick.sources()).has_week);
        CHECK(stick.files().size() == 1);
    }
    SECTION("stopped")
    {
        order.draw_week = [](auto const&) -> Result<std::string> { return fail(Errc::Cancelled, "stopped"); };
        CHECK(
            export_to_drive(box.store_path, order, {}, stick.sources()).outcome == ExportOutcome::Cancelled);
        CHECK(stick.is_empty());
    }
    SECTION("the stick is pulled out while it is drawn")
    {
        order.draw_week = [&](auto const&) {
            CHECK(stick.pull_out());
            return Result<std::string>(page_png());
        };
        CHECK(export_to_drive(box.store_path, order, {}, stick.sources()).outcome
            == ExportOutcome::DrivePulledOut);
        CHECK(stick.is_empty()); // the folder is the machine's own again, and nothing of anybody's is in it
    }
}

TEST_CASE("Of several sticks one is to be chosen, by its name and the room on it", "[export]")
{
    ExportBox box;
    box.close_response_at(1'790'000'000'000);
    Stick const first("size=1m", "red");
    if (!first)
        return;
    Stick const second("size=2m", "blue", first.path().parent_path());
    REQUIRE(second);
    REQUIRE(second.make_read_only());
    auto const choice = export_to_drive(box.store_path, {box.request}, {}, first.sources());
    CHECK(choice.outcome == ExportOutcome::ChooseDrive);
    REQUIRE(choice.drives.size() == 2);
    CHECK(choice.drives[0].name == "red");
    CHECK(choice.drives[0].room->total_bytes == 1024 * 1024);
    CHECK(choice.drives[0].room->free_bytes <= 1024 * 1024);
    CHECK_FALSE(choice.drives[0].is_read_only);
    CHECK(choice.drives[1].name == "blue");
    CHECK(choice.drives[1].is_read_only);
    CHECK(first.is_empty());
    CHECK(second.is_empty());

    ExportOrder order {box.request};
    order.drive = choice.drives[1].place;
    CHECK(
        export_to_drive(box.store_path, order, {}, first.sources()).outcome == ExportOutcome::DriveReadOnly);
    order.drive = choice.drives[0].place;
    auto const done = export_to_drive(box.store_path, order, {}, first.sources());
    CHECK(done.outcome == ExportOutcome::Done);
    CHECK(done.drive == "red");
    CHECK(first.files().size() == 1);
    CHECK(second.is_empty());

    CHECK_FALSE(choice.is_exchanged);
    SECTION("What was chosen has gone: nobody asked for the other one.")
    {
        CHECK(first.pull_out());
        auto const again = export_to_drive(box.store_path, order, {}, first.sources());
        CHECK(again.outcome == ExportOutcome::ChooseDrive);
        CHECK(again.is_exchanged);
    }
    SECTION("Another stick was put in where the chosen one was: it gets nothing unasked.")
    {
        CHECK(first.pull_out());
        REQUIRE(::mount("stick", first.path().c_str(), "tmpfs", 0, "size=1m") == 0);
        auto const again = export_to_drive(box.store_path, order, {}, first.sources());
        CHECK(again.outcome == ExportOutcome::ChooseDrive);
        CHECK(again.is_exchanged);
        CHECK(first.is_empty());
        auto const red = std::ranges::find(again.drives, "red", &ExportDrive::name);
        REQUIRE(red != again.drives.end());
        CHECK(red->place != order.drive);
        order.drive = red->place;
        CHECK(export_to_drive(box.store_path, order, {}, first.sources()).outcome == ExportOutcome::Done);
        CHECK(first.files().size() == 1);
    }
}

TEST_CASE(
    "A page's PDF has the PNG's own rows, the size on paper, and a table that finds its objects", "[export]")
{
    std::string const png = page_png();
    auto const pdf = pdf_of_png(png);
    REQUIRE(pdf);
    CHECK(pdf->starts_with("%PDF-1.4\n"));
    CHECK(pdf->find("/MediaBox[0 0 7.20 9.60]") != std::string::npos);
    auto const rows = png.substr(png.find("IDAT") + 4, png.find("IEND") - png.find("IDAT") - 12);
    CHECK(pdf->find("stream\n" + rows + "\nendstream") != std::string::npos);
    auto const table = std::stoul(pdf->substr(pdf->rfind("startxref\n") + 10));
    CHECK(pdf->compare(table, 9, "xref\n0 6\n") == 0);
    for (unsigned long object = 1; object <= 5; ++object) {
        auto const place = std::stoul(pdf->substr(table + 9 + 20 * object, 10));
        CHECK(pdf->compare(place, 7, std::to_string(object) + " 0 obj") == 0);
    }

    for (std::size_t size = 0; size < png.size() - 12; ++size) // cut short it is none, or one without its end
        if (auto const cut = pdf_of_png(png.substr(0, size)))
            CHECK(cut->size() <= pdf->size());
    CHECK(pdf_of_png("").error().code == Errc::Invalid);
    std::string huge = png;
    huge[8] = '\xFF'; // of the first chunk's length
    CHECK(pdf_of_png(huge).error().code == Errc::Invalid);
}
