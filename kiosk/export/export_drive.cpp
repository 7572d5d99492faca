#include "kiosk/export/export_drive.h"

#include "kiosk/export/page_pdf.h"
#include "platform/base/log.h"
#include "platform/os/files.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace listenpost::kiosk {
namespace {

using Phase = ExportProgress::Phase;

/// Steps of the percentage: each is a frame on the screen.
constexpr int percent_step = 5;

void tell(ExportWatch const& watch, ExportProgress const& progress)
{
    if (watch.on_progress)
        watch.on_progress(progress);
}

/// What systemd mounts where it is looked at (an automount) is there from the second look on.
Result<std::vector<RemovableDrive>> present_drives(MountSources const& sources)
{
    for (bool is_second_look = false;; is_second_look = true) {
        auto drives = removable_drives(sources);
        if (!drives)
            return drives;
        auto const elsewhere
            = std::erase_if(*drives, [](RemovableDrive const& each) { return !is_mounted(each); });
        if (elsewhere == 0 || is_second_look)
            return drives;
    }
}

ExportResult choose(
    std::vector<RemovableDrive> const& drives, ExportOrder const& order, MountSources const& sources)
{
    ExportResult result {.outcome = ExportOutcome::ChooseDrive, .is_exchanged = !order.drive.empty()};
    result.drives.reserve(drives.size());
    for (auto const& drive : drives)
        result.drives.push_back(
            {drive.name, identity_of(drive, sources), room_on(drive), drive.mount.is_read_only});
    return result;
}

/// The page's files, written and not yet named.
class WeekFiles {
public:
    /// Nothing in them: it was not asked for, or cannot be drawn.
    static Result<WeekFiles> create(
        ExportOrder const& order, std::filesystem::path const& folder, ExportWatch const& watch)
    {
        WeekFiles files;
        if (!order.draw_week)
            return files;
        tell(watch, {Phase::Drawing, 0});
        auto const png = order.draw_week(watch.is_cancelled);
        auto const pdf = png ? pdf_of_png(*png) : fail(png.error());
        if (!pdf && pdf.error().code == Errc::Cancelled)
            return fail(pdf.error());
        if (!pdf) {
            log(LogLevel::Warn, "week_not_drawn", {{"detail", pdf.error().detail}});
            return files;
        }
        for (auto const& [ending, content] : {std::pair(".png", &*png), {".pdf", &*pdf}}) {
            auto name = export_name(order.request, "week-", order.week_from, order.request.to, ending);
            if (!name)
                return fail(name.error());
            auto file = AtomicFile::create(folder / *name, FileAccess::Everyone);
            if (!file)
                return fail(file.error());
            LISTENPOST_TRY(file->write(*content));
            files.files_.push_back(std::move(*file));
        }
        return files;
    }

    Result<> commit()
    {
        for (auto& file : files_)
            LISTENPOST_TRY(file.commit());
        return {};
    }
    bool is_empty() const { return files_.empty(); }

private:
    std::vector<AtomicFile> files_;
};

Result<ExportReport> write_all(std::filesystem::path const& store, ExportOrder const& order,
    Result<OpenDrive> const& opened, ExportWatch const& watch, bool& has_week)
{
    if (!opened)
        return fail(opened.error());
    auto const folder = opened->path();
    auto week = WeekFiles::create(order, folder, watch);
    if (!week)
        return fail(week.error());
    int told = -1;
    auto const on_rows = [&](std::int64_t done, std::int64_t of) {
        int const percent = of > 0 ? static_cast<int>(std::min(done, of) * 100 / of) : 100;
        int const step = percent / percent_step * percent_step;
        if (std::exchange(told, step) != step)
            tell(watch, {Phase::Writing, step});
    };
    auto report = export_csv(store, order.request, folder, watch.is_cancelled, on_rows, [&] {
        tell(watch, {Phase::Finishing, 100});
    });
    if (!report)
        return report;
    LISTENPOST_TRY(week->commit());
    LISTENPOST_TRY(opened->flush());
    has_week = !week->is_empty();
    return report;
}

}

ExportOutcome outcome_of(Error const& error, RemovableDrive const& drive)
{
    if (error.code == Errc::Corrupt)
        return ExportOutcome::StoreUnreadable;
    if (error.code == Errc::Cancelled)
        return ExportOutcome::Cancelled;
    // The program that drives a FUSE is gone with the stick, while its last answers are still believed.
    if (!is_mounted(drive) || error.os_error == ENOTCONN)
        return ExportOutcome::DrivePulledOut;
    if (error.code == Errc::Full)
        return ExportOutcome::DriveFull;
    if (!check_writable(drive.mount.mount_point / "listenpost"))
        return ExportOutcome::DriveReadOnly;
    // A stick that is gone is still mounted until the system has noticed: then its device fails.
    return error.os_error == EIO || error.os_error == ENODEV || error.os_error == ENXIO
        ? ExportOutcome::DrivePulledOut
        : ExportOutcome::Failed;
}

char const* name(ExportOutcome outcome)
{
    switch (outcome) {
    case ExportOutcome::Done:
        return "done";
    case ExportOutcome::NoDrive:
        return "no_drive";
    case ExportOutcome::ChooseDrive:
        return "choose_drive";
    case ExportOutcome::DriveReadOnly:
        return "drive_read_only";
    case ExportOutcome::DriveFull:
        return "drive_full";
    case ExportOutcome::DrivePulledOut:
        return "drive_pulled_out";
    case ExportOutcome::StoreUnreadable:
        return "store_unreadable";
    case ExportOutcome::Cancelled:
        return "cancelled";
    case ExportOutcome::Failed:
        return "failed";
    }
    return "failed";
}

ExportResult export_to_drive(std::filesystem::path const& store, ExportOrder const& order,
    ExportWatch const& watch, MountSources const& sources)
{
    auto const drives = present_drives(sources);
    if (!drives || drives->empty())
        return {.outcome = ExportOutcome::NoDrive};
    auto const is_chosen = [&](RemovableDrive const& each) {
        return order.drive.empty() ? drives->size() == 1 : identity_of(each, sources) == order.drive;
    };
    auto const chosen = std::ranges::find_if(*drives, is_chosen);
    if (chosen == drives->end())
        return choose(*drives, order, sources);
    if (chosen->mount.is_read_only)
        return {.outcome = ExportOutcome::DriveReadOnly, .drive = chosen->name};
    auto const opened = OpenDrive::open(*chosen);
    if (opened && !is_chosen(*chosen)) // it was exchanged a moment ago; what is open cannot be any more
        return choose(*drives, order, sources);
    bool has_week = false;
    auto report = write_all(store, order, opened, watch, has_week);
    if (!report) {
        ExportResult result {.outcome = outcome_of(report.error(), *chosen), .drive = chosen->name};
        log(LogLevel::Warn, "not_exported",
            {{"outcome", name(result.outcome)}, {"detail", report.error().detail}});
        return result;
    }
    if (!is_mounted(*chosen)) // and what was written is nowhere
        return {.outcome = ExportOutcome::DrivePulledOut, .drive = chosen->name};
    log(LogLevel::Info, "exported",
        {{"file", report->file}, {"responses", report->responses}, {"provisional", report->provisional},
            {"week", has_week ? 1 : 0}});
    return {.outcome = ExportOutcome::Done,
        .drive = chosen->name,
        .report = std::move(*report),
        .has_week = has_week};
}

}
