#include "kiosk/store/salvage.h"

#include "kiosk/store/recovery.h"
#include "platform/base/log.h"
#include "platform/os/files.h"

#include <algorithm>
#include <ctime>
#include <vector>

namespace listenpost::kiosk {
namespace {

constexpr std::size_t damaged_kept = 3;
constexpr char const* parts[] = {"", "-wal", "-shm"};
constexpr char salvaged_mark[] = ".salvaged-";
constexpr char damaged_mark[] = ".damaged-";

std::filesystem::path with(std::filesystem::path const& path, std::string_view end)
{
    return path.string() + std::string(end);
}

std::string utc(WallTime time)
{
    std::time_t const seconds = time.time_since_epoch().count() / 1000;
    std::tm parts_of_time {};
    ::gmtime_r(&seconds, &parts_of_time);
    char text[32];
    std::size_t const length = std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts_of_time);
    return {text, length};
}

/// What stands behind the mark in the names of such files, oldest first: one for each store.
std::vector<std::string> stamps(std::filesystem::path const& store, std::string_view mark)
{
    std::string const begin = store.filename().string() + std::string(mark);
    std::vector<std::string> found;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(store.parent_path(), error), end; !error && entry != end;
         entry.increment(error)) {
        std::string name = entry->path().filename().string();
        if (!name.starts_with(begin))
            continue;
        name.erase(0, begin.size());
        for (auto const part : {"-wal", "-shm"})
            if (name.ends_with(part))
                name.resize(name.size() - 4);
        found.push_back(std::move(name));
    }
    std::ranges::sort(found);
    // Not std::ranges::unique: clang 14, which builds the fuzzers, cannot compile what it returns.
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

/// A box whose clock is wrong may salvage twice at the same time of its own.
std::string free_stamp(std::filesystem::path const& store, Clock const& clock)
{
    std::string const now = utc(clock.wall_now());
    auto const taken = stamps(store, damaged_mark);
    std::string stamp = now;
    for (int count = 2; std::ranges::find(taken, stamp) != taken.end(); ++count)
        stamp = now + "." + std::to_string(count);
    return stamp;
}

Result<> remove_oldest_damaged(std::filesystem::path const& store, std::size_t kept)
{
    auto const found = stamps(store, damaged_mark);
    for (std::size_t index = 0; index + kept < found.size(); ++index)
        for (auto const part : parts)
            LISTENPOST_TRY(remove_durably(with(store, damaged_mark + found[index] + part)));
    return {};
}

Result<> finish(std::filesystem::path const& store, std::string const& stamp)
{
    // store.db first: nobody must find it, or the new one, beside a WAL that is not its own.
    for (auto const part : parts)
        if (auto const moved = rename_durably(with(store, part), with(store, damaged_mark + stamp + part));
            !moved && moved.error().code != Errc::NotFound)
            return moved;
    LISTENPOST_TRY(rename_durably(with(store, salvaged_mark + stamp), store));
    if (auto const removed = remove_oldest_damaged(store, damaged_kept); !removed)
        log(LogLevel::Warn, "damaged_store_not_removed", {{"detail", removed.error().detail}});
    return {};
}

}

Result<> finish_salvage(std::filesystem::path const& store)
{
    for (auto const& stamp : stamps(store, salvaged_mark))
        LISTENPOST_TRY(finish(store, stamp));
    return {};
}

Result<SalvageReport> salvage_store(
    std::filesystem::path const& store, std::string const& reason, Clock const& clock)
{
    log(LogLevel::Error, "store_damaged", {{"reason", reason}});
    std::string const stamp = free_stamp(store, clock);
    auto const target = with(store, ".salvaging");
    for (auto const part : parts)
        LISTENPOST_TRY(remove_file(with(target, part)));
    SalvageReport report {.at_ms = clock.wall_now().time_since_epoch().count(),
        .kept_as = with(store, damaged_mark + stamp).filename().string(),
        .reason = reason,
        .recovered = 0,
        .missing = 0,
        .undelivered = {}};
    auto built = recover_store(store, target, report);
    // The damaged files of former times are worth less than what is recovered now.
    while (!built && built.error().code == Errc::Full && !stamps(store, damaged_mark).empty()) {
        LISTENPOST_TRY(remove_oldest_damaged(store, stamps(store, damaged_mark).size() - 1));
        for (auto const part : parts)
            LISTENPOST_TRY(remove_file(with(target, part)));
        built = recover_store(store, target, report);
    }
    if (!built)
        return fail(built.error());
    LISTENPOST_TRY(rename_durably(target, with(store, salvaged_mark + stamp)));
    LISTENPOST_TRY(finish(store, stamp));
    log(LogLevel::Warn, "store_salvaged",
        {{"recovered", built->recovered}, {"missing", built->missing},
            {"undelivered", built->undelivered ? std::to_string(*built->undelivered) : "unknown"},
            {"kept_as", built->kept_as}});
    return *built;
}

Result<> remove_damaged_stores(std::filesystem::path const& store) { return remove_oldest_damaged(store, 0); }

}
