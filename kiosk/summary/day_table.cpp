#include "kiosk/summary/day_table.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

LocalTime local_of(std::int64_t quarter, TimeZone& zone)
{
    return zone.to_local(WallTime(milliseconds(quarter * quarter_ms)));
}

}

StorePlace place_on_clocks(LocalTime local, int day_change_hour)
{
    auto const shifted = local - hours(day_change_hour);
    auto const day = std::chrono::floor<days>(shifted);
    return {day, static_cast<int>(std::chrono::floor<minutes>(shifted - day).count())};
}

int weekday_of(StoreDay day) { return static_cast<int>(std::chrono::weekday(day).iso_encoding()) - 1; }

Timeline::Timeline(SummaryQuery const& query, TimeZone& zone)
    : query_(query)
{
    auto const now = place_on_clocks(zone.to_local(query.now), query.day_change_hour);
    today_ = now.day;
    elapsed_minutes_ = now.minute / 15 * 15;
}

bool Timeline::is_compared(StoreDay day, int minute) const
{
    bool const is_cut = query_.period == Period::Today || weekday_of(day) == weekday_of(today_);
    bool const is_over = day >= first_of_period() && day < today_;
    return is_over || !is_cut || minute < elapsed_minutes_;
}

Timeline::Quarters Timeline::quarters_from(StoreDay first, TimeZone& zone) const
{
    // A day more on either side: whoever shows which day it is, is asked of every bucket.
    // Under a clock of 1970 they reach back before its beginning, where what has no time is.
    auto const at = [&](StoreDay day) {
        return quarter_of(std::max<std::int64_t>(0, zone.to_utc(LocalTime(day)).time_since_epoch().count()));
    };
    return {at(first - std::chrono::days(1)), at(today_ + std::chrono::days(3))};
}

DayTable::DayTable(SummaryFile const& file, Survey const& survey, int days)
    : days_(days)
{
    for (auto const& question : survey.questions) {
        if (question.kind != QuestionKind::Rating)
            continue;
        bool const is_in_index = question.scale != Scale::Nps && question.dimension != Dimension::Other;
        questions_.push_back({&question, file.find_number(question.id).value_or(0), is_in_index});
    }
    auto const all = static_cast<std::size_t>(days);
    responses_.resize((all + 1) * hours);
    scores_.resize((all + 1) * hours * questions_.size());
    whole_responses_.resize(all);
    whole_scores_.resize(all * questions_.size());
}

Result<DayTable> DayTable::read(
    SummaryFile& file, SummaryQuery const& query, Timeline const& timeline, TimeZone& zone)
{
    DayTable table(file, *query.survey, timeline.days());
    int const first_of_period = timeline.index_of(timeline.first_of_period());
    auto const add = [&](std::int64_t quarter, std::int64_t part_number, BucketCounts const& counts) {
        auto const part = file.parts().find(part_number);
        if (part == file.parts().end() || part->second.survey != query.survey->id)
            return;
        auto const place = place_on_clocks(local_of(quarter, zone), query.day_change_hour);
        int const day = timeline.index_of(place.day);
        if (day < 0 || day >= timeline.days())
            return;
        bool const is_counted = query.touchpoint.empty() || query.touchpoint == part->second.touchpoint;
        if (day >= first_of_period)
            table.add_to_period(counts, part->second, is_counted);
        if (!is_counted)
            return;
        int const hour = place.minute / 60;
        auto const whole = static_cast<std::size_t>(day);
        table.whole_responses_[whole] += counts.responses;
        table.add_scores(counts, std::span(table.whole_scores_).subspan(whole * table.questions_.size()));
        if (place.day == timeline.today())
            table.add_reasons(counts, hour);
        bool const is_compared = timeline.is_compared(place.day, place.minute);
        if (!is_compared && place.day != timeline.today())
            return;
        auto const cell = table.cell(is_compared ? day : table.unfinished(), hour);
        table.responses_[cell] += counts.responses;
        table.add_scores(counts, std::span(table.scores_).subspan(cell * table.questions_.size()));
    };
    auto const [from, to] = timeline.quarters(zone);
    LISTENPOST_TRY(file.visit_buckets(from, to, add));
    return table;
}

void DayTable::add_scores(BucketCounts const& counts, std::span<ScoreCounts> to) const
{
    for (auto const& [tally, count] : counts.tallies) {
        if (tally.kind != Tally::Kind::Score)
            return; // they come first
        auto const question = std::ranges::find(questions_, tally.name, &RatedQuestion::name);
        if (question != questions_.end())
            to[static_cast<std::size_t>(question - questions_.begin())].add(
                static_cast<int>(tally.value), count);
    }
}

void DayTable::add_to_period(BucketCounts const& counts, SummaryPart const& part, bool is_counted)
{
    auto& touchpoint = touchpoints_[part.touchpoint];
    touchpoint.scores.resize(questions_.size());
    touchpoint.responses += counts.responses;
    add_scores(counts, touchpoint.scores);
    if (!is_counted)
        return;
    period_.responses += counts.responses;
    period_.complete += counts.complete;
    period_.flagged += counts.flagged;
    period_.with_comment += counts.with_comment;
    period_.provisional += counts.provisional;
    auto const others = std::ranges::find_if(
        counts.tallies, [](auto const& each) { return each.first.kind != Tally::Kind::Score; });
    period_.tallies.insert(period_.tallies.end(), others, counts.tallies.end());
}

void DayTable::add_reasons(BucketCounts const& counts, int hour)
{
    for (auto const& [tally, count] : counts.tallies)
        if (tally.kind == Tally::Kind::Reason)
            reasons_today_[{hour, tally.name, tally.value}] += count;
}

}
