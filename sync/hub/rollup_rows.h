#pragma once

#include "platform/base/result.h"
#include "sync/hub/partition.h"
#include "sync/hub/rollup_batch.h"

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::sync {

/// Blocks of one span that follow one another.
struct RollupRange {
    int span = 1;
    std::int64_t first_day = 0; ///< of the first block
    std::int64_t last_day = 0; ///< of the last one: its first day
    bool with_quarters = false; ///< else `quarters` is not read
};

/// The views live until the callback that got them returns.
struct RollupRow {
    std::string_view store, touchpoint, survey;
    bool is_flagged = false;
    int span = 1;
    std::int64_t day = 0;
    std::string_view totals; ///< see RollupValue
    std::string_view quarters;
};
/// An error ends the reading, and is what the reading returns.
using TakeRollup = std::function<Result<>(RollupRow const&)>;

/// What must be there, as the log says.
using ExpectedRollups = std::map<RollupKey, RollupBatch::Row>;

/// What came of a scan of the whole log.
struct RollupScan {
    std::int64_t responses = 0; ///< rows of the log
    std::int64_t damaged = 0; ///< rows of it that are not what was written: counted nowhere
    std::int64_t rollups = 0; ///< rows written, or compared
    std::int64_t different = 0; ///< of those compared: missing, superfluous, or other figures
    std::vector<std::string> examples; ///< what a person should know of the first few of them
};

/// Where a scan of the log stands, for the log: one line a million rows.
class RollupProgress {
public:
    explicit RollupProgress(char const* event)
        : event_(event)
    {
    }
    void count(std::int64_t responses);

private:
    char const* event_;
    std::int64_t next_ = 1'000'000;
};

/// Compares what is in the table with what should be, key by key, both in the table's order.
class RollupComparison {
public:
    explicit RollupComparison(ExpectedRollups expected)
        : expected_(std::move(expected))
        , next_(expected_.begin())
    {
    }

    void take(RollupKey const& key, std::string_view totals, std::string_view quarters, RollupScan& result);
    /// After the last row.
    void finish(RollupScan& result);

private:
    ExpectedRollups expected_;
    ExpectedRollups::const_iterator next_;
};

/// Days of stores that a scan keeps in memory before it writes them: some 100 MB.
inline constexpr std::size_t max_days_in_memory = 50'000;

/// `days`: rows of the rollups of a span of 1. A comparison keeps all that it expects in memory, so it goes
/// over a large log several times: in each pass the stores of those partitions count whose number leaves the
/// pass's as its rest.
int passes_over(std::int64_t responses, std::int64_t days);
std::array<ExpectedRollups, partition_count> by_partition(ExpectedRollups rows);

}
