#include "sync/hub/summary_json.h"

#include "kiosk/model/response.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace listenpost::sync {
namespace {

using kiosk::Scale;

/// Thousands of groups are written out at once: no tree of JSON values is built for them.
void append(std::string& out, double number)
{
    constexpr int decimals = 4;
    char text[64];
    auto const [end, error]
        = std::to_chars(text, text + sizeof text, number, std::chars_format::fixed, decimals);
    std::string_view digits(text, error == std::errc() ? static_cast<std::size_t>(end - text) : 0);
    while (digits.ends_with('0'))
        digits.remove_suffix(1);
    if (digits.ends_with('.'))
        digits.remove_suffix(1);
    out += digits.empty() || digits == "-0" ? "0" : digits;
}
void append(std::string& out, std::int64_t number) { out += std::to_string(number); }

/// `,"name":value`
template <typename Number>
void append_member(std::string& out, char const* name, Number number)
{
    out.append(",\"").append(name).append("\":");
    append(out, number);
}
void append_text_member(std::string& out, char const* name, std::string_view text)
{
    out.append(",\"").append(name).append("\":");
    kiosk::append_json_string(out, text);
}

/// `"value":…,"low":…,"high":…`
void append_figure(std::string& out, double value, kiosk::Interval interval)
{
    out += "\"value\":";
    append(out, value);
    append_member(out, "low", interval.low);
    append_member(out, "high", interval.high);
}

void append_figure_member(std::string& out, char const* name, double value, kiosk::Interval interval)
{
    out.append(",\"").append(name).append("\":{");
    append_figure(out, value, interval);
    out += '}';
}

/// All scores of the scale, of an unknown one those that were given.
void append_distribution(std::string& out, QuestionFigures const& question)
{
    int lowest = 0;
    int highest = kiosk::ScoreCounts::highest;
    if (question.meaning) {
        kiosk::Question asked;
        asked.scale = question.meaning->scale;
        lowest = asked.lowest_score();
        highest = asked.highest_score();
    }
    out += ",\"distribution\":{";
    bool is_first = true;
    for (int score = lowest; score <= highest; ++score) {
        auto const count = question.counts.of[static_cast<std::size_t>(score)];
        if (!question.meaning && count == 0)
            continue;
        out.append(is_first ? "\"" : ",\"").append(std::to_string(score)).append("\":");
        append(out, count);
        is_first = false;
    }
    out += '}';
}

void append_question(std::string& out, QuestionFigures const& question)
{
    out += "{\"id\":";
    kiosk::append_json_string(out, question.id);
    auto const& counts = question.counts;
    if (!question.meaning) {
        append_member(out, "count", counts.total());
        append_distribution(out, question);
        out += '}';
        return;
    }
    auto const scale = question.meaning->scale;
    auto const mean = kiosk::mean_score(counts, scale);
    append_text_member(out, "scale", name(scale));
    append_text_member(out, "dimension", name(question.meaning->dimension));
    append_member(out, "weight", question.meaning->weight);
    append_member(out, "count", mean.count);
    append_distribution(out, question);
    if (mean.is_too_few()) {
        out += ",\"too_few\":true}";
        return;
    }
    append_figure_member(out, "mean", mean.value, mean.interval);
    for (auto const& [label, box] : {std::pair("top_box", kiosk::top_box(counts, scale)),
             std::pair("bottom_box", kiosk::bottom_box(counts, scale))})
        append_figure_member(out, label, box.value, box.interval);
    if (scale == Scale::Nps) {
        auto const nps = kiosk::net_promoter_score(counts);
        append_figure_member(out, "nps", nps.value, nps.interval);
    }
    out += '}';
}

void append_group(std::string& out, GroupFigures const& figures)
{
    out += "\"responses\":";
    append(out, figures.complete + figures.partial);
    append_member(out, "complete", figures.complete);
    append_member(out, "partial", figures.partial);
    append_member(out, "with_comment", figures.with_comment);
    append_member(out, "flagged", figures.flagged);
    if (figures.has_too_many_questions)
        out += ",\"too_many_questions\":true";
    out += ",\"questions\":[";
    for (auto const& question : figures.questions) {
        if (&question != &figures.questions.front())
            out += ',';
        append_question(out, question);
    }
    out += "],\"index\":{\"count\":";
    append(out, figures.index.count);
    if (figures.index.is_too_few()) {
        out += ",\"too_few\":true}";
        return;
    }
    out += ',';
    append_figure(out, figures.index.value, figures.index.interval);
    out += '}';
}

/// `"group":…`, and what a store is called.
void append_name(std::string& out, SummaryGroup group, GroupName const& name, StoreNames const& names)
{
    out += "\"group\":";
    if (group == SummaryGroup::HourOfWeek)
        append(out, name.time);
    else
        kiosk::append_json_string(out,
            group == SummaryGroup::Day || group == SummaryGroup::Week ? date_text(name.time) : name.place);
    if (group == SummaryGroup::Store)
        if (auto const found = names.find(name.place); found != names.end())
            append_text_member(out, "name", found->second);
    out += ',';
}

void append_period(std::string& out, SummaryCounts const& counts)
{
    out += "{\"from\":";
    kiosk::append_json_string(out, to_text(counts.from));
    append_text_member(out, "to", to_text(counts.to));
}

}

