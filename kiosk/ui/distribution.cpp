#include "kiosk/ui/distribution.h"

#include "kiosk/ui/charts.h"
#include "kiosk/ui/manager_text.h"

#include <algorithm>
#include <cmath>

namespace listenpost::kiosk {
namespace {

AnswerBar bar_of(AnswerCard const& card, std::string const& what)
{
    AnswerBar bar;
    bar.id = "distribution." + card.question + "." + what;
    bar.behind.question = card.question;
    return bar;
}

std::string signed_text(Ui const& ui, double value)
{
    auto const whole = std::lround(value);
    return ui.say(
        whole < 0 ? Text::ManagerMinus : Text::ManagerPlus, {{"n", std::to_string(std::abs(whole))}});
}

AnswerCard card_of(Ui const& ui, std::string const& question)
{
    AnswerCard card;
    card.question = question;
    card.title = question_name(ui, question);
    return card;
}

AnswerCard rating_card(Ui const& ui, Summary::Rating const& rating)
{
    AnswerCard card = card_of(ui, rating.question);
    Question const* const question = ui.survey.find(rating.question);
    int const lowest = lowest_score(rating.scale);
    int const highest = highest_score(rating.scale);
    bool const has_faces = rating.scale != Scale::Nps;
    for (int score = lowest; score <= highest; ++score) {
        AnswerBar bar = bar_of(card, std::to_string(score));
        bar.count = rating.counts.of[static_cast<std::size_t>(score)];
        bar.face = has_faces && question ? question->face_of(score) : 0;
        bar.label = has_faces ? score_name(ui, rating.question, score) : std::to_string(score);
        bar.colour
            = ui.palette.chart[bar.face > 0 ? static_cast<std::size_t>(bar.face - 1)
                                            : chart_step(1 + 4.0 * (score - lowest) / (highest - lowest))];
        bar.behind.lowest_score = score;
        bar.behind.highest_score = score;
        card.answers += bar.count;
        card.bars.push_back(std::move(bar));
    }
    if (rating.mean.is_too_few())
        return card;
    card.note = rating.net_promoter_score ? "NPS " + signed_text(ui, rating.net_promoter_score->value)
                                          : ui.say(Text::ManagerMean, {{"n", decimal(rating.mean.value, 2)}});
    return card;
}

/// One bar for each number that the survey offers; what else was answered goes with the next lower one, and
/// its bar says so.
AnswerCard waiting_card(Ui const& ui, Summary::Waiting const& waiting)
{
    AnswerCard card = card_of(ui, waiting.question);
    card.answers = waiting.count;
    if (waiting.count >= few_ratings)
        card.note = ui.say(Text::ManagerWaited, {{"n", decimal(waiting.median, 0)}});
    Question const* const question = ui.survey.find(waiting.question);
    std::vector<int> offered = question ? question->minutes : std::vector<int> {};
    if (offered.empty())
        for (auto const& each : waiting.distribution)
            offered.push_back(each.minutes);
    for (std::size_t index = 0; index < offered.size(); ++index) {
        bool const is_last = index + 1 == offered.size();
        int const from = index == 0 ? 0 : offered[index];
        int const to = is_last ? 24 * 60 : offered[index + 1] - 1;
        int least = offered[index];
        int most = offered[index];
        AnswerBar bar = bar_of(card, std::to_string(offered[index]));
        for (auto const& [minutes, count] : waiting.distribution) {
            if (minutes < from || minutes > to)
                continue;
            bar.count += count;
            least = std::min(least, minutes);
            most = std::max(most, minutes);
        }
        std::string number = std::to_string(least);
        if (is_last)
            number = ui.say(Text::ManagerFrom, {{"n", number}});
        else if (least != most)
            number += "–" + std::to_string(most);
        bar.label = ui.say(Text::FollowUpMinutes, {{"n", number}});
        bar.short_label = number;
        bar.colour = ui.palette.chart[2];
        bar.behind.minutes = {from, to};
        card.bars.push_back(std::move(bar));
    }
    return card;
}

AnswerCard choice_card(Ui const& ui, Summary::Choices const& choices)
{
    AnswerCard card = card_of(ui, choices.question);
    card.form = AnswerCard::Form::Options;
    Question const* const question = ui.survey.find(choices.question);
    card.has_shares = question && question->kind == QuestionKind::SingleChoice;
    for (auto const& [option, count] : choices.options) {
        AnswerBar bar = bar_of(card, option);
        bar.label = option_name(ui, choices.question, option);
        bar.count = count;
        bar.colour = ui.palette.chart[1];
        bar.behind.choice = option;
        card.answers += count;
        card.bars.push_back(std::move(bar));
    }
    return card;
}

}

int AnswerCard::units(int option_columns) const
{
    int const rows = (static_cast<int>(bars.size()) + option_columns - 1) / option_columns;
    return form == Form::Columns || rows == 1 ? 1 : 2;
}

std::vector<AnswerCard> answer_cards(Ui const& ui, Summary const& summary)
{
    std::vector<AnswerCard> cards;
    for (auto const& rating : summary.ratings)
        cards.push_back(rating_card(ui, rating));
    for (auto const& waiting : summary.waiting)
        cards.push_back(waiting_card(ui, waiting));
    for (auto const& choices : summary.choices)
        cards.push_back(choice_card(ui, choices));
    return cards;
}

std::vector<std::vector<AnswerCard>> answer_pages(
    std::vector<AnswerCard> cards, int units, int option_columns)
{
    std::vector<std::vector<AnswerCard>> pages;
    int left = 0;
    for (auto& card : cards) {
        int const taken = card.units(option_columns);
        if (taken > left) {
            pages.emplace_back();
            left = units;
        }
        left -= taken;
        pages.back().push_back(std::move(card));
    }
    return pages;
}

}
