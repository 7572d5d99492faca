#include "kiosk/summary/standout_rule.h"

#include <algorithm>
#include <cmath>

namespace listenpost::kiosk {
namespace {

/// How many ratings, and their sum on five.
struct Sum {
    double count = 0;
    double sum = 0;

    double mean() const { return sum / count; }
    friend Sum operator+(Sum one, Sum other) { return {one.count + other.count, one.sum + other.sum}; }
    friend Sum operator-(Sum one, Sum other) { return {one.count - other.count, one.sum - other.sum}; }
};

/// Sums up to each hour: those of any hours in a row are a difference of two.
using Course = std::array<Sum, RatedDay::hours + 1>;

Sum between(Course const& course, int from, int to)
{
    return course[static_cast<std::size_t>(to)] - course[static_cast<std::size_t>(from)];
}

Sum whole(Course const& course) { return course.back(); }

ScoreCounts counts_of(std::array<ScoreCounts, RatedDay::hours> const& hours, int from, int to)
{
    ScoreCounts counts;
    for (int hour = from; hour < to; ++hour)
        counts += hours[static_cast<std::size_t>(hour)];
    return counts;
}

Sum sum_of(ScoreCounts const& counts, Scale scale)
{
    double const lowest = lowest_score(scale);
    double const step = 4 / (highest_score(scale) - lowest);
    Sum sum;
    for (int score = lowest_score(scale); score <= highest_score(scale); ++score) {
        auto const times = static_cast<double>(counts.of[static_cast<std::size_t>(score)]);
        sum = sum + Sum {times, times * (1 + step * (score - lowest))};
    }
    return sum;
}

Course course_of(std::array<ScoreCounts, RatedDay::hours> const& hours, Scale scale)
{
    Course course;
    for (std::size_t hour = 0; hour < hours.size(); ++hour)
        course[hour + 1] = course[hour] + sum_of(hours[hour], scale);
    return course;
}

double quantile(std::vector<double> values, double part)
{
    std::ranges::sort(values);
    double const place = part * static_cast<double>(values.size() - 1);
    auto const below = static_cast<std::size_t>(place);
    auto const above = std::min(below + 1, values.size() - 1);
    double const rest = place - static_cast<double>(below);
    return values[below] + rest * (values[above] - values[below]);
}

double median(std::vector<double> const& values) { return quantile(values, 0.5); }

/// One question over all days.
struct Question {
    std::vector<Course> days; ///< the usual ones, then today
    std::array<Course, 7> weekdays; ///< of the usual days
    double within = 0; ///< variance of one rating
    double between_days = 0; ///< variance of a day about its weekday's mean, beyond the ratings' own
};

/// The largest deviation of one day in one direction.
struct Peak {
    double score = 0;
    std::size_t question = 0;
    int from = 0;
    int to = 0;
};
struct Peaks {
    Peak worse;
    Peak better;
    bool is_any = false;
};

class Scan {
public:
    Scan(RatedDay const& today, std::span<RatedDay const> usual, std::span<Scale const> scales,
        StandoutRule const& rule)
        : rule_(rule)
    {
        for (auto const& day : usual) {
            weekdays_.push_back(static_cast<std::size_t>(day.weekday));
            ++same_weekdays_[weekdays_.back()];
        }
        weekdays_.push_back(static_cast<std::size_t>(today.weekday));
        for (std::size_t question = 0; question < scales.size(); ++question)
            questions_.push_back(look_at(question, today, usual, scales[question]));
    }

    /// `day`: of the usual ones; their number: today.
    Peaks peaks(std::size_t day) const
    {
        Peaks peaks;
        for (std::size_t question = 0; question < questions_.size(); ++question)
            for (int from = 0; from < RatedDay::hours; ++from)
                for (int to = from + 1; to <= RatedDay::hours; ++to)
                    look_at_hours(peaks, day, question, from, to);
        return peaks;
    }

    std::size_t today() const { return weekdays_.size() - 1; }
    Sum usual(std::size_t question, std::size_t day, int from, int to) const
    {
        auto const& all = questions_[question];
        Sum const weekday = between(all.weekdays[weekdays_[day]], from, to);
        return day == today() ? weekday : weekday - between(all.days[day], from, to);
    }

private:
    Question look_at(
        std::size_t question, RatedDay const& today, std::span<RatedDay const> usual, Scale scale) const
    {
        Question found;
        ScoreCounts all;
        for (std::size_t day = 0; day < usual.size(); ++day) {
            auto const& hours = usual[day].questions[question];
            found.days.push_back(course_of(hours, scale));
            all += counts_of(hours, 0, RatedDay::hours);
            auto& weekday = found.weekdays[weekdays_[day]];
            for (std::size_t hour = 0; hour < weekday.size(); ++hour)
                weekday[hour] = weekday[hour] + found.days.back()[hour];
        }
        found.days.push_back(course_of(today.questions[question], scale));
        Mean const rating = mean_on_five(all, scale);
        found.within = rating.standard_error * rating.standard_error * static_cast<double>(rating.count);
        found.between_days = between_days(found);
        return found;
    }

