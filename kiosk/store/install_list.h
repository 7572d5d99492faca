#pragma once

#include "kiosk/store/schema.h"
#include "platform/base/result.h"
#include "platform/sqlite/database.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::kiosk {

/// What every number in JSON keeps exactly, and the wire takes for a seq. None is ever given that is greater:
/// one that is found is damage.
inline constexpr std::int64_t greatest_seq = (std::int64_t {1} << 53) - 1;

/// One identity of a box's responses. A box has several, one after the other, once its
/// disk was copied or its file salvaged: a response is that install's whose first_seq is the
/// greatest that its seq reaches.
struct Install {
    std::string id; ///< see is_install_id()
    std::int64_t first_seq = 1;

    friend bool operator==(Install const&, Install const&) = default;
};

/// For read_installs().
inline constexpr char installs_sql[] = "SELECT install, first_seq, row_check IS " LISTENPOST_IDENTITY_CHECK
                                       " FROM identity ORDER BY first_seq";

/// Of a store.db, oldest first, at least one. Errors: Corrupt (also where a row is not what was
/// written), Busy, Io.
Result<std::vector<Install>> read_installs(sqlite::Statement& query);
Result<std::vector<Install>> read_installs(sqlite::Database& store);

/// Both ends belong to it; none where last < first.
struct SeqRange {
    std::int64_t first = 1;
    std::int64_t last = 0;
};

/// Of all that is and may yet be closed under that install; none if it is not of `installs`.
SeqRange seqs_of(std::string_view install, std::vector<Install> const& installs);

/// Before the transaction commits that takes the response with that seq away: no other gets
/// the number. Errors: Full, Busy, Io, Corrupt.
Result<> note_removed(sqlite::Database& store, std::int64_t seq);

}
