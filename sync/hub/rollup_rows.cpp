#include "sync/hub/rollup_rows.h"

#include "platform/base/log.h"

#include <algorithm>

namespace listenpost::sync {
namespace {

constexpr std::size_t max_examples = 20;
// What is kept goes by the days of stores, 3 KB each. That there are so many rows is not known where they
// have gone missing; so many responses are.
constexpr std::int64_t days_a_pass = 60'000;
constexpr std::int64_t responses_a_pass = 8'000'000;

void note(RollupScan& result, RollupKey const& key, char const* what)
{
    ++result.different;
    if (result.examples.size() == max_examples)
        return;
    result.examples.push_back(std::string(what) + ": store " + key.store + ", touchpoint " + key.touchpoint
        + ", survey " + key.survey + (key.is_flagged ? ", flagged" : "") + ", " + std::to_string(key.span)
        + " days from day " + std::to_string(key.day) + " since 1970");
}

}

void RollupProgress::count(std::int64_t responses)
{
    if (responses < next_)
        return;
    log(LogLevel::Info, event_, {{"responses", responses}});
    next_ += 1'000'000;
}

void RollupComparison::take(
    RollupKey const& key, std::string_view totals, std::string_view quarters, RollupScan& result)
{
    for (; next_ != expected_.end() && next_->first < key; ++next_)
        note(result, next_->first, "missing");
    ++result.rollups;
    if (next_ == expected_.end() || next_->first != key) {
        note(result, key, "nothing in the log for it");
        return;
    }
    // One content has one encoding.
    auto const expected = next_->second.encoded();
    if (expected.totals != totals || expected.quarters != quarters)
        note(result, key, "other figures");
    ++next_;
}

void RollupComparison::finish(RollupScan& result)
{
    for (; next_ != expected_.end(); ++next_)
        note(result, next_->first, "missing");
}

int passes_over(std::int64_t responses, std::int64_t days)
{
    auto const passes = std::max(responses / responses_a_pass, days / days_a_pass) + 1;
    return static_cast<int>(std::clamp<std::int64_t>(passes, 1, partition_count));
}

std::array<ExpectedRollups, partition_count> by_partition(ExpectedRollups rows)
{
    std::array<ExpectedRollups, partition_count> parts;
    while (!rows.empty()) {
        auto row = rows.extract(rows.begin());
        auto& part = parts[static_cast<std::size_t>(row.key().part)];
        part.insert(part.end(), std::move(row));
    }
    return parts;
}

}
