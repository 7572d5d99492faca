#pragma once

#include "kiosk/model/score_statistics.h"
#include "platform/base/result.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::sync {

/// Beyond so many questions a row of the rollups counts no question's scores, only responses: surveys have
/// some ten, and a box that makes up an id for each tap must not make its store's rows grow for ever.
inline constexpr std::size_t max_questions_a_row = 200;

/// What is counted of responses, whatever they have in common. Adds up.
struct Tally {
    std::int64_t complete = 0;
    std::int64_t partial = 0;
    std::int64_t with_comment = 0; ///< of complete and partial ones
    /// By the question's id. A question is in it once anybody rated it.
    std::map<std::string, kiosk::ScoreCounts, std::less<>> questions;
    /// Some rows that are in it had too many: their responses are counted, their questions are not.
    bool has_too_many_questions = false;

    std::int64_t responses() const { return complete + partial; }
    Tally& operator+=(Tally const& other);
    /// As a row may be. In whatever order its parts were added and limited: a row counts questions while all
    /// its responses together name no more than max_questions_a_row, and none from then on.
    void limit_questions();
    friend bool operator==(Tally const&, Tally const&) = default;
};

/// How often, in each quarter of an hour of a UTC day; only those where there is something, ascending.
/// A quarter, because every time zone's days begin on one.
struct QuarterCounts {
    struct Entry {
        int quarter; ///< 0 to 95
        std::int64_t count; ///< above 0; of what is still to be taken away from others, below
        friend bool operator==(Entry const&, Entry const&) = default;
    };
    std::vector<Entry> entries;

    void add(int quarter, std::int64_t times = 1);
    QuarterCounts& operator+=(QuarterCounts const& other);
    friend bool operator==(QuarterCounts const&, QuarterCounts const&) = default;
};

inline constexpr int quarters_a_day = 96;
inline constexpr std::int64_t quarter_ms = 15LL * 60 * 1'000;
inline constexpr std::int64_t day_ms = quarters_a_day * quarter_ms;

/// A Tally of a UTC day that knows its quarters.
struct DayCounts {
    QuarterCounts complete, partial, with_comment;
    std::map<std::string, std::array<QuarterCounts, kiosk::ScoreCounts::highest + 1>, std::less<>> questions;
    bool has_too_many_questions = false; ///< see Tally

    DayCounts& operator+=(DayCounts const& other);
    void limit_questions();
    Tally tally() const;
    friend bool operator==(DayCounts const&, DayCounts const&) = default;
};

/// Where the counts of each quarter of a day go; null: nowhere.
using QuarterTallies = std::array<Tally*, quarters_a_day>;

// How both stand in a database: some 60 and some 400 bytes for a shop's day. Numbers are LEB128; before them
// a CRC-32 of the rest, so that a damaged row says so instead of counting otherwise.

std::string encode(Tally const& tally);
std::string encode(DayCounts const& day);

/// Adds what `bytes` hold to `sum`. Errors: Corrupt (not what encode() wrote): `sum` is anything then.
Result<> add_encoded_tally(std::string_view bytes, Tally& sum);
/// The same of a day's counts, each quarter's where it belongs; that it had too many questions, everywhere.
Result<> add_encoded_day(std::string_view bytes, QuarterTallies const& sums);
Result<DayCounts> decode_day(std::string_view bytes);

}
