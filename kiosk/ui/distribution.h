#pragma once

#include "kiosk/flow/manager_view.h"
#include "kiosk/summary/summary.h"
#include "kiosk/ui/widgets.h"

#include <cstdint>
#include <string>
#include <vector>

/// What the distribution's screen shows of each question, before anything is drawn.
namespace listenpost::kiosk {

/// How often something was answered.
struct AnswerBar {
    std::string id; ///< of its figure: distribution.<question>.<what>
    std::string label;
    std::string short_label; ///< where there are too many bars for labels; empty: the same
    std::int64_t count = 0;
    int face = 0; ///< 1 to 5 of a rating by faces
    theme::Colour colour = 0;
    ListFilter behind; ///< exactly those responses
};

/// One question.
struct AnswerCard {
    enum class Form {
        Columns, ///< a scale, from left to right
        Options, ///< to pick from, the most chosen first
    };
    Form form = Form::Columns;
    std::string question;
    std::string title;
    std::string note; ///< its mean, median or score; empty: too few for one
    std::int64_t answers = 0; ///< of a choice that may have several: how often anything was chosen
    bool has_shares = true; ///< of the answers; of several choices none adds up to a whole
    std::vector<AnswerBar> bars; ///< never none

    bool is_few() const { return answers < few_ratings; }
    /// Of DistributionLayout::units.
    int units(int option_columns) const;
};

/// Of every question that can be counted, ratings first, then minutes and choices that anybody answered.
std::vector<AnswerCard> answer_cards(Ui const& ui, Summary const& summary);
/// So many of them on each page that they fit.
std::vector<std::vector<AnswerCard>> answer_pages(
    std::vector<AnswerCard> cards, int units, int option_columns);

}
