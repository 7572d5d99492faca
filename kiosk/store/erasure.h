#pragma once

#include "kiosk/model/erase_request.h"
#include "platform/base/result.h"
#include "platform/sqlite/database.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

namespace listenpost::kiosk {

enum class Erased {
    Done, ///< no byte of it is left in store.db's files
    NotYet, ///< somebody is reading store.db, or a customer is in front of the screen: call again in a while
    Interrupted, ///< a customer has come while the file was written anew: call again in a good while
};

/// What the world around store.db has to say while words are erased.
struct EraseTerms {
    /// Bytes that are free on store.db's disk; nothing: as the disk says.
    std::function<std::uintmax_t()> free_bytes {};
    /// Whether somebody waits for store.db; nothing: nobody does. Asked on the caller's thread, often.
    std::function<bool()> is_wanted {};
};

/// ResponseStore::erase() on the database. The steps, each of which a crash may end, and which the next call
/// goes on from:
///   1. the words leave the rows, and `erasure` notes that their bytes are to be wiped; one transaction
///   2. store.db.damaged-… go; the WAL is folded back and emptied; if the words still stand in the file,
///      where SQLite has moved a row and left its old bytes between the cells of a page, the file is written
///      anew (VACUUM), which needs room for two more, one beside it and one in the WAL. Where the disk has
///      not three times the file and the reserve, none of this is begun: what the WAL gives up would be
///      somebody else's before it is as long again. This takes seconds for each 100 MB, and goes back to its
///      start when somebody wants store.db. Once it is done only the WAL may be left, and the file is not
///      written again
///   3. `erasure` notes that it is done: is_erased()
/// What `erasure` holds of earlier requests is forgotten.
/// However it ends, the WAL's file is as long again as the reserve needs it, if the disk lets it; after
/// Interrupted that is left for top_up_reserve(), as somebody waits.
/// Errors: Corrupt, Full, Busy, Io.
Result<Erased> erase_words(sqlite::Database& store, std::filesystem::path const& path,
    EraseRequest const& request, EraseTerms const& terms = {});

/// Whether that of the request which was made last is done. Errors: Corrupt, Busy, Io.
Result<bool> is_erased(sqlite::Database& store, std::string_view install, std::int64_t seq);

}