    /// Robust, for a few bad days must not hide the next: 1.4826 times the median of what the usual days are
    /// off their weekday's mean is the standard deviation of normal ones; the ratings' own luck is taken out.
    double between_days(Question const& question) const
    {
        std::vector<double> off;
        std::vector<double> luck;
        for (std::size_t day = 0; day + 1 < question.days.size(); ++day) {
            Sum const sum = whole(question.days[day]);
            if (sum.count == 0)
                continue;
            off.push_back(std::abs(sum.mean() - whole(question.weekdays[weekdays_[day]]).mean()));
            luck.push_back(question.within / sum.count);
        }
        if (off.empty())
            return 0;
        double const deviation = 1.4826 * median(off);
        return std::max(0.0, deviation * deviation - median(luck));
    }

    void look_at_hours(Peaks& peaks, std::size_t day, std::size_t question, int from, int to) const
    {
        auto const& all = questions_[question];
        Sum const now = between(all.days[day], from, to);
        if (now.count < rule_.fewest_ratings)
            return;
        int const days = same_weekdays_[weekdays_[day]] - (day == today() ? 0 : 1);
        Sum const usual = this->usual(question, day, from, to);
        if (days < rule_.fewest_same_weekdays || usual.count < rule_.fewest_usual_ratings)
            return;
        peaks.is_any = true;
        double const variance
            = all.within / now.count + all.within / usual.count + all.between_days * (1 + 1.0 / days);
        double const score = (now.mean() - usual.mean()) / std::sqrt(variance);
        auto& peak = score < 0 ? peaks.worse : peaks.better;
        if (std::abs(score) > peak.score)
            peak = {std::abs(score), question, from, to};
    }

    StandoutRule rule_;
    std::vector<std::size_t> weekdays_; ///< by day
    std::array<int, 7> same_weekdays_ {}; ///< of the usual days
    std::vector<Question> questions_;
};

double fence_of(std::vector<double> const& peaks, StandoutRule const& rule)
{
    double const lower = quantile(peaks, 0.25);
    double const upper = quantile(peaks, 0.75);
    return std::max(rule.least_score, upper + rule.fence * (upper - lower));
}

Deviation describe(Scan const& scan, Peak const& peak, RatedDay const& today, Scale scale, double threshold)
{
    auto const& hours = today.questions[peak.question];
    auto const counts = counts_of(hours, peak.from, peak.to);
    auto const day = counts_of(hours, 0, RatedDay::hours);
    Deviation found {.question = peak.question,
        .from_hour = peak.from,
        .to_hour = peak.to,
        .now = mean_on_five(counts, scale),
        .day = mean_on_five(day, scale),
        .score = peak.score,
        .threshold = threshold};
    found.is_whole_day = counts == day;
    found.usual = scan.usual(peak.question, scan.today(), peak.from, peak.to).mean();
    found.usual_day = scan.usual(peak.question, scan.today(), 0, RatedDay::hours).mean();
    found.is_better = found.now.value > found.usual;
    return found;
}

}

StandoutFinding find_standout(RatedDay const& today, std::span<RatedDay const> usual,
    std::span<Scale const> scales, StandoutRule const& rule)
{
    if (static_cast<int>(usual.size()) < rule.fewest_days)
        return {};
    Scan const scan(today, usual, scales, rule);
    auto const now = scan.peaks(scan.today());
    if (!now.is_any)
        return {};
    std::vector<double> worse;
    std::vector<double> better;
    for (std::size_t day = 0; day < usual.size(); ++day) {
        auto const peaks = scan.peaks(day);
        if (!peaks.is_any)
            continue;
        worse.push_back(peaks.worse.score);
        better.push_back(peaks.better.score);
    }
    if (static_cast<int>(worse.size()) < rule.fewest_days)
        return {};
    std::optional<Deviation> found;
    for (auto const& [peak, usual_peaks] : {std::pair(now.worse, worse), std::pair(now.better, better)}) {
        double const threshold = fence_of(usual_peaks, rule);
        if (peak.score <= threshold || (found && peak.score / threshold <= found->score / found->threshold))
            continue;
        auto const deviation = describe(scan, peak, today, scales[peak.question], threshold);
        if (std::abs(deviation.now.value - deviation.usual) >= rule.least_difference)
            found = deviation;
    }
    return {found ? StandoutVerdict::Found : StandoutVerdict::Nothing, found};
}

}
