#include "tests/kiosk/summary/recount.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <date/tz.h>
#include <map>

namespace listenpost::test {

using namespace kiosk;

namespace {

struct Local {
    StoreDay day;
    int weekday = 0;
    int hour = 0; ///< on the clocks
    int minute_of_day = 0; ///< since the day change
    std::int64_t ms = 0; ///< since 1970 as if the place were in Greenwich
};

Local local_of(std::int64_t at_ms, SummaryQuery const& query)
{
    auto const time = date::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(at_ms));
    std::int64_t const ms = date::locate_zone(query.zone)->to_local(time).time_since_epoch().count();
    std::int64_t const shifted = ms - query.day_change_hour * 3'600'000LL;
    Local local;
    local.ms = ms;
    local.day = std::chrono::floor<std::chrono::days>(
        std::chrono::local_time<std::chrono::milliseconds>(std::chrono::milliseconds(shifted)));
    std::int64_t const days = local.day.time_since_epoch().count();
    local.weekday = static_cast<int>((days + 3) % 7); // 1970 began on a Thursday
    local.minute_of_day = static_cast<int>((shifted - days * 86'400'000) / 60'000);
    local.hour = (local.minute_of_day / 60 + query.day_change_hour) % 24;
    return local;
}

/// A response that may count, with its place.
struct Placed {
    Told const* told;
    Local local;
    bool is_flagged() const { return !told->draft.flags.empty(); }
};

class Recount {
public:
    Recount(std::vector<Told> const& told, SummaryQuery const& query)
        : query_(query)
        , now_(local_of(query.now.time_since_epoch().count(), query))
    {
        for (auto const& each : told) {
            if (!each.at_ms) {
                ++without_time_;
                continue;
            }
            Placed const placed {&each, local_of(*each.at_ms, query)};
            if (placed.local.day > now_.day)
                ++without_time_;
            first_day_ = std::min(first_day_, placed.local.day);
            if (each.draft.survey == query.survey->id)
                of_survey_.push_back(placed);
        }
        for (auto const& each : of_survey_)
            if (query.touchpoint.empty() || each.told->draft.touchpoint == query.touchpoint)
                counted_.push_back(each);
    }

    Summary make()
    {
        Summary summary;
        summary.query = query_;
        summary.last_day = now_.day;
        summary.first_day = now_.day - std::chrono::days(days_of(query_.period) - 1);
        summary.without_time = without_time_;
        auto const period = between(counted_, summary.first_day, now_.day);
        heads(summary, period);
        ratings(summary, period);
        hours(summary, period);
        for (int back = std::max(7, days_of(query_.period)) - 1; back >= 0; --back) {
            auto const day = now_.day - std::chrono::days(back);
            summary.trend.push_back({day, cell(between(counted_, day, day))});
        }
        others(summary, period);
        return summary;
    }

private:
    using All = std::vector<Placed>;

    static All between(All const& all, StoreDay first, StoreDay last)
    {
        All found;
        for (auto const& each : all)
            if (each.local.day >= first && each.local.day <= last)
                found.push_back(each);
        return found;
    }

    static bool is_rating(Question const& question) { return question.kind == QuestionKind::Rating; }

    ScoreCounts scores(All const& all, std::string const& question) const
    {
        ScoreCounts counts;
        for (auto const& each : all)
            if (auto const* answer = each.told->draft.find(question);
                answer && answer->score && !each.is_flagged())
                counts.add(*answer->score);
        return counts;
    }

    Mean index(All const& all) const
    {
        std::vector<IndexPart> parts;
        for (auto const& question : query_.survey->questions)
            if (is_rating(question) && question.scale != Scale::Nps && question.dimension != Dimension::Other)
                parts.push_back({mean_on_five(scores(all, question.id), question.scale), question.weight});
        Mean index = qsc_index(parts);
        index.count = parts.empty()
            ? 0
            : std::ranges::max(parts, {}, [](IndexPart const& part) { return part.mean.count; }).mean.count;
        return index;
    }

