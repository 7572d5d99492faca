#pragma once

#include "platform/base/result.h"
#include "sync/hub/rollup_counts.h"

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::sync {

/// How many UTC days a row counts together. Blocks of days begin where the day's number since 1970 is a
/// multiple of their length, so that any period is a few blocks in the middle, and days at its ends.
inline constexpr std::array<int, 3> rollup_spans {1, 7, 56};

/// Whose responses, and of when, a row of the rollups counts. Their order is that of the table's key. A NUL
/// in a touchpoint or survey is U+FFFD in it, as in a question's id: PostgreSQL keeps no NUL.
struct RollupKey {
    int part = 0; ///< partition_of(store): a store's rows are together, wherever its boxes' responses are
    int span = 1; ///< of rollup_spans
    std::int64_t day = 0; ///< the first one, since 1970, UTC
    std::string store;
    std::string touchpoint;
    std::string survey;
    bool is_flagged = false; ///< responses that broke a misuse rule are counted apart

    friend std::strong_ordering operator<=>(RollupKey const&, RollupKey const&) = default;
};

/// As a database has it.
struct RollupValue {
    std::string totals; ///< a Tally
    std::string quarters; ///< of a span of 1 DayCounts, else empty

    friend bool operator==(RollupValue const&, RollupValue const&) = default;
};

/// What some responses add to the rollups.
/// Threads: one at a time.
class RollupBatch {
public:
    RollupBatch();
    RollupBatch(RollupBatch&&) noexcept;
    RollupBatch& operator=(RollupBatch&&) noexcept;
    ~RollupBatch();

    /// Counts one row of the log. What has an `event` is none of a customer's: it counts nothing.
    /// Errors: Corrupt (no JSON of a response, as no row in the log).
    Result<> add(std::string_view store, std::int64_t at_ms, std::string_view raw_json);
    bool is_empty() const { return days_.empty(); }
    /// Days of stores that are in it: what it takes of memory.
    std::size_t size() const { return days_.size(); }
    void clear();

    struct Row {
        Tally totals;
        std::optional<DayCounts> day; ///< of a span of 1

        RollupValue encoded() const;
        /// As the row is once this is added to what is there. Errors: Corrupt (what is there).
        Result<RollupValue> added_to(std::string_view totals, std::string_view quarters) const;
    };
    /// The rows of all spans, in their table's order.
    std::map<RollupKey, Row> rows() const;

private:
    struct Reader; // simdjson's
    struct Facts;
    Result<Facts> read(std::string_view raw_json);
    DayCounts& day_of(std::string_view store, std::int64_t day, Facts const& facts);

    std::unique_ptr<Reader> reader_;
    std::map<RollupKey, DayCounts> days_;
    std::map<RollupKey, DayCounts>::iterator last_;
};

/// The first day of the block of `span` days in which `day` lies.
std::int64_t first_day_of_block(std::int64_t day, int span);

}
