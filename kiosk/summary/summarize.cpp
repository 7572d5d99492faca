#include "kiosk/summary/summarize.h"

#include "kiosk/summary/day_table.h"
#include "kiosk/summary/standout_rule.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

using std::chrono::days;

/// Counts that are added up over hours and days.
struct Counted {
    std::int64_t responses = 0;
    std::vector<ScoreCounts> scores; ///< by the table's questions

    void add(std::int64_t more, std::span<ScoreCounts const> more_scores)
    {
        responses += more;
        scores.resize(more_scores.size());
        for (std::size_t each = 0; each < scores.size(); ++each)
            scores[each] += more_scores[each];
    }
};

class Maker {
public:
    Maker(SummaryFile& file, SummaryQuery const& query, Timeline const& timeline, DayTable const& table,
        StoreDay first_day_of_all)
        : file_(file)
        , query_(query)
        , timeline_(timeline)
        , table_(table)
        , first_day_of_all_(first_day_of_all)
    {
    }

    Summary make()
    {
        Summary summary;
        summary.query = query_;
        summary.first_day = timeline_.first_of_period();
        summary.last_day = timeline_.today();
        count_responses(summary);
        rate(summary);
        fill_hours(summary);
        fill_trend(summary);
        fill_tallies(summary);
        fill_touchpoints(summary);
        if (query_.period == Period::Today)
            fill_standout(summary);
        return summary;
    }

private:
    int length() const { return days_of(query_.period); }
    int first_index() const { return timeline_.index_of(timeline_.first_of_period()); }

    Counted sum_of(int first_day, int count) const
    {
        Counted sum;
        for (int day = first_day; day < first_day + count; ++day)
            for (int hour = 0; hour < DayTable::hours; ++hour)
                sum.add(table_.responses(day, hour), table_.scores(day, hour));
        return sum;
    }

    Counted whole_of(int first_day, int count) const
    {
        Counted sum;
        for (int day = first_day; day < first_day + count; ++day)
            sum.add(table_.whole_responses(day), table_.whole_scores(day));
        return sum;
    }

    /// How many samples of what is usual the period is as long as.
    int samples_of_period() const { return query_.period == Period::TwentyEightDays ? 4 : 1; }

    /// What is usual, by samples: days, or weeks where the period is longer than a day.
    struct Usual {
        std::vector<Counted> samples;
        double responses = 0; ///< of a usual period, up to the time of day that it is now
    };
    Usual usual() const
    {
        int const step = query_.period == Period::Today ? 1 : 7;
        int const whole_samples = samples_of_period() - 1;
        Usual usual;
        for (int week = 1; week <= Timeline::usual_weeks; ++week) {
            int const first = first_index() - 7 * week;
            auto const day = timeline_.earliest() + days(first);
            auto cut = sum_of(first, step);
            auto whole = whole_of(first, step);
            auto const responses = cut.responses + whole_samples * whole.responses;
            auto& sample = whole_samples > 0 ? whole : cut;
            if (day < first_day_of_all_ || sample.responses == 0)
                continue;
            usual.samples.push_back(std::move(sample));
            usual.responses += static_cast<double>(responses);
        }
        if (!usual.samples.empty())
            usual.responses /= static_cast<double>(usual.samples.size());
        return usual;
    }

    Mean index_of(std::span<ScoreCounts const> scores) const
    {
        std::vector<IndexPart> parts;
        for (std::size_t each = 0; each < scores.size(); ++each)
            if (auto const& rated = table_.questions()[each]; rated.is_in_index)
                parts.push_back({mean_on_five(scores[each], rated.question->scale), rated.question->weight});
        Mean index = qsc_index(parts);
        // Two customers who answer three questions are two: the index is as few as its largest part.
        index.count = 0;
        for (auto const& part : parts)
            index.count = std::max(index.count, part.mean.count);
        return index;
    }

    void count_responses(Summary& summary) const
    {
        auto const& period = table_.period();
        summary.responses = period.responses;
        summary.complete = share(period.complete, period.responses);
        summary.partial = share(period.responses - period.complete, period.responses);
        summary.flagged = share(period.flagged, period.responses);
        summary.with_comment = period.with_comment;
        summary.provisional_time = period.provisional;
    }

