#pragma once

#include "kiosk/model/boot_clock.h"
#include "kiosk/summary/tally.h"
#include "platform/base/result.h"
#include "platform/sqlite/database.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace listenpost::kiosk {

/// A quarter of an hour, in which a figure's time is counted: every zone's clocks are ahead of UTC by whole
/// ones.
inline constexpr std::int64_t quarter_ms = 15 * 60 * 1000;
/// The quarter of what cannot be placed in time.
inline constexpr std::int64_t no_quarter = -1;
std::int64_t quarter_of(std::int64_t at_ms);

/// Which survey a response is of, and where its box stood.
struct SummaryPart {
    std::string survey;
    std::string touchpoint;
    friend auto operator<=>(SummaryPart const&, SummaryPart const&) = default;
};

/// summary.db: counts and an index of store.db's responses (kiosk/summary/FORMAT.md), without the rules by
/// which they come there, which are CatchUp's. Everything in it can be made anew from store.db.
///
/// Errors of all: Corrupt (not what was written: remove it and make it anew), Full, Busy, Io. After an error
/// it has to be opened anew: what it holds in memory is ahead of the file then.
/// Durability: what was committed survives kill -9; a power cut may undo the last commits, but leaves some
/// earlier state whole (WAL, synchronous=NORMAL).
/// Threads: one at a time.
class SummaryFile final : public Names {
public:
    /// Makes it where there is none. Errors also: Invalid (a newer program's).
    static Result<SummaryFile> open(std::filesystem::path const& path);

    /// To look at it beside the kiosk that keeps it up, as of this moment: changes to it are nobody's.
    /// Nothing can be folded back out of its WAL meanwhile. Errors also: NotFound, Invalid (not this
    /// program's format).
    static Result<SummaryFile> open_to_read(std::filesystem::path const& path);

    using Place = std::pair<std::int64_t, std::int64_t>; ///< of an entry: at_ms, seq
    static constexpr Place before_all {std::numeric_limits<std::int64_t>::min(), 0};
    /// Up to where store.db is counted.
    struct State {
        std::string store; ///< which store.db; empty: nothing is counted yet
        std::int64_t counted_up_to = 0; ///< seq
        std::int64_t newest_seq = 0; ///< of the newest that was counted, and
        std::int64_t newest_digest = 0; ///< what was in it
        Place swept_to = before_all; ///< up to this entry it was looked whether store.db still has them
    };
    State state;

    /// What is known of one boot of the machine.
    struct Boot {
        std::int64_t first_seq = 0; ///< of its responses
        std::int64_t last_seq = 0;
        std::int64_t newest_steady_ms = 0; ///< of their first taps
        std::optional<BootClock> note; ///< by which they are placed
        bool is_changed = true; ///< not written yet
    };
    std::map<std::string, Boot, std::less<>> boots;

    Result<sqlite::Transaction> begin() { return sqlite::Transaction::begin(database_); }
    /// Before the commit: writes state, boots, names, and the buckets that bucket() gave.
    Result<> flush();

    std::int64_t number_of(std::string_view name) override;
    std::string_view name_of(std::int64_t number) const; ///< empty: no such
    std::optional<std::int64_t> find_number(std::string_view name) const;
    std::int64_t part_of(SummaryPart const& part);
    std::map<std::int64_t, SummaryPart> const& parts() const { return parts_; }

    /// To be changed; lives until flush().
    Result<BucketCounts*> bucket(std::int64_t quarter, std::int64_t part);
    using VisitBucket = std::function<void(std::int64_t quarter, std::int64_t part, BucketCounts const&)>;
    /// Those of [from, to) that are flushed, the earliest first.
    Result<> visit_buckets(std::int64_t from, std::int64_t to, VisitBucket const& visit);
    /// The earliest of what is placed; nothing: there is none.
    Result<std::optional<std::int64_t>> first_quarter();

    /// A response as the lists find it. `at_ms` of what cannot be placed is negative.
    struct Entry {
        std::int64_t at_ms = 0;
        std::int64_t seq = 0; ///< of store.db, where it may have been removed since
        std::int64_t part = 0;
        bool flagged = false;
        bool with_comment = false;
        bool partial = false;
        bool provisional = false; ///< placed by a clock that nobody has confirmed
        std::string_view said; ///< as encode() makes it; of visit_entries(): until the next
    };
    Result<> insert_entry(Entry const& entry);
    /// False: there is no such.
    Result<bool> remove_entry(std::int64_t at_ms, std::int64_t seq);
    enum class Which { All, WithComment };
    /// Those of [from_ms, to_ms), the latest first, until `visit` returns false.
    Result<> visit_entries(std::int64_t from_ms, std::int64_t to_ms, Which which,
        std::function<bool(Entry const&)> const& visit);
    /// At most `limit` behind that one, the earliest first: what cannot be placed comes before all times.
    Result<std::vector<Place>> places_after(Place const& place, std::int64_t limit);
    Result<> remove_buckets_before(std::int64_t quarter);

private:
    explicit SummaryFile(sqlite::Database database)
        : database_(std::move(database))
    {
    }
    Result<> load();
    Result<> load_state();
    /// Gives every row of a query whose first column says whether the row is what was written.
    template <typename Take>
    Result<> read_all(char const* sql, char const* what, Take const& take);
    Result<> load_boots();
    Result<> load_names();
    Result<> write_boots();
    Result<> write_names();
    Result<> write_buckets();
    Result<sqlite::Statement*> statement(char const* sql);

    using BucketKey = std::pair<std::int64_t, std::int64_t>; ///< quarter, part
    sqlite::Database database_;
    std::map<char const*, sqlite::Statement>
        statements_; ///< by the address of their text; before database_'s end
    std::map<std::string, std::int64_t, std::less<>> numbers_;
    std::map<std::int64_t, std::string> names_;
    std::map<std::int64_t, SummaryPart> parts_;
    std::int64_t written_names_ = 0; ///< up to this number
    std::int64_t written_parts_ = 0;
    std::map<BucketKey, BucketCounts> buckets_;
};

}
