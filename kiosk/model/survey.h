#pragma once

#include "kiosk/model/condition.h"
#include "kiosk/model/localized_text.h"
#include "platform/base/result.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::kiosk {

enum class Dimension { Quality, Service, Cleanliness, Other };

enum class QuestionKind { Rating, SingleChoice, MultipleChoice, Minutes, Text };

/// How a rating is asked: by so many faces, or by the numbers 0 to 10 of the Net Promoter Score.
enum class Scale { ThreeFaces, FourFaces, FiveFaces, Nps };
int lowest_score(Scale scale);
int highest_score(Scale scale);

/// Something to pick, shown as a chip: a reason for a low score, or an option of a choice.
struct Option {
    std::string id;
    LocalizedText text;
};
using Reason = Option;

struct Question {
    std::string id;
    QuestionKind kind = QuestionKind::Rating;
    Scale scale = Scale::FiveFaces;
    Dimension dimension = Dimension::Other;
    double weight = 1; ///< in an index over several questions
    LocalizedText title;
    LocalizedText hint;
    std::vector<LocalizedText>
        score_labels; ///< ratings by faces: one a face, worst to best; Nps: worst, best
    std::vector<Reason> reasons; ///< of a rating by faces
    int reasons_at_most = 2; ///< a score up to this asks for its reasons
    std::vector<Option> options; ///< of a choice
    std::vector<int> minutes; ///< of Minutes: what its chips say, ascending
    std::optional<Condition> when; ///< asked only then; nothing: always

    int lowest_score() const { return kiosk::lowest_score(scale); }
    int highest_score() const { return kiosk::highest_score(scale); }
    /// Which of the five drawn faces, 1 to 5, stands for a score of a rating by faces.
    int face_of(int score) const;
    bool asks_reasons_for(int score) const { return score <= reasons_at_most && !reasons.empty(); }
};

/// When the shop is open, in its own time zone. A span may end after midnight.
struct OpeningHours {
    struct Span {
        int opens = 0; ///< minutes after Monday 0:00
        int closes = 0; ///< later than `opens`, at most a day
    };
    static constexpr int minutes_of_week = 7 * 24 * 60;
    std::vector<Span> spans; ///< none: always open

    bool is_open(int minute_of_week) const;
};

/// A chain's own look. Colours that would make a text unreadable are refused when the
/// survey is read.
struct Branding {
    std::optional<std::uint32_t> primary; ///< 0xRRGGBB: buttons on paper, the mark
    std::optional<std::uint32_t> rail; ///< ground of the acting side
    std::optional<std::uint32_t> accent; ///< the one primary on the rail
    std::string logo; ///< file name of a PNG beside the survey; empty: the product's mark
};

/// A word of this shop's, for the pinyin keyboard.
struct VocabularyWord {
    std::string word; ///< simplified Hanzi
    std::string pinyin; ///< "ji rou mei shu"; empty: the usual readings
};

/// What a box asks: kiosk/model/SURVEY.md. Immutable once loaded; read by every thread.
struct Survey {
    /// The first screen rates at most so many questions.
    static constexpr std::size_t max_first_page = 3;

    std::string id;
    int version = 0;
    std::vector<std::string> languages; ///< first = the language every customer starts with
    std::string
        touchpoint; ///< where such a box stands: exit, pickup, dining …; the command line may say otherwise
    LocalizedText brand;
    LocalizedText headline;
    LocalizedText subline; ///< under the headline where there is room
    LocalizedText attract_headline; ///< while nobody is there
    LocalizedText attract_subline;
    LocalizedText privacy; ///< what is true of the data, in one line
    LocalizedText thanks_title;
    LocalizedText thanks_promise; ///< what will happen with the answer: the chain's own promise
    struct Step {
        LocalizedText when;
        LocalizedText what;
    };
    std::vector<Step> thanks_steps; ///< at most three
    /// The first one to three are ratings by faces without a condition: the first screen.
    /// The others follow, a screen each, where their condition holds.
    std::vector<Question> questions;
    std::vector<LocalizedText> phrases; ///< preset comments
    std::vector<VocabularyWord> vocabulary;
    OpeningHours hours;
    Branding branding;

    Question const* find(std::string_view question_id) const;
    /// How many questions the first screen rates.
    std::size_t first_page() const { return first_page_count; }
    std::size_t first_page_count = 0;
};

/// Errors: Invalid; the detail names the place of the fault ("questions[1].reasons[0].id is
/// missing"), and line and column where the text is no JSON.
Result<Survey> parse_survey(std::string_view json);

}
