#pragma once

#include "platform/base/result.h"
#include "sync/hub/partition.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace listenpost::sync {

/// How far a reader has come: for each partition, the offset of the next row it has not
/// had. Offsets count from 0 without gaps, so this says exactly what was read.
struct Cursor {
    std::uint64_t hub = 0; ///< which database the offsets belong to; 0: none yet
    /// Where the next page starts to look, so that a busy partition cannot keep the
    /// others waiting.
    int first_partition = 0;
    std::array<std::int64_t, partition_count> next {};

    friend bool operator==(Cursor const&, Cursor const&) = default;
};

/// Whether a reader that has come to `from` can go on in the database whose log ends at `end`.
/// Errors: Invalid (a cursor of another database, or one that is ahead of this one).
Result<> check_cursor(Cursor const& from, Cursor const& end);

/// Opaque to readers: letters, digits, '-' and '_'.
std::string to_text(Cursor const& cursor);
/// Errors: Invalid.
Result<Cursor> cursor_from_text(std::string_view text);

}
