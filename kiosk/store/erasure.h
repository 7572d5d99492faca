#pragma once

#include "kiosk/model/erase_request.h"
#include "platform/base/result.h"
#include "platform/sqlite/database.h"

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace listenpost::kiosk {

enum class Erased {
    Done, ///< no byte of it is left in store.db's files
    NotYet, ///< somebody is reading store.db, or a customer is in front of the screen: call again in a while
};

/// ResponseStore::erase() on the database. The steps, each of which a crash may end, and which the next call
/// goes on from:
///   1. the words leave the rows, and `erasure` notes that their bytes are to be wiped; one transaction
///   2. store.db.damaged-… go; the WAL is folded back and emptied; if the words still stand in the file,
///      where SQLite has moved a row and left its old bytes between the cells of a page, the file is written
///      anew (VACUUM), which needs room for a second one
///   3. `erasure` notes that it is done: is_erased()
/// What `erasure` holds of earlier requests is forgotten.
/// Errors: Corrupt, Full, Busy, Io.
Result<Erased> erase_words(
    sqlite::Database& store, std::filesystem::path const& path, EraseRequest const& request);

/// Whether that of the request which was made last is done. Errors: Corrupt, Busy, Io.
Result<bool> is_erased(sqlite::Database& store, std::string_view install, std::int64_t seq);

}