    void rate(Summary& summary) const
    {
        auto const comparable = sum_of(first_index(), length());
        Counted now = comparable;
        for (int hour = 0; hour < DayTable::hours; ++hour)
            now.add(table_.responses(table_.unfinished(), hour), table_.scores(table_.unfinished(), hour));
        auto const usual = this->usual();
        summary.usual_samples = static_cast<int>(usual.samples.size());
        summary.usual_responses = usual.responses;
        summary.compared_responses = comparable.responses;
        summary.compared_until = (timeline_.compared_until() + 60 * query_.day_change_hour) % (24 * 60);
        auto const compared = [&](auto const& mean_of) {
            std::vector<Mean> means;
            for (auto const& sample : usual.samples)
                means.push_back(mean_of(sample.scores));
            return compare(mean_of(comparable.scores), means, samples_of_period());
        };
        auto const index = [this](std::vector<ScoreCounts> const& scores) { return index_of(scores); };
        summary.index = index(now.scores);
        summary.index_change = compared(index);
        for (std::size_t each = 0; each < table_.questions().size(); ++each) {
            auto const& question = *table_.questions()[each].question;
            auto const& counts = now.scores[each];
            auto rating = Summary::Rating {question.id, question.scale, question.dimension,
                table_.questions()[each].is_in_index, counts, mean_score(counts, question.scale),
                mean_on_five(counts, question.scale), {}, {}};
            if (question.scale == Scale::Nps)
                rating.net_promoter_score = net_promoter_score(counts);
            rating.change = compared([&](std::vector<ScoreCounts> const& scores) {
                return mean_on_five(scores[each], question.scale);
            });
            summary.ratings.push_back(std::move(rating));
        }
    }

    Summary::Cell cell_of(Counted const& counted) const
    {
        Summary::Cell cell {counted.responses, index_of(counted.scores), {}};
        cell.on_five.resize(table_.questions().size());
        for (std::size_t each = 0; each < counted.scores.size(); ++each)
            cell.on_five[each] = mean_on_five(counted.scores[each], table_.questions()[each].question->scale);
        return cell;
    }

    void fill_hours(Summary& summary) const
    {
        std::array<Counted, DayTable::hours> hours;
        std::array<std::array<Counted, DayTable::hours>, 7> week;
        for (int day = first_index(); day <= table_.unfinished(); ++day) {
            int const of = std::min(day, timeline_.days() - 1); // what is unfinished is today's
            auto const weekday = static_cast<std::size_t>(weekday_of(timeline_.earliest() + days(of)));
            for (int hour = 0; hour < DayTable::hours; ++hour) {
                auto const clock = static_cast<std::size_t>(clock_hour(hour));
                hours[clock].add(table_.responses(day, hour), table_.scores(day, hour));
                week[weekday][clock].add(table_.responses(day, hour), table_.scores(day, hour));
            }
        }
        for (std::size_t hour = 0; hour < hours.size(); ++hour) {
            summary.hours[hour] = cell_of(hours[hour]);
            for (std::size_t weekday = 0; weekday < week.size(); ++weekday)
                summary.heat_map[weekday][hour] = cell_of(week[weekday][hour]);
        }
    }

    int clock_hour(int hour) const { return (hour + query_.day_change_hour) % DayTable::hours; }

    void fill_trend(Summary& summary) const
    {
        for (int day = timeline_.days() - std::max(7, length()); day < timeline_.days(); ++day) {
            Counted whole;
            whole.add(table_.whole_responses(day), table_.whole_scores(day));
            summary.trend.push_back({timeline_.earliest() + days(day), cell_of(whole)});
        }
    }

    static void sort(std::vector<Summary::Named>& named)
    {
        std::ranges::sort(named, [](auto const& one, auto const& other) {
            return one.count != other.count ? one.count > other.count : one.id < other.id;
        });
    }

    void fill_tallies(Summary& summary) const
    {
        std::map<Tally, std::int64_t> tallies;
        for (auto const& [tally, count] : table_.period().tallies)
            tallies[tally] += count;
        std::map<std::int64_t, Summary::Choices> choices;
        std::map<std::int64_t, Summary::Waiting> waiting;
        for (auto const& [tally, count] : tallies) {
            std::string const name(file_.name_of(tally.name));
            std::string const value(file_.name_of(tally.value));
            switch (tally.kind) {
            case Tally::Kind::Score:
                break;
            case Tally::Kind::Reason:
                summary.reasons.push_back({name, value, count});
                break;
            case Tally::Kind::Choice:
                choices[tally.name].question = name;
                choices[tally.name].options.push_back({value, count});
                break;
            case Tally::Kind::Minutes:
                waiting[tally.name].question = name;
                waiting[tally.name].count += count;
                waiting[tally.name].distribution.push_back({static_cast<int>(tally.value), count});
                break;
            case Tally::Kind::Rule:
                summary.flags.push_back({name, count});
                break;
            }
        }
        sort(summary.flags);
        std::ranges::sort(summary.reasons, [](auto const& one, auto const& other) {
            return one.count != other.count
                ? one.count > other.count
                : std::tie(one.question, one.reason) < std::tie(other.question, other.reason);
        });
        for (auto& [question, each] : choices) {
            sort(each.options);
            summary.choices.push_back(std::move(each));
        }
        for (auto& [question, each] : waiting) {
            each.median = median(each);
            summary.waiting.push_back(std::move(each));
        }
    }

    static double median(Summary::Waiting const& waiting)
    {
        auto const at = [&](std::int64_t place) {
            for (auto const& [minutes, count] : waiting.distribution) {
                if (place < count)
                    return minutes;
                place -= count;
            }
            return 0;
        };
        return (at((waiting.count - 1) / 2) + at(waiting.count / 2)) / 2.0;
    }