    Summary::Cell cell(All const& all) const
    {
        Summary::Cell found {static_cast<std::int64_t>(all.size()), index(all), {}};
        for (auto const& question : query_.survey->questions)
            if (is_rating(question))
                found.on_five.push_back(mean_on_five(scores(all, question.id), question.scale));
        return found;
    }

    /// Whether the screen may hold it against days that are over: not what came in the quarter under way.
    bool is_comparable(Placed const& each) const
    {
        return each.local.day != now_.day || each.local.minute_of_day < now_.minute_of_day / 15 * 15;
    }

    std::vector<All> usual() const
    {
        bool const is_day = query_.period == Period::Today;
        auto const first = now_.day - std::chrono::days(days_of(query_.period) - 1);
        std::vector<All> samples;
        for (int week = 1; week <= 8; ++week) {
            auto const begin = first - std::chrono::days(7 * week);
            All sample;
            for (auto const& each : between(counted_, begin, begin + std::chrono::days(is_day ? 0 : 6))) {
                bool const is_cut
                    = is_day || (query_.period == Period::SevenDays && each.local.weekday == now_.weekday);
                if (!is_cut || each.local.minute_of_day < now_.minute_of_day / 15 * 15)
                    sample.push_back(each);
            }
            if (begin >= first_day_ && !sample.empty())
                samples.push_back(sample);
        }
        return samples;
    }

    void heads(Summary& summary, All const& period) const
    {
        std::int64_t const all = static_cast<std::int64_t>(period.size());
        auto const count = [&](auto const& is_it) {
            return static_cast<std::int64_t>(std::ranges::count_if(period, is_it));
        };
        summary.responses = all;
        summary.complete = share(count([](Placed const& each) { return each.told->complete; }), all);
        summary.partial = share(count([](Placed const& each) { return !each.told->complete; }), all);
        summary.flagged = share(count([](Placed const& each) { return each.is_flagged(); }), all);
        summary.with_comment = count([](Placed const& each) { return !each.told->draft.comment.empty(); });
        summary.provisional_time = count([](Placed const& each) { return each.told->provisional; });
    }

    void ratings(Summary& summary, All const& period) const
    {
        auto const samples = usual();
        int const length = query_.period == Period::TwentyEightDays ? 4 : 1;
        All comparable;
        std::ranges::copy_if(
            period, std::back_inserter(comparable), [&](Placed const& each) { return is_comparable(each); });
        summary.compared_responses = static_cast<std::int64_t>(comparable.size());
        summary.compared_until = (now_.minute_of_day / 15 * 15 + 60 * query_.day_change_hour) % (24 * 60);
        double responses = 0;
        for (auto const& sample : samples)
            for (auto const& each : sample) {
                bool const is_cut = length > 1 && each.local.weekday == now_.weekday
                    && each.local.minute_of_day >= now_.minute_of_day / 15 * 15;
                responses += is_cut ? length - 1 : length;
            }
        summary.usual_samples = static_cast<int>(samples.size());
        summary.usual_responses = samples.empty() ? 0 : responses / static_cast<double>(samples.size());
        std::vector<Mean> usual_index;
        for (auto const& sample : samples)
            usual_index.push_back(index(sample));
        summary.index = index(period);
        summary.index_change = compare(index(comparable), usual_index, length);
        for (auto const& question : query_.survey->questions) {
            if (!is_rating(question))
                continue;
            Summary::Rating rating;
            rating.question = question.id;
            rating.counts = scores(period, question.id);
            rating.mean = mean_score(rating.counts, question.scale);
            rating.on_five = mean_on_five(rating.counts, question.scale);
            if (question.scale == Scale::Nps)
                rating.net_promoter_score = net_promoter_score(rating.counts);
            std::vector<Mean> means;
            for (auto const& sample : samples)
                means.push_back(mean_on_five(scores(sample, question.id), question.scale));
            rating.change
                = compare(mean_on_five(scores(comparable, question.id), question.scale), means, length);
            summary.ratings.push_back(rating);
        }
    }

