#include "kiosk/export/export_csv.h"
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
    explicit Stick(char const* options)
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
    std::filesystem::path path() const { return place_ / "store's stick"; }
    MountSources sources() const { return {.places = {place_.path().string() + "/"}}; }
    bool make_read_only() const
    {
        return ::mount("stick", path().c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) == 0;
    }
    bool pull_out() const { return ::umount2(path().c_str(), MNT_DETACH) == 0; }
    bool is_empty() const { return std::filesystem::is_empty(path()); }

private:
    TempFolder place_;
    bool is_there_ = false;
};

}

TEST_CASE("An export goes to the stick that is in", "[export]")
{
    ExportBox box;
    box.close_response_at(1'790'000'000'000);
    Stick const stick("size=1m");
    if (!stick)
        return;
    auto const result = export_to_drive(box.store_path, box.request, {}, stick.sources());
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
    CHECK(export_to_drive(box.store_path, box.request, {}, stick.sources()).outcome
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
    CHECK(export_to_drive(box.store_path, box.request, {}, stick.sources()).outcome
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
    CHECK(export_to_drive(box.store_path, box.request, pull_out, stick.sources()).outcome
        == ExportOutcome::DrivePulledOut);
    CHECK(stick.is_empty());
    CHECK(
        export_to_drive(box.store_path, box.request, {}, stick.sources()).outcome == ExportOutcome::NoDrive);
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