std::string summary_json(SummaryQuery const& query, SummaryCounts const& counts,
    QuestionMeanings const& meanings, StoreNames const& names)
{
    std::string out;
    append_period(out, counts);
    out += ",\"total\":{";
    GroupCounts all;
    for (auto const& [name, group] : counts.groups) {
        all.flagged += group.flagged;
        for (auto const& [survey, tally] : group.surveys)
            all.surveys[survey] += tally;
    }
    append_group(out, figures_of(all, meanings, query.questions));
    out += '}';
    if (query.group != SummaryGroup::None) {
        out += ",\"groups\":[";
        bool is_first = true;
        for (auto const& [name, group] : counts.groups) {
            out += is_first ? "{" : ",{";
            is_first = false;
            append_name(out, query.group, name, names);
            append_group(out, figures_of(group, meanings, query.questions));
            out += '}';
        }
        out += ']';
    }
    return out + "}\n";
}

std::string ranking_json(RankingQuery const& query, SummaryCounts const& counts,
    QuestionMeanings const& meanings, StoreNames const& names)
{
    struct Entry {
        GroupName const* name;
        kiosk::Mean mean;
        bool has_too_many_questions = false;
        std::optional<kiosk::Ranked> ranked;
    };
    std::vector<Entry> entries;
    std::vector<kiosk::Mean> means;
    for (auto const& [name, group] : counts.groups) {
        auto const figures = figures_of(group, meanings, query.summary.questions);
        auto const mean = ranked_mean(figures, query.question);
        entries.push_back({&name, mean, figures.has_too_many_questions, {}});
        means.push_back(mean.is_too_few() ? kiosk::Mean {} : mean); // it has no rank, and moves nobody else's
    }
    auto const ranked = kiosk::rank(means);
    for (std::size_t i = 0; i < entries.size(); ++i)
        entries[i].ranked = ranked[i];
    // Best first; those of too few last, by their name.
    std::ranges::stable_sort(entries, [](Entry const& a, Entry const& b) {
        return a.ranked && (!b.ranked || a.ranked->shrunk > b.ranked->shrunk);
    });
    std::string out;
    append_period(out, counts);
    append_text_member(out, "by", query.question.empty() ? "index" : query.question);
    out += ",\"ranking\":[";
    for (auto const& entry : entries) {
        out += &entry == &entries.front() ? "{" : ",{";
        append_name(out, query.summary.group, *entry.name, names);
        out += "\"count\":";
        append(out, entry.mean.count);
        if (entry.has_too_many_questions)
            out += ",\"too_many_questions\":true";
        if (entry.ranked) {
            append_figure_member(out, "mean", entry.mean.value, entry.mean.interval);
            append_figure_member(out, "shrunk", entry.ranked->shrunk, entry.ranked->interval);
            append_member(out, "best_rank", static_cast<std::int64_t>(entry.ranked->best_rank));
            append_member(out, "worst_rank", static_cast<std::int64_t>(entry.ranked->worst_rank));
        } else {
            out += ",\"too_few\":true";
        }
        out += '}';
    }
    return out + "]}\n";
}

}
