#pragma once

#include "kiosk/model/score_statistics.h"
#include "kiosk/summary/period.h"
#include "kiosk/summary/summary_file.h"
#include "platform/os/time_zone.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <tuple>
#include <vector>

namespace listenpost::kiosk {

/// Where a moment lies on the store's clocks.
struct StorePlace {
    StoreDay day;
    int minute = 0; ///< since the day change, as the clocks show it: 0 to 1,439
};
StorePlace place_on_clocks(LocalTime local, int day_change_hour);
/// 0 Monday … 6 Sunday.
int weekday_of(StoreDay day);

/// Which days a query is about, and until when they count.
class Timeline {
public:
    static constexpr int usual_weeks = 8;

    Timeline(SummaryQuery const& query, TimeZone& zone);

    StoreDay today() const { return today_; }
    StoreDay first_of_period() const { return today_ - std::chrono::days(days_of(query_.period) - 1); }
    /// Of all that is compared with.
    StoreDay earliest() const { return first_of_period() - std::chrono::weeks(usual_weeks); }
    /// All days from the earliest to today: 0 to days() - 1.
    int days() const { return static_cast<int>((today_ - earliest()).count()) + 1; }
    int index_of(StoreDay day) const { return static_cast<int>((day - earliest()).count()); }
    /// Whether a minute of a day takes part where today, which is under way, is held against other days: of
    /// today itself and of what it is compared with only what lies before compared_until(). The period's
    /// other days are over, and whole.
    bool is_compared(StoreDay day, int minute) const;
    /// The last whole quarter of an hour of today, in minutes since the day change: finer than that nothing
    /// is counted.
    int compared_until() const { return elapsed_minutes_; }
    /// Quarters of an hour that may lie on these days, or on the period's: [first, second).
    using Quarters = std::pair<std::int64_t, std::int64_t>;
    Quarters quarters(TimeZone& zone) const { return quarters_from(earliest(), zone); }
    Quarters quarters_of_period(TimeZone& zone) const { return quarters_from(first_of_period(), zone); }

private:
    Quarters quarters_from(StoreDay first, TimeZone& zone) const;

    SummaryQuery const& query_;
    StoreDay today_;
    int elapsed_minutes_ = 0; ///< whole quarters
};

/// Which questions are rated, and who is in the index.
struct RatedQuestion {
    Question const* question = nullptr;
    std::int64_t name = 0; ///< in summary.db; 0: nobody ever answered it
    bool is_in_index = false;
};

/// The counts of a query's days by hour: what a Summary is computed from. Read in one walk over the buckets.
class DayTable {
public:
    static constexpr int hours = 24;

    /// Errors: SummaryFile's.
    static Result<DayTable> read(
        SummaryFile& file, SummaryQuery const& query, Timeline const& timeline, TimeZone& zone);

    std::vector<RatedQuestion> const& questions() const { return questions_; }

    /// One hour of a day, by the hour since the day change: what is_compared(). What is not of today's, its
    /// quarter of an hour that is under way, is the day unfinished(), behind all others.
    std::int64_t responses(int day, int hour) const { return responses_[cell(day, hour)]; }
    std::span<ScoreCounts const> scores(int day, int hour) const
    {
        return std::span(scores_).subspan(cell(day, hour) * questions_.size(), questions_.size());
    }
    int unfinished() const { return days_; }
    /// The whole day, whatever is compared.
    std::int64_t whole_responses(int day) const { return whole_responses_[static_cast<std::size_t>(day)]; }
    std::span<ScoreCounts const> whole_scores(int day) const
    {
        return std::span(whole_scores_)
            .subspan(static_cast<std::size_t>(day) * questions_.size(), questions_.size());
    }

    /// Of the period's responses; its tallies are all but the scores, bucket by bucket.
    BucketCounts const& period() const { return period_; }
    struct Touchpoint {
        std::int64_t responses = 0;
        std::vector<ScoreCounts> scores; ///< by questions()
    };
    std::map<std::string, Touchpoint> const& touchpoints() const { return touchpoints_; }
    /// How often a reason was chosen today: by hour since the day change, question and reason (names).
    std::map<std::tuple<int, std::int64_t, std::int64_t>, std::int64_t> const& reasons_today() const
    {
        return reasons_today_;
    }

private:
    DayTable(SummaryFile const& file, Survey const& survey, int days);
    std::size_t cell(int day, int hour) const { return static_cast<std::size_t>(day * hours + hour); }
    void add_scores(BucketCounts const& counts, std::span<ScoreCounts> to) const;
    void add_to_period(BucketCounts const& counts, SummaryPart const& part, bool is_counted);
    void add_reasons(BucketCounts const& counts, int hour);

    int days_;
    std::vector<RatedQuestion> questions_;
    std::vector<std::int64_t> responses_;
    std::vector<ScoreCounts> scores_;
    std::vector<std::int64_t> whole_responses_;
    std::vector<ScoreCounts> whole_scores_;
    BucketCounts period_;
    std::map<std::string, Touchpoint> touchpoints_;
    std::map<std::tuple<int, std::int64_t, std::int64_t>, std::int64_t> reasons_today_;
};

}
