#include "kiosk/export/response_table.h"

#include "platform/base/csv.h"

#include <algorithm>
#include <cstdio>
#include <vector>

namespace listenpost::kiosk {
namespace {

constexpr char between[] = "; ";

class Line {
public:
    explicit Line(std::string& out)
        : out_(out)
    {
    }
    void cell(std::string_view text)
    {
        if (!is_first_)
            out_ += ',';
        is_first_ = false;
        append_csv_cell(out_, text);
    }
    void end() { out_ += csv_line_end; }

private:
    std::string& out_;
    bool is_first_ = true;
};

/// The word of each id, or the id where an older survey had it.
std::string in_words(
    std::vector<std::string> const& ids, std::vector<Option> const& words, std::string_view language)
{
    std::string text;
    for (auto const& id : ids) {
        auto const known = std::ranges::find(words, id, &Option::id);
        std::string_view const word = known == words.end() ? id : known->text.in(language);
        text += (text.empty() ? "" : between) + std::string(word.empty() ? id : word);
    }
    return text;
}

std::string said(Answer const& answer, Question const* question, std::string_view language)
{
    if (answer.score)
        return std::to_string(*answer.score);
    if (answer.minutes)
        return std::to_string(*answer.minutes);
    if (!answer.choices.empty())
        return in_words(answer.choices, question ? question->options : std::vector<Option>(), language);
    return answer.text;
}

std::string joined(std::string_view flags_json)
{
    std::string text;
    if (auto const flags = flags_from_json(flags_json))
        for (auto const& flag : *flags)
            text += (text.empty() ? "" : between) + flag;
    return text;
}

}

std::string ResponseTable::header() const
{
    std::string out(csv_byte_order_mark);
    Line line(out);
    for (auto const* name : {&words_.time, &words_.place, &words_.language, &words_.outcome})
        line.cell(*name);
    for (auto const& question : survey_.questions) {
        std::string const title(question.title.in(language_));
        line.cell(title);
        if (!question.reasons.empty())
            line.cell(title + ": " + words_.reasons);
    }
    for (auto const* name : {&words_.other_answers, &words_.comment, &words_.flags, &words_.handled,
             &words_.handled_by, &words_.note, &words_.handled_at, &words_.install, &words_.number})
        line.cell(*name);
    line.end();
    return out;
}

void ResponseTable::append(std::string& out, StoredResponse const& response, WallTime at,
    StaffMark const* mark, std::string_view install) const
{
    auto const answers = answers_from_json(response.answers).value_or(std::vector<Answer>());
    Line line(out);
    line.cell(local(at));
    line.cell(response.touchpoint);
    line.cell(response.language);
    line.cell(response.outcome == name(Outcome::Complete) ? words_.complete : words_.partial);
    for (auto const& question : survey_.questions) {
        auto const answer = std::ranges::find(answers, question.id, &Answer::question);
        bool const is_answered = answer != answers.end();
        line.cell(is_answered ? said(*answer, &question, language_) : "");
        if (!question.reasons.empty())
            line.cell(is_answered ? in_words(answer->reasons, question.reasons, language_) : "");
    }
    std::string others;
    for (auto const& answer : answers)
        if (!survey_.find(answer.question))
            others += (others.empty() ? "" : between) + answer.question + ": "
                + said(answer, nullptr, language_);
    line.cell(others);
    line.cell(response.comment);
    line.cell(joined(response.flags));
    line.cell(!mark ? "" : mark->state == CommentState::Seen ? words_.seen : words_.dealt_with);
    line.cell(mark ? mark->by : "");
    line.cell(mark ? mark->note : "");
    line.cell(mark && mark->at.wall_is_set ? local(mark->at.wall) : "");
    line.cell(install);
    line.cell(std::to_string(response.seq));
    line.end();
}

std::string ResponseTable::local(WallTime time) const
{
    using namespace std::chrono;
    auto const shown = zone_.to_local(time);
    auto const day = floor<days>(shown);
    year_month_day const date(day);
    hh_mm_ss const clock(floor<seconds>(shown - day));
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d", int(date.year()),
        unsigned(date.month()), unsigned(date.day()), int(clock.hours().count()),
        int(clock.minutes().count()), int(clock.seconds().count()));
    return text;
}

}
