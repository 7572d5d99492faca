#include "kiosk/ui/manager_text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace listenpost::kiosk {
namespace {

/// "15–19 min"; a whole day is no end.
std::string minutes_text(Ui const& ui, int from, int to)
{
    std::string number = std::to_string(from);
    if (to >= 24 * 60)
        number = ui.say(Text::ManagerFrom, {{"n", number}});
    else if (from != to)
        number += "–" + std::to_string(to);
    return ui.say(Text::FollowUpMinutes, {{"n", number}});
}

Text nth(Text first, int index) { return static_cast<Text>(static_cast<int>(first) + index); }

Strings::Values date_values(Ui const& ui, StoreDay day)
{
    std::chrono::year_month_day const date(day);
    int const month = static_cast<int>(static_cast<unsigned>(date.month()));
    return {{"weekday", weekday_name(ui, weekday_index(day))},
        {"month", ui.say(nth(Text::Month1, month - 1))},
        {"day", static_cast<int>(static_cast<unsigned>(date.day()))}};
}

}

std::string decimal(double value, int decimals)
{
    char text[48];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

std::string count_text(std::int64_t count)
{
    std::string text = std::to_string(count);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
        text.insert(static_cast<std::size_t>(at), ",");
    return text;
}

std::string percent_text(Share const& share)
{
    auto const percent = std::lround(share.value * 100);
    if (percent == 0 && share.count > 0)
        return "<1";
    if (percent == 100 && share.count < share.of)
        return ">99";
    return std::to_string(percent);
}

std::string change_text(Ui const& ui, double change)
{
    bool const falls = change <= -0.005;
    return ui.say(falls ? Text::ManagerMinus : Text::ManagerPlus, {{"n", decimal(std::abs(change), 2)}});
}

int weekday_index(StoreDay day) { return static_cast<int>(std::chrono::weekday(day).iso_encoding()) - 1; }

std::string clock_text(int minutes)
{
    char time[16];
    std::snprintf(time, sizeof time, "%d:%02d", minutes / 60, minutes % 60);
    return time;
}

std::string_view weekday_name(Ui const& ui, int weekday)
{
    return ui.say(nth(Text::Weekday1, std::clamp(weekday, 0, 6)));
}

std::string date_text(Ui const& ui, StoreDay day)
{
    auto const values = date_values(ui, day);
    return ui.say(Text::ManagerDate, values);
}

std::string short_date_text(Ui const& ui, StoreDay day)
{
    auto values = date_values(ui, day);
    values.erase(values.begin());
    return ui.say(Text::ManagerDay, values);
}

std::string moment_text(
    Ui const& ui, std::chrono::local_time<std::chrono::milliseconds> at, StoreDay day, Period period)
{
    auto const midnight = std::chrono::floor<std::chrono::days>(at);
    auto const minutes = std::chrono::duration_cast<std::chrono::minutes>(at - midnight).count();
    std::string time = clock_text(static_cast<int>(minutes));
    if (period == Period::Today)
        return time;
    std::string const when = period == Period::SevenDays ? std::string(weekday_name(ui, weekday_index(day)))
                                                         : short_date_text(ui, day);
    return ui.say(Text::ManagerMoment, {{"weekday", when}, {"time", time}});
}

std::string usual_name(Ui const& ui, Summary const& summary)
{
    if (summary.query.period != Period::Today)
        return std::string(ui.say(Text::ManagerUsual));
    return ui.say(Text::ManagerUsualDay, {{"weekday", weekday_name(ui, weekday_index(summary.last_day))}});
}

std::string_view question_name(Ui const& ui, std::string_view question)
{
    Question const* const found = ui.survey.find(question);
    return found ? ui.say(found->title) : question;
}

std::string_view reason_name(Ui const& ui, std::string_view question, std::string_view reason)
{
    Question const* const found = ui.survey.find(question);
    if (!found)
        return reason;
    auto const option = std::ranges::find(found->reasons, reason, &Reason::id);
    return option == found->reasons.end() ? reason : ui.say(option->text);
}

std::string_view option_name(Ui const& ui, std::string_view question, std::string_view option)
{
    Question const* const found = ui.survey.find(question);
    if (!found)
        return option;
    auto const known = std::ranges::find(found->options, option, &Option::id);
    return known == found->options.end() ? option : ui.say(known->text);
}

std::string_view score_name(Ui const& ui, std::string_view question, int score)
{
    Question const* const found = ui.survey.find(question);
    if (!found || found->scale == Scale::Nps)
        return {};
    auto const index = static_cast<std::size_t>(score - found->lowest_score());
    return index < found->score_labels.size() ? ui.say(found->score_labels[index]) : std::string_view();
}

std::string share_name(Ui const& ui, Text share)
{
    std::string name = ui.say(share, {{"n", std::string()}});
    std::erase(name, '%');
    return name.substr(0, name.find_last_not_of(' ') + 1);
}

std::string list_name(Ui const& ui, ListFilter const& list)
{
    std::string name;
    auto const add = [&name](std::string_view part) {
        if (!name.empty() && !part.empty())
            name += ' ';
        name += part;
    };
    add(list.question.empty() ? std::string_view() : question_name(ui, list.question));
    if (list.lowest_score == list.highest_score) {
        auto const said = score_name(ui, list.question, list.lowest_score);
        add(said.empty() ? std::to_string(list.lowest_score) : said);
    }
    if (!list.reason.empty())
        add(reason_name(ui, list.question, list.reason));
    if (!list.choice.empty())
        add(option_name(ui, list.question, list.choice));
    if (list.minutes)
        add(minutes_text(ui, list.minutes->first, list.minutes->second));
    if (list.kind == ResponseQuery::Kind::Partial)
        add(share_name(ui, Text::ManagerPartial));
    if (list.kind == ResponseQuery::Kind::Flagged)
        add(share_name(ui, Text::ManagerFlagged));
    if (list.kind == ResponseQuery::Kind::UncertainTime)
        add(ui.say(Text::ManagerUncertainTime));
    if (list.day)
        add(short_date_text(ui, *list.day));
    if (list.weekday)
        add(weekday_name(ui, *list.weekday));
    if (list.hours)
        add(ui.say(Text::ManagerFromTo, {{"from", list.hours->first}, {"to", list.hours->second}}));
    return name;
}

std::string standout_sentence(Ui const& ui, Standout const& standout)
{
    std::string const when = standout.hours
        ? ui.say(Text::ManagerFromTo, {{"from", standout.hours->from_hour}, {"to", standout.hours->to_hour}})
        : std::string(ui.say(Text::ManagerToday));
    std::string const apart = decimal(std::abs(standout.now.value - standout.usual), 1);
    std::string text = ui.say(standout.is_better ? Text::ManagerBetter : Text::ManagerWorse,
        {{"when", when}, {"question", question_name(ui, standout.question)},
            {"now", decimal(standout.now.value, 1)}, {"less", apart}});
    if (standout.reason.empty())
        return text + std::string(ui.say(Text::ManagerStandoutEnd));
    return text
        + ui.say(Text::ManagerStandoutReason,
            {{"n", static_cast<int>(standout.reason_count)},
                {"reason", reason_name(ui, standout.question, standout.reason)}});
}

Answer const* lowest_rating(Survey const& survey, std::vector<Answer> const& answers)
{
    Answer const* lowest = nullptr;
    double least = 0;
    for (auto const& answer : answers) {
        Question const* const question = survey.find(answer.question);
        if (!answer.score || !question || question->kind != QuestionKind::Rating
            || question->scale == Scale::Nps)
            continue;
        double const on_five = question->face_of(*answer.score);
        if (!lowest || on_five < least) {
            lowest = &answer;
            least = on_five;
        }
    }
    return lowest;
}

}
