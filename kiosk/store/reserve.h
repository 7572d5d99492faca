#pragma once

#include "platform/base/result.h"
#include "platform/sqlite/database.h"

#include <cstdint>
#include <filesystem>

namespace listenpost::kiosk {

/// Room for the day when the disk is full: free pages inside store.db, which nobody else can
/// take, and a WAL file that keeps its size. A response of a page's quarter (140 characters
/// of four bytes and long answers) leaves at least 10,000 of them.
///
/// SQLite uses free pages before it makes the file longer, so the reserve is used all the time and
/// topped up when a fifth of it is gone. A top-up is one transaction that takes and gives
/// back as many pages as there shall be free: all of them, or nothing has happened. It costs 13 MB of
/// writing, twice; a shop with 200 responses a day needs one in two weeks, and none once
/// retention frees as many pages as are used.
inline constexpr std::int64_t reserve_least_pages = 2'600;
inline constexpr std::int64_t reserve_pages = 3'250;
inline constexpr std::int64_t reserve_page_bytes = 4096;

/// What a top-up leaves to others on the disk.
inline constexpr std::int64_t reserve_spares_bytes = 16 * 1024 * 1024;

Result<std::int64_t> free_pages(sqlite::Database& database);

/// Whether the WAL's file has less than what is promised. Where there is none it is not known to.
bool wal_is_short(std::filesystem::path const& store);

/// Tops up if it is worth it: too little is free, or the WAL's file was cut (a kill while words were erased,
/// or a disk that had no room then), the disk has room, no draft is open. True: the reserve
/// is whole.
/// Errors: Full (the disk has no room: nothing has changed), Busy, Io, Corrupt.
Result<bool> top_up_reserve(sqlite::Database& database, std::filesystem::path const& store);

/// Makes the WAL's file as long again as a top-up does; by the same transaction. Errors: Full, Busy, Io,
/// Corrupt.
Result<> renew_wal_file(sqlite::Database& database);

}
