#include "kiosk/export/export_csv.h"

#include "kiosk/model/place_in_time.h"
#include "kiosk/store/response_reader.h"
#include "platform/os/files.h"

#include <algorithm>
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

using OnRows = std::function<void(std::int64_t done, std::int64_t of)>;
struct Watch {
    std::function<bool()> const& is_cancelled;
    OnRows const& on_rows;
};

Result<> write_rows(ResponseReader& reader, ResponseTable const& table, StaffMarks const& marks,
    ExportRequest const& request, AtomicFile& file, Watch const& watch, ExportReport& report)
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
        auto const& response = **next;
        if (row % rows_between_looks == 0) {
            if (watch.is_cancelled && watch.is_cancelled())
                return fail(Errc::Cancelled, "stopped on request");
            if (watch.on_rows)
                watch.on_rows(response.seq, *last_seq);
        }
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

Result<std::string> export_name(
    ExportRequest const& request, std::string_view kind, WallTime from, WallTime to, std::string_view ending)
{
    auto zone = TimeZone::find(request.zone);
    if (!zone)
        return fail(Errc::Invalid, "no time zone " + request.zone);
    std::string name = "listenpost-";
    for (char const c : request.store_id)
        name += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
                || c == '_'
            ? c
            : '_';
    if (!request.store_id.empty())
        name += '-';
    name += kind;
    auto const last = std::max(from, to - std::chrono::milliseconds(1));
    return name + date_of(from, *zone) + "-" + date_of(last, *zone) + std::string(ending);
}

Result<ExportReport> export_csv(std::filesystem::path const& store, ExportRequest const& request,
    std::filesystem::path const& folder, std::function<bool()> const& is_cancelled, OnRows const& on_rows,
    std::function<void()> const& on_written)
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
    auto name = export_name(request, "", request.from, request.to, ".csv");
    if (!name)
        return fail(name.error());
    ExportReport report {.file = std::move(*name)};
    auto file = AtomicFile::create(folder / report.file, FileAccess::Everyone);
    if (!file)
        return fail(file.error());
    ResponseTable const table(*request.survey, request.language, request.words, *zone);
    LISTENPOST_TRY(write_rows(*reader, table, marks, request, *file, {is_cancelled, on_rows}, report));
    reader->stop();
    if (on_written)
        on_written();
    LISTENPOST_TRY(file->commit());
    return report;
}

}
