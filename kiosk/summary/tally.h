#pragma once

#include "kiosk/model/stored_response.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace listenpost::kiosk {

/// One thing that a response says; ids are numbers of summary.db's `name`.
struct Tally {
    enum class Kind : std::uint8_t { Score, Reason, Choice, Minutes, Rule };
    Kind kind = Kind::Score;
    std::int64_t name = 0; ///< the question; of Rule: the misuse rule
    std::int64_t value = 0; ///< the score or the minutes as stored; the id of the reason or option; of Rule 0
    friend auto operator<=>(Tally const&, Tally const&) = default;
};

/// What the figures need to know of one response.
struct ResponseFacts {
    std::int64_t part = 0; ///< its survey and touchpoint: summary.db's `part`
    bool complete = false;
    bool flagged = false;
    bool with_comment = false;
    std::vector<Tally> said; ///< ascending, each once
};

/// Gives texts their numbers.
class Names {
public:
    virtual ~Names() = default;
    virtual std::int64_t number_of(std::string_view name) = 0;
};

/// Answers that cannot be read, which no program of ours has written, say nothing; the response counts.
ResponseFacts facts_of(StoredResponse const& response, std::int64_t part, Names& names);

/// Counts of the responses of a quarter of an hour. Those of a flagged response are its head's and its
/// rules' alone.
class BucketCounts {
public:
    std::int64_t responses = 0;
    std::int64_t complete = 0;
    std::int64_t flagged = 0;
    std::int64_t with_comment = 0;
    std::int64_t provisional = 0; ///< placed by a clock that nobody has confirmed; whoever places counts it
    std::vector<std::pair<Tally, std::int64_t>> tallies; ///< ascending, none of 0

    /// `times`: 1, or -1 to take it out again.
    void add(ResponseFacts const& facts, std::int64_t times);
};

/// Bytes of a row of summary.db: numbers of seven bits a byte.
std::string encode(BucketCounts const& counts);
/// False: not what encode() makes. `counts` is overwritten; its memory is used again.
bool decode(std::string_view bytes, BucketCounts& counts);
std::string encode(std::vector<Tally> const& said);
bool decode(std::string_view bytes, std::vector<Tally>& said);

}
