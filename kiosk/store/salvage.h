#pragma once

#include "kiosk/model/salvage_report.h"
#include "platform/base/clock.h"
#include "platform/base/result.h"

#include <filesystem>
#include <string>

namespace listenpost::kiosk {

/// A damaged store.db becomes a new one with all that can still be read of it.
///
/// Every page of the file and of its WAL is read without SQLite (sqlite::RawFile), and a response
/// is taken where its row_check is right: so a bad page costs the responses in it and no other, a
/// destroyed header or root costs none, and no row comes back as something that nobody said.
/// Recovered responses keep install and seq, so the hub counts them once; those to come are of
/// a new install, made for `salvage`.
///
/// The steps, each of which a crash may end:
///   1. store.db.salvaging is built beside the damaged file, which is only read
///   2. it is renamed to store.db.salvaged-<UTC>: from here on it holds everything
///   3. store.db, -wal and -shm become store.db.damaged-<UTC>, -wal, -shm
///   4. store.db.salvaged-<UTC> becomes store.db
/// finish_salvage() does 3 and 4 where a crash came between. At most three damaged files are kept.

/// Must be called before store.db is opened. Errors: Io.
Result<> finish_salvage(std::filesystem::path const& store);

/// `reason`: for the report. Nothing may have store.db open for writing, see
/// sqlite::Database::keep_wal_at_close(). The report stands in the log and in the new file's
/// table `salvage`.
/// Errors: Full, Io; the damaged file stands as it was then.
Result<SalvageReport> salvage_store(
    std::filesystem::path const& store, std::string const& reason, Clock const& clock);

/// The damaged files that are kept: their words are to be erased. Durable. Errors: Io.
Result<> remove_damaged_stores(std::filesystem::path const& store);

}
