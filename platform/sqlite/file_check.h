#pragma once

#include "platform/base/result.h"
#include "platform/sqlite/database.h"

#include <filesystem>

namespace listenpost::sqlite {

/// Whether the WAL of the database at `path` is one that SQLite reads as it was written. To be asked
/// before it is opened: SQLite forgets what stands behind a damaged place, without a word, and a later
/// write goes over it. That a WAL was cut off cannot be seen: it looks like one whose end a power cut
/// has taken. Reads the WAL once, usually at most some 15 MB.
/// Errors: Corrupt, Io.
Result<> check_wal(std::filesystem::path const& path);

/// PRAGMA quick_check: the structure, not what the rows say. Reads the whole file.
/// Errors: Corrupt, Io, Busy.
Result<> quick_check(Database& database);

}