    void hours(Summary& summary, All const& period) const
    {
        for (int hour = 0; hour < 24; ++hour) {
            All in_hour;
            std::ranges::copy_if(period, std::back_inserter(in_hour),
                [&](Placed const& each) { return each.local.hour == hour; });
            summary.hours[static_cast<std::size_t>(hour)] = cell(in_hour);
            for (int weekday = 0; weekday < 7; ++weekday) {
                All on_day;
                std::ranges::copy_if(in_hour, std::back_inserter(on_day),
                    [&](Placed const& each) { return each.local.weekday == weekday; });
                summary.heat_map[static_cast<std::size_t>(weekday)][static_cast<std::size_t>(hour)]
                    = cell(on_day);
            }
        }
    }

    template <typename Item>
    static void rank(std::vector<Item>& items)
    {
        std::ranges::stable_sort(
            items, [](auto const& one, auto const& other) { return one.count > other.count; });
    }

    void others(Summary& summary, All const& period) const
    {
        std::map<std::string, std::int64_t> flags;
        std::map<std::pair<std::string, std::string>, std::int64_t> reasons;
        std::map<std::string, std::map<std::string, std::int64_t>> choices;
        std::map<std::string, std::vector<int>> minutes;
        for (auto const& each : period) {
            for (auto const& flag : each.told->draft.flags)
                ++flags[flag];
            if (each.is_flagged())
                continue;
            for (auto const& answer : each.told->draft.answers) {
                for (auto const& reason : answer.reasons)
                    ++reasons[{answer.question, reason}];
                for (auto const& choice : answer.choices)
                    ++choices[answer.question][choice];
                if (answer.minutes)
                    minutes[answer.question].push_back(*answer.minutes);
            }
        }
        for (auto const& [flag, count] : flags)
            summary.flags.push_back({flag, count});
        rank(summary.flags);
        for (auto const& [reason, count] : reasons)
            summary.reasons.push_back({reason.first, reason.second, count});
        rank(summary.reasons);
        for (auto const& [question, options] : choices) {
            summary.choices.push_back({question, {}});
            for (auto const& [option, count] : options)
                summary.choices.back().options.push_back({option, count});
            rank(summary.choices.back().options);
        }
        for (auto& [question, all] : minutes) {
            std::ranges::sort(all);
            Summary::Waiting waiting {question, static_cast<std::int64_t>(all.size()), 0, {}};
            waiting.median = (all[(all.size() - 1) / 2] + all[all.size() / 2]) / 2.0;
            for (int const each : all) {
                if (waiting.distribution.empty() || waiting.distribution.back().minutes != each)
                    waiting.distribution.push_back({each, 0});
                ++waiting.distribution.back().count;
            }
            summary.waiting.push_back(waiting);
        }
        std::map<std::string, All> touchpoints;
        for (auto const& each : between(of_survey_, summary.first_day, now_.day))
            touchpoints[each.told->draft.touchpoint].push_back(each);
        for (auto const& [name, all] : touchpoints)
            summary.touchpoints.push_back({name, static_cast<std::int64_t>(all.size()), index(all)});
        std::ranges::stable_sort(summary.touchpoints,
            [](auto const& one, auto const& other) { return one.responses > other.responses; });
    }

