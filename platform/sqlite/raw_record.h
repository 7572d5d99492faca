#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace listenpost::sqlite {

/// A column's value; nothing (monostate) is NULL.
using RawValue = std::variant<std::monostate, std::int64_t, std::string>;

/// A row of a table with a rowid, as its bytes say: a damaged byte may have made it another.
struct RawRow {
    std::int64_t rowid = 0;
    std::vector<RawValue> values; ///< without the columns that were added after the row was written
};

/// The image of a page, for a row that is longer than its own.
using PageSource = std::function<std::optional<std::string>(std::uint32_t)>;

/// The rows in a page, and what they are worth.
struct RawRows {
    std::vector<RawRow> rows;
    bool is_whole = true; ///< a table's page all of whose rows could be read
};

/// The rows of integers and texts that a table's leaf page lists.
RawRows rows_of_leaf(std::string_view page, PageSource const& pages);

/// Every place in a damaged page where a row may begin, however unlikely: only for rows that
/// can be told from noise (RowChecksum).
std::vector<RawRow> rows_anywhere(std::string_view page, PageSource const& pages);

}