    void fill_touchpoints(Summary& summary) const
    {
        for (auto const& [name, counted] : table_.touchpoints())
            summary.touchpoints.push_back({name, counted.responses, index_of(counted.scores)});
        std::ranges::stable_sort(summary.touchpoints, std::greater(), &Summary::Touchpoint::responses);
    }

    RatedDay rated_day(int day, std::vector<std::size_t> const& questions) const
    {
        RatedDay rated {weekday_of(timeline_.earliest() + days(day)), {}};
        rated.questions.resize(questions.size());
        for (std::size_t each = 0; each < questions.size(); ++each)
            for (int hour = 0; hour < DayTable::hours; ++hour)
                rated.questions[each][static_cast<std::size_t>(hour)]
                    = table_.scores(day, hour)[questions[each]];
        return rated;
    }

    void fill_standout(Summary& summary) const
    {
        std::vector<std::size_t> questions;
        std::vector<Scale> scales;
        for (std::size_t each = 0; each < table_.questions().size(); ++each) {
            if (!table_.questions()[each].is_in_index)
                continue;
            questions.push_back(each);
            scales.push_back(table_.questions()[each].question->scale);
        }
        std::vector<RatedDay> usual;
        int const today = timeline_.days() - 1;
        for (int day = 0; day < today; ++day)
            if (table_.whole_responses(day) > 0)
                usual.push_back(rated_day(day, questions));
        auto const [verdict, found] = find_standout(rated_day(today, questions), usual, scales);
        summary.standout_verdict = verdict;
        if (!found)
            return;
        auto const& question = table_.questions()[questions[found->question]];
        Standout standout {.question = question.question->id,
            .is_better = found->is_better,
            .hours = {},
            .now = found->now,
            .usual = found->usual,
            .day = found->day,
            .usual_day = found->usual_day,
            .reason = {}};
        if (!found->is_whole_day)
            standout.hours
                = Standout::Hours {clock_hour(found->from_hour), clock_hour(found->to_hour - 1) + 1};
        if (!found->is_better)
            name_reason(standout, question.name, *found);
        summary.standout = std::move(standout);
    }

    void name_reason(Standout& standout, std::int64_t question, Deviation const& found) const
    {
        std::map<std::int64_t, std::int64_t> counts;
        for (auto const& [key, count] : table_.reasons_today())
            if (auto const& [hour, of, reason] = key;
                of == question && hour >= found.from_hour && hour < found.to_hour)
                counts[reason] += count;
        for (auto const& [reason, count] : counts) {
            std::string const name(file_.name_of(reason));
            if (count < standout.reason_count || (count == standout.reason_count && name > standout.reason))
                continue;
            standout.reason = name;
            standout.reason_count = count;
        }
    }

    SummaryFile& file_;
    SummaryQuery const& query_;
    Timeline const& timeline_;
    DayTable const& table_;
    StoreDay first_day_of_all_;
};

Result<std::int64_t> count_without_time(
    SummaryFile& file, SummaryQuery const& query, Timeline const& timeline, TimeZone& zone)
{
    std::int64_t count = 0;
    LISTENPOST_TRY(file.visit_buckets(no_quarter, no_quarter + 1,
        [&](std::int64_t, std::int64_t, BucketCounts const& counts) { count += counts.responses; }));
    auto const later = std::max<std::int64_t>(
        0, quarter_of(zone.to_utc(LocalTime(timeline.today())).time_since_epoch().count()));
    LISTENPOST_TRY(file.visit_buckets(later, std::numeric_limits<std::int64_t>::max(),
        [&](std::int64_t quarter, std::int64_t, BucketCounts const& counts) {
            auto const at = WallTime(std::chrono::milliseconds(quarter * quarter_ms));
            if (place_on_clocks(zone.to_local(at), query.day_change_hour).day > timeline.today())
                count += counts.responses;
        }));
    return count;
}

}

Result<Summary> summarize(SummaryFile& file, SummaryQuery const& query)
{
    auto zone = TimeZone::find(query.zone);
    if (!zone)
        return fail(Errc::Invalid, "no time zone " + query.zone);
    Timeline const timeline(query, *zone);
    auto const table = DayTable::read(file, query, timeline, *zone);
    if (!table)
        return fail(table.error());
    auto const first = file.first_quarter();
    if (!first)
        return fail(first.error());
    StoreDay first_day = timeline.today();
    if (*first)
        first_day = place_on_clocks(
            zone->to_local(WallTime(std::chrono::milliseconds(**first * quarter_ms))), query.day_change_hour)
                        .day;
    auto const without_time = count_without_time(file, query, timeline, *zone);
    if (!without_time)
        return fail(without_time.error());
    Summary summary = Maker(file, query, timeline, *table, first_day).make();
    summary.without_time = *without_time;
    return summary;
}

}
