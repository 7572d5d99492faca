#pragma once

#include "kiosk/model/score_statistics.h"
#include "kiosk/summary/comparison.h"
#include "kiosk/summary/period.h"
#include "kiosk/summary/standout.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace listenpost::kiosk {

/// The manager's figures of one period, for drawing: plain data, immutable, no text in any language.
/// Ids (questions, reasons, options) are the survey's; its texts are found by them. Counts are of
/// responses whose survey id is the query's, any version of it.
///
/// Flagged responses (misuse, kiosk/model/MISUSE.md) are counted in `responses`, `complete`, `partial`
/// and `with_comment`, and nowhere else: no score, reason, choice or waiting time is theirs.
///
/// "Usual" is the same weekday in the eight weeks before today, or for a longer period the eight weeks
/// before it: its samples are days for Today and weeks else. Both sides of a comparison end at the same time
/// of day, the last whole quarter of an hour (compared_until): what was said since is in every figure but
/// `change`, compared_responses and the standout. In 28 days scores, of which a part of a day makes no
/// difference, are compared with whole weeks. A time in which nobody came, or that begins before the box's
/// first response, is no sample.
struct Summary {
    SummaryQuery query;
    StoreDay first_day {};
    StoreDay last_day {}; ///< today; belongs to it

    std::int64_t responses = 0;
    int compared_until = 0; ///< minutes since midnight on the store's clocks
    std::int64_t compared_responses
        = 0; ///< of `responses` those up to then: what usual_responses is usual for
    double usual_responses = 0; ///< of a usual period of this length, up to then; see usual_samples
    int usual_samples = 0; ///< of which that is the mean, 0 to 8; 0: nothing is usual yet
    Share complete; ///< of responses
    Share partial;
    Share flagged;
    std::int64_t with_comment = 0;
    struct Named {
        std::string id;
        std::int64_t count = 0;
        friend bool operator==(Named const&, Named const&) = default;
    };
    std::vector<Named> flags; ///< responses by the misuse rule they broke, most first; one may break several

    /// QSC index, 1 to 5: ratings by faces with a dimension other than Other. Its count is that of the
    /// question that was rated most, so that it is_too_few() where too few customers are behind it, however
    /// many questions each of them answered. So everywhere below.
    Mean index;
    Comparison index_change;

    /// One rating of the survey, by faces or Nps, in the survey's order.
    struct Rating {
        std::string question;
        Scale scale = Scale::FiveFaces;
        Dimension dimension = Dimension::Other;
        bool is_in_index = false;
        ScoreCounts counts; ///< the distribution
        Mean mean; ///< on its own scale
        Mean on_five; ///< the same, 1 to 5
        std::optional<Mean> net_promoter_score; ///< Nps only, -100 to 100
        Comparison change; ///< of on_five
    };
    std::vector<Rating> ratings;

    /// Responses and scores of some time: an hour, a day, a cell of the heat map.
    struct Cell {
        std::int64_t responses = 0; ///< flagged ones included
        Mean index; ///< as above; is_too_few() where nobody may read anything out of it
        std::vector<Mean> on_five; ///< of `ratings`, in their order
    };
    std::array<Cell, 24> hours; ///< by the hour on the store's clocks: [4] is 4:00 to 5:00
    /// By the weekday of the store's day (0 Monday … 6 Sunday), so that 1:00 of a Saturday's night is
    /// [5][1] where the day changes at 4; then by hour.
    std::array<std::array<Cell, 24>, 7> heat_map;
    /// In which order hours are drawn, so that a night stays in one piece: the day change first.
    int first_hour() const { return query.day_change_hour; }
    struct Day {
        StoreDay day {};
        Cell cell;
    };
    std::vector<Day> trend; ///< one a day of the period, also where nobody came; of Today the last seven

    struct ReasonCount {
        std::string question;
        std::string reason;
        std::int64_t count = 0; ///< responses that chose it
        friend bool operator==(ReasonCount const&, ReasonCount const&) = default;
    };
    std::vector<ReasonCount> reasons; ///< most first; equal ones by question and id
    struct Choices {
        std::string question;
        std::vector<Named> options; ///< most first
    };
    std::vector<Choices> choices; ///< questions with options to pick, those anybody answered
    struct Waiting {
        std::string question;
        std::int64_t count = 0;
        double median = 0; ///< minutes
        struct Minutes {
            int minutes = 0;
            std::int64_t count = 0;
            friend bool operator==(Minutes const&, Minutes const&) = default;
        };
        std::vector<Minutes> distribution; ///< ascending
    };
    std::vector<Waiting> waiting; ///< questions for minutes, those anybody answered

    struct Touchpoint {
        std::string touchpoint;
        std::int64_t responses = 0;
        Mean index;
    };
    std::vector<Touchpoint> touchpoints; ///< of the period, most responses first, whatever the query's is

    StandoutVerdict standout_verdict = StandoutVerdict::NotTested; ///< Today only
    std::optional<Standout> standout; ///< where the verdict is Found

    /// Of the period's responses those whose time is that of a clock which nobody has confirmed in that boot
    /// (a box without a network): they are in all figures, and move when the boot's clock becomes known.
    std::int64_t provisional_time = 0;
    /// Responses on the box of any time whose time is not known (the clock said 1970 and was never set in
    /// that boot), or lies after today: in no figure above.
    std::int64_t without_time = 0;
};

}
