#include "kiosk/store/reserve.h"

#include <string>

namespace listenpost::kiosk {
namespace {

bool disk_has_room(std::filesystem::path const& store)
{
    std::error_code error;
    auto const space = std::filesystem::space(store.parent_path(), error);
    // Once in the WAL, once in the file.
    constexpr auto needed
        = static_cast<std::uintmax_t>(2 * reserve_pages * reserve_page_bytes + reserve_spares_bytes);
    return !error && space.available >= needed;
}

}

Result<std::int64_t> free_pages(sqlite::Database& database)
{
    return database.query_integer("PRAGMA freelist_count");
}

bool wal_is_short(std::filesystem::path const& store)
{
    std::error_code missing;
    auto const bytes = std::filesystem::file_size(store.string() + "-wal", missing);
    return !missing && bytes < static_cast<std::uintmax_t>(reserve_least_pages * reserve_page_bytes);
}

Result<bool> top_up_reserve(sqlite::Database& database, std::filesystem::path const& store)
{
    auto const free = free_pages(database);
    if (!free)
        return fail(free.error());
    if (*free >= reserve_least_pages && !wal_is_short(store))
        return true;
    auto const drafts = database.query_integer("SELECT count(*) FROM draft");
    if (!drafts)
        return fail(drafts.error());
    if (*drafts > 0)
        return false;
    if (!disk_has_room(store))
        return fail(Errc::Full,
            std::to_string(*free) + " free pages, and no room on the disk for more or for the WAL");

    LISTENPOST_TRY(renew_wal_file(database));
    return true;
}

Result<> renew_wal_file(sqlite::Database& database)
{
    auto transaction = sqlite::Transaction::begin(database);
    if (!transaction)
        return fail(transaction.error());
    // Freed pages are overwritten (secure_delete), so each of them is really on the disk.
    LISTENPOST_TRY(database.execute(("INSERT INTO filler (one, bytes) VALUES (1, zeroblob("
        + std::to_string(reserve_pages * reserve_page_bytes) + ")); DELETE FROM filler")
                                        .c_str()));
    LISTENPOST_TRY(transaction->commit());
    return database.execute("PRAGMA wal_checkpoint(PASSIVE); PRAGMA shrink_memory");
}

}