    SummaryQuery const& query_;
    Local now_;
    StoreDay first_day_ = StoreDay::max();
    std::int64_t without_time_ = 0;
    All of_survey_;
    All counted_;
};

class Lines {
public:
    [[gnu::format(printf, 2, 3)]] void add(char const* format, ...)
    {
        char line[400];
        va_list arguments;
        va_start(arguments, format);
        std::vsnprintf(line, sizeof line, format, arguments);
        va_end(arguments);
        text += line;
        text += '\n';
    }
    void add(char const* what, Mean const& mean)
    {
        add("%s: %lld %.6f %.6f %.6f %.6f", what, static_cast<long long>(mean.count), mean.value,
            mean.standard_error, mean.interval.low, mean.interval.high);
    }
    void add(char const* what, Comparison const& change)
    {
        add("%s: %d %.6f %.6f %.6f %.6f %.6f", what, change.samples, change.usual, change.change,
            change.interval.low, change.interval.high, change.spread);
    }
    void add(char const* what, Share const& share)
    {
        add("%s: %lld/%lld", what, static_cast<long long>(share.count), static_cast<long long>(share.of));
    }
    void add(std::string const& what, Summary::Cell const& cell)
    {
        if (cell.responses == 0)
            return;
        add("%s: %lld responses", what.c_str(), static_cast<long long>(cell.responses));
        add("  index", cell.index);
        for (auto const& mean : cell.on_five)
            add("  on five", mean);
    }
    std::string text;
};

}

Survey survey_of_all_kinds()
{
    Survey survey;
    survey.id = "all-kinds";
    auto const add = [&](char const* id, QuestionKind kind, Scale scale, Dimension dimension, double weight) {
        Question question;
        question.id = id;
        question.kind = kind;
        question.scale = scale;
        question.dimension = dimension;
        question.weight = weight;
        survey.questions.push_back(std::move(question));
    };
    add("quality", QuestionKind::Rating, Scale::FiveFaces, Dimension::Quality, 2);
    add("service", QuestionKind::Rating, Scale::ThreeFaces, Dimension::Service, 1);
    add("mood", QuestionKind::Rating, Scale::FiveFaces, Dimension::Other, 1);
    add("recommend", QuestionKind::Rating, Scale::Nps, Dimension::Quality, 1);
    add("dish", QuestionKind::MultipleChoice, Scale::FiveFaces, Dimension::Quality, 1);
    add("wait", QuestionKind::Minutes, Scale::FiveFaces, Dimension::Service, 1);
    return survey;
}

Summary recount(std::vector<Told> const& told, SummaryQuery const& query)
{
    return Recount(told, query).make();
}

static bool is_of_kind(Told const& told, ResponseQuery const& query)
{
    using Kind = ResponseQuery::Kind;
    if (query.kind == Kind::Flagged)
        return !told.draft.flags.empty();
    if (!told.draft.flags.empty() && !query.with_flagged)
        return false;
    return query.kind == Kind::All || (query.kind == Kind::Complete && told.complete)
        || (query.kind == Kind::Partial && !told.complete)
        || (query.kind == Kind::UncertainTime && told.provisional);
}

std::vector<Told> relist(std::vector<Told> const& told, ResponseQuery const& query)
{
    auto const& of = query.of;
    auto const today = local_of(of.now.time_since_epoch().count(), of).day;
    struct Row {
        double lowest;
        Told const* told;
    };
    std::vector<Row> rows;
    for (auto const& each : told) {
        auto const& draft = each.draft;
        if (!each.at_ms || draft.survey != of.survey->id || !is_of_kind(each, query)
            || (!of.touchpoint.empty() && draft.touchpoint != of.touchpoint)
            || (query.with_comment_only && draft.comment.empty()))
            continue;
        auto const local = local_of(*each.at_ms, of);
        if (local.day > today || local.day < today - std::chrono::days(days_of(of.period) - 1)
            || (query.day && *query.day != local.day) || (query.weekday && *query.weekday != local.weekday))
            continue;
        if (query.hours) {
            bool is_in = false;
            for (int hour = query.hours->from; hour != query.hours->to; hour = (hour + 1) % 24)
                is_in |= hour == local.hour;
            if (!is_in)
                continue;
        }
        bool question = query.question.empty();
        bool score = query.lowest_score <= 0 && query.highest_score >= 10;
        bool reason = query.reason.empty();
        bool choice = query.choice.empty();
        bool minutes = !query.minutes;
        double lowest = 6;
        for (auto const& answer : draft.answers) {
            bool const is_it = query.question.empty() || answer.question == query.question;
            question |= is_it;
            score |= is_it && answer.score && *answer.score >= query.lowest_score
                && *answer.score <= query.highest_score;
            reason |= is_it && std::ranges::find(answer.reasons, query.reason) != answer.reasons.end();
            choice |= is_it && std::ranges::find(answer.choices, query.choice) != answer.choices.end();
            minutes |= is_it && answer.minutes && query.minutes && *answer.minutes >= query.minutes->from
                && *answer.minutes <= query.minutes->to;
            auto const* asked = of.survey->find(answer.question);
            if (answer.score && asked)
                lowest = std::min(lowest,
                    1
                        + 4.0 * (*answer.score - asked->lowest_score())
                            / (asked->highest_score() - asked->lowest_score()));
        }
        if (question && score && reason && choice && minutes)
            rows.push_back({query.order == ResponseOrder::LowestScoreFirst ? lowest : 0, &each});
    }
    std::ranges::sort(rows, [](Row const& one, Row const& other) {
        return one.lowest != other.lowest ? one.lowest < other.lowest : *one.told->at_ms > *other.told->at_ms;
    });
    std::vector<Told> found;
    for (auto const& row : rows)
        found.push_back(*row.told);
    return found;
}

std::string describe(Summary const& summary)
{
    Lines lines;
    lines.add("days %lld to %lld", static_cast<long long>(summary.first_day.time_since_epoch().count()),
        static_cast<long long>(summary.last_day.time_since_epoch().count()));
    lines.add("responses %lld usual %.6f of %d, %lld with comment, %lld without time",
        static_cast<long long>(summary.responses), summary.usual_responses, summary.usual_samples,
        static_cast<long long>(summary.with_comment), static_cast<long long>(summary.without_time));
    lines.add(
        "%lld until minute %d", static_cast<long long>(summary.compared_responses), summary.compared_until);
    lines.add("%lld provisional", static_cast<long long>(summary.provisional_time));
    lines.add("complete", summary.complete);
    lines.add("partial", summary.partial);
    lines.add("flagged", summary.flagged);
    for (auto const& [flag, count] : summary.flags)
        lines.add("flag %s %lld", flag.c_str(), static_cast<long long>(count));
    lines.add("index", summary.index);
    lines.add("index change", summary.index_change);
    for (auto const& rating : summary.ratings) {
        lines.add(rating.question.c_str(), rating.mean);
        lines.add("  on five", rating.on_five);
        lines.add("  change", rating.change);
        if (rating.net_promoter_score)
            lines.add("  nps", *rating.net_promoter_score);
        for (auto const count : rating.counts.of)
            lines.add("  %lld", static_cast<long long>(count));
    }
    for (std::size_t hour = 0; hour < 24; ++hour) {
        lines.add("hour " + std::to_string(hour), summary.hours[hour]);
        for (std::size_t weekday = 0; weekday < 7; ++weekday)
            lines.add("weekday " + std::to_string(weekday) + " hour " + std::to_string(hour),
                summary.heat_map[weekday][hour]);
    }
    for (auto const& [day, cell] : summary.trend) {
        lines.add("day %lld", static_cast<long long>(day.time_since_epoch().count()));
        lines.add(std::string(), cell);
    }
    for (auto const& [question, reason, count] : summary.reasons)
        lines.add("reason %s %s %lld", question.c_str(), reason.c_str(), static_cast<long long>(count));
    for (auto const& [question, options] : summary.choices)
        for (auto const& [option, count] : options)
            lines.add("choice %s %s %lld", question.c_str(), option.c_str(), static_cast<long long>(count));
    for (auto const& waiting : summary.waiting) {
        lines.add("%s %lld median %.2f", waiting.question.c_str(), static_cast<long long>(waiting.count),
            waiting.median);
        for (auto const& [minutes, count] : waiting.distribution)
            lines.add("  %d minutes %lld", minutes, static_cast<long long>(count));
    }
    for (auto const& touchpoint : summary.touchpoints) {
        lines.add("touchpoint %s %lld", touchpoint.touchpoint.c_str(),
            static_cast<long long>(touchpoint.responses));
        lines.add("  index", touchpoint.index);
    }
    return lines.text;
}

}
