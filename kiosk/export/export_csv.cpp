#include "kiosk/export/export_csv.h"

#include "kiosk/model/place_in_time.h"
#include "kiosk/store/response_store.h"
#include "platform/base/log.h"
#include "platform/os/files.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <functional>
#include <map>

namespace listenpost::kiosk {
namespace {

constexpr std::size_t chunk_bytes = 256UL * 1024;
constexpr std::int64_t rows_between_looks = 1'024;

/// Errors of store.db are told from those of the drive by their code: Corrupt.
tl::unexpected<Error> unreadable(Error const& error)
{
    return fail(Errc::Corrupt, "store.db: " + error.detail);
}

std::string date_of(WallTime time, TimeZone& zone)
{
    std::chrono::year_month_day const date(std::chrono::floor<std::chrono::days>(zone.to_local(time)));
    char text[32];
    std::snprintf(
        text, sizeof text, "%04d%02u%02u", int(date.year()), unsigned(date.month()), unsigned(date.day()));
    return text;
}

/// Of letters that every stick's file system takes.
std::string file_name(ExportRequest const& request, TimeZone& zone)
{
    std::string store;
    for (char const c : request.store_id)
        store += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
                || c == '_'
            ? c
            : '_';
    auto const last = std::max(request.from, request.to - std::chrono::milliseconds(1));
    return "listenpost-" + store + (store.empty() ? "" : "-") + date_of(request.from, zone) + "-"
        + date_of(last, zone) + ".csv";
}

/// What is known of the boots, and whose the responses are: read once.
class Places {
public:
    static Result<Places> read(ResponseReader& reader)
    {
        Places places;
        auto clocks = reader.boot_clocks();
        auto installs = clocks ? reader.installs() : fail(clocks.error());
        if (!installs)
            return fail(installs.error());
        for (auto& clock : *clocks)
            places.clocks_.insert_or_assign(clock.boot_id, clock);
        places.installs_ = std::move(*installs);
        return places;
    }

    /// By the rule of the figures (CatchUp).
    std::optional<PlacedTap> when(StoredResponse const& response) const
    {
        auto const note = clocks_.find(response.boot_id);
        return place_on_box({response.opened_ms, response.clock_set, response.steady_ms},
            note == clocks_.end() ? nullptr : &note->second);
    }

    std::string_view install_of(std::int64_t seq) const
    {
        auto const next = std::ranges::upper_bound(installs_, seq, {}, &Install::first_seq);
        return next == installs_.begin() ? next->id : std::prev(next)->id;
    }

private:
    std::map<std::string, BootClock, std::less<>> clocks_;
    std::vector<Install> installs_;
};

/// Of what tells a response for good.
std::size_t hash_of_tap(StoredResponse const& response)
{
    return std::hash<std::string_view>()(response.boot_id)
        ^ std::hash<std::uint64_t>()(static_cast<std::uint64_t>(response.steady_ms) * 0x9E3779B97F4A7C15);
}

Result<> write_rows(ResponseReader& reader, ResponseTable const& table, StaffMarks const& marks,
    ExportRequest const& request, AtomicFile& file, std::function<bool()> const& is_cancelled,
    ExportReport& report)
{
    auto const places = Places::read(reader);
    if (!places)
        return unreadable(places.error());
    std::string chunk = table.header();
    WallTime const latest = std::max(request.to, request.now.wall + std::chrono::seconds(2));
    auto const last_seq = reader.last_seq();
    if (!last_seq)
        return unreadable(last_seq.error());
    // Between two reads rows may be moved behind all that was there (adopt()): none is taken twice.
    std::vector<std::size_t> taken;
    reader.seek(0, greatest_seq);
    for (std::int64_t row = 0;; ++row) {
        auto const next = reader.next();
        if (!next)
            return unreadable(next.error());
        if (!*next)
            break;
        if (row % rows_between_looks == 0 && is_cancelled && is_cancelled())
            return fail(Errc::Cancelled, "stopped on request");
        auto const& response = **next;
        if (response.is_event())
            continue;
        std::size_t const tap = hash_of_tap(response);
        if (response.seq > *last_seq && std::ranges::find(taken, tap) != taken.end())
            continue;
        auto const place = places->when(response);
        WallTime const at {std::chrono::milliseconds(place ? place->at_ms : 0)};
        report.unplaced += !place || at > latest ? 1 : 0;
        if (!place || at < request.from || at >= request.to)
            continue;
        table.append(chunk, response, at, marks.find(response), places->install_of(response.seq));
        taken.push_back(tap);
        ++report.responses;
        report.provisional += place->is_provisional ? 1 : 0;
        if (chunk.size() < chunk_bytes)
            continue;
        // A stick may be slow, and nobody's commit to the store is kept from being folded in by it.
        auto const seq = response.seq;
        reader.stop();
        LISTENPOST_TRY(file.write(chunk));
        chunk.clear();
        reader.seek(seq, greatest_seq);
    }
    reader.stop();
    return file.write(chunk);
}

}

ExportOutcome outcome_of(Error const& error, RemovableDrive const& drive)
{
    if (error.code == Errc::Corrupt)
        return ExportOutcome::StoreUnreadable;
    if (error.code == Errc::Cancelled)
        return ExportOutcome::Cancelled;
    if (!is_mounted(drive))
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

Result<ExportReport> export_csv(std::filesystem::path const& store, ExportRequest const& request,
    std::filesystem::path const& folder, std::function<bool()> const& is_cancelled)
{
    auto zone = TimeZone::find(request.zone);
    if (!zone)
        return fail(Errc::Invalid, "no time zone " + request.zone);
    auto reader = ResponseReader::open(store);
    if (!reader)
        return unreadable(reader.error());
    StaffMarks marks(store, {});
    if (auto const read = marks.refresh(request.now); !read)
        return unreadable(read.error());
    ExportReport report {.file = file_name(request, *zone)};
    auto file = AtomicFile::create(folder / report.file, FileAccess::Everyone);
    if (!file)
        return fail(file.error());
    ResponseTable const table(*request.survey, request.language, request.words, *zone);
    LISTENPOST_TRY(write_rows(*reader, table, marks, request, *file, is_cancelled, report));
    reader->stop();
    LISTENPOST_TRY(file->commit());
    return report;
}

char const* name(ExportOutcome outcome)
{
    switch (outcome) {
    case ExportOutcome::Done:
        return "done";
    case ExportOutcome::NoDrive:
        return "no_drive";
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

ExportResult export_to_drive(std::filesystem::path const& store, ExportRequest const& request,
    std::function<bool()> const& is_cancelled, MountSources const& sources)
{
    auto const drives = removable_drives(sources);
    if (!drives || drives->empty() || !is_mounted(drives->back()))
        return {ExportOutcome::NoDrive, "", {}};
    auto const& drive = drives->back();
    if (drive.mount.is_read_only)
        return {ExportOutcome::DriveReadOnly, drive.name, {}};
    auto report = export_csv(store, request, drive.mount.mount_point, is_cancelled);
    if (!report) {
        ExportResult const result {outcome_of(report.error(), drive), drive.name, {}};
        log(LogLevel::Warn, "not_exported",
            {{"outcome", name(result.outcome)}, {"detail", report.error().detail}});
        return result;
    }
    // Once it is pulled out, what was written lies in the folder of this machine's own disk.
    if (!is_mounted(drive))
        return {ExportOutcome::DrivePulledOut, drive.name, {}};
    log(LogLevel::Info, "exported",
        {{"file", report->file}, {"responses", report->responses}, {"provisional", report->provisional}});
    return {ExportOutcome::Done, drive.name, std::move(*report)};
}

}
